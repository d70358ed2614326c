"""Coming and going: /start and /stop."""

from bot.callbacks import Stop
from bot.handlers import onboarding, rescheduling
from bot.handlers.session import Answer, Session, Tap
from bot.render import chats, replies
from bot.render import onboarding as pages
from bot.render import settings as settings_pages
from bot.services import FIRST_SLOT
from digests.model import Wish
from digests.topics import resolve

TOPIC_LINK = "topic_"
"""What a deep link to a topic begins with: t.me/BOT?start=topic_climate."""


async def start(session: Session) -> Answer:
    """Subscribe at once with sensible defaults, and send a first digest; again, it brings everything back."""
    subscriber, services = session.subscriber, session.services
    known = bool(subscriber.slots) or bool(await services.storage.ledger.last_sent([subscriber.id]))
    # Where a crash came before the welcome, this is the same /start once more.
    returning = known and not subscriber.asking.startswith(onboarding.UNFINISHED)
    if session.words.startswith(TOPIC_LINK) and (topic := resolve(session.words.removeprefix(TOPIC_LINK))):
        await services.storage.subscribers.follow(subscriber.id, Wish("topic", topic))
    if not returning:
        await session.change(asking=onboarding.UNFINISHED)
    if not subscriber.slots:
        await rescheduling.reschedule(session, slots=(FIRST_SLOT,))
    if subscriber.paused:
        await rescheduling.resume(session)
    await session.reload()
    name = session.user.first_name if session.user is not None else ""
    if session.is_private:
        hello = pages.welcome_back if returning else pages.welcome
        await session.send(hello(session.subscriber, session.view, name=name))
    else:
        await session.send(chats.started(session.subscriber, session.view))
    async with session.working():
        await services.wait_for_news()
        await services.pipeline.send_now(session.subscriber, "start")
    services.wake()
    return None


async def stop(session: Session) -> Answer:
    """Ask how it is meant: a pause, no more digests, or everything deleted."""
    return settings_pages.stop(session.view)


async def tap_stop(session: Session, callback: Stop) -> Tap:
    """Stop, or delete everything."""
    view = session.view
    if callback.delete:
        await session.services.storage.subscribers.delete(session.subscriber.id)
    else:
        await session.services.storage.subscribers.set_slots(session.subscriber.id, (), None)
    return Tap(edit=replies.stopped(view, deleted=bool(callback.delete)))
