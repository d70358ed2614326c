"""For administrators: /stats, /errors, /broadcast, and reports of what failed."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.delivery.transport import Outcome, Transport, preview_options
from bot.handlers.session import Answer, Session
from bot.i18n import mark
from bot.keyboards.feeds import in_trouble
from bot.render import feeds, replies, texts
from bot.services import Services
from bot.view import Message, View, view_of
from digests.model import Announcement, Delivery, DeliveryState, Feed

log = structlog.get_logger(__name__)

REPORTED = (DeliveryState.SENT, DeliveryState.GONE, DeliveryState.FAILED, DeliveryState.UNCERTAIN)
"""What becomes of an announcement in a chat, in the order in which it is told."""

QUIET = timedelta(minutes=30)
"""Between two reports of failures to the administrators: /errors has them all."""

FIGURES = {
    "total": mark("Chats"),
    "active": mark("Active"),
    "paused": mark("Paused"),
    "gone": mark("Gone"),
    "pending": mark("Deliveries waiting"),
    "sent": mark("Deliveries sent"),
    "failed": mark("Deliveries failed"),
    "uncertain": mark("Deliveries uncertain"),
    "articles": mark("Articles"),
    "feeds": mark("Feeds"),
    "failing": mark("Feeds failing"),
}


async def stats(session: Session) -> Answer:
    """How many of everything."""
    storage, view = session.services.storage, session.view
    polled = await storage.feeds.counts()
    counts = {
        **await storage.ledger.counts(),
        **await storage.subscribers.counts(),
        "articles": await storage.articles.count(),
        "feeds": polled["active"],
        "failing": polled["failing"],
    }
    figures = {view.gettext(label): counts.get(name, 0) for name, label in FIGURES.items()}
    answer = texts.stats(figures, view)
    if session.services.access != "invite":
        return answer
    link = f"https://t.me/{session.bot.username}?start={session.services.invite}"
    return [answer, replies.invitation(view, link)]


async def errors(session: Session) -> Answer:
    """What went wrong lately."""
    storage = session.services.storage
    failed = await storage.ledger.failures(limit=10)
    deliveries = [f"{delivery.due_at:%Y-%m-%d %H:%M} #{delivery.subscriber_id}: {why}" for delivery, why in failed]
    troubled = await storage.feeds.troubled()
    shown = [
        f"{'' if feed.active else '🪦 '}{feed.source} ({feed.url}), {feed.errors}×: {feed.last_error}"
        for feed in troubled
    ]
    return texts.failures(deliveries, shown, session.view, keyboard=in_trouble(troubled, session.view))


async def broadcast(session: Session) -> Answer:
    """Have words sent to every chat, behind the digests; `announcement_reporter` tells how it went."""
    if not session.words.strip() or session.message_id is None:
        return replies.broadcast_usage(session.view)
    wanted = Announcement(
        id=0,
        chat_id=session.chat.id,
        message_id=session.message_id,
        thread_id=session.subscriber.thread_id,
        body=session.words,
        created_at=session.now,
    )
    count, _ = await session.services.storage.announcements.open(wanted, now=session.now)
    return replies.broadcast_begun(count, session.view)


def reporter(bot: Bot, services: Services) -> Callable[[Delivery, str], Awaitable[None]]:
    """Tells the administrators of a delivery that failed for good; at most one report in half an hour."""
    last: list[datetime] = []

    async def report(delivery: Delivery, reason: str) -> None:
        now = services.now()
        if last and now - last[-1] < QUIET:
            return
        last[:] = [now]
        await _tell(bot, services, lambda view: replies.failed_delivery(view, delivery.subscriber_id, reason))

    return report


def feed_reporter(bot: Bot, services: Services) -> Callable[[Feed, str], Awaitable[None]]:
    """Tells of a feed that has died, once: its followers where it is theirs alone, else the administrators."""

    async def report(feed: Feed, reason: str) -> None:
        if not feed.personal:
            await _tell(bot, services, lambda view: feeds.dead(feed, reason, view))
            return
        followers = await services.storage.follows.followers(feed.id)
        for one in (await services.storage.subscribers.by_ids(followers)).values():
            if not one.gone:
                told = feeds.dead(feed, reason, view_of(one, services.now()))
                await _write(bot, one.chat_id, told, thread_id=one.thread_id)

    return report


def announcement_reporter(
    transport: Transport, services: Services
) -> Callable[[Announcement, dict[str, int]], Awaitable[Outcome]]:
    """Tells whoever asked for an announcement how many chats it reached."""

    async def report(announcement: Announcement, counts: dict[str, int]) -> Outcome:
        asked = await services.storage.subscribers.get(announcement.chat_id, announcement.thread_id)
        if asked is None:
            return Outcome("gone", reason="whoever asked is gone")
        sent, gone, failed, uncertain = (counts[state] for state in REPORTED)
        told = replies.broadcast_done(sent, gone, failed, uncertain, view_of(asked, services.now()))
        return await transport.send(asked, told)

    return report


async def _tell(bot: Bot, services: Services, written: Callable[[View], Message]) -> None:
    """Write to every administrator in their own language."""
    for admin in services.admins:
        known = await services.storage.subscribers.get(admin)
        view = view_of(known, services.now()) if known is not None else services.stranger_view()
        await _write(bot, admin, written(view))


async def _write(bot: Bot, chat_id: int, told: Message, *, thread_id: int = 0) -> None:
    """Write to a chat; one that can't be reached hears nothing."""
    try:
        await bot.send_message(
            chat_id,
            told.html,
            parse_mode=ParseMode.HTML,
            message_thread_id=thread_id or None,
            reply_markup=told.keyboard,
            link_preview_options=preview_options(told),
        )
    except TelegramError as error:
        log.warning("report.failed", chat=chat_id, reason=error.message)
