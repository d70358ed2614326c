"""Digests: /digest, how a delivery is written out, and the buttons under one."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from zoneinfo import ZoneInfo

from bot.callbacks import DigestNow, MoreStories, Pick
from bot.delivery.worker import Render
from bot.handlers.session import Answer, Session, Tap
from bot.render import Body, Frame, body_key, digest_body, replies, view_of
from bot.render import digest as write
from bot.render.breaking import breaking as write_breaking
from bot.services import Services
from bot.view import Message
from digests import breaking
from digests.model import ChatKind, Delivery, Digest, Request, Subscriber
from digests.schedule import next_run

BODIES = 2048
"""Written bodies that are kept: all who get the same digest in the same language and zone share one."""

LIKES = {"like": 1, "dislike": -1}


async def digest(session: Session) -> Answer:
    """Send what is new now; its stories count as seen."""
    async with session.working():
        await session.services.pipeline.send_now(session.subscriber, "digest")
    session.services.wake()
    own = session.managing is None and session.thread_id == session.subscriber.thread_id
    return None if own else replies.elsewhere(session.view)


async def tap_now(session: Session, _: DigestNow) -> Tap:
    """The same from a button."""
    answer = await digest(session)
    return Tap(toast=answer.plain if isinstance(answer, Message) else "")


async def tap_more(session: Session, callback: MoreStories) -> Tap:
    """What the digest had no room for, below it."""
    request = await session.request(callback.request)
    if request is None:
        return Tap(toast=replies.toast_expired(session.view))
    if not await session.services.pipeline.send_more(session.subscriber, request):
        return Tap(toast=replies.toast_all(session.view))
    session.services.wake()
    return Tap()


def frame_of(services: Services, subscriber: Subscriber, request: int, **buttons: object) -> Frame:
    """What is this reader's own around a digest."""
    run = next_run(subscriber.slots, ZoneInfo(subscriber.timezone), services.now())
    private = subscriber.kind is ChatKind.PRIVATE
    return Frame(
        request=request,
        next_at=run.at if run is not None else None,
        wishes=subscriber.wishes,
        paused=subscriber.paused,
        empty=subscriber.empty,
        pictures=subscriber.pictures,
        rich=subscriber.rich,
        link=None if private else services.deep_link(""),
        **buttons,  # type: ignore[arg-type]  # mode and marked, as Frame has them
    )


def renderer(services: Services) -> Render:
    """How the delivery workers write a digest out. Times read as of when the digest was composed."""
    bodies: OrderedDict[Hashable, Body] = OrderedDict()

    def render(delivery: Delivery, found: Digest, subscriber: Subscriber) -> Sequence[Message]:
        view = view_of(subscriber, found.until)
        if (flash := _breaking(services, subscriber, found, delivery.request_id)) is not None:
            return [flash]
        key = body_key(delivery.digest_id, view)
        if key not in bodies:
            bodies[key] = digest_body(found, view)
            while len(bodies) > BODIES:
                bodies.popitem(last=False)
        frame = frame_of(services, subscriber, delivery.request_id)
        return write(found, view, frame=frame, body=bodies[key])

    return render


def _breaking(services: Services, subscriber: Subscriber, found: Digest, request: int) -> Message | None:
    """A digest that is breaking news, as such; None of any other."""
    item = found.items[0] if len(found.items) == 1 else None
    reports = breaking.told(item) if item is not None else None
    if item is None or reports is None:
        return None
    link = None if subscriber.kind is ChatKind.PRIVATE else services.deep_link("")
    view = view_of(subscriber, found.until)
    return write_breaking(item, view, reports=reports, request=request, link=link)


async def show(session: Session, request: Request, *, mode: str = "open") -> Message | None:
    """The digest of a request again, with its buttons: its last message, which is the one that has them."""
    found = await session.services.storage.ledger.digest_of(request.id)
    if found is None:
        return None
    if (flash := _breaking(session.services, session.subscriber, found[1], request.id)) is not None:
        return flash
    stories = [item.story_id for item in found[1].items]
    chosen = await marked(session, stories, mode)
    frame = frame_of(session.services, session.subscriber, request.id, mode=mode, marked=chosen)
    return write(found[1], view_of(session.subscriber, found[1].until), frame=frame)[-1]


async def marked(session: Session, stories: Sequence[int], mode: str) -> frozenset[int]:
    """The stories that are saved, liked or disliked already, by what the buttons do."""
    saved = session.services.storage.saved
    if mode == "save":
        return await saved.kept(session.subscriber.id, stories)
    if mode in LIKES:
        votes = await saved.votes(session.subscriber.id, stories)
        return frozenset(story for story, vote in votes.items() if vote == LIKES[mode])
    return frozenset()


async def tap_pick(session: Session, callback: Pick) -> Tap:
    """Let the numbers save or rate instead of open, or open again."""
    request = await session.request(callback.request)
    message = await show(session, request, mode=callback.mode) if request is not None else None
    if message is None:
        return Tap(toast=replies.toast_expired(session.view))
    return Tap(edit=message, toast=replies.toast_pick(session.view, callback.mode))
