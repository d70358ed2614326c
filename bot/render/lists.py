"""Lists of articles and stories: /latest, /search, more from a source, /saved."""

import re
from collections.abc import Callable, Collection, Sequence

from bot import keyboards
from bot.markup import Bold, Link, Node, Underline, fill, lines
from bot.render.parts import LONGEST_HEADLINE, article_byline, best, byline
from bot.topic_names import topic_label
from bot.view import Message, View, message
from digests.model import Article, Item
from digests.text.terms import terms

PAGE = 8
"""Entries on a page: as many as there are buttons in a row."""

_WORD = re.compile(r"[^\W_]+(?:[\u200c'’-][^\W_]+)*")
_SNIPPET = 240

Marker = Callable[[str, str], Node]
"""Takes a text and its language, and marks words in it."""


def marker(wanted: Collection[str]) -> Marker:
    """Underlines the words that a search found, by the terms of the query (digests.text.terms)."""
    known = frozenset(wanted)

    def mark_words(text: str, language: str) -> Node:
        pieces: list[Node] = []
        place = 0
        for word in _WORD.finditer(text):
            if not known.isdisjoint(terms(word[0], language)):
                pieces += (text[place : word.start()], Underline(word[0]))
                place = word.end()
        return (*pieces, text[place:])

    return mark_words


def latest(
    articles: Sequence[Article],
    view: View,
    *,
    request: int,
    page: int = 0,
    more: bool = False,
    topic: str | None = None,
    words: str | None = None,
) -> Message:
    """What came in last, of everything, of a topic, or for words of the reader's own."""
    about = topic_label(topic, view.translator) if topic else view.foreign(words, limit=80) if words else ""
    title = view.line("🗞 ", Bold(view.gettext("Latest news")), f"{view.dot}{about}" if about else "")
    if not articles:
        return message(title, view.line(_nothing_latest(view, page, about)))
    return _articles(articles, view, title, request=request, page=page, more=more)


def _nothing_latest(view: View, page: int, about: str) -> Node:
    if page:
        return view.gettext("That was all.")
    if not about:
        return view.gettext("No news has come in yet. Feeds are read every few minutes: ask again shortly.")
    return fill(view.gettext("Nothing about {topic} yet. /latest without a topic shows everything."), topic=about)


def search_results(
    articles: Sequence[Article],
    view: View,
    *,
    query: str,
    wanted: Collection[str],
    request: int,
    page: int = 0,
    more: bool = False,
) -> Message:
    """What a search found, with the found words underlined; `wanted` are the query's terms."""
    title = view.line("🔎 ", Bold(view.foreign(query, limit=120)))
    if articles:
        return _articles(articles, view, title, request=request, page=page, more=more, marks=marker(wanted))
    if page:
        return message(title, view.line(view.gettext("That was all.")))
    hint = view.gettext("Nothing found. Try fewer or other words, or /latest for what is new.")
    return message(title, view.line(hint))


def more_from(
    articles: Sequence[Article], view: View, *, source: str, request: int, page: int = 0, more: bool = False
) -> Message:
    """What else a source has."""
    name = view.foreign(source, limit=60)
    title = view.line("🗂 ", Bold(view.gettext("More from {source}").format(source=name)))
    if not articles:
        return message(title, view.line(view.gettext("That was all.")))
    return _articles(articles, view, title, request=request, page=page, more=more)


def _articles(
    articles: Sequence[Article],
    view: View,
    title: Node,
    *,
    request: int,
    page: int,
    more: bool,
    marks: Marker | None = None,
) -> Message:
    first = page * PAGE + 1
    blocks = [_entry(article, view, number, marks) for number, article in enumerate(articles[:PAGE], first)]
    entries = [(article.story_id or 0, article.id) for article in articles[:PAGE]]
    buttons = keyboards.articles(entries, view, request=request, page=page, more=more, first=first)
    return message(title, *blocks, keyboard=buttons)


def _entry(article: Article, view: View, number: int, marks: Marker | None) -> Node:
    name = view.foreign(article.title, limit=LONGEST_HEADLINE)
    text = marks(name, article.language) if marks else name
    first = view.line(
        f"{view.formats.number(number)}. ", Bold(Link(text, article.url)), " — ", article_byline(article, view)
    )
    return lines(first, _snippet(article, view, marks) if marks else "")


def _snippet(article: Article, view: View, marks: Marker) -> Node:
    """The best sentence in which the search found something."""
    for quote in sorted(article.quotes, key=lambda quote: quote.rank):
        marked = marks(view.own_line(quote.text, limit=_SNIPPET), article.language)
        if isinstance(marked, tuple) and any(isinstance(piece, Underline) for piece in marked):
            return marked
    return tuple(view.own_line(quote.text, limit=_SNIPPET) for quote in best(article.quotes, 1))


def saved(
    items: Sequence[Item], view: View, *, request: int, page: int = 0, more: bool = False, total: int | None = None
) -> Message:
    """What the reader keeps, last saved first."""
    count = f"{view.dot}{view.formats.number(total)}" if total else ""
    title = view.line("🔖 ", Bold(view.gettext("Saved")), count)
    if not items:
        hint = view.gettext("Nothing saved yet. 🔖 under a digest or on a story's card keeps it here.")
        return message(title, view.line(hint if not page else view.gettext("That was all.")))
    first = page * PAGE + 1
    blocks = [_saved_entry(item, view, number) for number, item in enumerate(items[:PAGE], first)]
    entries = [(item.story_id, item.article_id) for item in items[:PAGE]]
    buttons = keyboards.articles(entries, view, request=request, page=page, more=more, first=first)
    return message(title, *blocks, keyboard=buttons)


def _saved_entry(item: Item, view: View, number: int) -> Node:
    link = Bold(Link(view.foreign(item.headline, limit=LONGEST_HEADLINE), item.url))
    return view.line(f"{view.formats.number(number)}. ", link, " — ", byline(item, view))
