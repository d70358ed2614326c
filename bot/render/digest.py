"""A digest as messages: the body, which all readers of one digest share, and the frame, which is one reader's."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot import keyboards
from bot.formats import reading_minutes
from bot.markup import Bold, Limits, Node, Quote, Rendered, fill, lines, render, safe_url, split
from bot.render.parts import best, byline, headline, paragraphs, quoted, retold, source_links
from bot.render.rich import document
from bot.topic_names import topic_label, topic_name
from bot.view import Message, View, message
from digests.model import OWN_FEEDS, Digest, Item, Section, Wish

MOST_MESSAGES = 3
BODY = Limits(units=4096 - 500, entities=84, size=28_000)
"""What the body may take of a message, so that the frame fits beside it."""

HALF_HOUR = timedelta(minutes=30)
SHOWN = 9 * 48
"""Half hours that the stories of a digest may be old: its longest window, and what came in late."""

_DETAILS = ((0, 2), (1, 3), (2, 4), (3, 4), (4, 4))
"""How many sentences and source links stand behind a story's first sentence, leanest first."""

_BARE = (0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What is one reader's own: the request that the buttons name, the next digest, the wishes to name if it is empty.

    `mode`, `marked` and `link` are those of the buttons (see keyboards.digest); `empty`: scheduled digests come without
    stories too; `pictures`: the top story's picture stands above; `rich`: as a rich message, where that can be sent.
    """

    request: int
    next_at: datetime | None = None
    wishes: tuple[Wish, ...] = ()
    paused: bool = False
    empty: bool = True
    pictures: bool = False
    rich: bool = False
    mode: str = "open"
    marked: frozenset[int] = frozenset()
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A digest's stories, written out: one part per message, how many minutes they take to read, and what stands above
    them."""

    parts: tuple[Rendered, ...]
    minutes: int
    header: Rendered


def body_key(digest_id: int, view: View) -> Hashable:
    """What a body depends on: views with the same key may share one."""
    formats = view.formats
    today = formats.local(view.now).date()
    clock = offsets(formats.timezone, view.now.replace(minute=0, second=0, microsecond=0))
    country = formats.country if formats.language == "fa" else ""  # it names the months
    return (digest_id, formats.language, country, clock, formats.calendar, today, view.live_times)


@lru_cache(maxsize=4096)
def offsets(zone: ZoneInfo, until: datetime) -> tuple[tuple[int, timedelta | None], ...]:
    """How a zone's clocks stood in the days before, and when they changed: where they stood alike, a body is shared."""
    stood = [(until - step * HALF_HOUR).astimezone(zone).utcoffset() for step in range(-2, SHOWN)]
    return tuple((step, now) for step, now in enumerate(stood) if step == 0 or now != stood[step - 1])


def digest_body(digest: Digest, view: View) -> Body:
    """The stories of a digest in one message, else two, else three; each with as much detail as there is room for."""
    stories = list(_variants(digest, view))
    for most in range(1, MOST_MESSAGES + 1):
        richest = _enrich([variants[0] for variants in stories], stories, most)
        if richest:
            return _body(_pack(richest), digest, view)
    return _body(split(_blocks(digest, view, _BARE), limits=BODY, most=MOST_MESSAGES), digest, view)


def _body(parts: list[Rendered], digest: Digest, view: View) -> Body:
    minutes = reading_minutes([part.plain for part in parts])
    return Body(tuple(parts), minutes, render((_header(digest, view, minutes), "\n\n")))


def digest(digest: Digest, view: View, *, frame: Frame, body: Body | None = None) -> list[Message]:
    """The messages of a digest, one wherever it fits and never more than three; the later ones are silent.

    `body` is that of `digest_body`, where it is at hand from another reader.
    """
    if not digest.items:
        return [_empty(digest, view, frame)]
    body = body or digest_body(digest, view)
    stories = [item.story_id for item in digest.items]
    buttons = keyboards.digest(
        stories,
        view,
        request=frame.request,
        mode=frame.mode,
        marked=frame.marked,
        more=digest.more,
        link=frame.link,
    )
    parts = list(body.parts)
    parts[0] = body.header + parts[0]
    parts[-1] = parts[-1] + render(("\n\n", _footer(view, frame)))
    last = len(parts) - 1
    picture = safe_url(digest.items[0].image or "") if frame.pictures else None
    written = _rich(digest, view, frame, body) if frame.rich and last == 0 else ""
    return [
        Message(
            html=part.html,
            plain=part.plain,
            keyboard=buttons if index == last else None,
            preview=picture if index == 0 else None,
            preview_large=True,
            preview_above=True,
            silent=index > 0,
            rich=written,
            rtl=view.rtl,
        )
        for index, part in enumerate(parts)
    ]


def _rich(digest: Digest, view: View, frame: Frame, body: Body) -> str:
    headings, number = {}, 1
    for section in digest.sections:
        headings[number] = heading(section.wish, view)
        number += len(section.items)
    return document(_header(digest, view, body.minutes), headings, digest, _footer(view, frame), view)


# ── the frame ────────────────────────────────────────────────────────────────────────────────────────────────────────


def title(digest: Digest, view: View) -> str:
    """What the digest is called, by the hour at which it was composed."""
    if digest.continued:
        return view.gettext("More stories")
    hour = view.formats.local(digest.until).hour
    if 5 <= hour < 11:
        return view.gettext("Morning digest")
    if 11 <= hour < 16:
        return view.gettext("Midday digest")
    return view.gettext("Evening digest") if 16 <= hour < 22 else view.gettext("Night digest")


def _header(digest: Digest, view: View, minutes: int) -> Node:
    stories = view.ngettext("{count} story", "{count} stories", len(digest.items))
    facts = (view.formats.day(digest.until), stories, view.formats.minutes(minutes))
    return view.line("🗞 ", Bold(title(digest, view)), *(f"{view.dot}{fact}" for fact in facts))


def _footer(view: View, frame: Frame) -> Node:
    done = view.gettext("✅ You're caught up.")
    if frame.paused:
        return view.line(done, " ", view.gettext("Digests are paused: /resume"))
    if frame.next_at is None:
        return view.line(done)
    coming = view.formats.coming(frame.next_at, view.now)
    return view.line(done, " ", view.gettext("Next: {when}").format(when=coming))


def _empty(digest: Digest, view: View, frame: Frame) -> Message:
    header = view.line("🗞 ", Bold(title(digest, view)), f"{view.dot}{view.formats.day(digest.until)}")
    buttons = None
    if frame.link is None:
        buttons = keyboards.empty_digest(view, request=frame.request, sent=frame.empty)
    return message(header, view.line(_nothing(digest, view, frame)), _footer(view, frame), keyboard=buttons)


def _nothing(digest: Digest, view: View, frame: Frame) -> Node:
    """Why there is nothing: nothing came in, nothing of it was asked for, or all that was is known already."""
    since = view.formats.when(digest.since, view.now)
    if not digest.considered:
        return view.gettext("No news has come in since {since}.").format(since=since)
    wishes = view.formats.join([_wish_name(wish, view) for wish in frame.wishes[:6]], either=True)
    if not digest.matched and wishes:
        text = view.ngettext(
            "{count} story has come in since {since}, and it is not about {wishes}. More topics would widen it.",
            "{count} stories have come in since {since}, none of them about {wishes}. More topics would widen it.",
            digest.considered,
        )
    elif wishes:
        text = view.ngettext(
            "{count} story since {since} is about {wishes}, and you have had or muted it.",
            "{count} stories since {since} are about {wishes}, and you have had or muted them all.",
            digest.matched,
        )
    else:
        text = view.ngettext(
            "{count} story has come in since {since}, and you have had or muted it.",
            "{count} stories have come in since {since}, and you have had or muted them all.",
            digest.considered,
        )
    return fill(text, since=since, wishes=wishes)


def _wish_name(wish: Wish, view: View) -> str:
    return topic_name(wish.value, view.translator) if wish.kind == "topic" else view.foreign(wish.value, limit=60)


# ── the body ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def heading(wish: Wish | None, view: View) -> Node:
    """The heading of a section: the top stories, a topic, or the reader's own words."""
    if wish is None:
        return view.line("🔥 ", Bold(view.gettext("Top")))
    if wish.kind == "topic":
        return view.line(Bold(topic_label(wish.value, view.translator)))
    if wish == OWN_FEEDS:
        return view.line("📥 ", Bold(view.gettext("Your feeds")))
    return view.line("🔎 ", Bold(view.foreign(wish.value, limit=80)))


def _variants(digest: Digest, view: View) -> Iterator[list[Rendered]]:
    """Each story written out with more and more detail, until there is no more of it."""
    leanest = list(_blocks(digest, view, _DETAILS[0]))
    richer = [list(_blocks(digest, view, detail)) for detail in _DETAILS[1:]]
    for blocks in zip(leanest, *richer, strict=True):
        yield [render(block) for block in dict.fromkeys(blocks)]


def _enrich(chosen: list[Rendered], stories: Sequence[list[Rendered]], most: int) -> list[Rendered] | None:
    """The stories in at most `most` messages, detail added in turns from the first on; None where they don't fit."""
    if not all(block.fits(BODY) for block in chosen) or _messages(chosen) > most:
        return None
    for step in range(1, len(_DETAILS)):
        for index, variants in enumerate(stories):
            if step < len(variants) and chosen[index] is variants[step - 1]:
                richer = [*chosen[:index], variants[step], *chosen[index + 1 :]]
                if variants[step].fits(BODY) and _messages(richer) <= most:
                    chosen = richer
    return chosen


def _groups(blocks: Sequence[Rendered]) -> list[list[Rendered]]:
    """Which blocks go into which message: filled one after the other."""
    groups: list[list[Rendered]] = []
    used = (0, 0, 0)
    for block in blocks:
        units, entities, size = used[0] + block.units + 2, used[1] + block.entities, used[2] + block.size + 2
        if not groups or units > BODY.units or entities > BODY.entities or size > BODY.size:
            groups.append([])
            units, entities, size = block.units, block.entities, block.size
        groups[-1].append(block)
        used = (units, entities, size)
    return groups


def _messages(blocks: Sequence[Rendered]) -> int:
    return len(_groups(blocks))


def _pack(blocks: Sequence[Rendered]) -> list[Rendered]:
    gap = render("\n\n")
    packed = []
    for group in _groups(blocks):
        first, *others = group
        packed.append(sum((gap + block for block in others), start=first))
    return packed


def _blocks(digest: Digest, view: View, detail: tuple[int, int]) -> Iterator[Node]:
    number = 1
    for section in digest.sections:
        for block in _section(section, view, number, detail):
            yield block
            number += 1


def _section(section: Section, view: View, first: int, detail: tuple[int, int]) -> Iterator[Node]:
    """The stories of a section, the heading with the first of them, so that they are never parted."""
    for index, item in enumerate(section.items):
        story = _story(item, view, first + index, detail)
        yield (heading(section.wish, view), "\n", story) if index == 0 else story


def _story(item: Item, view: View, number: int, detail: tuple[int, int]) -> Node:
    more, links = detail
    quotes = best(item.quotes, more + 1)
    title = headline(item.headline, item.url, view)
    # i18n: a story that the reader had before and that has grown
    named = fill(view.gettext("🔁 Update: {headline}"), headline=title) if item.update else title
    numbered = (f"{view.formats.number(number)}. ", named)
    first = view.line(*numbered, " — ", byline(item, view))
    shown = quoted(quotes[0], item.language, view) if quotes else ""
    sources = source_links(item.outlets, view, most=links) if len(item.outlets) > 1 else ""
    rest = lines(paragraphs(quotes[1:], view), sources, *(retold(retelling, view) for retelling in item.retold))
    return lines(first, shown, Quote(rest, expandable=True))
