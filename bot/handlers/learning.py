"""What readers want more or less of: /sources, what a 👎 meant, what was learned, and reactions to messages."""

import structlog
from telegram import Bot, MessageReactionUpdated, ReactionTypeEmoji
from telegram.constants import ChatType

from bot.callbacks import LeanHere, LessOf, OpenSource, SwitchLearning, Unlearn, WantSource, WantTopic, key
from bot.handlers import card, settings
from bot.handlers.session import Answer, Session, Tap
from bot.render import Origin, replies
from bot.render import learning as pages
from bot.services import Services
from bot.view import Message
from digests.leanings import WHOLE_DIGEST
from digests.model import Request, Source, Vote
from digests.text.terms import normalize
from digests.topics import TOPICS

log = structlog.get_logger(__name__)

SOURCES_PAGE = 16
UP = frozenset("👍❤🔥🎉🤩👏💯🏆😍🥰⚡")
DOWN = frozenset("👎💩🤮😡🤬🥱")
"""Reactions that say that somebody liked a story, or did not. All others say nothing."""


# ── sources ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def sources(session: Session) -> Answer:
    """Who the news comes from, with how much of each is wanted; one of them where a name fits just one."""
    typed = " ".join(session.words.split())[:60]
    request = await session.remember("sources", typed)
    found = await _sources(session, typed)
    if typed and len(found) == 1 and (one := await _source(session, found[0].id)) is not None:
        return pages.source(one, session.subscriber, session.view, request=request.id, page=0)
    return await sources_page(session, request, 0)


async def sources_page(session: Session, request: Request, page: int) -> Message:
    """A page of them."""
    found = await _sources(session, request.arguments)
    start = page * SOURCES_PAGE
    return pages.sources(
        found[start : start + SOURCES_PAGE],
        session.subscriber,
        session.view,
        request=request.id,
        total=len(found),
        page=page,
        size=SOURCES_PAGE,
        typed=request.arguments,
    )


async def _sources(session: Session, typed: str) -> list[Source]:
    """Sources with this in their names: those with a preference first, then those in the reader's languages."""
    wanted = normalize(typed)
    found = await session.services.storage.feeds.sources()
    kept = [one for one in found if wanted in normalize(one.name)]
    exact = [one for one in kept if normalize(one.name) == wanted]
    own = set(session.languages)
    return exact or sorted(
        kept,
        key=lambda one: (
            pages.wanted_of(one.name, session.subscriber) == 0,
            own.isdisjoint(one.languages),
            one.name.casefold(),
        ),
    )


async def _source(session: Session, number: int) -> Source | None:
    found = await session.services.storage.feeds.sources(counted=True)
    return next((one for one in found if one.id == number), None)


async def tap_source(session: Session, callback: OpenSource) -> Tap:
    """One source, and how much of it is wanted."""
    one = await _source(session, callback.source)
    if one is None:
        return Tap(toast=replies.toast_expired(session.view))
    return Tap(edit=pages.source(one, session.subscriber, session.view, request=callback.request, page=callback.page))


async def tap_want_source(session: Session, callback: WantSource) -> Tap:
    """Want more of a source, less, nothing, or as much as it is worth."""
    one = await _source(session, callback.source)
    if one is None:
        return Tap(toast=replies.toast_expired(session.view))
    await _want(session, one.name, callback.wanted)
    shown = pages.source(one, session.subscriber, session.view, request=callback.request, page=callback.page)
    return Tap(edit=shown, toast=replies.toast_done(session.view))


async def _want(session: Session, source: str, wanted: int) -> None:
    subscribers, number = session.services.storage.subscribers, session.subscriber.id
    if wanted == pages.NEVER:
        await subscribers.mute(number, source, source=True)
    else:
        await subscribers.unmute(number, source, source=True)
    await subscribers.lean(number, "source", source, max(wanted, -1) if wanted != pages.NEVER else 0)
    await session.reload()


async def tap_lean_here(session: Session, callback: LeanHere) -> Tap:
    """The same from a story's card."""
    article = await session.article(callback.article)
    if article is None:
        return Tap(toast=replies.toast_expired(session.view))
    await _want(session, article.source, callback.wanted)
    return await card.mutes(session, callback)


async def tap_want_topic(session: Session, callback: WantTopic) -> Tap:
    """Want more or less of a topic."""
    if callback.topic not in TOPICS:
        return Tap(toast=replies.toast_expired(session.view))
    await session.services.storage.subscribers.lean(session.subscriber.id, "topic", callback.topic, callback.wanted)
    await session.reload()
    return Tap(edit=settings.page("following", session))


# ── votes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def tap_less_of(session: Session, callback: LessOf) -> Tap:
    """What a 👎 meant."""
    item = await card.item_of(session, callback.story, callback.request)
    if item is None:
        return Tap(toast=replies.toast_expired(session.view))
    await card.vote(session, callback.story, callback.request, -1, about=callback.about)
    origin = Origin(request=callback.request, page=callback.page)
    shown = pages.less_of(item, session.view, about=callback.about, origin=origin)
    return Tap(edit=shown, toast=replies.toast_done(session.view))


async def tap_unlearn(session: Session, callback: Unlearn) -> Tap:
    """Forget what was learned, of one or of all."""
    subscribers, number = session.services.storage.subscribers, session.subscriber.id
    if callback.subject == "all":
        await subscribers.unlearn(number)
    for one in session.subscriber.leanings:
        if key(f"{one.kind[0]}{one.name}") == callback.subject:
            await subscribers.unlearn(number, kind=one.kind, name=one.name)
    await session.reload()
    return Tap(edit=settings.page("learned", session), toast=replies.toast_done(session.view))


async def tap_switch(session: Session, callback: SwitchLearning) -> Tap:
    """Learn from votes, or don't."""
    await session.change(learning=bool(callback.on))
    return Tap(edit=settings.page("learned", session))


# ── reactions ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def reacted(services: Services, bot: Bot, change: MessageReactionUpdated) -> None:
    """A reaction to a story's card is a vote; one to a digest a light vote for each of its stories.

    Only those of people count (anonymous ones name nobody), in groups and channels those of administrators.
    """
    if change.user is None or change.user.is_bot:
        return
    found = await services.storage.saved.shown(change.chat.id, change.message_id)
    if found is None:
        return
    number, story, digest_id = found
    subscriber = await services.storage.subscribers.by_id(number)
    if subscriber is None:
        return
    if change.chat.type != ChatType.PRIVATE and not await services.rights.may_set_up(
        bot, change.chat.id, change.user.id, subscriber.kind, services.now()
    ):
        return
    value = _value(change)
    votes: dict[int, Vote | None] = {}
    if story:
        item = await services.reading.story(story, feeds=subscriber.feeds)
        votes[story] = card.vote_on(item, value, services.now())
    elif (digest := await services.storage.ledger.digest(digest_id)) is not None:
        items = {item.story_id: item for item in digest.items}
        own = await services.storage.saved.votes(number, items)
        for story_id in items.keys() - own.keys():
            votes[story_id] = card.vote_on(items[story_id], value, services.now(), weight=WHOLE_DIGEST)
    await services.storage.saved.vote(number, votes, now=services.now())
    log.info("reaction.counted", value=value, stories=len(votes))


def _value(change: MessageReactionUpdated) -> int:
    """1, -1, or 0 where nothing that says so is left."""
    given = {one.emoji.rstrip("\ufe0f") for one in change.new_reaction if isinstance(one, ReactionTypeEmoji)}
    return -1 if given & DOWN else 1 if given & UP else 0
