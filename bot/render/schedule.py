"""Pages and answers about when: times with their days and topics, quiet hours, pauses, time zones."""

from collections.abc import Sequence
from datetime import time

from bot import keyboards
from bot.keyboards import ZoneChoice
from bot.markup import Bold, Node, fill, lines
from bot.render.parts import settings_page
from bot.render.settings import next_runs, paused_line, schedule, wish_names, zone
from bot.view import Message, View, message
from digests.model import Slot, Subscriber

# ── times ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def times(subscriber: Subscriber, view: View) -> Message:
    """When digests come."""
    body = lines(
        *(view.line("• ", slot_line(slot, view)) for slot in sorted(subscriber.slots)),
        "" if subscriber.slots else view.line(schedule((), view)),
        next_runs(subscriber, view),
    )
    text = view.line(view.gettext("Tap times to add or drop them, or send any:"))
    own = lines(
        example("/time 07:30 18:00", view), example(view.translator.gettext("/time 09:00 Saturday culture"), view)
    )
    return settings_page(
        "⏰", view.gettext("Times"), (body, "\n\n", lines(text, own)), view, keyboards.times(subscriber.slots, view)
    )


def example(command: str, view: View) -> Node:
    """A command to copy, on a line of its own."""
    return view.line(view.command(command))


def slot_line(slot: Slot, view: View) -> Node:
    """One time with its days and topics: "07:00, on working days: 💼 Business"."""
    when = view.gettext("{times}, {weekdays}").format(
        times=view.formats.time(slot.at), weekdays=view.formats.weekdays(slot.weekdays)
    )
    return (when, ": ", wish_names(slot.wishes, view)) if slot.wishes else when


def slot_page(slot: Slot, topics: Sequence[str], words: Sequence[str], view: View) -> Message:
    """The days and topics of one time."""
    text = view.gettext("Choose the days of this time, and if you like topics: then its digest is about these only.")
    body = lines(view.line(slot_line(slot, view)), view.line(text))
    buttons = keyboards.slot(slot, topics, words, view)
    return settings_page("⏰", view.formats.time(slot.at), body, view, buttons)


def times_set(subscriber: Subscriber, view: View) -> Message:
    """The answer to /time, with the next digests."""
    if not subscriber.slots:
        return message(view.line(view.gettext("✅ No more digests on schedule. /digest sends one when you ask.")))
    listed = [view.line("• ", slot_line(slot, view)) for slot in sorted(subscriber.slots)]
    title = view.line(view.gettext("✅ Digests come at:"))
    return message(lines(title, *listed), next_runs(subscriber, view))


def time_taken(slot: Slot, view: View) -> Message:
    """Topics of their own at a time at which there is a digest about everything."""
    text = view.gettext(
        "There is a digest about all your topics at {time} already. Give {topics} a time of its own, a few minutes "
        "later or earlier; or drop that digest first: {command}"
    )
    clock = f"{slot.at:%H:%M}"
    command = view.command(f"/time -{clock}")
    topics = wish_names(slot.wishes, view)
    return message(view.line(fill(text, time=view.formats.time(slot.at), topics=topics, command=command)))


def bad_word(word: str, view: View) -> Message:
    """A word of a schedule that is neither a time nor a day nor a topic."""
    wrong = fill(
        view.gettext("{text} is neither a time nor a day nor a topic. Write it like one of these:"),
        text=Bold(view.foreign(word, limit=60) or "?"),
    )
    return message(lines(view.line(wrong), *_time_examples(view)))


def bad_schedule(view: View, most: int) -> Message:
    """A schedule without a time, or with too many."""
    text = view.ngettext(
        "Give at least one time, and at most {count}:", "Give at least one time, and at most {count}:", most
    )
    return message(lines(view.line(text), *_time_examples(view)))


def _time_examples(view: View) -> list[Node]:
    written = (
        "/time 07:30 18:00",
        view.translator.gettext("/time 07:00 weekdays business"),
        view.translator.gettext("/time 09:00 Saturday culture"),
    )
    return [example(one, view) for one in written]


# ── quiet hours and pauses ───────────────────────────────────────────────────────────────────────────────────────────


def quiet_hours(hours: tuple[time, time] | None, view: View) -> Node:
    """Quiet hours in words."""
    return view.gettext("none") if hours is None else keyboards.span(hours, view)


def quiet(subscriber: Subscriber, view: View) -> Message:
    """When nothing but digests at their own times is sent."""
    now = fill(view.gettext("Now: {hours}"), hours=Bold(quiet_hours(subscriber.quiet, view)))
    text = view.gettext(
        "In these hours I send no breaking news and no updates, and a digest that is late waits until they are over. "
        "Digests whose own time is in them still come."
    )
    own = example("/quiet 22:30 06:45", view)
    body = lines(view.line(now), view.line(text), own)
    return settings_page("🌙", view.gettext("Quiet hours"), body, view, keyboards.quiet(subscriber.quiet, view))


def quiet_set(subscriber: Subscriber, view: View) -> Message:
    """The answer to /quiet."""
    if subscriber.quiet is None:
        return message(view.line(view.gettext("✅ You have no quiet hours.")))
    text = fill(view.gettext("🌙 Quiet hours: {hours}."), hours=quiet_hours(subscriber.quiet, view))
    return message(view.line(text))


def bad_quiet(text: str, view: View) -> Message:
    """Quiet hours that can't be read."""
    wrong = fill(
        view.gettext("{text} are no quiet hours. Write when they begin and end, or off:"),
        text=Bold(view.foreign(text, limit=60) or "?"),
    )
    rows = (example("/quiet 22:30 06:45", view), example("/quiet off", view))
    return message(lines(view.line(wrong), *rows))


def pause(subscriber: Subscriber, view: View) -> Message:
    """How long to pause."""
    text = paused_line(subscriber, view) or view.line(
        view.gettext("No digests for a while. They come again by themselves, or when you say /resume.")
    )
    return settings_page("⏸", view.gettext("Pause"), text, view, keyboards.paused(view, settings=True))


def paused(subscriber: Subscriber, view: View) -> Message:
    """The answer to /pause."""
    if subscriber.resume_at is None:
        text = view.gettext("⏸ Paused. /resume sends digests again; /digest and /latest work meanwhile.")
        how = view.gettext("Or should they come again by themselves? Choose after how long, or send a date:")
        own = example(view.translator.gettext("/pause 24 Dec"), view)
        return message(view.line(text), lines(view.line(how), own), keyboard=keyboards.paused(view, settings=False))
    return message(lines(paused_line(subscriber, view), next_runs(subscriber, view)), keyboard=keyboards.resume(view))


def bad_pause(text: str, view: View) -> Message:
    """A time to pause for that can't be read."""
    wrong = fill(
        view.gettext("I can't tell how long {text} is. Write a number of days or weeks, or a date to come:"),
        text=Bold(view.foreign(text, limit=60) or "?"),
    )
    rows = (view.translator.gettext("/pause 3 days"), view.translator.gettext("/pause 24 Dec"))
    return message(lines(view.line(wrong), *(example(row, view) for row in rows)))


# ── zones ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def time_zone(view: View) -> Message:
    """Where the reader's clocks are."""
    text = view.gettext("Your digests follow the clocks of {zone}. Tap a city, or name any: {command}")
    command = view.command(view.translator.gettext("/timezone Munich"))
    body = fill(text, zone=zone(view), command=command)
    return settings_page("🌍", view.gettext("Time zone"), body, view, keyboards.zones(view))


def zone_set(
    subscriber: Subscriber,
    view: View,
    *,
    place: str = "",
    others: Sequence[ZoneChoice] = (),
    located: bool = False,
    put_away: bool = False,
) -> Message:
    """The answer to /timezone, with what the clocks there show: the reader sees at once whether it is right.

    `place` is the city that was named, or the one nearest to where they are; `others` are called the same. `put_away`:
    the buttons that asked for it.
    """
    named = view.foreign(place, limit=60)
    if not place or place == view.formats.place():
        text = fill(view.gettext("✅ Your time zone is {zone}."), zone=zone(view))
    elif located:
        text = fill(view.gettext("✅ You are near {place}: your time zone is {zone}."), place=named, zone=zone(view))
    else:
        text = fill(view.gettext("✅ {place}: your time zone is {zone}."), place=named, zone=zone(view))
    more = view.line(view.gettext("If you meant another one, tap it:")) if others else ""
    buttons = keyboards.zone_choices(others, view) if others else None
    return message(lines(view.line(text), next_runs(subscriber, view)), more, keyboard=buttons, put_away=put_away)


def zone_kept(view: View) -> Message:
    """The question for a city was taken back."""
    text = fill(view.gettext("Your time zone stays {zone}."), zone=zone(view))
    return message(view.line(text), put_away=True)


def which_zone(text: str, choices: Sequence[ZoneChoice], view: View, *, exact: bool) -> Message:
    """A name that several places have, or that is like theirs."""
    several = view.gettext("Several places are called {text}. Which one is it?")
    alike = view.gettext("I know no place {text}. Did you mean one of these?")
    asked = fill(several if exact else alike, text=Bold(view.foreign(text, limit=60)))
    return message(view.line(asked), keyboard=keyboards.zone_choices(choices, view))


def ask_zone(view: View) -> Message:
    """Ask for a location or a city."""
    text = view.gettext("Share your location with the button below, or write the name of your city, in any language.")
    note = view.gettext("Only the time zone is kept, not where you are.")
    return message(view.line("🌍 ", text), view.line(note), panel=keyboards.location(view))


def bad_zone(text: str, view: View) -> Message:
    """A time zone that there is none of."""
    wrong = view.gettext("I know no place {text}. Name a large city near you, a country, or the zone itself:")
    rows = (view.translator.gettext("/timezone Munich"), "/timezone UTC+3:30")
    return message(
        lines(
            view.line(fill(wrong, text=Bold(view.foreign(text, limit=60) or "?"))),
            *(example(row, view) for row in rows),
        )
    )
