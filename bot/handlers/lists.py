"""Lists of stories: /latest, /search, /saved, more from a source; and their pages."""

from bot.callbacks import Latest, MoreFrom, ShowList
from bot.handlers import digest
from bot.handlers.session import Answer, Session, Tap
from bot.render import lists, replies
from bot.view import Message
from digests.model import Request, Wish
from digests.reading import PAGE
from digests.topics import resolve


def wish_of(words: str, language: str) -> Wish:
    """What somebody typed: a shipped topic by its name in any language, else their own words."""
    key = resolve(words, language)
    return Wish("topic", key) if key else Wish("words", " ".join(words.split())[:100])


async def latest(session: Session) -> Answer:
    """The newest stories, of a topic or about words where some are given."""
    wish = wish_of(session.words, session.subscriber.language) if session.words else None
    request = await session.remember("latest", f"{wish.kind}:{wish.value}" if wish else "")
    return await page_of(session, request, 0)


async def saved(session: Session) -> Answer:
    """What the reader keeps."""
    return await page_of(session, await session.remember("saved"), 0)


async def page_of(session: Session, request: Request, page: int) -> Message | None:
    """A page of what a request asked for, as it is now; a digest as it was sent. None where it is gone."""
    match request.kind:
        case "latest":
            return await _latest(session, request, page)
        case "search":
            return await results(session, request, page)
        case "source":
            return await _source(session, request, page)
        case "saved":
            return await _saved(session, request, page)
        case _:
            return await digest.show(session, request)


async def _latest(session: Session, request: Request, page: int) -> Message:
    kind, _, value = request.arguments.partition(":")
    wish = Wish("topic" if kind == "topic" else "words", value) if value else None
    found = await session.services.reading.latest(wish, languages=session.languages, page=page)
    return lists.latest(
        found.articles,
        session.view,
        request=request.id,
        page=page,
        more=found.more,
        topic=wish.value if wish is not None and wish.kind == "topic" else None,
        words=wish.value if wish is not None and wish.kind == "words" else None,
    )


async def results(session: Session, request: Request, page: int) -> Message:
    """A page of a search. Raises QueryError."""
    reading, language = session.services.reading, session.languages[0]
    query = reading.query(request.arguments, language=language)
    found = await reading.search(request.arguments, language=language, languages=session.languages, page=page)
    wanted = {*query.terms, *(term for phrase in (*query.phrases, *query.any_of) for term in phrase)}
    return lists.search_results(
        found.articles,
        session.view,
        query=request.arguments,
        wanted=wanted,
        request=request.id,
        page=page,
        more=found.more,
    )


async def _source(session: Session, request: Request, page: int) -> Message:
    found = await session.services.reading.latest(None, languages=(), source=request.arguments, page=page)
    return lists.more_from(
        found.articles, session.view, source=request.arguments, request=request.id, page=page, more=found.more
    )


async def _saved(session: Session, request: Request, page: int) -> Message:
    store = session.services.storage.saved
    items = await store.items(session.subscriber.id, limit=PAGE + 1, offset=page * PAGE)
    total = await store.count(session.subscriber.id)
    return lists.saved(items[:PAGE], session.view, request=request.id, page=page, more=len(items) > PAGE, total=total)


async def tap_page(session: Session, callback: ShowList) -> Tap:
    """Another page, or back from a card."""
    request = await session.request(callback.request)
    message = await page_of(session, request, callback.page) if request is not None else None
    return Tap(edit=message) if message is not None else Tap(toast=replies.toast_expired(session.view))


async def tap_latest(session: Session, _: Latest) -> Tap:
    """The latest news, below what was tapped."""
    return Tap(send=await page_of(session, await session.remember("latest"), 0))


async def tap_more(session: Session, callback: MoreFrom) -> Tap:
    """More from the source of an article, below what was tapped."""
    article = await session.services.storage.articles.get(callback.article)
    if article is None:
        return Tap(toast=replies.toast_expired(session.view))
    return Tap(send=await page_of(session, await session.remember("source", article.source), 0))
