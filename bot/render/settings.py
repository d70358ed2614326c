"""The pages of the settings, one message that changes in place."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from telegram import InlineKeyboardMarkup

from bot import keyboards
from bot.markup import Bold, Node, fill, join, lines
from bot.render import breaking
from bot.topic_names import topic_label
from bot.view import Message, View, message
from digests.model import Slot, Subscriber
from digests.schedule import upcoming


def settings(subscriber: Subscriber, view: View) -> Message:
    """The first page: everything at a glance."""
    formats = view.formats
    rows = {
        view.gettext("Topics"): wishes(subscriber, view),
        view.gettext("Times"): schedule(subscriber.slots, view),
        view.gettext("Time zone"): zone(view),
        view.gettext("Length"): budget(subscriber.stories, view),
        view.gettext("News in"): formats.join(formats.language_name(code) for code in subscriber.languages),
        view.gettext("Muted"): muted(subscriber, view),
        view.gettext("Breaking news"): breaking.summary(subscriber, view),
    }
    state = view.line(view.gettext("⏸ Paused: nothing is sent until /resume.")) if subscriber.paused else ""
    return message(
        view.line("⚙️ ", Bold(view.gettext("Settings"))),
        _table(rows, view),
        state or next_runs(subscriber, view),
        keyboard=keyboards.settings(subscriber, view),
    )


def _table(rows: Mapping[str, Node], view: View) -> Node:
    return lines(*(view.line(Bold(name), ": ", value) for name, value in rows.items()))


# ── what is set, in words ────────────────────────────────────────────────────────────────────────────────────────────


def wishes(subscriber: Subscriber, view: View) -> Node:
    """What a subscriber follows."""
    names = [
        topic_label(wish.value, view.translator) if wish.kind == "topic" else f"🔎 {view.foreign(wish.value, limit=60)}"
        for wish in subscriber.wishes
    ]
    return join(view.dot, names) if names else view.gettext("everything important")


def schedule(slots: Sequence[Slot], view: View) -> Node:
    """Times of day with their weekdays: "08:00 and 18:00, every day"."""
    if not slots:
        return view.gettext("none, only when you ask (/digest)")
    grouped: dict[frozenset[int], list[str]] = {}
    for slot in sorted(slots):
        grouped.setdefault(slot.weekdays, []).append(view.formats.time(slot.at))
    parts = [
        view.gettext("{times}, {weekdays}").format(
            times=view.formats.join(times), weekdays=view.formats.weekdays(weekdays)
        )
        for weekdays, times in grouped.items()
    ]
    return "; ".join(parts) if not view.rtl else "؛ ".join(parts)


def zone(view: View) -> Node:
    """The time zone with what its clocks show now."""
    text = view.gettext("{place} ({time} now)")
    return text.format(place=view.foreign(view.formats.place()), time=view.formats.time(view.now))


def budget(stories: int, view: View) -> Node:
    """How long a digest may be."""
    return view.ngettext("up to {count} story", "up to {count} stories", stories)


def muted(subscriber: Subscriber, view: View) -> Node:
    """What a subscriber does not want to see."""
    names = [view.foreign(name, limit=60) for name in (*subscriber.mutes, *subscriber.muted_sources)]
    return join(view.dot, names) if names else view.gettext("nothing")


def next_runs(subscriber: Subscriber, view: View, *, count: int = 3) -> Node:
    """The next digests: "Next: today 18:00 · tomorrow 08:00 · …"; nothing where none will come."""
    after = view.now
    if subscriber.next_due_at is not None:  # what comes before was sent already, by clocks that a move has set back
        after = max(after, subscriber.next_due_at - timedelta(seconds=1))
    coming = upcoming(subscriber.slots, view.formats.timezone, after, count)
    if not coming:
        return ""
    moments = view.dot.join(view.formats.coming(run.at, view.now) for run in coming)
    return view.line(view.gettext("Next: {when}").format(when=moments))


# ── the other pages ──────────────────────────────────────────────────────────────────────────────────────────────────


def language(view: View) -> Message:
    """Which language the bot speaks."""
    text = view.gettext("The language of buttons and answers. The news stays in the languages that you read it in.")
    return _page("💬", view.gettext("Language"), text, view, keyboards.interface_language(view))


def news_languages(offered: Sequence[str], subscriber: Subscriber, view: View) -> Message:
    """Which languages the news comes in; `offered` are those that there are feeds in."""
    text = view.gettext("The languages that you read news in. Tap to add or drop one.")
    buttons = keyboards.news_languages(offered, subscriber.languages, view)
    return _page("📰", view.gettext("News languages"), text, view, buttons)


def times(subscriber: Subscriber, view: View) -> Message:
    """When digests come."""
    text = view.gettext("When digests come. Tap times to add or drop them, or send any: {command}")
    command = view.command("/time 07:30 18:00")
    now = fill(view.gettext("Now: {schedule}"), schedule=schedule(subscriber.slots, view))
    buttons = keyboards.times([slot.at for slot in subscriber.slots], view)
    body = lines(view.line(fill(text, command=command)), view.line(now), next_runs(subscriber, view))
    return _page("⏰", view.gettext("Times"), body, view, buttons)


def time_zone(view: View) -> Message:
    """Where the reader's clocks are."""
    text = view.gettext("Your digests follow the clocks of {zone}. Tap a city, or name any: {command}")
    command = view.command("/timezone Europe/Paris")
    body = fill(text, zone=zone(view), command=command)
    return _page("🌍", view.gettext("Time zone"), body, view, keyboards.zones(view))


def length(subscriber: Subscriber, view: View) -> Message:
    """How many stories a digest holds."""
    text = view.gettext("How many stories a digest holds at most.")
    return _page("📏", view.gettext("Length"), text, view, keyboards.budgets(subscriber.stories, view))


def digests(subscriber: Subscriber, view: View) -> Message:
    """What digests hold besides stories, and when they come at all."""
    options = {
        view.gettext("Picture"): view.gettext("the top story's, above the digest, where its feed has one"),
        view.gettext("Updates"): view.gettext("a story that you had comes again, marked 🔁, when it has grown"),
        view.gettext("Empty digests"): view.gettext("one comes on time even where nothing is new"),
        view.gettext("Rich layout"): view.gettext("headings and folded details, where this server can send them"),
    }
    text = lines(*(view.line(Bold(name), ": ", about) for name, about in options.items()))
    return _page("🗞", view.gettext("Digests"), text, view, keyboards.options(subscriber, view))


def calendar(subscriber: Subscriber, view: View) -> Message:
    """Which calendar dates are in."""
    text = view.gettext("Today is {date}.").format(date=view.formats.date(view.now, year=True))
    return _page("🗓", view.gettext("Calendar"), text, view, keyboards.calendars(subscriber.calendar, view))


def topics(offered: Sequence[str], subscriber: Subscriber, view: View) -> Message:
    """The grid of topics, and the reader's own words."""
    chosen = {wish.value for wish in subscriber.wishes if wish.kind == "topic"}
    words = [wish.value for wish in subscriber.wishes if wish.kind == "words"]
    text = view.gettext("Tap what you want to read. With nothing ticked you get what matters most.")
    own = fill(
        view.gettext("Words of your own: {command}"),
        command=view.command(view.translator.gettext("/follow peace talks")),
    )
    buttons = keyboards.topics(offered, chosen, words, view)
    return _page("🏷", view.gettext("Topics"), lines(view.line(text), view.line(own)), view, buttons)


def mutes(subscriber: Subscriber, view: View, *, hidden: Mapping[str, int] | None = None) -> Message:
    """What is muted: words and sources; `hidden` is how many of the latest stories each hides, as Reading counts it."""
    if not (subscriber.mutes or subscriber.muted_sources):
        text: Node = view.gettext("Nothing is muted. Stories with a word you would rather not read: {command}")
    else:
        text = view.gettext("Tap what you want to hear of again. Mute more words: {command}")
    command = view.command(view.translator.gettext("/mute horoscope"))
    buttons = keyboards.mutes(subscriber.mutes, subscriber.muted_sources, view)
    body = view.line(fill(str(text), command=command))
    return _page("🔇", view.gettext("Muted"), lines(body, *_hidden(hidden or {}, view)), view, buttons)


def _hidden(hidden: Mapping[str, int], view: View) -> list[Node]:
    """Of the latest stories, how many each mute hides."""
    if not hidden:
        return []
    rows = [
        view.line("• ", view.foreign(name[1:], limit=60), ": ", view.formats.number(count))
        for name, count in hidden.items()
    ]
    return [view.line(view.gettext("Hidden of the latest stories:")), *rows]


def stop(view: View) -> Message:
    """The question before unsubscribing."""
    text = view.gettext("Do you want to stop getting digests? /start brings you back at any time.")
    return _page("🗑", view.gettext("Stop"), text, view, keyboards.stop(view))


def _page(sign: str, name: str, body: Node, view: View, buttons: InlineKeyboardMarkup) -> Message:
    text = view.line(body) if isinstance(body, str) else body
    return message(view.line(f"{sign} ", Bold(name)), text, keyboard=buttons)
