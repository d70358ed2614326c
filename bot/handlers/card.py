"""A story's card and its buttons: open, save, rate, mute, how it was summarised, why it came."""

from datetime import datetime

from bot.callbacks import (
    How,
    LeanHere,
    MuteChoices,
    MuteSource,
    MuteWords,
    OpenArticle,
    OpenStory,
    RateStory,
    SaveStory,
    Why,
    key,
)
from bot.handlers import digest, whynot
from bot.handlers.session import Session, Tap
from bot.render import CardState, Origin, article_item, card, explain, learning, replies
from bot.view import Message
from digests.model import Article, Item, Vote
from digests.reading import Card
from digests.related import salient

DIGESTS = frozenset({"run", "start", "digest", "more", "breaking"})
"""Kinds of requests that were answered with a digest."""

MUTABLE = 6
"""Words of a headline that are offered for muting."""


async def open_story(session: Session, callback: OpenStory) -> Tap:
    """Show a story in place of the list or digest that it was opened from; elsewhere than in private, there.

    In a group or channel the digest stays as it is for everyone, and the card is the own one of whoever tapped.
    """
    if not session.is_private:
        return Tap(url=session.services.deep_link(f"story_{callback.story}"))
    return await _shown(
        session, await story_card(session, callback.story, callback.request, callback.page), callback.story
    )


async def open_article(session: Session, callback: OpenArticle) -> Tap:
    """The same for an article that had no story when it was listed."""
    if not session.is_private:
        return Tap(url=session.services.deep_link(f"article_{callback.article}"))
    article = await session.article(callback.article)
    story = article.story_id if article is not None else None
    return await _shown(
        session, await article_card(session, callback.article, callback.request, callback.page), story or 0
    )


async def _shown(session: Session, message: Message | None, story: int) -> Tap:
    if message is None:
        return Tap(toast=replies.toast_expired(session.view))
    await shows(session, story)
    return Tap(edit=message)


async def shows(session: Session, story: int) -> None:
    """Remember whose card the tapped message shows now (0: none), so that a reaction to it counts for that story."""
    if session.is_private and session.managing is None and session.message_id:
        saved = session.services.storage.saved
        await saved.show(session.subscriber.id, session.message_id, story, now=session.now)


async def story_card(session: Session, story: int, request: int, page: int) -> Message | None:
    """A story's card; from the digest that it stood in where the story itself is forgotten."""
    found = await session.services.reading.card(story, languages=session.languages, feeds=session.subscriber.feeds)
    if found is None:
        item = await from_digest(session, story, request)
        found = Card(item=item) if item is not None else None
    return await _written(session, found, request, page) if found is not None else None


async def article_card(session: Session, article_id: int, request: int, page: int) -> Message | None:
    """The card of an article's story, or of the article alone."""
    article = await session.article(article_id)
    if article is None:
        return None
    if article.story_id is not None:
        return await story_card(session, article.story_id, request, page)
    return await _written(session, Card(item=article_item(article)), request, page)


async def _written(session: Session, found: Card, request: int, page: int) -> Message:
    item, saved = found.item, session.services.storage.saved
    kept = await saved.kept(session.subscriber.id, [item.story_id])
    votes = await saved.votes(session.subscriber.id, [item.story_id])
    state = CardState(
        saved=item.story_id in kept,
        vote=votes.get(item.story_id, 0),
        sent=await from_digest(session, item.story_id, request) is not None,
        inline=session.services.inline_mode(),
    )
    return card(
        item,
        session.view,
        more_from_source=found.more,
        latest=found.latest,
        related=found.related,
        state=state,
        origin=Origin(request=request, page=page),
    )


async def from_digest(session: Session, story: int, request: int) -> Item | None:
    """A story as it stood in the digest of a request of this chat."""
    asked = await session.request(request) if request else None
    if asked is None or asked.kind not in DIGESTS:
        return None
    found = await session.services.storage.ledger.digest_of(request)
    return next((item for item in found[1].items if item.story_id == story), None) if found is not None else None


async def item_of(session: Session, story: int, request: int) -> Item | None:
    """A story as its digest had it, else as it stands now."""
    return await from_digest(session, story, request) or await session.services.reading.story(
        story, feeds=session.subscriber.feeds
    )


async def save(session: Session, callback: SaveStory) -> Tap:
    """Keep a story or let go of it; the button shows what is so now."""
    saved = session.services.storage.saved
    if callback.on:
        item = await item_of(session, callback.story, callback.request)
        if item is None:
            return Tap(toast=replies.toast_expired(session.view))
        await saved.add(session.subscriber.id, item, now=session.now)
    else:
        await saved.remove(session.subscriber.id, callback.story)
    toast = replies.toast_saved(session.view, on=bool(callback.on))
    return Tap(edit=await _after(session, callback, "save"), toast=toast)


async def rate(session: Session, callback: RateStory) -> Tap:
    """👍 or 👎, or taken back."""
    await vote(session, callback.story, callback.request, callback.vote)
    mode = "dislike" if callback.vote < 0 else "like"
    toast = replies.toast_rated(session.view, callback.vote)
    item = await item_of(session, callback.story, callback.request) if callback.vote < 0 and callback.card else None
    if item is not None:
        origin = Origin(request=callback.request, page=callback.page)
        return Tap(edit=learning.less_of(item, session.view, about="", origin=origin), toast=toast)
    return Tap(edit=await _after(session, callback, mode), toast=toast)


async def vote(session: Session, story: int, request: int, value: int, *, about: str = "") -> None:
    """Store what the reader thinks of a story, and of what of it; 0 takes it back."""
    item = await item_of(session, story, request) if value else None
    given = vote_on(item, value, session.now, about=about)
    await session.services.storage.saved.vote(session.subscriber.id, {story: given}, now=session.now)
    await session.reload()


def vote_on(item: Item | None, value: int, now: datetime, *, weight: float = 1.0, about: str = "") -> Vote | None:
    """A vote on a story, with what it is about; None for 0. A story that is gone teaches nothing."""
    if not value:
        return None
    topic = item.topics[0] if item is not None and item.topics else ""
    source = item.source if item is not None else ""
    return Vote(value=value, at=now, weight=weight, about=about, topic=topic, source=source)


async def _after(session: Session, callback: SaveStory | RateStory, mode: str) -> Message | None:
    """The card, or the digest whose numbers were tapped, as it looks after the tap."""
    if callback.card:
        return await story_card(session, callback.story, callback.request, callback.page)
    request = await session.request(callback.request)
    return await digest.show(session, request, mode=mode) if request is not None else None


async def mutes(session: Session, callback: MuteChoices | LeanHere) -> Tap:
    """What of a story can be muted: its source, or a word of its headline."""
    article = await session.article(callback.article)
    if article is None:
        return Tap(toast=replies.toast_expired(session.view))
    return Tap(edit=_mutes(session, article, callback))


async def mute_source(session: Session, callback: MuteSource) -> Tap:
    """Leave an article's source out of digests, or take it in again."""
    article = await session.article(callback.article)
    if article is None:
        return Tap(toast=replies.toast_expired(session.view))
    await _mute(session, article.source, on=bool(callback.on), source=True)
    toast = replies.toast_muted(session.view, article.source, on=bool(callback.on))
    return Tap(edit=_mutes(session, article, callback), toast=toast)


async def mute_words(session: Session, callback: MuteWords) -> Tap:
    """Leave stories with a word of a headline out of digests, or take them in again."""
    article = await session.article(callback.article)
    words = _words(article) if article is not None else ()
    word = next((word for word in words if key(word) == callback.words), None)
    if article is None or word is None:
        return Tap(toast=replies.toast_expired(session.view))
    await _mute(session, word, on=bool(callback.on), source=False)
    toast = replies.toast_muted(session.view, word, on=bool(callback.on))
    return Tap(edit=_mutes(session, article, callback), toast=toast)


async def _mute(session: Session, name: str, *, on: bool, source: bool) -> None:
    subscribers = session.services.storage.subscribers
    await (subscribers.mute if on else subscribers.unmute)(session.subscriber.id, name, source=source)
    await session.reload()


def _words(article: Article) -> list[str]:
    return salient(article.title, article.language, most=MUTABLE)


def _mutes(session: Session, article: Article, callback: MuteChoices | LeanHere | MuteSource | MuteWords) -> Message:
    origin = Origin(request=callback.request, page=callback.page)
    return explain.mutes(article_item(article), _words(article), session.subscriber, session.view, origin=origin)


async def how(session: Session, callback: How) -> Tap:
    """Which sentences of the article were taken."""
    article = await session.article(callback.article)
    if article is None:
        return Tap(toast=replies.toast_expired(session.view))
    text = await session.services.storage.articles.text(article.id)
    origin = Origin(request=callback.request, page=callback.page)
    return Tap(edit=explain.how_summarised(article_item(article), text, session.view, origin=origin))


async def why(session: Session, callback: Why) -> Tap:
    """Why a story came; of one that was not opened from a digest, why it did not."""
    item = await from_digest(session, callback.story, callback.request)
    if item is None:
        shown = await whynot.explained(session, callback.story, callback.request, callback.page)
        return Tap(edit=shown) if shown is not None else Tap(toast=replies.toast_expired(session.view))
    origin = Origin(request=callback.request, page=callback.page)
    return Tap(edit=explain.why(item, session.subscriber, session.view, origin=origin))
