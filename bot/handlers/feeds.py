"""Feeds of one's own: an address, a channel's name, a forwarded post or an OPML file that somebody sends, and /opml."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from telegram import Document, MessageOriginChannel
from telegram import Message as TelegramMessage
from telegram.constants import MessageEntityType
from telegram.error import BadRequest

from bot.callbacks import DropFeed, ExportFeeds, FollowFeed, ImportFeeds, LookAtFeed, OwnFeeds, ReviveFeed
from bot.handlers.session import Answer, Session, Tap
from bot.render import feeds as pages
from bot.render import replies
from bot.view import Message
from digests.errors import BaztabError, FetchError, ForbiddenAddressError, ParseError
from digests.feeds.discover import Candidate, with_scheme
from digests.model import Feed, FeedSpec

log = structlog.get_logger(__name__)

LARGEST_FILE = 1_000_000
MOST_SHARED = 1000
"""Feeds that an administrator adds with one file."""
LONGEST = 1000
_ENDINGS = (
    "com|org|net|info|news|blog|press|media|int|edu|gov|io|co|tv|me|fm|app|dev|eu|ir|af|uk|us|ca|au|nz|de|at|ch|fr|be|nl"
    "|lu|it|es|pt|br|mx|ar|cl|pe|ve|se|no|dk|fi|is|ie|pl|cz|sk|hu|ro|bg|gr|tr|ru|ua|by|kz|uz|az|am|ge|il|ps|lb|sy|iq|sa"
    "|ae|qa|kw|om|ye|eg|ma|tn|dz|ly|pk|in|bd|lk|np|cn|hk|tw|jp|kr|id|my|sg|ph|th|vn|za|ng|ke|gh|et|so|tj"
)
"""What an address may end in that is written without http: "node.js" is a word to search for."""
_HOST = re.compile(rf"(?:[\w-]{{1,63}}\.){{1,5}}(?:{_ENDINGS})(?::\d{{1,5}})?(?:[/?]\S*)?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?|feed)://?\S+", re.IGNORECASE)
_CHANNEL = re.compile(r"(?:@|(?:https?://)?(?:t|telegram)\.me/(?:s/)?)([A-Za-z]\w{3,31})(?:/\d{1,10})?/?")


@dataclass(frozen=True, slots=True)
class Found:
    """One of the feeds that were found at an address, as a request keeps it for its buttons."""

    url: str
    title: str


def channel_in(text: str) -> str:
    """The channel that a text is the name or address of, "@" included; "" where it is none."""
    match = _CHANNEL.fullmatch(text.strip())
    return f"@{match[1]}" if match else ""


def address_in(text: str) -> str:
    """The web address that a text is, and nothing else; "" where it is none."""
    text = text.strip()
    return text if len(text) <= LONGEST and (_ADDRESS.fullmatch(text) or _HOST.fullmatch(text)) else ""


# ── an address ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def from_text(session: Session) -> Answer:
    """An address or a channel's name, written by itself; None where the words are neither."""
    if channel := channel_in(session.words):
        return pages.no_channels(session.view, channel)
    address = address_in(session.words)
    return await offer(session, address) if address else None


async def from_forwarded(session: Session, message: TelegramMessage) -> Answer:
    """A post of a channel that was forwarded: the site that it links to, if it links to one; None for other posts."""
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return None
    title = origin.chat.title or (f"@{origin.chat.username}" if origin.chat.username else "")
    for link in _links(message):
        if not channel_in(link):
            return [pages.no_channels(session.view, title), *_several(await offer(session, link))]
    return pages.no_channels(session.view, title)


def _links(message: TelegramMessage) -> list[str]:
    """The web addresses in a message's text or caption."""
    entities = {**message.parse_entities(), **message.parse_caption_entities()}
    found = [
        entity.url if entity.type == MessageEntityType.TEXT_LINK else text
        for entity, text in entities.items()
        if entity.type in {MessageEntityType.URL, MessageEntityType.TEXT_LINK}
    ]
    return [link for link in found if link and address_in(link)]


def _several(answer: Answer) -> list[Message]:
    return [] if answer is None else [answer] if isinstance(answer, Message) else list(answer)


async def offer(session: Session, address: str) -> Answer:
    """Look for feeds at an address, and ask whether to follow what is found."""
    services, view, site = session.services, session.view, _site(address)
    if not (services.personal_feeds or session.is_admin):
        return pages.problem("off", view, site=site)
    if not services.searches.allow(session.subscriber.id, session.now):
        return pages.problem("often", view, site=site)
    try:
        async with session.working():
            found = await services.finder.find(address)
            request = await session.remember("feeds", _written(found))
            if len(found) > 1:
                return pages.candidates(found, view, site=site, request=request.id)
            return await _offered(session, request.id, [Found(found[0].url, found[0].title)], 0)
    except BaztabError as error:
        return _problem(session, error, site)


async def _offered(session: Session, request: int, found: Sequence[Found], place: int) -> Message:
    """One feed with what is in it. Raises BaztabError."""
    looked = await session.services.finder.look(found[place].url)
    shared = await session.services.storage.feeds.shared([looked.url])
    return pages.offer(
        looked.url,
        looked.found,
        session.view,
        request=request,
        place=place,
        several=len(found) > 1,
        admin=session.is_admin,
        known=next(iter(shared), None),
    )


def _problem(session: Session, error: BaztabError, site: str) -> Message:
    """What went wrong with an address, in the reader's words."""
    log.info("feeds.not_found", reason=type(error).__name__)  # what people write is nobody else's business
    if isinstance(error, ForbiddenAddressError):
        return pages.problem("private", session.view, site=site)
    if isinstance(error, FetchError):
        return pages.problem("unreachable", session.view, site=site)
    if isinstance(error, ParseError):
        return pages.problem("none", session.view, site=site)
    return pages.problem("broken", session.view, site=site)


async def tap_look(session: Session, callback: LookAtFeed) -> Tap:
    """Look at one of the feeds of a site, or go back to all of them."""
    found = await _found(session, callback.request)
    if callback.place >= len(found):
        return Tap(toast=replies.toast_expired(session.view))
    site = _site(found[callback.place].url)
    if callback.back:
        offered = [Candidate(one.url, one.title, "feed", 0.0) for one in found]
        return Tap(edit=pages.candidates(offered, session.view, site=site, request=callback.request))
    try:
        return Tap(edit=await _offered(session, callback.request, found, callback.place))
    except BaztabError as error:
        return Tap(edit=_problem(session, error, site))


async def tap_follow(session: Session, callback: FollowFeed) -> Tap:
    """Follow a feed that was found; an administrator may add it for everybody."""
    found = await _found(session, callback.request)
    if callback.place >= len(found) or (callback.shared and not session.is_admin):
        return Tap(toast=replies.toast_expired(session.view))
    url = found[callback.place].url
    try:
        looked = await session.services.finder.look(url)
    except BaztabError as error:
        return Tap(edit=_problem(session, error, _site(url)))
    language = looked.found.declared or looked.found.detected
    spec = FeedSpec(url=looked.url, source=looked.found.title or _site(looked.url), language=language)
    if callback.shared:
        return Tap(edit=pages.added(await session.services.storage.feeds.add(spec, now=session.now), session.view))
    return Tap(edit=await _follow(session, spec))


async def _follow(session: Session, spec: FeedSpec) -> Message:
    most = session.services.personal_feeds
    came = await session.services.storage.follows.follow(session.subscriber.id, spec, now=session.now, most=most)
    if came.outcome == "full" or came.feed is None:
        return pages.full(session.view, most)
    if came.outcome == "listed":
        return pages.listed(came.feed, session.view)
    return pages.followed(came.feed, session.view, new=came.outcome == "new")


# ── those that are followed ──────────────────────────────────────────────────────────────────────────────────────────


async def tap_own(session: Session, _: OwnFeeds) -> Tap:
    """Show the feeds that are followed, below."""
    return Tap(send=await own(session))


async def own(session: Session) -> Message:
    """The feeds that are followed."""
    feeds = await session.services.storage.follows.feeds(session.subscriber.id)
    return pages.own(feeds, session.view, most=session.services.personal_feeds)


async def tap_drop(session: Session, callback: DropFeed) -> Tap:
    """Follow a feed no longer."""
    if not await session.services.storage.follows.unfollow(session.subscriber.id, callback.feed):
        return Tap(edit=await own(session), toast=replies.toast_expired(session.view))
    return Tap(edit=await own(session), toast=replies.toast_done(session.view))


async def tap_revive(session: Session, callback: ReviveFeed) -> Tap:
    """Bring a feed back: one of one's own, or any for who runs the bot."""
    storage = session.services.storage
    followed = {feed.id for feed in await storage.follows.feeds(session.subscriber.id)}
    if callback.feed not in followed and not session.is_admin:
        return Tap(toast=replies.toast_expired(session.view))
    feed = await storage.feeds.revive(callback.feed, now=session.now)
    if feed is None:
        return Tap(toast=replies.toast_expired(session.view))
    if callback.listed:
        return Tap(edit=await own(session), toast=replies.toast_done(session.view))
    return Tap(send=pages.revived(feed, session.view))


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def opml(session: Session) -> Answer:
    """Feeds as a file: one's own, and for who runs the bot those of everybody."""
    feeds = await session.services.storage.follows.feeds(session.subscriber.id)
    answers = [pages.as_file(feeds, session.view, shared=False)] if feeds else []
    if session.is_admin:
        shared = await session.services.storage.feeds.shared()
        answers += [pages.as_file(shared, session.view, shared=True)] if shared else []
    return answers or await own(session)


async def tap_export(session: Session, _: ExportFeeds) -> Tap:
    """One's own feeds as a file."""
    feeds = await session.services.storage.follows.feeds(session.subscriber.id)
    return Tap(send=pages.as_file(feeds, session.view, shared=False) if feeds else await own(session))


async def from_document(session: Session, document: Document) -> Answer:
    """A file that somebody sends: its feeds are shown, and followed when they say so."""
    view = session.view
    if not _may_be_opml(document):
        return pages.no_file(view, "other")
    if (document.file_size or 0) > LARGEST_FILE:
        return pages.no_file(view, "large")
    if not (session.services.personal_feeds or session.is_admin):
        return pages.problem("off", view, site="")
    specs = await _read(session, document.file_id)
    if isinstance(specs, Message):
        return specs
    request = await session.remember("opml", document.file_id)
    theirs, known = await _known(session, specs)
    return pages.file_preview(
        specs,
        view,
        request=request.id,
        known=sum(spec.url in known for spec in specs),
        room=max(0, session.services.personal_feeds - len(theirs)),
        admin=session.is_admin,
    )


async def _known(session: Session, specs: Sequence[FeedSpec]) -> tuple[list[Feed], frozenset[str]]:
    """The feeds of one's own, and the addresses of these and of those in `specs` that everybody gets."""
    theirs = await session.services.storage.follows.feeds(session.subscriber.id)
    shared = await session.services.storage.feeds.shared(spec.url for spec in specs)
    return theirs, frozenset(feed.url for feed in (*theirs, *shared))


async def tap_import(session: Session, callback: ImportFeeds) -> Tap:
    """Follow the feeds of a file, as far as there is room; an administrator may add them for everybody."""
    request = await session.request(callback.request)
    if request is None or request.kind != "opml" or (callback.shared and not session.is_admin):
        return Tap(toast=replies.toast_expired(session.view))
    specs = await _read(session, request.arguments)
    if isinstance(specs, Message):
        return Tap(edit=specs)
    import_ = _import_for_everybody if callback.shared else _import_for_one
    new, known, left = await import_(session, specs)
    return Tap(edit=pages.imported(new, known, left, session.view, shared=bool(callback.shared)))


async def _import_for_one(session: Session, specs: Sequence[FeedSpec]) -> tuple[int, int, int]:
    """Those that are new, as far as there is room: a file may list thousands, each of which is written by itself."""
    follows, most = session.services.storage.follows, session.services.personal_feeds
    _, known = await _known(session, specs)
    fresh = [spec for spec in specs if spec.url not in known]
    outcomes: list[str] = []
    for spec in fresh:
        came = await follows.follow(session.subscriber.id, spec, now=session.now, most=most)
        if came.outcome == "full":
            break
        outcomes.append(came.outcome)
    new, left = outcomes.count("new"), len(fresh) - len(outcomes)
    return new, len(specs) - new - left, left


async def _import_for_everybody(session: Session, specs: Sequence[FeedSpec]) -> tuple[int, int, int]:
    store = session.services.storage.feeds
    known = {feed.url for feed in await store.shared(spec.url for spec in specs)}
    fresh = [spec for spec in specs if spec.url not in known]
    for spec in fresh[:MOST_SHARED]:
        await store.add(spec, now=session.now)
    return len(fresh[:MOST_SHARED]), len(specs) - len(fresh), len(fresh[MOST_SHARED:])


async def _read(session: Session, file_id: str) -> list[FeedSpec] | Message:
    """The feeds of a file on Telegram's server, or what is to be said where there are none."""
    try:
        file = await session.bot.get_file(file_id)
        if (file.file_size or 0) > LARGEST_FILE:
            return pages.no_file(session.view, "large")
        body = bytes(await file.download_as_bytearray())
    except BadRequest as error:
        log.info("opml.not_fetched", reason=error.message)
        return pages.no_file(session.view, "gone")
    try:
        specs = await session.services.finder.read(body)
    except BaztabError as error:
        log.info("opml.unreadable", reason=type(error).__name__)
        return pages.no_file(session.view, "broken")
    return specs or pages.no_file(session.view, "empty")


def _may_be_opml(document: Document) -> bool:
    name, kind = (document.file_name or "").casefold(), (document.mime_type or "").casefold()
    return name.endswith((".opml", ".xml")) or "opml" in kind


# ── what a request keeps ─────────────────────────────────────────────────────────────────────────────────────────────


def _written(found: Sequence[Candidate]) -> str:
    return json.dumps([[one.url, one.title] for one in found], ensure_ascii=False)


async def _found(session: Session, request_id: int) -> list[Found]:
    """The feeds that a request of this chat found; none where it is another's, or another kind of request."""
    request = await session.request(request_id)
    if request is None or request.kind != "feeds":
        return []
    return [Found(url, title) for url, title in json.loads(request.arguments)]


def _site(address: str) -> str:
    """The host of an address, for people."""
    try:
        return urlsplit(with_scheme(address)).hostname or address[:80]
    except ValueError:
        return address[:80]
