"""The longer texts: welcome, help, sources, privacy, and what administrators ask for."""

from collections.abc import Mapping, Sequence

from telegram import InlineKeyboardMarkup

from bot.formats import LRM
from bot.markup import Bold, Link, Node, fill, lines
from bot.view import Message, View, message


def help_text(commands: Sequence[tuple[str, str, str]], view: View) -> Message:
    """What the bot can do. `commands` are names (without the slash), descriptions, and examples or "", translated."""
    rows = [
        view.line(LRM if view.rtl else "", f"/{command} – {about}", (": ", view.command(example)) if example else "")
        for command, about, example in commands
    ]
    intro = view.gettext("Each digest has its stories numbered: tap a number to open one.")
    return message(view.line("🗞 ", Bold(view.gettext("What I can do"))), lines(*rows), view.line(intro))


def privacy(view: View, *, contact: str = "") -> Message:
    """What is stored about a chat, and how to have it deleted."""
    points = [
        view.gettext("What is stored: this chat's id, your settings and times, what you follow, mute and lean to."),
        view.gettext("Which groups and channels you set up, with their names."),
        view.gettext("Which feeds of your own you follow. Their publishers see this bot asking, and not for whom."),
        view.gettext(
            "Which stories you were sent, so that none comes twice, those you saved or rated, and what that taught."
        ),
        view.gettext("What you looked for lately, so that the buttons under it go on working."),
        view.gettext("What you write and tap, until it is answered; then it is deleted."),
        view.gettext("Not stored: your name, your phone number, or anything else about you."),
        view.gettext("It stays on this bot's own server and is passed on to nobody."),
        view.gettext("/export sends you all of it as a file. /stop deletes it, if you want."),
    ]
    asked: Node = fill(view.gettext("Questions: {contact}"), contact=_contact(contact)) if contact else ""
    rows = [view.line("• ", point) for point in points]
    return message(view.line("🔒 ", Bold(view.gettext("Privacy"))), lines(*rows), view.line(asked) if asked else "")


def _contact(contact: str) -> Node:
    return Link(contact, contact) if "://" in contact else contact


def stats(figures: Mapping[str, int], view: View) -> Message:
    """For administrators: named figures, one a line."""
    rows = [view.line(name, ": ", Bold(view.formats.number(value))) for name, value in figures.items()]
    return message(view.line("📊 ", Bold(view.gettext("Figures"))), lines(*rows))


def failures(
    deliveries: Sequence[str], feeds: Sequence[str], view: View, *, keyboard: InlineKeyboardMarkup | None = None
) -> Message:
    """For administrators: what went wrong lately, each on one line."""
    if not (deliveries or feeds):
        return message(view.line("✅ ", view.gettext("Nothing is wrong.")))
    return message(
        _failed(view.gettext("Deliveries that failed"), deliveries, view),
        _failed(view.gettext("Feeds in trouble"), feeds, view),
        keyboard=keyboard,
    )


def _failed(title: str, rows: Sequence[str], view: View) -> Node:
    if not rows:
        return ""
    listed = lines(*(view.line("• ", view.foreign(row, limit=200)) for row in rows[:15]))
    return lines(view.line("⚠️ ", Bold(title)), listed)
