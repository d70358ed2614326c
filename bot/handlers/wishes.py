"""What a reader wants and doesn't: /topics, /follow, /unfollow, /mute, /unmute."""

from dataclasses import replace

from bot.callbacks import DropWords, FollowSearch, ToggleTopic, Unfollow, Unmute
from bot.callbacks import key as key_of
from bot.handlers import lists, settings
from bot.handlers.session import Answer, Session, Tap
from bot.render import replies
from bot.render import settings as pages
from bot.view import Message
from digests.errors import QueryError
from digests.model import Following, Wish
from digests.search import parse_following, write_following
from digests.text.terms import normalize, terms
from digests.topics import TOPICS, resolve

MOST_WISHES = 50
MOST_MUTES = 50
LONGEST = 200
"""Characters of words that are followed or muted."""


async def topics(session: Session) -> Answer:
    """The grid of topics."""
    return settings.page("topics", session)


def wish_of(words: str) -> Wish:
    """What somebody wants to follow: a shipped topic by its name in any language, else their own words.

    QueryError where nothing in them can be looked for.
    """
    key = resolve(words)
    if key is None:
        following = parse_following(words)
        if following.topic and (key := resolve(following.topic)) is None:
            raise QueryError(f"There is no topic {following.topic}.", problem="topic", name=following.topic)
        if following != Following(topic=following.topic):
            return Wish("words", write_following(replace(following, topic=key))[:LONGEST])
    assert key is not None  # noqa: S101  # nothing but topic: was typed, and that was looked up
    return Wish("topic", key)


async def follow(session: Session) -> Answer:
    """Follow a topic or words of one's own; alone it shows what is followed. Raises QueryError."""
    if not session.words.strip():
        return replies.following(session.subscriber, session.view)
    return await _follow(session, wish_of(session.words))


async def _follow(session: Session, wish: Wish) -> Message:
    if wish not in session.subscriber.wishes and len(session.subscriber.wishes) >= MOST_WISHES:
        return replies.full(session.view, MOST_WISHES)
    new = await session.services.storage.subscribers.follow(session.subscriber.id, wish)
    await session.reload()
    sample = await session.services.reading.would_match(wish, languages=session.languages)
    return replies.followed(wish, session.view, new=new, sample=sample)


async def tap_follow_search(session: Session, callback: FollowSearch) -> Tap:
    """Follow what a search looked for."""
    request = await session.request(callback.request)
    if request is None or request.kind not in lists.SEARCHES:
        return Tap(toast=replies.toast_expired(session.view))
    return Tap(send=await _follow(session, wish_of(request.arguments)))


async def unfollow(session: Session) -> Answer:
    """Follow it no longer; alone it shows what there is to drop."""
    if not session.words.strip():
        return replies.following(session.subscriber, session.view)
    typed = normalize(session.words)
    own = next((wish for wish in session.subscriber.wishes if normalize(wish.value) == typed), None)
    wish = own or wish_of(session.words)
    there = await session.services.storage.subscribers.unfollow(session.subscriber.id, wish)
    await session.reload()
    return replies.unfollowed(wish, session.view, there=there)


async def tap_unfollow(session: Session, callback: Unfollow) -> Tap:
    """Drop what a button names, and show what is left."""
    dropped = [wish for wish in session.subscriber.wishes if key_of(f"{wish.kind[0]}{wish.value}") == callback.wish]
    for wish in dropped:
        await session.services.storage.subscribers.unfollow(session.subscriber.id, wish)
    await session.reload()
    return Tap(
        edit=replies.following(session.subscriber, session.view),
        toast=replies.unfollowed(dropped[0], session.view, there=True).plain[:200] if dropped else "",
    )


async def mute(session: Session) -> Answer:
    """See nothing of a source, by its name, or of words."""
    if not session.words.strip():
        return await _mutes(session) if _muted(session) else replies.mute_usage(session.view)
    if not terms(session.words, session.subscriber.language):
        return replies.mute_usage(session.view)
    if len(session.subscriber.mutes) + len(session.subscriber.muted_sources) >= MOST_MUTES:
        return replies.full(session.view, MOST_MUTES)
    name, is_source = await _source_or_words(session)
    new = await session.services.storage.subscribers.mute(session.subscriber.id, name, source=is_source)
    await session.reload()
    sample = await session.services.reading.would_hide(name, source=is_source, languages=session.languages)
    return replies.muted(name, session.view, new=new, sample=sample)


def _muted(session: Session) -> bool:
    return bool(session.subscriber.mutes or session.subscriber.muted_sources)


async def _mutes(session: Session) -> Message:
    """What is muted, with how many of the latest stories each hides."""
    hidden = await session.services.reading.hidden(
        session.subscriber.mutes, session.subscriber.muted_sources, languages=session.languages
    )
    return pages.mutes(session.subscriber, session.view, hidden=hidden)


async def unmute(session: Session) -> Answer:
    """Hear of it again."""
    if not session.words.strip():
        return await _mutes(session)
    typed = normalize(session.words)
    subscriber, store = session.subscriber, session.services.storage.subscribers
    for names, is_source in ((subscriber.mutes, False), (subscriber.muted_sources, True)):
        for name in names:
            if normalize(name) == typed:
                await store.unmute(subscriber.id, name, source=is_source)
                await session.reload()
                return replies.unmuted(name, session.view, there=True)
    return replies.unmuted(session.words[:LONGEST], session.view, there=False)


async def _source_or_words(session: Session) -> tuple[str, bool]:
    typed = normalize(session.words)
    for source in await session.services.storage.feeds.sources():
        if normalize(source.name) == typed:
            return source.name, True
    return " ".join(session.words.split())[:LONGEST], False


async def tap_topic(session: Session, callback: ToggleTopic) -> Tap:
    """Tick or untick a topic in the grid."""
    if callback.topic not in TOPICS:
        return Tap(toast=replies.toast_expired(session.view))
    wish = Wish("topic", callback.topic)
    store = session.services.storage.subscribers
    if wish in session.subscriber.wishes:
        await store.unfollow(session.subscriber.id, wish)
    else:
        await store.follow(session.subscriber.id, wish)
    await session.reload()
    return Tap(edit=settings.page("topics", session))


async def tap_drop(session: Session, callback: DropWords) -> Tap:
    """Drop words of one's own from the grid."""
    for wish in session.subscriber.wishes:
        if wish.kind == "words" and key_of(wish.value) == callback.words:
            await session.services.storage.subscribers.unfollow(session.subscriber.id, wish)
    await session.reload()
    return Tap(edit=settings.page("topics", session))


async def tap_unmute(session: Session, callback: Unmute) -> Tap:
    """Hear again of what a button names."""
    store = session.services.storage.subscribers
    for sign, names in (("w", session.subscriber.mutes), ("s", session.subscriber.muted_sources)):
        for name in names:
            if key_of(f"{sign}{name}") == callback.words:
                await store.unmute(session.subscriber.id, name, source=sign == "s")
    await session.reload()
    return Tap(edit=settings.page("mutes", session))
