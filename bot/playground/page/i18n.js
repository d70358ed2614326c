// The words of the page in the person's language, and times and numbers as that language writes them.

import { WORDS } from "./words.js";

/** Languages the person's client can be set to, under their own names. */
export const LANGUAGES = {
  en: "English", fa: "فارسی", ar: "العربية", ru: "Русский", de: "Deutsch", fr: "Français", es: "Español", tr: "Türkçe", uk: "Українська", hi: "हिन्दी", zh: "中文", ja: "日本語", ps: "پښتو", it: "Italiano", "pt-br": "Português (Brasil)",
};

const RIGHT_TO_LEFT = new Set(["fa", "ar", "he", "ur", "ps", "ckb", "ug", "sd", "dv", "yi"]);
let language = "en";
let formats = {};

/** Sets the language of the page (an IETF tag) and the direction of the document. */
export function setLanguage(tag) {
  language = tag || "en";
  const locale = supported(language);
  formats = {
    time: new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    day: new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" }),
    year: new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" }),
    weekday: new Intl.DateTimeFormat(locale, { weekday: "short" }),
    short: new Intl.DateTimeFormat(locale, { day: "2-digit", month: "2-digit", year: "2-digit" }),
    full: new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" }),
    number: new Intl.NumberFormat(locale),
    relative: new Intl.RelativeTimeFormat(locale, { numeric: "auto" }),
  };
  document.documentElement.lang = language;
  document.documentElement.dir = isRightToLeft() ? "rtl" : "ltr";
}

function supported(tag) {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? "en";
  } catch (refusal) {
    console.warn("language", refusal.message);
    return "en";
  }
}

export const isRightToLeft = () => RIGHT_TO_LEFT.has(language.split("-")[0]);
export const currentLanguage = () => language;

/** A phrase of the page, in the person's language or else in English, with {names} filled in, each running its own way. */
export function t(key, values = {}) {
  const phrase = WORDS[language.split("-")[0]]?.[key] ?? WORDS.en[key] ?? key;
  return phrase.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? `\u2068${values[name]}\u2069` : whole));
}

export const clock = (date) => formats.time.format(date);
export const fullDate = (date) => formats.full.format(date);
export const number = (value) => formats.number.format(value);

const dayOf = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
const daysAgo = (date) => Math.round((dayOf(new Date()) - dayOf(date)) / 86_400_000);

/** The day as a separator says it: Today, Yesterday, 3 March, 3 March 2024. */
export function dayName(date) {
  const ago = daysAgo(date);
  if (ago === 0) return t("today");
  if (ago === 1) return t("yesterday");
  return (date.getFullYear() === new Date().getFullYear() ? formats.day : formats.year).format(date);
}

/** When, as short as the chat list has it: 14:05, Tue, 03.03.24. */
export function shortWhen(date) {
  const ago = daysAgo(date);
  if (ago === 0) return clock(date);
  return (ago > 0 && ago < 7 ? formats.weekday : formats.short).format(date);
}

export const sameDay = (a, b) => dayOf(a) === dayOf(b);

/** A size in bytes as people read it. */
export function fileSize(bytes) {
  if (!Number.isFinite(bytes)) return "";
  const units = ["B", "KB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit += 1; }
  return `${formats.number.format(unit ? Number(value.toFixed(1)) : value)} ${units[unit]}`;
}

const STEPS = [["year", 31_536_000], ["month", 2_592_000], ["week", 604_800], ["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];

/**
 * A moment in the reader's zone, by Telegram's format letters: r relative, w weekday, d or D short or long date,
 * t or T short or long time. Null when there is no format: then the text stands as it was written.
 */
export function formatMoment(unix, format) {
  const date = new Date(unix * 1000);
  if (!format || Number.isNaN(date.getTime())) return null;
  if (format === "r") {
    const seconds = unix - Date.now() / 1000;
    const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? STEPS.at(-1);
    return formats.relative.format(Math.round(seconds / size), unit);
  }
  const options = { hourCycle: "h23" };
  if (format.includes("w")) options.weekday = "long";
  if (format.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  else if (format.includes("d")) Object.assign(options, { day: "2-digit", month: "2-digit", year: "2-digit" });
  if (/[tT]/.test(format)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (format.includes("T")) options.second = "2-digit";
  return new Intl.DateTimeFormat(supported(language), options).format(date);
}

setLanguage("en");
