"""What is said in groups, and about groups and channels to those who set them up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from telegram import InlineKeyboardMarkup

from bot import keyboards
from bot.markup import Bold, Node, fill, lines, render
from bot.render.settings import next_runs
from bot.view import Message, View, message
from digests.model import ManagedChat, Subscriber

LONGEST_TITLE = 64


def hello(subscriber: Subscriber, view: View, *, link: str) -> Message:
    """What the bot says when it comes into a group; what was set there before is still there."""
    if subscriber.slots and not subscriber.paused:
        back = view.line("👋 ", view.gettext("I am back, and so are the digests of this chat."))
        return message(lines(back, next_runs(subscriber, view)), keyboard=keyboards.set_up(view, link))
    about = view.gettext("I bring this chat a daily digest of the news, quoted from its sources.")
    how = view.gettext("Its administrators set it up: with the button, or with /start here.")
    return message(lines(view.line("🗞 ", about), view.line(how)), keyboard=keyboards.set_up(view, link))


def started(subscriber: Subscriber, view: View) -> Message:
    """The answer to /start in a group, ahead of the first digest: short."""
    done = view.gettext("✅ Digests come here now. /topics and /time make them yours.")
    return message(lines(view.line(done), next_runs(subscriber, view)))


def offer(subscriber: Subscriber, view: View, *, title: str) -> Message:
    """To whoever made the bot an administrator of a channel, in private."""
    text = fill(view.gettext("📣 I can post digests in {chat} now."), chat=_name(title, view))
    label = view.gettext("⚙️ Set up {chat}").format(chat=view.foreign(title, limit=40))
    return message(view.line(text), keyboard=keyboards.open_chat(view, label, subscriber.id))


def chats(listed: Sequence[ManagedChat], view: View, *, link: str) -> Message:
    """The list of /chats."""
    title = view.line("👥 ", Bold(view.gettext("Your groups and channels")))
    text = (
        view.gettext("Each has topics, times and languages of its own. Which one do you want to set up?")
        if listed
        else view.gettext(
            "None yet. Add me to a group, or to a channel as an administrator who may post; then it is listed here."
        )
    )
    return message(title, view.line(text), keyboard=keyboards.chats(listed, view, link=link))


def chats_elsewhere(view: View, *, link: str) -> Message:
    """The answer to /chats in a group."""
    text = view.gettext("Your groups and channels are set up in our private chat.")
    return message(view.line(text), keyboard=keyboards.to_chats(view, link))


def not_yours(view: View) -> Message:
    """A chat that whoever asks may not set up, or not any more."""
    return message(view.line(view.gettext("🔒 Only administrators of that chat can set it up, while I am in it.")))


def framed(shown: Message, subscriber: Subscriber, view: View, *, title: str) -> Message:
    """A message with the name of the chat that it is about, and the ways on from there."""
    sign = keyboards.SIGNS[subscriber.kind]
    header = render((view.line(f"{sign} ", Bold(view.foreign(title, limit=LONGEST_TITLE))), "\n\n"))
    buttons = keyboards.managing(view, None if shown.keyboard is not None else subscriber.id)
    return replace(shown, html=header.html + shown.html, plain=header.plain + shown.plain, keyboard=buttons)


def with_keyboard(shown: Message, buttons: InlineKeyboardMarkup) -> Message:
    """The message with other buttons."""
    return replace(shown, keyboard=buttons)


def begin(shown: Message, view: View, at: time) -> Message:
    """The settings of a chat to which no digests come yet, with the button that begins."""
    rows = shown.keyboard.inline_keyboard if shown.keyboard is not None else ()
    text = view.gettext("No digests come here yet. Choose languages, topics and times first, if you like.")
    note = render(("\n\n", view.line(text)))
    return replace(
        shown,
        html=shown.html + note.html,
        plain=shown.plain + note.plain,
        keyboard=InlineKeyboardMarkup([*keyboards.begin_chat(view, at), *rows]),
    )


def closed(view: View) -> Message:
    """The end of setting up another chat."""
    return message(view.line(view.gettext("✔️ Done. What you write now is about your own digests again. /chats")))


def toast_begun(view: View) -> str:
    """Digests come to a chat that was set up from private."""
    return view.gettext("✅ Digests come there now, the first one at once.")


def here_now(subscriber: Subscriber, view: View) -> Message:
    """The answer to /here."""
    return message(lines(view.line(view.gettext("📌 Digests come here from now on.")), next_runs(subscriber, view)))


def here_already(subscriber: Subscriber, view: View) -> Message:
    """The answer to /here where digests come already, or would."""
    if not subscriber.slots:
        return message(view.line(view.gettext("No digests come here yet. /start sets them up.")))
    return message(lines(view.line(view.gettext("📌 Digests come here already.")), next_runs(subscriber, view)))


def here_which(view: View) -> Message:
    """The answer to /here where several threads have digests of their own."""
    text = view.gettext("Several threads have digests of their own. /start gives this one digests of its own too.")
    return message(view.line(text))


def thread_closed(subscriber: Subscriber, view: View, *, title: str = "") -> Message:
    """A thread is closed or deleted: its digests stop."""
    if title:
        name = _name(title, view)
        text = fill(view.gettext("⚠️ {chat} is closed or deleted, so its digests have stopped."), chat=name)
    else:
        text = view.gettext("⚠️ The thread in which digests came is closed or deleted, so they have stopped.")
    how = view.gettext("/here, written in another thread, lets them come there.")
    return message(lines(view.line(text), view.line(how)))


def _name(title: str, view: View) -> Node:
    return Bold(view.foreign(title, limit=LONGEST_TITLE))
