"""The words of the news side as frozen values. All datetimes are aware and in UTC; ids are those of the database.

A feed belongs to a source (the publisher) and carries articles; articles of one event make a story; a digest is the
stories picked for one subscriber at one time, and a delivery is one digest on its way to one chat.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal

EVERY_DAY = frozenset(range(7))
"""Weekdays as `date.weekday()` counts them: Monday is 0."""


# ── feeds ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """A feed as the catalogue or an administrator names it. `interval` is in minutes, None where the feed decides."""

    url: str
    source: str
    language: str = ""
    topics: tuple[str, ...] = ()
    title: str = ""
    interval: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as it is stored, with the state of its polling. `errors` counts failures since the last success, the
    first of them at `failing_since`; `reported` says whether the administrators know.

    `ttl`, `skip_hours` and `skip_days` are what the feed asked for when it was last parsed, as in ParsedFeed; `hub` is
    where it can be pushed from and `topic` its address there, `pushed_at` when that last happened. A `personal` feed
    is read for those who follow it, and for nobody else.
    """

    id: int
    url: str
    source: str
    language: str = ""
    topics: tuple[str, ...] = ()
    title: str = ""
    interval: int | None = None
    manual: bool = False
    active: bool = True
    next_fetch_at: datetime
    last_success_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    errors: int = 0
    last_error: str | None = None
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    failing_since: datetime | None = None
    reported: bool = False
    personal: bool = False
    hub: str | None = None
    topic: str | None = None
    pushed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A subscription to a feed at its hub (WebSub). `token` ends the address that the hub calls, and `secret` signs
    what it sends there; `attempts` counts requests that the hub has not answered by calling, and `lease_until` is
    None until it has. `renew_at` is when to ask it again.
    """

    feed_id: int
    hub: str
    topic: str
    token: str
    secret: str = field(repr=False)
    attempts: int = 0
    renew_at: datetime
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What came of asking a feed once. `url` is its new address after a permanent move, else None.

    `ttl`, `skip_hours`, `skip_days`, `hub` and `topic` are believed where `parsed` is set; else the known ones stay.
    `reported` says that the administrators have been told of the failure.
    """

    at: datetime
    next_fetch_at: datetime
    error: str | None = None
    url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    active: bool = True
    parsed: bool = False
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    hub: str | None = None
    topic: str | None = None
    reported: bool = False


@dataclass(frozen=True, slots=True)
class FollowedFeed:
    """What came of wanting to follow a feed: "new", "known" (followed before), "listed" (everybody gets it anyway) or
    "full" (no room for another). `feed` is the feed, where there is one.
    """

    outcome: Literal["new", "known", "listed", "full"]
    feed: Feed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChanges:
    """What reading the feeds file in changed."""

    added: int = 0
    updated: int = 0
    switched_off: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publisher and what is stored of it."""

    id: int
    name: str
    languages: tuple[str, ...] = ()
    feeds: int = 0
    articles: int = 0
    last_article_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a parsed feed: plain text, absolute links. `published` is None where the feed gives no date."""

    title: str
    url: str
    guid: str = ""
    published: datetime | None = None
    text: str = ""
    image: str | None = None


@dataclass(frozen=True, slots=True)
class FullText:
    """What the page of an entry says: its article's text, and the picture that it shows to others, unseen yet."""

    text: str
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed's bytes, read. `ttl` is in minutes; `skip_hours` are UTC hours; `skip_days` as in EVERY_DAY. `hub` is
    where it can be pushed from, and `self_url` its own address, as it says.
    """

    title: str
    entries: tuple[Entry, ...]
    url: str = ""
    language: str = ""
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    hub: str | None = None
    self_url: str | None = None


# ── articles and stories ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of an article, verbatim: `text == article_text[start:end]`; `rank` 1 is the best of its article."""

    text: str
    start: int
    end: int
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """An article that is ready to be stored.

    `url` is canonical (it is the article's identity); `link` is the address as the feed gave it. `terms` is its
    title and text as normalised, stemmed terms with spaces between them; `bands` are its MinHash bands. `fingerprint`
    tells an edit by what the feed had: title, and text where that is not the page's. `scope` is 0 for everybody, or
    the personal feed whose followers alone get it: within it, addresses are those of that feed only.
    """

    url: str
    link: str
    guid: str
    feed_id: int
    title: str
    text: str
    language: str
    published: datetime
    fetched_at: datetime
    topics: tuple[tuple[str, float], ...] = ()
    place: int = 0
    image: str | None = None
    quotes: tuple[Quote, ...] = ()
    terms: str = ""
    bands: tuple[int, ...] = ()
    fingerprint: bytes = b""
    scope: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What tells whether an entry that a feed still carries has changed since its article was stored.

    `fingerprint` is as in NewArticle, b"" where it is not known.
    """

    id: int
    url: str
    guid: str
    fingerprint: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A stored article without its full text (ArticleStore.text has that).

    `topics` are (topic, weight) pairs, best first; `place` is its position in the feed when it came, 0 at the top.
    `quotes` stand in the order of the text; `fetched_at` is when it came in, where that is known. `sure`: it surely
    tells of its story's event, so that its publisher counts. `scope` as in NewArticle.
    """

    id: int
    url: str
    source: str
    title: str
    language: str
    published: datetime
    fetched_at: datetime | None = None
    feed_id: int = 0
    story_id: int | None = None
    topics: tuple[tuple[str, float], ...] = ()
    place: int = 0
    image: str | None = None
    quotes: tuple[Quote, ...] = ()
    sure: bool = True
    scope: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfiled:
    """An article as grouping reads it: text, and the story it is in where that is known. `scope` as in NewArticle."""

    id: int
    title: str
    text: str
    source: str
    published: datetime
    language: str
    story_id: int | None = None
    scope: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found of an article, as ordering it needs."""

    id: int
    title: str
    language: str
    published: datetime
    story_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The articles of one event, oldest first; its id is the id of the article that opened it.

    `lead` is the index of the article whose title and quotes stand for the story; `topics` as in Article; `score` is
    its importance when it last changed, without the ageing that ranking adds; `scope` as in NewArticle.
    """

    id: int
    language: str
    first_seen: datetime
    last_seen: datetime
    topics: tuple[tuple[str, float], ...] = ()
    score: float = 0.0
    lead: int = 0
    articles: tuple[Article, ...] = ()
    scope: int = 0

    @property
    def leader(self) -> Article:
        """The article whose title and quotes stand for the story."""
        return self.articles[self.lead]

    @property
    def sources(self) -> tuple[str, ...]:
        """The distinct publishers, in the order in which they reported."""
        return tuple(dict.fromkeys(article.source for article in self.articles))


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """A parsed search: every term and phrase must occur, no `without` may. Phrases are runs of terms.

    Terms are those of `digests.text.terms`, so that a query and an article meet in the same form. Of each group in
    `any_of` one must occur; there and in `without`, a string of several terms with spaces between is a phrase.
    """

    terms: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    any_of: tuple[tuple[str, ...], ...] = ()
    source: str | None = None
    topic: str | None = None
    language: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What somebody follows, as typed: a story must be about the `words`, must hold one phrase of each group in `must`
    and none of `without`, and pass the filters.
    """

    words: str = ""
    must: tuple[tuple[str, ...], ...] = ()
    without: tuple[str, ...] = ()
    source: str | None = None
    topic: str | None = None
    language: str | None = None


# ── subscribers ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, order=True)
class Wish:
    """What a subscriber asks for: a shipped topic by its key, or words of their own. "feeds" is what heads the stories
    of the feeds that they follow for themselves (OWN_FEEDS); it is never stored as a wish.
    """

    kind: Literal["topic", "words", "feeds"]
    value: str


OWN_FEEDS = Wish("feeds", "")


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time of day at which a digest is wanted, on these weekdays, in the subscriber's zone.

    With `wishes` its digest is about these only; without, about all that the subscriber wishes.
    """

    at: time
    weekdays: frozenset[int] = field(default=EVERY_DAY, compare=False)
    wishes: tuple[Wish, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Leaning:
    """That a subscriber would have more or less of a topic (by its key) or of a source (by its name).

    `chosen` is what they set: 1 more, -1 less, 0 nothing; `score` what their votes taught, as it was `at` a moment:
    see digests.leanings.
    """

    kind: Literal["topic", "source"]
    name: str
    chosen: int = 0
    score: float = 0.0
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What a subscriber thought of a story: `value` 1 or -1, `weight` 1 or less.

    `about` says what of it they meant: its "topic", its "source", the "story" alone, or "" for the first two.
    """

    value: int
    at: datetime
    weight: float = 1.0
    about: str = ""
    topic: str = ""
    source: str = ""


class ChatKind(StrEnum):
    """What sort of chat a subscriber is."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A chat that gets digests: a person, a group, a forum thread (thread_id > 0) or a channel.

    `language` is that of the interface, `languages` those of the news; `stories` is the most a digest holds, and
    `minutes` how long reading it may take, 0 for no such limit; `calendar` is "" for the language's own, or
    "gregorian" or "jalali". `quiet` are the local times from and to which nothing but digests at their own times
    comes. `resume_at` is when a pause ends by itself. `asking` names what the bot asked, if the next words of the
    chat are to answer it. `breaking` is "off", "topics" (of what is followed) or "all"; it takes `breaking_sources`
    publishers (0: as many as is usual in the story's language) and comes at most `breaking_most` times a day.
    `learning`: votes count beyond their story. `empty`: scheduled digests without stories are sent too; `updates`:
    stories that were sent come again when they grow; `pictures`: the top story's picture stands above the digest;
    `rich`: rich messages where the server takes them. `feeds` are the ids of the personal feeds that it follows.
    """

    id: int
    chat_id: int
    thread_id: int = 0
    kind: ChatKind = ChatKind.PRIVATE
    language: str = "en"
    languages: tuple[str, ...] = ("en",)
    timezone: str = "UTC"
    calendar: str = ""
    stories: int = 7
    minutes: int = 0
    empty: bool = True
    updates: bool = True
    pictures: bool = False
    rich: bool = False
    wishes: tuple[Wish, ...] = ()
    feeds: tuple[int, ...] = ()
    mutes: tuple[str, ...] = ()
    muted_sources: tuple[str, ...] = ()
    leanings: tuple[Leaning, ...] = ()
    learning: bool = True
    slots: tuple[Slot, ...] = ()
    next_due_at: datetime | None = None
    quiet: tuple[time, time] | None = None
    paused: bool = False
    resume_at: datetime | None = None
    gone: bool = False
    asking: str = ""
    created_at: datetime
    breaking: str = "off"
    breaking_sources: int = 0
    breaking_most: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedChat:
    """A chat that a person sets up from their private chat. `title` is what it was called last.

    Until `open_until`, what the person types in private is meant for it.
    """

    subscriber: Subscriber
    title: str
    open_until: datetime | None = None


# ── digests and deliveries ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who reported a story, where and when."""

    source: str
    url: str
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Retelling:
    """The event of a story as it is told in another language: that story, and the article that stands for it."""

    story_id: int
    language: str
    headline: str
    outlet: Outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A story as it stands in a digest: a snapshot, so that an old digest reads as it was sent.

    `source`, `url` and `quotes` are those of the article that stands for the story; `outlets` are all who reported,
    first one first, that one included. `reasons` is the data behind "why this": name and weight. `retold` are the
    stories that it stands for in other languages, where they were found. `update`: the reader had the story before, and
    `quotes` are only what is new since.
    """

    story_id: int
    article_id: int
    headline: str
    url: str
    source: str
    published: datetime
    language: str
    quotes: tuple[Quote, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    topics: tuple[str, ...] = ()
    image: str | None = None
    reasons: tuple[tuple[str, float], ...] = ()
    retold: tuple[Retelling, ...] = ()
    update: bool = False

    @property
    def story_ids(self) -> tuple[int, ...]:
        """The stories that whoever reads it has read."""
        return (self.story_id, *(retelling.story_id for retelling in self.retold))

    def reason(self, name: str) -> float:
        """The weight of a reason, 0 where there is none of that name."""
        return dict(self.reasons).get(name, 0.0)


@dataclass(frozen=True, slots=True)
class Section:
    """Items under one heading: `wish` is None for the top stories."""

    wish: Wish | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The stories picked for one subscriber at one time, without markup. Reads [since, until).

    `considered` stories were looked at, and `matched` of them were about what is asked for; `more`: some were left that
    the reader has not had. `continued`: it holds what an earlier one had no room for.
    """

    since: datetime
    until: datetime
    sections: tuple[Section, ...] = ()
    considered: int = 0
    matched: int = 0
    more: bool = False
    continued: bool = False

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the order in which they are numbered."""
        return tuple(item for section in self.sections for item in section.items)


@dataclass(frozen=True, slots=True)
class Had:
    """How a subscriber had a story: in a digest made at `at`, when so many publishers told it (0: not known).

    `updated_at` is when it last came again as an update.
    """

    publishers: int
    at: datetime
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The stories of one digest, made at `at`: how many publishers told each, and whether it came as an update."""

    at: datetime
    stories: Mapping[int, tuple[int, bool]]


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What a subscriber has had: all story ids, and the digests that held them. One object for all with the same ones.

    How a story was had is worked out when it is asked for: of the most nobody ever asks.
    """

    stories: frozenset[int] = frozenset()
    digests: tuple[Shown, ...] = ()

    def had(self, story_id: int) -> Had:
        """How a story was had. KeyError where it was not."""
        found = sorted((one for one in self.digests if story_id in one.stories), key=lambda one: one.at)
        if not found:
            raise KeyError(story_id)
        updates = [one.at for one in found if one.stories[story_id][1]]
        publishers = max(one.stories[story_id][0] for one in found)
        return Had(publishers, found[-1].at, updates[-1] if updates else None)


NOTHING_YET = History()
"""The history of somebody who has had no digest."""


class DeliveryState(StrEnum):
    """Where a delivery stands. SENDING is committed right before the request goes out."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    GONE = "gone"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Why something was sent: a run of the schedule, or a command with its arguments."""

    id: int
    subscriber_id: int
    kind: str
    arguments: str = ""
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One part of one digest on its way to one chat, as a worker claims it. Part 0 is the first message.

    Those of a lower `priority` go first: commands before breaking news before runs.
    """

    id: int
    request_id: int
    part: int
    digest_id: int
    subscriber_id: int
    state: DeliveryState
    attempts: int = 0
    worker: str = ""
    message_id: int | None = None
    created_at: datetime
    due_at: datetime
    priority: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A digest to be sent. `run` is (local date, slot) where the schedule asked, None for a command.

    `arguments` are those of the request: for breaking news the story's id, which makes it one for each subscriber.
    `request_id` is an open request's where a command asked; else one is made. An empty digest (no items) is sent too,
    unless it belongs to a run whose subscriber does not want empty ones: then `digest` is None and only the run and
    next_due_at are stored.
    """

    subscriber_id: int
    digest: Digest | None
    due_at: datetime
    kind: str = "run"
    arguments: str = ""
    run: tuple[date, time] | None = None
    next_due_at: datetime | None = None
    request_id: int | None = None


# ── what comes in, and announcements ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An update as Telegram sent it: JSON. `chat_id` is None where it is of no chat."""

    update_id: int
    chat_id: int | None
    body: str
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What an administrator writes to every chat; (chat_id, message_id) is the message that asked for it."""

    id: int
    chat_id: int
    message_id: int
    thread_id: int = 0
    body: str
    created_at: datetime
    finished_at: datetime | None = None
