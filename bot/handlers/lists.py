"""Lists of stories: /latest, /search, /saved, more from a source; and their pages."""

from dataclasses import replace

from bot.callbacks import DropSaved, EditSaved, FilterLatest, Latest, MoreFrom, NarrowLatest, OrderSearch, ShowList
from bot.handlers import card, digest, learning
from bot.handlers.session import Answer, Session, Tap
from bot.render import lists, replies
from bot.topic_names import topic_label
from bot.view import Message
from digests.errors import QueryError
from digests.model import Following, Request, Source
from digests.reading import PAGE
from digests.search import parse_following, write_following
from digests.topics import TOPICS, resolve

SEARCHES = frozenset({"search", "ranked", "why"})
"""Kinds of requests that looked for something: newest first, and best first."""


SOURCES_PAGE = 12
"""Sources on a page of choices."""


def narrowed(words: str) -> Following:
    """What /latest is narrowed to, as typed or as a request has it. Raises QueryError.

    A topic may be named in any language, with or without topic: before it.
    """
    words = words.removeprefix("words:")
    if not words.strip():
        return Following()
    if key := resolve(words):
        return Following(topic=key)
    found = parse_following(words)
    if not found.topic and not found.must and (key := resolve(found.words)):
        return replace(found, words="", topic=key)
    key = resolve(found.topic) if found.topic else None
    if found.topic and key is None:
        raise QueryError(f"There is no topic {found.topic}.", problem="topic", name=found.topic)
    return replace(found, topic=key)


async def latest(session: Session) -> Answer:
    """The newest stories, of a topic, source or language or about words where some are given. Raises QueryError."""
    request = await session.remember("latest", write_following(narrowed(session.words)))
    return await page_of(session, request, 0)


async def saved(session: Session) -> Answer:
    """What the reader keeps."""
    return await page_of(session, await session.remember("saved"), 0)


async def page_of(session: Session, request: Request, page: int) -> Message | None:
    """A page of what a request asked for, as it is now; a digest as it was sent. None where it is gone."""
    match request.kind:
        case "latest":
            return await _latest(session, request, page)
        case "search" | "ranked" | "why":
            return await results(session, request, page)
        case "source":
            return await _source(session, request, page)
        case "sources":
            return await learning.sources_page(session, request, page)
        case "saved":
            return await _saved(session, request, page)
        case _:
            return await digest.show(session, request)


async def _latest(session: Session, request: Request, page: int) -> Message:
    reading, following = session.services.reading, narrowed(request.arguments)
    languages = () if following.source else session.languages
    text, feeds = write_following(following), session.subscriber.feeds
    found = (
        await reading.search(text, language=session.languages[0], languages=languages, feeds=feeds, page=page)
        if text
        else await reading.latest(None, languages=languages, feeds=feeds, page=page)
    )
    return lists.latest(
        found.articles, session.view, request=request.id, page=page, more=found.more, following=following
    )


async def tap_filter(session: Session, callback: FilterLatest) -> Tap:
    """By what topic, source or language /latest is to be narrowed."""
    request = await session.request(callback.request)
    if request is None or request.kind != "latest":
        return Tap(toast=replies.toast_expired(session.view))
    following, view = narrowed(request.arguments), session.view
    chosen, offered, more = "", list[tuple[str, str]](), False
    if callback.by == "topic":
        chosen, offered = following.topic or "", [(key, topic_label(key, view.translator)) for key in TOPICS]
    elif callback.by == "lang":
        spoken = dict.fromkeys([*session.languages, *session.services.news_languages])
        chosen, offered = following.language or "", [(code, view.formats.language_name(code)) for code in spoken]
    else:
        sources = await sources_for(session)
        start = callback.page * SOURCES_PAGE
        more = len(sources) > start + SOURCES_PAGE
        offered = [(str(one.id), view.foreign(one.name, limit=40)) for one in sources[start : start + SOURCES_PAGE]]
        chosen = next((str(one.id) for one in sources if one.name == following.source), "")
    return Tap(
        edit=lists.narrow(
            offered, view, request=request.id, by=callback.by, chosen=chosen, page=callback.page, more=more
        )
    )


async def tap_narrow(session: Session, callback: NarrowLatest) -> Tap:
    """Narrow /latest, or widen it."""
    request = await session.request(callback.request)
    if request is None or request.kind != "latest":
        return Tap(toast=replies.toast_expired(session.view))
    following, value = narrowed(request.arguments), None if callback.value == "all" else callback.value
    if callback.by == "topic":
        following = replace(following, topic=value if value in TOPICS else None)
    elif callback.by == "lang":
        following = replace(following, language=value)
    else:
        named = [one.name for one in await session.services.storage.feeds.sources() if str(one.id) == value]
        following = replace(following, source=named[0] if named else None)
    narrower = await session.remember("latest", write_following(following))
    return Tap(edit=await page_of(session, narrower, 0))


async def sources_for(session: Session) -> list[Source]:
    """Who the news comes from, in the reader's languages first, by name."""
    found = await session.services.storage.feeds.sources()
    return sorted(found, key=lambda one: (not set(one.languages) & set(session.languages), one.name.casefold()))


async def results(session: Session, request: Request, page: int) -> Message:
    """A page of a search. Raises QueryError."""
    reading, language, languages = session.services.reading, session.languages[0], session.languages
    text, ranked = request.arguments, request.kind != "search"
    query = reading.query(text, language=language, languages=languages)
    found = await reading.search(
        text, language=language, languages=languages, feeds=session.subscriber.feeds, page=page, ranked=ranked
    )
    meant = None
    if (
        not found.articles
        and not page
        and (corrected := await reading.did_you_mean(text, language=language, languages=languages))
    ):
        meant = (corrected, (await session.remember(request.kind, corrected)).id)
    return lists.search_results(
        found.articles,
        session.view,
        text=text,
        query=query,
        request=request.id,
        page=page,
        more=found.more,
        ranked=ranked,
        meant=meant,
    )


async def tap_order(session: Session, callback: OrderSearch) -> Tap:
    """The same search in the other order, from its first page."""
    request = await session.request(callback.request)
    if request is None or request.kind not in SEARCHES:
        return Tap(toast=replies.toast_expired(session.view))
    other = await session.remember("ranked" if callback.ranked else "search", request.arguments)
    return Tap(edit=await results(session, other, 0))


async def _source(session: Session, request: Request, page: int) -> Message:
    found = await session.services.reading.latest(
        None, languages=(), source=request.arguments, feeds=session.subscriber.feeds, page=page
    )
    return lists.more_from(
        found.articles, session.view, source=request.arguments, request=request.id, page=page, more=found.more
    )


async def _saved(session: Session, request: Request, page: int, *, editing: bool = False) -> Message:
    store = session.services.storage.saved
    total = await store.count(session.subscriber.id)
    page = min(page, max(0, total - 1) // PAGE)
    items = await store.items(session.subscriber.id, limit=PAGE + 1, offset=page * PAGE)
    return lists.saved(
        items[:PAGE],
        session.view,
        request=request.id,
        page=page,
        more=len(items) > PAGE,
        total=total,
        editing=editing,
    )


async def tap_edit_saved(session: Session, callback: EditSaved) -> Tap:
    """Let the numbers take stories out, or open them again."""
    request = await session.request(callback.request)
    if request is None or request.kind != "saved":
        return Tap(toast=replies.toast_expired(session.view))
    edit = await _saved(session, request, callback.page, editing=bool(callback.on))
    return Tap(edit=edit, toast=replies.toast_remove(session.view) if callback.on else "")


async def tap_drop_saved(session: Session, callback: DropSaved) -> Tap:
    """Take a story out of those saved."""
    request = await session.request(callback.request)
    if request is None or request.kind != "saved":
        return Tap(toast=replies.toast_expired(session.view))
    await session.services.storage.saved.remove(session.subscriber.id, callback.story)
    edit = await _saved(session, request, callback.page, editing=True)
    return Tap(edit=edit, toast=replies.toast_saved(session.view, on=False))


async def tap_page(session: Session, callback: ShowList) -> Tap:
    """Another page, or back from a card."""
    request = await session.request(callback.request)
    message = await page_of(session, request, callback.page) if request is not None else None
    await card.shows(session, 0)
    return Tap(edit=message) if message is not None else Tap(toast=replies.toast_expired(session.view))


async def tap_latest(session: Session, _: Latest) -> Tap:
    """The latest news, below what was tapped."""
    return Tap(send=await page_of(session, await session.remember("latest"), 0))


async def tap_more(session: Session, callback: MoreFrom) -> Tap:
    """More from the source of an article, below what was tapped."""
    article = await session.article(callback.article)
    if article is None:
        return Tap(toast=replies.toast_expired(session.view))
    return Tap(send=await page_of(session, await session.remember("source", article.source), 0))
