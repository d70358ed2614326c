"""Lists of articles and stories: /latest, /search, more from a source, /saved."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from telegram import InlineKeyboardButton

from bot import keyboards
from bot.markup import Bold, Link, Node, Underline, fill, lines
from bot.render.parts import LONGEST_HEADLINE, article_byline, best, byline
from bot.topic_names import topic_label
from bot.view import Message, View, message
from digests.model import Article, Following, Item, SearchQuery
from digests.reading import PAGE
from digests.search import highlight, write_following

_SNIPPET = 240

Marker = Callable[[str, str], Node]
"""Takes a text and its language, and marks words in it."""


def marker(query: SearchQuery) -> Marker:
    """Underlines what a search found: words in any form, and phrases as a whole."""

    def mark_words(text: str, language: str) -> Node:
        pieces: list[Node] = []
        place = 0
        for start, end in highlight(text, query, language):
            pieces += (text[place:start], Underline(text[start:end]))
            place = end
        return (*pieces, text[place:])

    return mark_words


def latest(
    articles: Sequence[Article],
    view: View,
    *,
    request: int,
    page: int = 0,
    more: bool = False,
    following: Following | None = None,
) -> Message:
    """What came in last, of everything, or of what it was narrowed to."""
    following = following or Following()
    about = _about(following, view)
    title = view.line("🗞 ", Bold(view.gettext("Latest news")), (view.dot, about) if about else "")
    chosen = [by for by, value in _filters(following).items() if value]
    tools = [keyboards.narrowing(view, request, chosen)]
    if not articles:
        return message(
            title,
            view.line(_nothing_latest(view, page, about)),
            keyboard=keyboards.keyboard(view, tools if about else []),
        )
    return _articles(articles, view, title, request=request, page=page, more=more, tools=tools)


def _filters(following: Following) -> dict[str, str | None]:
    return {"topic": following.topic, "source": following.source, "lang": following.language}


def _about(following: Following, view: View) -> str:
    """What /latest was narrowed to, in words."""
    topic, source, language = following.topic, following.source, following.language
    words = write_following(replace(following, topic=None, source=None, language=None))
    parts = [
        topic_label(topic, view.translator) if topic else "",
        view.foreign(source, limit=60) if source else "",
        view.formats.language_name(language) if language else "",
        view.foreign(words, limit=80) if words else "",
    ]
    return view.dot.join(part for part in parts if part)


def narrow(
    offered: Sequence[tuple[str, str]],
    view: View,
    *,
    request: int,
    by: str,
    chosen: str,
    page: int = 0,
    more: bool = False,
) -> Message:
    """What /latest can be narrowed to."""
    asked = {
        "topic": view.gettext("Latest news of which topic?"),
        "source": view.gettext("Latest news of which source?"),
        "lang": view.gettext("Latest news in which language?"),
    }[by]
    buttons = keyboards.choices(
        offered, view, request=request, by=by, chosen=chosen, page=page, more=more, across=1 if by == "source" else 2
    )
    return message(view.line("🗞 ", Bold(asked)), keyboard=buttons)


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
    text: str,
    query: SearchQuery,
    request: int,
    page: int = 0,
    more: bool = False,
    ranked: bool = False,
    meant: tuple[str, int] | None = None,
) -> Message:
    """What a search found, with the found words underlined. `meant` is another search, with its request."""
    order = view.gettext("best first") if ranked else view.gettext("newest first")
    title = view.line("🔎 ", Bold(view.foreign(text, limit=120)), f"{view.dot}{order}" if articles else "")
    tools = keyboards.search_tools(view, request, ranked=ranked, found=bool(articles), page=page)
    if articles:
        marks = marker(query)
        return _articles(articles, view, title, request=request, page=page, more=more, marks=marks, tools=tools)
    if page:
        return message(title, view.line(view.gettext("That was all.")))
    if meant is not None:
        hint = view.gettext("Nothing found. Did you mean this?")
        tools = [keyboards.suggestion(view, *meant), *tools]
    else:
        hint = view.gettext("Nothing found. Try fewer or other words, or /latest for what is new.")
    return message(title, view.line(hint), keyboard=keyboards.keyboard(view, tools))


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
    tools: Sequence[list[InlineKeyboardButton]] = (),
) -> Message:
    first = page * PAGE + 1
    blocks = [_entry(article, view, number, marks) for number, article in enumerate(articles[:PAGE], first)]
    entries = [(article.story_id or 0, article.id) for article in articles[:PAGE]]
    buttons = keyboards.articles(entries, view, request=request, page=page, more=more, first=first, rows=tools)
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
    items: Sequence[Item],
    view: View,
    *,
    request: int,
    page: int = 0,
    more: bool = False,
    total: int | None = None,
    editing: bool = False,
) -> Message:
    """What the reader keeps, last saved first; `editing`: the numbers take stories out."""
    count = f"{view.dot}{view.formats.number(total)}" if total else ""
    title = view.line("🔖 ", Bold(view.gettext("Saved")), count)
    if not items:
        hint = view.gettext("Nothing saved yet. 🔖 under a digest or on a story's card keeps it here.")
        return message(title, view.line(hint if not page else view.gettext("That was all.")))
    first = page * PAGE + 1
    blocks = [_saved_entry(item, view, number) for number, item in enumerate(items[:PAGE], first)]
    stories = [item.story_id for item in items[:PAGE]]
    buttons = keyboards.saved(stories, view, request=request, page=page, more=more, first=first, editing=editing)
    return message(title, *blocks, keyboard=buttons)


def _saved_entry(item: Item, view: View, number: int) -> Node:
    link = Bold(Link(view.foreign(item.headline, limit=LONGEST_HEADLINE), item.url))
    return view.line(f"{view.formats.number(number)}. ", link, " — ", byline(item, view))
