"""What a reader wants and doesn't: /topics, /follow, /unfollow, /mute, /unmute."""

from bot.callbacks import DropWords, ToggleTopic, Unmute
from bot.callbacks import key as key_of
from bot.handlers import settings
from bot.handlers.lists import wish_of
from bot.handlers.session import Answer, Session, Tap
from bot.render import replies
from digests.model import Wish
from digests.text.terms import normalize, terms
from digests.topics import TOPICS

MOST_WISHES = 50
MOST_MUTES = 50
LONGEST = 100
"""Characters of words that are followed or muted."""


async def topics(session: Session) -> Answer:
    """The grid of topics."""
    return settings.page("topics", session)


async def follow(session: Session) -> Answer:
    """Follow a topic or words of one's own."""
    if not _meaningful(session):
        return replies.follow_usage(session.view)
    wish = wish_of(session.words, session.subscriber.language)
    if len(session.subscriber.wishes) >= MOST_WISHES:
        return replies.full(session.view, MOST_WISHES)
    new = await session.services.storage.subscribers.follow(session.subscriber.id, wish)
    await session.reload()
    count, of = await session.services.reading.would_match(wish, languages=session.languages)
    return replies.followed(wish, session.view, new=new, count=count, of=of)


async def unfollow(session: Session) -> Answer:
    """Follow it no longer."""
    if not session.words.strip():
        return replies.unfollow_usage(session.view, session.subscriber.wishes)
    typed = normalize(session.words)
    own = next((wish for wish in session.subscriber.wishes if normalize(wish.value) == typed), None)
    wish = own or wish_of(session.words, session.subscriber.language)
    there = await session.services.storage.subscribers.unfollow(session.subscriber.id, wish)
    await session.reload()
    return replies.unfollowed(wish, session.view, there=there)


async def mute(session: Session) -> Answer:
    """See nothing of a source, by its name, or of words."""
    if not _meaningful(session):
        return settings.page("mutes", session) if session.subscriber.mutes else replies.mute_usage(session.view)
    if len(session.subscriber.mutes) + len(session.subscriber.muted_sources) >= MOST_MUTES:
        return replies.full(session.view, MOST_MUTES)
    name, is_source = await _source_or_words(session)
    new = await session.services.storage.subscribers.mute(session.subscriber.id, name, source=is_source)
    await session.reload()
    return replies.muted(name, session.view, new=new)


async def unmute(session: Session) -> Answer:
    """Hear of it again."""
    if not session.words.strip():
        return settings.page("mutes", session)
    typed = normalize(session.words)
    subscriber, store = session.subscriber, session.services.storage.subscribers
    for names, is_source in ((subscriber.mutes, False), (subscriber.muted_sources, True)):
        for name in names:
            if normalize(name) == typed:
                await store.unmute(subscriber.id, name, source=is_source)
                await session.reload()
                return replies.unmuted(name, session.view, there=True)
    return replies.unmuted(session.words[:LONGEST], session.view, there=False)


def _meaningful(session: Session) -> bool:
    """Whether there is a word in what was typed that can be looked for."""
    return bool(terms(session.words, session.subscriber.language))


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
