"""Inline mode: "@bot words" in any chat gives stories to share there, in the asker's languages.

Nothing is known of the chat in which it is asked, so there is no session: only who asks, with what words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog
from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.constants import ParseMode

from bot.delivery.transport import preview_options
from bot.render import article_item
from bot.render import inline as texts
from bot.services import Services
from bot.view import View, view_of
from digests.errors import QueryError
from digests.model import Article, Item, Subscriber

log = structlog.get_logger(__name__)

PAGE = 20
"""Results at a time; Telegram takes 50."""
MOST_PAGES = 10

WHILE_NEW, WHILE_ASKED, WHILE_TOLD = 60, 120, 600
"""Seconds for which Telegram may give an answer again: what is new, what was looked for, one story."""

_STORY = re.compile(r"(story|article):([1-9][0-9]{0,17})")
_PAGE = re.compile(r"[1-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What an inline query is answered with."""

    results: tuple[InlineQueryResultArticle, ...] = ()
    next_offset: str = ""
    cache: int = WHILE_NEW
    button: InlineQueryResultsButton | None = None


async def answer(services: Services, user_id: int, client: str, query: str, offset: str = "") -> Shared:
    """The stories for somebody's words; without words what matters now, and for `story:ID` that one."""
    known = await services.storage.subscribers.get(user_id)
    reader = known or await services.person(user_id, client)
    view = view_of(reader, services.now())
    if known is None and not await services.may_enter(user_id):
        return Shared(button=InlineQueryResultsButton(texts.private(view), start_parameter="inline"))
    page = int(offset) if _PAGE.fullmatch(offset) else 0
    found, more, cache = await _found(services, reader, query.strip(), page)
    return Shared(
        results=tuple(_result(item, view, services) for item in found),
        next_offset=str(page + 1) if more and page + 1 < MOST_PAGES else "",
        cache=cache,
        button=_button(view, subscribed=bool(reader.slots), found=bool(found or page)),
    )


async def _found(services: Services, reader: Subscriber, words: str, page: int) -> tuple[list[Item], bool, int]:
    """A page of stories, whether there is another, and for how many seconds that holds."""
    reading = services.reading
    if one := _STORY.fullmatch(words):
        item = await _one(services, one[1], int(one[2])) if page == 0 else None
        return [item] if item is not None else [], False, WHILE_TOLD
    if not words:
        top = await reading.top(languages=reader.languages)
        return list(top[page * PAGE : (page + 1) * PAGE]), len(top) > (page + 1) * PAGE, WHILE_NEW
    try:
        results = await reading.search(
            words, language=reader.languages[0], languages=reader.languages, page=page, size=PAGE
        )
    except QueryError:
        return [], False, WHILE_ASKED
    return await _items(services, results.articles), results.more, WHILE_ASKED


async def _one(services: Services, kind: str, number: int) -> Item | None:
    """The story that a Share button named; of an article that has none yet, the article."""
    if kind == "story":
        return await services.reading.story(number)
    article = await services.reading.readable_article(number)
    return next(iter(await _items(services, [article])), None) if article is not None else None


async def _items(services: Services, articles: Sequence[Article]) -> list[Item]:
    """The stories of articles, in their order."""
    stories = await services.reading.stories([one.story_id for one in articles if one.story_id is not None])
    return [stories.get(article.story_id or 0) or article_item(article) for article in articles]


def _result(item: Item, view: View, services: Services) -> InlineQueryResultArticle:
    link = services.deep_link(f"story_{item.story_id}" if item.story_id else f"article_{item.article_id}")
    shared = texts.shared(item, replace(view, live_times=True), link=link)
    return InlineQueryResultArticle(
        id=f"s{item.story_id}" if item.story_id else f"a{item.article_id}",
        title=texts.title(item, view),
        description=texts.description(item, view),
        thumbnail_url=texts.thumbnail(item),
        input_message_content=InputTextMessageContent(
            shared.html, parse_mode=ParseMode.HTML, link_preview_options=preview_options(shared)
        ),
        reply_markup=shared.keyboard,
    )


def _button(view: View, *, subscribed: bool, found: bool) -> InlineQueryResultsButton | None:
    if not found:
        return InlineQueryResultsButton(texts.nothing(view), start_parameter="search" if subscribed else "inline")
    return None if subscribed else InlineQueryResultsButton(texts.subscribe(view), start_parameter="inline")
