"""A digest as a rich message (Bot API 10.1): headings, paragraphs, folded details, a footer.

Only tags that the Bot API names for its blocks, around texts that are written as in any other message.
"""

from collections.abc import Iterator

from bot.markup import Node, html, is_empty
from bot.render.parts import best, byline, headline, paragraphs, quoted, retold, source_links
from bot.view import View
from digests.model import Digest, Item

LONGEST = 30_000
"""Characters; Telegram takes 32,768."""

MORE, LINKS = 4, 8
"""Sentences and links that are folded under a story."""


def document(header: Node, headings: "dict[int, Node]", digest: Digest, footer: Node, view: View) -> str:
    """The digest as rich HTML, "" where it would be too long; `headings` stand before the stories of these numbers."""
    written = "".join(_pieces(header, headings, digest, footer, view))
    return written if len(written) <= LONGEST else ""


def _pieces(header: Node, headings: "dict[int, Node]", digest: Digest, footer: Node, view: View) -> Iterator[str]:
    yield _tag("h3", header)
    for number, item in enumerate(digest.items, 1):
        if number in headings:
            yield _tag("h4", headings[number])
        yield from _story(item, number, view)
    yield "<hr/>"
    yield _tag("footer", footer)


def _story(item: Item, number: int, view: View) -> Iterator[str]:
    quotes = best(item.quotes, MORE + 1)
    title = headline(item.headline, item.url, view)
    sign = "🔁 " if item.update else ""
    yield _tag("p", view.line(f"{view.formats.number(number)}. {sign}", title, " — ", byline(item, view)))
    if quotes:
        yield _tag("blockquote", quoted(quotes[0], item.language, view))
    rest = [paragraphs(quotes[1:], view), *(retold(retelling, view) for retelling in item.retold)]
    if len(item.outlets) > 1:
        rest.append(source_links(item.outlets, view, most=LINKS))
    folded = "".join(_tag("p", node) for node in rest if not is_empty(node))
    if folded:
        yield f"<details>{_tag('summary', view.gettext('More'))}{folded}</details>"


def _tag(name: str, node: Node) -> str:
    return f"<{name}>{html(node)}</{name}>"
