"""A story's card: everything there is to know about it, in one message that opens in place of a digest or list."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import keyboards
from bot.markup import Bold, Link, Node, Quote, fill, join, lines
from bot.render.parts import article_byline, paragraphs, title_line
from bot.view import Message, View, message
from digests.model import Article, Item, Outlet

MOST_LINKS = 3
"""Articles under each of the card's headings."""

UNFOLDED = 4
"""Sources that stand on one line."""

MOST_OUTLETS = 24
"""Sources that are named: each is a link, and a message holds a hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The list that a card was opened from: its request and page; 0 where there is none to go back to."""

    request: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CardState:
    """What this reader did with the story so far; `vote` is 1, -1 or 0; `sent`: it came in a digest. `inline`: the
    bot has inline mode."""

    saved: bool = False
    vote: int = 0
    sent: bool = True
    inline: bool = False


def article_item(article: Article) -> Item:
    """An article by itself as a story of its own, for cards of what /latest and /search list."""
    return Item(
        story_id=article.story_id or 0,
        article_id=article.id,
        headline=article.title,
        url=article.url,
        source=article.source,
        published=article.published,
        language=article.language,
        quotes=article.quotes,
        outlets=(Outlet(article.source, article.url, article.published),),
        topics=tuple(topic for topic, _ in article.topics),
        image=article.image,
    )


def card(
    item: Item,
    view: View,
    *,
    more_from_source: Sequence[Article] = (),
    latest: Sequence[Article] = (),
    related: Sequence[Article] = (),
    state: CardState | None = None,
    origin: Origin | None = None,
) -> Message:
    """A story's card: headline, date, source, its sentences, who reported it, and where to go from here."""
    state, origin = state or CardState(), origin or Origin()
    source = view.foreign(item.source, limit=60)
    others = [article for article in latest if article.id != item.article_id]
    blocks = (
        lines(title_line(item.headline, item.url, view), _facts(item, view)),
        _summary(item, view),
        _outlets(item.outlets, view),
        _related(related, view),
        _links(view.gettext("More from {source}").format(source=source), more_from_source, view, named=False),
        _links(view.gettext("Latest news"), others, view),
    )
    buttons = keyboards.card(
        view,
        story=item.story_id,
        article=item.article_id,
        url=item.url,
        source=item.source,
        request=origin.request,
        page=origin.page,
        saved=state.saved,
        vote=state.vote,
        sent=state.sent,
        related=[article.story_id for article in related[:MOST_LINKS] if article.story_id],
        inline=state.inline,
    )
    return message(*blocks, keyboard=buttons, preview=item.url)


def _facts(item: Item, view: View) -> Node:
    date, time = view.formats.date(item.published, year=True), view.formats.time(item.published)
    published = view.gettext("{date}, {time}").format(date=date, time=time)
    return view.line(published, view.dot, view.foreign(item.source, limit=60))


def _summary(item: Item, view: View) -> Node:
    if not item.quotes:
        return view.line(view.gettext("This article has no text in its feed. Open the original to read it."))
    return Quote(paragraphs(sorted(item.quotes, key=lambda quote: quote.start), view))


def _outlets(outlets: Sequence[Outlet], view: View) -> Node:
    """All who reported, first one first, each with its time; folded where they are many."""
    if len(outlets) < 2:
        return ""
    count = Bold(view.ngettext("Reported by {count} source:", "Reported by {count} sources:", len(outlets)))
    named = [
        (Link(view.foreign(each.source, limit=60), each.url), " ", view.time(each.published))
        for each in outlets[:MOST_OUTLETS]
    ]
    rest = [f"+{view.formats.number(len(outlets) - MOST_OUTLETS)}"] if len(outlets) > MOST_OUTLETS else []
    # i18n: the source that reported a story before all others, with the time
    first = fill(view.gettext("{source} (first)"), source=named[0])
    if len(outlets) <= UNFOLDED:
        return view.line(count, " ", join(view.dot, [first, *named[1:]]))
    rows = lines(*(view.line(row) for row in (first, *named[1:], *rest)))
    return lines(view.line(count), Quote(rows, expandable=True))


def _related(articles: Sequence[Article], view: View) -> Node:
    """Other stories, numbered as the buttons that open them are."""
    if not articles:
        return ""
    rows = [
        view.line(
            "🧵 ",
            fill(
                "{number}. {link} — {by}",
                number=view.formats.number(number),
                link=Link(view.foreign(article.title, limit=120), article.url),
                by=article_byline(article, view),
            ),
        )
        for number, article in enumerate(articles[:MOST_LINKS], 1)
    ]
    return lines(view.line(Bold(view.gettext("Related"))), *rows)


def _links(title: str, articles: Sequence[Article], view: View, *, named: bool = True) -> Node:
    if not articles:
        return ""
    rows = [_row(article, view, named=named) for article in articles[:MOST_LINKS]]
    return lines(view.line(Bold(title)), *rows)


def _row(article: Article, view: View, *, named: bool) -> Node:
    by = article_byline(article, view) if named else view.time(article.published)
    link = Link(view.foreign(article.title, limit=120), article.url)
    return view.line(fill("• {link} — {by}", link=link, by=by))
