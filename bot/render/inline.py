"""Stories as they are shared into other chats: what is chosen from, and the message that is sent."""

from bot import keyboards
from bot.markup import Quote, lines, plain, safe_url
from bot.render.parts import best, byline, sentence, source_links, title_line
from bot.view import Message, View, message
from digests.model import Item

MOST_SOURCES = 4
LONGEST_TITLE = 160


def title(item: Item, view: View) -> str:
    """A story's headline in the list of results."""
    return view.own_line(item.headline, limit=LONGEST_TITLE) or view.own_line(item.source, limit=60)


def description(item: Item, view: View) -> str:
    """Who reports it and when, in the list of results."""
    return plain(view.line(byline(item, view)))


def thumbnail(item: Item) -> str | None:
    """The address of its picture, if it has one."""
    address = safe_url(item.image or "")
    return address if address is not None and address.startswith(("https://", "http://")) else None


def shared(item: Item, view: View, *, link: str) -> Message:
    """The message: headline, its best sentence quoted, who reports it; `link` opens the story in the private chat."""
    quotes = best(item.quotes, 1)
    quoted = Quote(sentence(quotes[0], view)) if quotes else ""
    return message(
        lines(title_line(item.headline, item.url, view), view.line(byline(item, view))),
        quoted,
        source_links(item.outlets, view, most=MOST_SOURCES) if len(item.outlets) > 1 else "",
        keyboard=keyboards.shared(view, url=item.url, link=link),
        preview=item.url,
    )


def nothing(view: View) -> str:
    """On the button above an empty list."""
    return view.gettext("Nothing found. Look further in private")


def subscribe(view: View) -> str:
    """On the button above the results of somebody who gets no digests."""
    return view.gettext("🗞 Get a daily digest")


def private(view: View) -> str:
    """On the button of somebody whom this bot does not serve (BAZTAB_ACCESS)."""
    return view.gettext("🔒 This bot is private")
