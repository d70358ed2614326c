"""The pages of the settings, one message that changes in place."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot import keyboards
from bot.markup import Bold, Node, fill, join, lines
from bot.render import breaking
from bot.render.parts import settings_page
from bot.topic_names import topic_label
from bot.view import Message, View, message
from digests.model import Slot, Subscriber, Wish
from digests.schedule import upcoming


def settings(subscriber: Subscriber, view: View) -> Message:
    """The first page: everything at a glance."""
    formats = view.formats
    rows = {
        view.gettext("Topics"): wishes(subscriber, view),
        view.gettext("Times"): schedule(subscriber.slots, view),
        view.gettext("Time zone"): zone(view),
        view.gettext("Length"): budget(subscriber, view),
        view.gettext("News in"): formats.join(formats.language_name(code) for code in subscriber.languages),
        view.gettext("Muted"): muted(subscriber, view),
        view.gettext("Breaking news"): breaking.summary(subscriber, view),
    }
    if subscriber.quiet is not None:
        rows[view.gettext("Quiet hours")] = keyboards.span(subscriber.quiet, view)
    return message(
        view.line("⚙️ ", Bold(view.gettext("Settings"))),
        _table(rows, view),
        paused_line(subscriber, view) or next_runs(subscriber, view),
        keyboard=keyboards.settings(subscriber, view),
    )


def _table(rows: Mapping[str, Node], view: View) -> Node:
    return lines(*(view.line(Bold(name), ": ", value) for name, value in rows.items()))


# ── what is set, in words ────────────────────────────────────────────────────────────────────────────────────────────


def wishes(subscriber: Subscriber, view: View) -> Node:
    """What a subscriber follows."""
    return wish_names(subscriber.wishes, view) if subscriber.wishes else view.gettext("everything important")


def wish_names(wishes: Sequence[Wish], view: View) -> Node:
    """Topics and words of one's own, by name."""
    names = [
        topic_label(wish.value, view.translator) if wish.kind == "topic" else f"🔎 {view.foreign(wish.value, limit=60)}"
        for wish in wishes
    ]
    return join(view.dot, names)


def schedule(slots: Sequence[Slot], view: View) -> Node:
    """Times of day with their weekdays and topics: "08:00 and 18:00, every day"."""
    if not slots:
        return view.gettext("none, only when you ask (/digest)")
    grouped: dict[tuple[frozenset[int], tuple[Wish, ...]], list[str]] = {}
    for slot in sorted(slots):
        grouped.setdefault((slot.weekdays, slot.wishes), []).append(view.formats.time(slot.at))
    parts: list[Node] = []
    for (weekdays, wished), times in grouped.items():
        when = view.gettext("{times}, {weekdays}").format(
            times=view.formats.join(times), weekdays=view.formats.weekdays(weekdays)
        )
        parts.append((when, ": ", wish_names(wished, view)) if wished else when)
    return join("; " if not view.rtl else "؛ ", parts)


def zone(view: View) -> Node:
    """The time zone with what its clocks show now."""
    text = view.gettext("{place} ({time} now)")
    return text.format(place=view.foreign(view.formats.place()), time=view.formats.time(view.now))


def budget(subscriber: Subscriber, view: View) -> Node:
    """How long a digest may be: "up to 7 stories · 2 min"."""
    stories = view.ngettext("up to {count} story", "up to {count} stories", subscriber.stories)
    return f"{stories}{view.dot}{view.formats.minutes(subscriber.minutes)}" if subscriber.minutes else stories


def muted(subscriber: Subscriber, view: View) -> Node:
    """What a subscriber does not want to see."""
    names = [view.foreign(name, limit=60) for name in (*subscriber.mutes, *subscriber.muted_sources)]
    return join(view.dot, names) if names else view.gettext("nothing")


def paused_line(subscriber: Subscriber, view: View) -> Node:
    """Whether digests are paused, and until when."""
    if not subscriber.paused:
        return ""
    if subscriber.resume_at is None:
        return view.line(view.gettext("⏸ Paused: nothing is sent until /resume."))
    text = view.gettext("⏸ Paused until {day}. /resume ends it sooner.")
    return view.line(text.format(day=view.formats.day(subscriber.resume_at)))


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
    return settings_page("💬", view.gettext("Language"), text, view, keyboards.interface_language(view))


def news_languages(offered: Sequence[str], subscriber: Subscriber, view: View) -> Message:
    """Which languages the news comes in; `offered` are those that there are feeds in."""
    text = view.gettext("The languages that you read news in. Tap to add or drop one.")
    buttons = keyboards.news_languages(offered, subscriber.languages, view)
    return settings_page("📰", view.gettext("News languages"), text, view, buttons)


def length(subscriber: Subscriber, view: View) -> Message:
    """How long a digest may be."""
    text = view.gettext("How many stories a digest holds at most, and how many minutes reading it may take.")
    buttons = keyboards.budgets(subscriber.stories, subscriber.minutes, view)
    return settings_page("📏", view.gettext("Length"), text, view, buttons)


def digests(subscriber: Subscriber, view: View) -> Message:
    """What digests hold besides stories, and when they come at all."""
    options = {
        view.gettext("Picture"): view.gettext("the top story's, above the digest, where its feed has one"),
        view.gettext("Updates"): view.gettext("a story that you had comes again, marked 🔁, when it has grown"),
        view.gettext("Empty digests"): view.gettext("one comes on time even where nothing is new"),
        view.gettext("Rich layout"): view.gettext("headings and folded details, where this server can send them"),
    }
    text = lines(*(view.line(Bold(name), ": ", about) for name, about in options.items()))
    return settings_page("🗞", view.gettext("Digests"), text, view, keyboards.options(subscriber, view))


def calendar(subscriber: Subscriber, view: View) -> Message:
    """Which calendar dates are in."""
    text = view.gettext("Today is {date}.").format(date=view.formats.date(view.now, year=True))
    return settings_page("🗓", view.gettext("Calendar"), text, view, keyboards.calendars(subscriber.calendar, view))


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
    return settings_page("🏷", view.gettext("Topics"), lines(view.line(text), view.line(own)), view, buttons)


def mutes(subscriber: Subscriber, view: View, *, hidden: Mapping[str, int] | None = None) -> Message:
    """What is muted: words and sources; `hidden` is how many of the latest stories each hides, as Reading counts it."""
    if not (subscriber.mutes or subscriber.muted_sources):
        text: Node = view.gettext("Nothing is muted. Stories with a word you would rather not read: {command}")
    else:
        text = view.gettext("Tap what you want to hear of again. Mute more words: {command}")
    command = view.command(view.translator.gettext("/mute horoscope"))
    buttons = keyboards.mutes(subscriber.mutes, subscriber.muted_sources, view)
    body = view.line(fill(str(text), command=command))
    return settings_page("🔇", view.gettext("Muted"), lines(body, *_hidden(hidden or {}, view)), view, buttons)


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
    return settings_page("🗑", view.gettext("Stop"), text, view, keyboards.stop(view))
