// The words of the page in the person's language, and times and numbers as that language writes them.

const WORDS = {
  en: {
    search: "Search", menu: "Menu", back: "Back to chats", settings: "Settings", close: "Close", chats: "Chats",
    bot: "bot", typing: "typing…", uploading: "sending a file…", connecting: "connecting…", group: "group", channel: "channel", forum: "forum",
    message: "Message", broadcast: "Broadcast…", send: "Send", attach: "Attach", emoji: "Emoji", keyboard: "Keyboard", file: "File", location: "Location",
    commands: "Commands", start: "START", restart: "RESTART", unblock: "UNBLOCK", block: "Block bot", unblockBot: "Unblock bot",
    whatCan: "What can this bot do?", noMessages: "No messages here yet…", pickChat: "Select a chat to start messaging", notMember: "The bot is no longer in this chat",
    edited: "edited", silent: "Sent without sound", deletedReply: "Deleted message", unread: "Unread messages", toBottom: "Scroll to the newest message",
    spoiler: "Hidden text. Press to show it", expand: "Show the whole quote", collapse: "Show less", copied: "Copied to clipboard", notCopied: "The browser did not allow copying", copyCode: "Copy the code",
    reply: "Reply", replyTo: "Reply to {name}", copy: "Copy text", react: "React", actions: "Actions for this message", cancel: "Cancel", ok: "OK", open: "Open", openLink: "Open this link?",
    photo: "Photo", document: "File", locationWord: "Location", video: "Video", sticker: "Sticker", unsupported: "This kind of message cannot be shown here", download: "Download {name}",
    shareLocation: "Share a location", latitude: "Latitude", longitude: "Longitude", share: "Share", badLocation: "Latitude runs from −90 to 90, longitude from −180 to 180",
    language: "Language", theme: "Theme", light: "Light", dark: "Dark", system: "System", windowSize: "Window", wide: "Wide", phone: "Phone",
    newGroup: "New group", newForum: "New forum group", newChannel: "New channel", title: "Title", topics: "With topics", create: "Create", refused: "Refused calls", noRefused: "The server has refused nothing so far.", refusedCall: "{method} was refused",
    chooseChat: "Choose a chat", via: "via", nothingFound: "Nothing found", forwarded: "Forwarded from {name}", allTopics: "All", general: "General",
    today: "Today", yesterday: "Yesterday", you: "You", failed: "Not sent: {reason}", offline: "The server does not answer", notHere: "This cannot be done in the playground", attachTitle: "Send",
    joined: "{name} joined the group", left: "{name} left the group", created: "The group was created", channelCreated: "The channel was created", topicCreated: "Topic “{name}” was created", pinned: "{name} pinned a message", renamed: "The title is now “{name}”", migrated: "The group became a supergroup", botBlocked: "You blocked this bot",
    botInfo: "About this bot", members: "{count} members", loading: "Loading…", pressed: "Waiting for the bot", searchEmoji: "Emoji", newMessages: "New messages",
  },
  fa: {
    search: "جستجو", menu: "منو", back: "بازگشت به گفتگوها", settings: "تنظیمات", close: "بستن", chats: "گفتگوها",
    bot: "ربات", typing: "در حال نوشتن…", uploading: "در حال فرستادن فایل…", connecting: "در حال اتصال…", group: "گروه", channel: "کانال", forum: "گروه موضوع‌دار",
    message: "پیام", broadcast: "انتشار…", send: "فرستادن", attach: "پیوست", emoji: "شکلک", keyboard: "صفحه‌کلید", file: "فایل", location: "مکان",
    commands: "فرمان‌ها", start: "شروع", restart: "شروع دوباره", unblock: "رفع مسدودیت", block: "مسدود کردن ربات", unblockBot: "رفع مسدودیت ربات",
    whatCan: "این ربات چه می‌کند؟", noMessages: "هنوز پیامی اینجا نیست…", pickChat: "برای شروع، گفتگویی را برگزینید", notMember: "ربات دیگر در این گفتگو نیست",
    edited: "ویرایش‌شده", silent: "بی‌صدا فرستاده شد", deletedReply: "پیام پاک‌شده", unread: "پیام‌های نخوانده", toBottom: "رفتن به تازه‌ترین پیام",
    spoiler: "متن پنهان. برای دیدن بزنید", expand: "نمایش همهٔ نقل‌قول", collapse: "نمایش کمتر", copied: "رونوشت برداشته شد", notCopied: "مرورگر اجازهٔ رونوشت نداد", copyCode: "رونوشت از کد",
    reply: "پاسخ", replyTo: "پاسخ به {name}", copy: "رونوشت متن", react: "واکنش", actions: "کارهای این پیام", cancel: "انصراف", ok: "باشه", open: "باز کردن", openLink: "این پیوند باز شود؟",
    photo: "عکس", document: "فایل", locationWord: "مکان", video: "ویدیو", sticker: "برچسب", unsupported: "این نوع پیام اینجا نمایش داده نمی‌شود", download: "بارگیری {name}",
    shareLocation: "فرستادن مکان", latitude: "عرض جغرافیایی", longitude: "طول جغرافیایی", share: "فرستادن", badLocation: "عرض جغرافیایی از ۹۰− تا ۹۰ و طول از ۱۸۰− تا ۱۸۰ است",
    language: "زبان", theme: "پوسته", light: "روشن", dark: "تیره", system: "سیستم", windowSize: "پنجره", wide: "پهن", phone: "گوشی",
    newGroup: "گروه تازه", newForum: "گروه موضوع‌دار تازه", newChannel: "کانال تازه", title: "عنوان", topics: "با موضوع‌ها", create: "ساختن", refused: "درخواست‌های ردشده", noRefused: "کارساز تاکنون چیزی را رد نکرده است.", refusedCall: "درخواست {method} رد شد",
    chooseChat: "گفتگویی را برگزینید", via: "از راه", nothingFound: "چیزی پیدا نشد", forwarded: "هدایت‌شده از {name}", allTopics: "همه", general: "عمومی",
    today: "امروز", yesterday: "دیروز", you: "شما", failed: "فرستاده نشد: {reason}", offline: "کارساز پاسخ نمی‌دهد", notHere: "این کار در این محیط آزمایشی شدنی نیست", attachTitle: "فرستادن",
    joined: "{name} به گروه پیوست", left: "{name} گروه را ترک کرد", created: "گروه ساخته شد", channelCreated: "کانال ساخته شد", topicCreated: "موضوع «{name}» ساخته شد", pinned: "{name} پیامی را سنجاق کرد", renamed: "عنوان تازه: «{name}»", migrated: "گروه به ابرگروه تبدیل شد", botBlocked: "شما این ربات را مسدود کرده‌اید",
    botInfo: "دربارهٔ این ربات", members: "{count} عضو", loading: "در حال بارگیری…", pressed: "در انتظار ربات", searchEmoji: "شکلک", newMessages: "پیام‌های تازه",
  },
};

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

/** A phrase of the page, in the person's language or else in English, with {names} filled in. */
export function t(key, values = {}) {
  const phrase = WORDS[language.split("-")[0]]?.[key] ?? WORDS.en[key] ?? key;
  return phrase.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
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
