"""Setting up, step by step, in the message that welcomes: language, topics, time, zone."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.keyboards import onboarding as buttons
from bot.markup import Bold, Node, fill, lines
from bot.render.settings import next_runs, schedule, wishes, zone
from bot.view import Message, View, message
from digests.model import Subscriber

STEPS = 4


def welcome(subscriber: Subscriber, view: View, *, name: str = "") -> Message:
    """The answer to the first /start, ahead of the first digest; and the first step: the language.

    `name` is the person's: groups are not greeted so, see `chats.started`.
    """
    hello = fill(view.gettext("Hello {name}, this is Baztab."), name=view.foreign(name, limit=64))
    greeting: Node = hello if name.strip() else view.gettext("Hello, this is Baztab.")
    about = view.gettext(
        "I read the news and send you one digest of it: each story once, with sentences quoted from the articles and "
        "all its sources. Nothing is made up."
    )
    first = view.gettext("Your first digest is on its way. Make it yours in four taps, or just leave it like this.")
    return message(
        view.line("👋 ", Bold(greeting)),
        view.line(about),
        lines(_when(subscriber, view), view.line(first)),
        _first(view),
        keyboard=buttons.languages(view, whole=False),
    )


def language(view: View, *, whole: bool) -> Message:
    """The first step by itself; `whole` shows all languages."""
    return message(_first(view), keyboard=buttons.languages(view, whole=whole))


def _first(view: View) -> Node:
    return _step(1, view.gettext("Which language shall I speak?"), view)


def _when(subscriber: Subscriber, view: View) -> Node:
    if not subscriber.slots:
        return ""
    text = view.gettext("Digests come at {schedule}, by the clocks of {zone}.")
    return view.line(fill(text, schedule=schedule(subscriber.slots, view), zone=zone(view)))


def _step(number: int, question: str, view: View) -> Node:
    step = view.gettext("{step}/{steps}").format(step=view.formats.number(number), steps=view.formats.number(STEPS))
    return view.line(f"{step}{view.dot}", Bold(question))


def welcome_back(subscriber: Subscriber, view: View, *, name: str = "") -> Message:
    """The answer to /start of who is here already."""
    if name.strip():
        greeting: Node = fill(view.gettext("Welcome back, {name}!"), name=view.foreign(name, limit=64))
    else:
        greeting = view.gettext("Welcome back!")
    return message(
        view.line("👋 ", Bold(greeting)),
        lines(_when(subscriber, view), next_runs(subscriber, view), view.line(view.gettext("Here is what is new:"))),
        keyboard=buttons.put_off(view),
    )


def topics(offered: Sequence[str], subscriber: Subscriber, view: View) -> Message:
    """The second step."""
    chosen = {wish.value for wish in subscriber.wishes if wish.kind == "topic"}
    text = view.gettext("Tick as many as you like. With nothing ticked you get what matters most.")
    return message(
        lines(_step(2, view.gettext("What do you want to read about?"), view), view.line(text)),
        keyboard=buttons.topics(offered, chosen, view),
    )


def times(subscriber: Subscriber, view: View, *, whole: bool = False) -> Message:
    """The third step; `whole` offers every hour."""
    text = view.gettext("One digest a day; more of them, and other days, are in the settings later.")
    return message(
        lines(_step(3, view.gettext("When should it come?"), view), view.line(text)),
        keyboard=buttons.times([slot.at for slot in subscriber.slots], view, whole=whole),
    )


def zones(guess: str, view: View) -> Message:
    """The last step: whether it is the time now that clocks show in the zone `guess`."""
    there = replace(view, formats=replace(view.formats, timezone=ZoneInfo(guess)))
    question = view.gettext("Is it {time} for you now?").format(time=there.formats.time(view.now))
    text = fill(
        view.gettext("That is the time in {place}. If not, tap a place with your time:"), place=there.formats.place()
    )
    return message(lines(_step(4, question, view), view.line(text)), keyboard=buttons.zones(guess, view))


def done(subscriber: Subscriber, view: View, *, coming: bool) -> Message:
    """All is set up: what is set; `coming`: a digest by it is on its way."""
    rows = [
        view.line("🏷 ", wishes(subscriber, view)),
        view.line("⏰ ", schedule(subscriber.slots, view)),
        view.line("🌍 ", zone(view)),
        next_runs(subscriber, view),
    ]
    now = view.line(view.gettext("A digest made for you is on its way.")) if coming else ""
    return message(view.line("✅ ", Bold(view.gettext("All set."))), lines(*rows), now, keyboard=buttons.done(view))


def later(subscriber: Subscriber, view: View) -> Message:
    """Setting up was put off."""
    text = view.gettext("All right: it stays as it is. /settings has everything, at any time.")
    return message(
        lines(_when(subscriber, view), next_runs(subscriber, view)), view.line(text), keyboard=buttons.put_off(view)
    )
