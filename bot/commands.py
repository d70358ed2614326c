"""The one table of commands, and that of taps: registration, /help and Telegram's menus come from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import callbacks
from bot.callbacks import Callback
from bot.handlers import (
    about,
    admin,
    breaking,
    card,
    chats,
    digest,
    export,
    feeds,
    learning,
    links,
    lists,
    manage,
    onboarding,
    schedule,
    search,
    settings,
    start,
    trends,
    whynot,
    wishes,
    zones,
)
from bot.handlers.session import CommandHandler, TapHandler
from bot.i18n import mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command: its name without the slash, what it does in a few words, and who carries it out.

    `about` is short: menus on phones cut it; /help has the `example` too. `sets_up`: it changes what a chat gets, so
    in groups only their administrators may, and in private it is about the chat that is set up from there, unless it
    is always about the person's `own`. `joins`: a forum thread in which it is written gets digests of its own.
    `admin`: only for those who run the bot.
    """

    name: str
    about: str
    handler: CommandHandler
    example: str = ""
    aliases: tuple[str, ...] = ()
    sets_up: bool = False
    own: bool = False
    joins: bool = False
    admin: bool = False


COMMANDS: tuple[Command, ...] = (
    Command(name="digest", aliases=("today",), about=mark("what is new for you, now"), handler=digest.digest),
    Command(name="latest", about=mark("the latest news"),
        example=mark("/latest science"), handler=lists.latest),
    Command(name="search", about=mark("search everything"),
        example=mark("/search your words"), handler=search.search),
    Command(
        name="topics", aliases=("list",), about=mark("choose your topics"), handler=wishes.topics, sets_up=True
    ),
    Command(
        name="follow",
        aliases=("sub",),
        about=mark("follow words of your own"),
        example=mark("/follow peace talks"),
        handler=wishes.follow,
        sets_up=True,
    ),
    Command(
        name="unfollow", aliases=("unsub",), about=mark("follow them no longer"), handler=wishes.unfollow, sets_up=True
    ),
    Command(name="trends", about=mark("this week in the news, as a picture"), handler=trends.trends),
    Command(
        name="why", about=mark("why you didn't get a story"), example=mark("/why your words"), handler=whynot.why
    ),
    Command(name="saved", about=mark("the stories that you saved"), handler=lists.saved),
    Command(
        name="time",
        aliases=("schedule",),
        about=mark("when digests come"),
        example="/time 07:30 18:00",
        handler=schedule.times,
        sets_up=True,
    ),
    Command(
        name="timezone",
        about=mark("where your clocks are"),
        example=mark("/timezone Munich"),
        handler=zones.zone,
        sets_up=True,
    ),
    Command(
        name="quiet", about=mark("hours without breaking news"), example="/quiet 22:30 06:45", handler=schedule.quiet,
        sets_up=True,
    ),
    Command(name="sources", about=mark("who the news comes from"), handler=learning.sources),
    Command(name="opml", about=mark("your feeds as a file"), handler=feeds.opml),
    Command(name="mute", about=mark("hide words or a source"),
        example=mark("/mute horoscope"), handler=wishes.mute, sets_up=True),
    Command(name="unmute", about=mark("show them again"), handler=wishes.unmute, sets_up=True),
    Command(name="settings", about=mark("everything that can be set"), handler=settings.settings, sets_up=True),
    Command(name="language", about=mark("the language I speak"), handler=settings.language, sets_up=True),
    Command(
        name="pause", about=mark("no digests for a while"), example=mark("/pause 3 days"), handler=schedule.pause,
        sets_up=True,
    ),
    Command(name="resume", about=mark("digests again"), handler=schedule.resume, sets_up=True),
    Command(
        name="start", aliases=("subscribe",), about=mark("subscribe, and a digest at once"), handler=links.begin,
        sets_up=True, own=True, joins=True,
    ),
    Command(name="chats", about=mark("your groups and channels"), handler=manage.chats),
    Command(
        name="here", about=mark("in a forum thread: digests come here"), handler=chats.here, sets_up=True, own=True
    ),
    Command(
        name="stop", aliases=("unsubscribe",), about=mark("no more digests, or delete everything"), handler=start.stop,
        sets_up=True,
    ),
    Command(name="privacy", about=mark("what is stored about you"), handler=about.privacy),
    Command(
        name="export",
        about=mark("all that is stored about you, as a file"),
        handler=export.everything,
        sets_up=True,
    ),
    Command(name="help", about=mark("this list"), handler=about.help_),
    Command(name="stats", about=mark("figures, for administrators"), handler=admin.stats, admin=True),
    Command(name="errors", about=mark("what went wrong, for administrators"), handler=admin.errors, admin=True),
    Command(
        name="broadcast", about=mark("write to every chat, for administrators"), handler=admin.broadcast, admin=True
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TapEntry:
    """Who carries a button out; `sets_up` as in Command."""

    handler: TapHandler
    sets_up: bool = False


TAPS: Mapping[type[Callback], TapEntry] = {
    callbacks.OpenStory: TapEntry(card.open_story),
    callbacks.OpenArticle: TapEntry(card.open_article),
    callbacks.ShowList: TapEntry(lists.tap_page),
    callbacks.EditSaved: TapEntry(lists.tap_edit_saved, sets_up=True),
    callbacks.DropSaved: TapEntry(lists.tap_drop_saved, sets_up=True),
    callbacks.ExportSaved: TapEntry(export.tap_saved),
    callbacks.Pick: TapEntry(digest.tap_pick, sets_up=True),
    callbacks.SaveStory: TapEntry(card.save, sets_up=True),
    callbacks.RateStory: TapEntry(card.rate, sets_up=True),
    callbacks.MuteChoices: TapEntry(card.mutes, sets_up=True),
    callbacks.MuteWords: TapEntry(card.mute_words, sets_up=True),
    callbacks.MuteSource: TapEntry(card.mute_source, sets_up=True),
    callbacks.MoreFrom: TapEntry(lists.tap_more),
    callbacks.How: TapEntry(card.how),
    callbacks.Why: TapEntry(card.why),
    callbacks.LessOf: TapEntry(learning.tap_less_of),
    callbacks.LeanHere: TapEntry(learning.tap_lean_here, sets_up=True),
    callbacks.OpenSource: TapEntry(learning.tap_source),
    callbacks.WantSource: TapEntry(learning.tap_want_source, sets_up=True),
    callbacks.WantTopic: TapEntry(learning.tap_want_topic, sets_up=True),
    callbacks.Unlearn: TapEntry(learning.tap_unlearn, sets_up=True),
    callbacks.SwitchLearning: TapEntry(learning.tap_switch, sets_up=True),
    callbacks.OrderSearch: TapEntry(lists.tap_order),
    callbacks.FollowSearch: TapEntry(wishes.tap_follow_search, sets_up=True),
    callbacks.FilterLatest: TapEntry(lists.tap_filter),
    callbacks.NarrowLatest: TapEntry(lists.tap_narrow),
    callbacks.Latest: TapEntry(lists.tap_latest),
    callbacks.MoreStories: TapEntry(digest.tap_more),
    callbacks.DigestNow: TapEntry(digest.tap_now),
    callbacks.OpenSettings: TapEntry(settings.tap_open, sets_up=True),
    callbacks.SetLanguage: TapEntry(settings.tap_language, sets_up=True),
    callbacks.ToggleNews: TapEntry(settings.tap_news, sets_up=True),
    callbacks.ToggleTopic: TapEntry(wishes.tap_topic, sets_up=True),
    callbacks.DropWords: TapEntry(wishes.tap_drop, sets_up=True),
    callbacks.Unfollow: TapEntry(wishes.tap_unfollow, sets_up=True),
    callbacks.Unmute: TapEntry(wishes.tap_unmute, sets_up=True),
    callbacks.ToggleTime: TapEntry(schedule.tap_time, sets_up=True),
    callbacks.SetDays: TapEntry(schedule.tap_days, sets_up=True),
    callbacks.OpenSlot: TapEntry(schedule.tap_slot, sets_up=True),
    callbacks.SetSlotDays: TapEntry(schedule.tap_slot_days, sets_up=True),
    callbacks.ToggleSlotWish: TapEntry(schedule.tap_slot_wish, sets_up=True),
    callbacks.SetQuiet: TapEntry(schedule.tap_quiet, sets_up=True),
    callbacks.AskZone: TapEntry(zones.tap_ask, sets_up=True),
    callbacks.SetZone: TapEntry(zones.tap_zone, sets_up=True),
    callbacks.SetBudget: TapEntry(settings.tap_budget, sets_up=True),
    callbacks.SetOption: TapEntry(settings.tap_option, sets_up=True),
    callbacks.SetMinutes: TapEntry(settings.tap_minutes, sets_up=True),
    callbacks.SetCalendar: TapEntry(settings.tap_calendar, sets_up=True),
    callbacks.Pause: TapEntry(schedule.tap_pause, sets_up=True),
    callbacks.PauseFor: TapEntry(schedule.tap_pause_for, sets_up=True),
    callbacks.Stop: TapEntry(start.tap_stop, sets_up=True),
    callbacks.Setup: TapEntry(onboarding.tap_setup, sets_up=True),
    callbacks.SetupLanguage: TapEntry(onboarding.tap_language, sets_up=True),
    callbacks.SetupTopic: TapEntry(onboarding.tap_topic, sets_up=True),
    callbacks.SetupTime: TapEntry(onboarding.tap_time, sets_up=True),
    callbacks.SetupZone: TapEntry(onboarding.tap_zone, sets_up=True),
    callbacks.Close: TapEntry(settings.tap_close, sets_up=True),
    callbacks.SetBreaking: TapEntry(breaking.tap_mode, sets_up=True),
    callbacks.SetBreakingSources: TapEntry(breaking.tap_sources, sets_up=True),
    callbacks.SetBreakingMost: TapEntry(breaking.tap_most, sets_up=True),
    callbacks.LookAtFeed: TapEntry(feeds.tap_look, sets_up=True),
    callbacks.FollowFeed: TapEntry(feeds.tap_follow, sets_up=True),
    callbacks.OwnFeeds: TapEntry(feeds.tap_own),
    callbacks.DropFeed: TapEntry(feeds.tap_drop, sets_up=True),
    callbacks.ReviveFeed: TapEntry(feeds.tap_revive, sets_up=True),
    callbacks.ImportFeeds: TapEntry(feeds.tap_import, sets_up=True),
    callbacks.ExportFeeds: TapEntry(feeds.tap_export),
    callbacks.ListChats: TapEntry(manage.tap_list),
    callbacks.OpenChat: TapEntry(manage.tap_open),
    callbacks.BeginChat: TapEntry(manage.tap_begin, sets_up=True),
    callbacks.CloseChat: TapEntry(manage.tap_close),
}

_BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}


def find(name: str) -> Command | None:
    """A command by its name or an alias, whatever its case."""
    return _BY_NAME.get(name.casefold())


def menu(*, admin: bool) -> Sequence[tuple[str, str, str]]:
    """Names, descriptions and examples (English, to be translated) of the commands that somebody may use."""
    return [(command.name, command.about, command.example) for command in COMMANDS if admin or not command.admin]
