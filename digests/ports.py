"""What the news side and the bot need of a database, as small Protocols: one per aggregate, and Storage, which has all.

Every method is one transaction. Datetimes are aware UTC. `digests.storage` implements these over SQLite and
PostgreSQL. Methods raise only errors of `digests.errors.StorageError`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Protocol

from digests.model import (
    Announcement,
    Article,
    Carried,
    Delivery,
    DeliveryState,
    Digest,
    Feed,
    FeedChanges,
    FeedSpec,
    FollowedFeed,
    Found,
    History,
    Incoming,
    Item,
    ManagedChat,
    NewArticle,
    NewDelivery,
    Poll,
    Push,
    Request,
    SearchQuery,
    Slot,
    Source,
    Story,
    Subscriber,
    Unfiled,
    Vote,
    Wish,
)


class FeedStore(Protocol):
    """Feeds, their sources and the state of their polling."""

    async def sync(self, specs: Sequence[FeedSpec], *, now: datetime) -> FeedChanges:
        """Make the stored feeds those of the file: add, update, switch off what is gone unless added by hand."""
        ...

    async def add(self, spec: FeedSpec, *, now: datetime) -> Feed:
        """Add a feed by hand, due at once; one that is known comes back active, and keeps its articles."""
        ...

    async def remove(self, url: str) -> bool:
        """Switch a feed off for good; False where there is none. Its articles stay."""
        ...

    async def revive(self, feed_id: int, *, now: datetime) -> Feed | None:
        """Make a feed that failed or died well and due; None where it is gone or was removed."""
        ...

    async def all(self) -> list[Feed]:
        """All feeds, by source and URL; those switched off too."""
        ...

    async def shared(self, urls: Iterable[str] | None = None) -> list[Feed]:
        """The active feeds that everybody gets, by source and URL; with `urls` those at one of these addresses."""
        ...

    async def troubled(self) -> list[Feed]:
        """The feeds for everybody that fail, or died and were reported; by source and URL."""
        ...

    async def counts(self) -> dict[str, int]:
        """How many, personal ones too: active, of these failing, and off."""
        ...

    async def due(self, now: datetime, *, limit: int) -> list[Feed]:
        """Active feeds whose time has come, longest overdue first."""
        ...

    async def record(self, feed_id: int, poll: Poll) -> None:
        """Store what came of a poll: an error adds to `errors`, a success sets it to 0."""
        ...

    async def sources(self, *, counted: bool = False) -> list[Source]:
        """All publishers with an active feed, by name; what is stored of each is counted where that is asked for."""
        ...


class FollowStore(Protocol):
    """Who follows which feeds for themselves."""

    async def follow(self, subscriber_id: int, spec: FeedSpec, *, now: datetime, most: int) -> FollowedFeed:
        """Follow a feed, which is then read for whoever follows it; at most `most` for each subscriber."""
        ...

    async def unfollow(self, subscriber_id: int, feed_id: int) -> bool:
        """Follow a feed no longer; False where it was not followed. One that nobody follows is read no more."""
        ...

    async def feeds(self, subscriber_id: int) -> list[Feed]:
        """The feeds that a subscriber follows, first followed first."""
        ...

    async def followers(self, feed_id: int) -> list[int]:
        """The subscribers that follow a feed, by their own ids."""
        ...

    async def tidy(self) -> int:
        """Delete the personal feeds that nobody follows, with their articles; returns how many feeds."""
        ...


class PushStore(Protocol):
    """Subscriptions to feeds at their hubs."""

    async def wanted(self, now: datetime, *, limit: int) -> list[tuple[Feed, Push | None]]:
        """Feeds for everybody that name a hub and are not subscribed to there, or whose lease is to be renewed."""
        ...

    async def save(self, one: Push) -> None:
        """Store a subscription, in place of the feed's former one."""
        ...

    async def by_token(self, token: str) -> tuple[Feed, Push] | None:
        """The feed and the subscription that a hub calls about."""
        ...

    async def pushed(self, feed_id: int, *, at: datetime, next_fetch_at: datetime) -> None:
        """A feed's news came by itself; it is asked again at another time."""
        ...


class ArticleStore(Protocol):
    """Articles and the search over them."""

    async def known(
        self, feed_id: int, urls: Iterable[str], guids: Iterable[str], *, scope: int = 0
    ) -> tuple[set[str], set[str]]:
        """Which of these canonical URLs are stored, and which of these guids of this feed, within a scope."""
        ...

    async def add(self, articles: Sequence[NewArticle]) -> list[int | None]:
        """Store articles with their terms and bands; None in the place of one whose URL was stored already."""
        ...

    async def carried(
        self, feed_id: int, urls: Iterable[str], guids: Iterable[str], *, scope: int = 0
    ) -> list[Carried]:
        """The articles of this feed that have one of these canonical URLs or guids, within a scope."""
        ...

    async def update(self, article_id: int, article: NewArticle) -> bool:
        """An edit: store title, text, image, topics, quotes, terms and bands anew; False where the article is gone.

        Its address, guid, dates, place, language and story stay.
        """
        ...

    async def get(self, article_id: int) -> Article | None:
        """One article."""
        ...

    async def text(self, article_id: int) -> str:
        """Its full text; "" where the article is gone."""
        ...

    async def band_matches(self, bands: Iterable[int], *, since: datetime) -> list[Unfiled]:
        """Articles that share a MinHash band, newest first, at most 20."""
        ...

    async def band_holders(self, bands: Iterable[int], *, since: datetime) -> dict[int, tuple[int, int]]:
        """By MinHash band the first and the last article that has it; bands that nobody has are left out."""
        ...

    async def newest(
        self,
        *,
        languages: Sequence[str] = (),
        topic: str | None = None,
        source: str | None = None,
        exclude: int | None = None,
        feeds: Sequence[int] = (),
        limit: int = 10,
        offset: int = 0,
    ) -> list[Article]:
        """Articles, newest first; no languages means all. `exclude` is an article id.

        Those of the personal `feeds` are among them, in whatever language.
        """
        ...

    async def search(
        self,
        query: SearchQuery,
        *,
        languages: Sequence[str] = (),
        feeds: Sequence[int] = (),
        limit: int = 10,
        offset: int = 0,
    ) -> list[Article]:
        """Articles that match, newest first. `feeds` as in newest."""
        ...

    async def remembered(self, feed_id: int, urls: Collection[str]) -> set[str]:
        """Which of these canonical URLs this feed carried before, without a date."""
        ...

    async def remember(self, feed_id: int, urls: Collection[str], *, now: datetime) -> None:
        """Keep in mind which entries without a date this feed carries now, and no others."""
        ...

    async def matches(
        self, query: SearchQuery, *, languages: Sequence[str] = (), feeds: Sequence[int] = (), limit: int
    ) -> list[Found]:
        """What a search in order of relevance chooses among, newest first: the matches among the newest ten thousand
        articles; where these are few, the newest of all.
        """
        ...

    async def indexed(self, article_ids: Sequence[int]) -> dict[int, str]:
        """What is indexed of articles: their terms with spaces between."""
        ...

    async def by_ids(self, article_ids: Sequence[int]) -> list[Article]:
        """Articles in the order asked for; those gone are left out."""
        ...

    async def wording(self, language: str, *, limit: int) -> list[str]:
        """Titles and quoted sentences of the newest articles in a language."""
        ...

    async def prune(self, before: datetime) -> int:
        """Delete articles published before this, and stories left without any; returns how many articles."""
        ...

    async def count(self) -> int:
        """How many articles are stored."""
        ...


class StoryStore(Protocol):
    """Stories and what belongs to them."""

    async def unfiled(self, *, limit: int) -> list[Unfiled]:
        """Articles without a story, in the order of their publication."""
        ...

    async def window(self, since: datetime) -> list[Unfiled]:
        """Articles with a story that were published since then, in that order; text cut to 600 characters."""
        ...

    async def file(self, stories: Mapping[int, int], *, unsure: Collection[int] = ()) -> None:
        """Put articles (keys) into stories (values); a story that is not there yet is opened.

        Articles in `unsure` don't surely tell of their story's event.
        """
        ...

    async def get(self, story_id: int) -> Story | None:
        """One story with its articles."""
        ...

    async def load(self, story_ids: Iterable[int]) -> list[Story]:
        """These stories with their articles, in the order asked for; those gone are left out."""
        ...

    async def save(self, stories: Sequence[Story]) -> None:
        """Store what was worked out about stories: lead, topics, score, first and last seen."""
        ...

    async def recent(
        self, since: datetime, *, languages: Sequence[str] = (), scope: int = 0, limit: int = 2000
    ) -> list[Story]:
        """Stories with an article published since then, highest score first, with all their articles.

        Those for everybody, or those of the personal feed `scope`.
        """
        ...

    async def newest(self, *, languages: Sequence[str] = (), limit: int = 200) -> list[Story]:
        """The stories that were told of last, with all their articles."""
        ...

    async def told(
        self, since: datetime, *, languages: Sequence[str] = (), after: int = 0, limit: int
    ) -> list[tuple[int, datetime, tuple[tuple[str, float], ...]]]:
        """Stories first told since then, by id from above `after`: id, when, topics with their weights."""
        ...

    async def unsaved(self, *, limit: int) -> list[int]:
        """Stories that were opened and never saved: a crash came between."""
        ...

    async def frequencies(self) -> dict[str, dict[str, int]]:
        """Document frequencies of terms by language, as last saved."""
        ...

    async def save_frequencies(self, frequencies: Mapping[str, Mapping[str, int]]) -> None:
        """Replace the document frequencies."""
        ...


class SubscriberStore(Protocol):
    """Subscribers, their wishes, mutes and schedules."""

    async def get(self, chat_id: int, thread_id: int = 0) -> Subscriber | None:
        """The subscriber of a chat."""
        ...

    async def by_id(self, subscriber_id: int) -> Subscriber | None:
        """A subscriber by its own id."""
        ...

    async def by_ids(self, subscriber_ids: Sequence[int]) -> dict[int, Subscriber]:
        """Subscribers by their own ids; those that are no more are missing."""
        ...

    async def create(self, subscriber: Subscriber) -> Subscriber:
        """Store a new subscriber (its id is ignored); where the chat has one already, that one comes back."""
        ...

    async def update(self, subscriber_id: int, **changes: object) -> Subscriber:
        """Change plain fields by their names in the model: language, languages, timezone, calendar, stories, …"""
        ...

    async def follow(self, subscriber_id: int, wish: Wish) -> bool:
        """Add a wish; False where it was there."""
        ...

    async def unfollow(self, subscriber_id: int, wish: Wish) -> bool:
        """Take a wish away; False where it was not there."""
        ...

    async def mute(self, subscriber_id: int, words: str, *, source: bool = False) -> bool:
        """Mute words, or a source by its name; False where it was muted."""
        ...

    async def unmute(self, subscriber_id: int, words: str, *, source: bool = False) -> bool:
        """Take a mute back; False where there was none."""
        ...

    async def set_slots(
        self, subscriber_id: int, slots: Sequence[Slot], next_due_at: datetime | None, *, timezone: str | None = None
    ) -> None:
        """Replace the schedule, and with `timezone` the zone that it is in."""
        ...

    async def wake(self, now: datetime) -> int:
        """End the pauses whose `resume_at` has come, all at once; how many."""
        ...

    async def lean(self, subscriber_id: int, kind: str, name: str, chosen: int) -> None:
        """Want more (1) or less (-1) of a topic or source, or (0) as much as it is worth."""
        ...

    async def unlearn(self, subscriber_id: int, *, kind: str | None = None, name: str | None = None) -> None:
        """Forget what votes taught about a topic or source, or about all; what was chosen stays."""
        ...

    async def due(self, now: datetime, *, limit: int) -> list[tuple[Subscriber, datetime]]:
        """Active subscribers (neither paused nor gone) whose next_due_at has come, with it, earliest first."""
        ...

    async def migrate(self, chat_id: int, new_chat_id: int) -> None:
        """A group became a supergroup: all its subscribers move to the new chat id."""
        ...

    async def in_chat(self, chat_id: int) -> list[Subscriber]:
        """The subscribers of a chat: itself and its threads, by thread."""
        ...

    async def watching(self, *, after: int = 0, limit: int = 1000) -> list[Subscriber]:
        """Active subscribers with an id above `after` that want breaking news, by id."""
        ...

    async def set_gone(self, chat_id: int, *, gone: bool) -> None:
        """Mark all subscribers of a chat as gone (blocked, kicked) or as back."""
        ...

    async def delete(self, subscriber_id: int) -> None:
        """Delete a subscriber and everything stored about it, in all tables."""
        ...

    async def export(self, subscriber_id: int) -> dict[str, list[dict[str, object]]]:
        """All that is stored about a subscriber: the rows of every table that are about it, as JSON takes them."""
        ...

    async def counts(self) -> dict[str, int]:
        """How many: total, active, paused, gone."""
        ...

    async def chats(self, *, after: int = 0, limit: int = 1000) -> list[Subscriber]:
        """Active subscribers with an id above `after`, by id: for broadcasts."""
        ...


class LedgerStore(Protocol):
    """Requests, digests and deliveries: what was asked, what was composed, what became of it."""

    async def open_request(self, subscriber_id: int, kind: str, arguments: str, *, now: datetime) -> Request:
        """Record that a subscriber asked for something."""
        ...

    async def request(self, request_id: int) -> Request | None:
        """One request."""
        ...

    async def enqueue(
        self, deliveries: Sequence[NewDelivery], *, now: datetime, stored: dict[int, tuple[Digest, int]] | None = None
    ) -> int:
        """In one transaction: runs (ON CONFLICT DO NOTHING), requests, digests (by the hash of their body),
        deliveries, and the subscribers' next_due_at. Returns how many deliveries were written; a run that was
        there already writes none, and still moves next_due_at. `stored` remembers digests by their identity, with
        their ids: where several calls share it, a digest is encoded and stored by the first one only.
        """
        ...

    async def claim(self, worker: str, *, now: datetime, limit: int, lease: float = 60.0) -> list[Delivery]:
        """Pending deliveries whose time has come, commands before runs, then by due time; leased for `lease` s."""
        ...

    async def sending(self, delivery: Delivery, *, now: datetime, lease: float = 60.0) -> bool:
        """Commit that the request goes out now; False where the lease was lost to another worker."""
        ...

    async def sending_all(
        self, deliveries: Sequence[Delivery], *, now: datetime, lease: float = 60.0
    ) -> frozenset[int]:
        """The same for several deliveries of one worker; the ids of those that are still its own."""
        ...

    async def sent(self, arrived: Sequence[tuple[Delivery, int]], *, now: datetime) -> None:
        """Store that deliveries arrived, with their message ids; fenced like `finish`."""
        ...

    async def finish(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        now: datetime,
        message_id: int | None = None,
        error: str | None = None,
        not_before: datetime | None = None,
    ) -> bool:
        """Store what became of it; PENDING with `not_before` puts it back. Fenced by worker and attempt.

        FAILED and GONE call off the later parts of the request with it.
        """
        ...

    async def release(self, deliveries: Sequence[Delivery], *, now: datetime) -> None:
        """Give back what one worker has claimed and did not begin to send: it may be claimed again at once."""
        ...

    async def add_parts(self, delivery: Delivery, parts: int) -> None:
        """Make sure that parts 1 … parts-1 of a digest stand behind its part 0."""
        ...

    async def recover(self, *, now: datetime, resend: bool, abandoned: bool = False) -> int:
        """At start and once a minute: expired leases go back; SENDING ones become PENDING or UNCERTAIN.

        `abandoned` takes those back too that have not expired: of a process that is known to have ended.
        """
        ...

    async def digest(self, digest_id: int) -> Digest | None:
        """A digest as it was sent."""
        ...

    async def digests(self, digest_ids: Sequence[int]) -> dict[int, Digest]:
        """Digests by their ids; those that are no more are missing."""
        ...

    async def digest_of(self, request_id: int) -> tuple[int, Digest] | None:
        """The digest of a request, with its id."""
        ...

    async def history(self, subscriber_ids: Sequence[int], *, since: datetime) -> dict[int, History]:
        """The stories of the digests written for each subscriber since then, but for those that failed to reach them.

        Subscribers with the same digests have the same object.
        """
        ...

    async def messages_of(self, wanted: Sequence[tuple[int, int, int]]) -> dict[tuple[int, int, int], int]:
        """For triples of a subscriber, a story and a request: the latest message before the request that had it.

        Triples without such a message are missing.
        """
        ...

    async def asked(self, subscriber_id: int, kind: str, arguments: str) -> Request | None:
        """The latest request of a subscriber of this kind with these arguments."""
        ...

    async def last_sent(self, subscriber_ids: Sequence[int]) -> dict[int, datetime]:
        """When each subscriber's latest digest that reached them was composed (its `until`); breaking news is none."""
        ...

    async def last_of_slots(self, subscriber_ids: Sequence[int]) -> dict[int, dict[time | None, datetime]]:
        """The same by the time of day that asked for it; None stands for commands."""
        ...

    async def alerts(self, subscriber_ids: Sequence[int], *, since: datetime) -> dict[int, list[datetime]]:
        """When breaking news was written for each subscriber since then, oldest first."""
        ...

    async def runs(self, subscriber_ids: Sequence[int], *, since: date) -> dict[int, frozenset[tuple[date, time]]]:
        """Which runs of each subscriber were written for local dates from `since` on."""
        ...

    async def sent_at(self, subscriber_id: int, story_id: int) -> datetime | None:
        """When a digest with this story was last written for a subscriber, unless it failed to reach them."""
        ...

    async def counts(self) -> dict[str, int]:
        """Deliveries by state."""
        ...

    async def failures(self, *, limit: int = 10) -> list[tuple[Delivery, str]]:
        """The latest deliveries that failed, with why."""
        ...

    async def prune(self, before: datetime) -> int:
        """Delete deliveries, digests and requests older than this."""
        ...


class SavedStore(Protocol):
    """Stories that a subscriber keeps, as they stood when they were saved, and what they thought of stories."""

    async def add(self, subscriber_id: int, item: Item, *, now: datetime) -> bool:
        """Keep a story; False where it was kept."""
        ...

    async def remove(self, subscriber_id: int, story_id: int) -> bool:
        """Let go of it; False where it was not kept."""
        ...

    async def items(self, subscriber_id: int, *, limit: int = 10, offset: int = 0) -> list[Item]:
        """What is kept, last saved first."""
        ...

    async def count(self, subscriber_id: int) -> int:
        """How many."""
        ...

    async def kept(self, subscriber_id: int, story_ids: Iterable[int]) -> frozenset[int]:
        """Which of these stories are kept."""
        ...

    async def votes(self, subscriber_id: int, story_ids: Iterable[int]) -> dict[int, int]:
        """What the subscriber thought of those of these stories that they rated: 1 or -1."""
        ...

    async def vote(self, subscriber_id: int, votes: Mapping[int, Vote | None], *, now: datetime) -> None:
        """Store what the subscriber thought of stories, None takes it back; work out anew what that teaches.

        A vote with less than full weight leaves one with full weight as it is.
        """
        ...

    async def show(self, subscriber_id: int, message_id: int, story_id: int, *, now: datetime) -> None:
        """Remember that a message shows the card of a story now; 0 for no story."""
        ...

    async def shown(self, chat_id: int, message_id: int) -> tuple[int, int, int] | None:
        """Whose message of a chat this is: subscriber, the story whose card it shows or 0, its digest or 0.

        None for a message that shows neither.
        """
        ...


class ManagerStore(Protocol):
    """Who sets up which chats from their private chat. What they may do there is for Telegram to say."""

    async def add(self, user_id: int, subscriber_id: int, title: str) -> None:
        """Remember that a person sets up a chat, and what it is called now."""
        ...

    async def remove(self, user_id: int, subscriber_id: int) -> None:
        """Forget it."""
        ...

    async def chats(self, user_id: int) -> list[ManagedChat]:
        """The chats that a person sets up, by their titles."""
        ...

    async def of(self, subscriber_id: int) -> Sequence[tuple[int, str]]:
        """Who sets up a chat, each with what they know it by."""
        ...

    async def open(self, user_id: int, subscriber_id: int | None, until: datetime | None) -> None:
        """Let what a person types be meant for this chat until then, and for no other; for none where it is None."""
        ...


class InboxStore(Protocol):
    """Updates, from when they came until they were handled: each once, those of one chat in their order."""

    async def put(self, update: Incoming, *, now: datetime) -> bool:
        """Store an update; False where one with this id came before, however it went on."""
        ...

    async def claim(self, worker: str, *, now: datetime, limit: int, lease: float = 60.0) -> list[Incoming]:
        """The next update of each chat that has none at work, oldest first; leased for `lease` seconds."""
        ...

    async def renew(self, worker: str, *, now: datetime, lease: float = 60.0) -> None:
        """Go on holding what a worker has claimed."""
        ...

    async def done(self, update_id: int) -> None:
        """It was handled. Only its id is kept."""
        ...

    async def give_back(self, worker: str) -> int:
        """Let others have what a worker has claimed and will not finish; it does not count as tried. How many."""
        ...

    async def recover(self, *, now: datetime, tries: int, abandoned: bool = False) -> list[int]:
        """Expired leases (`abandoned`: all) go back; the ids of updates given up after so many tries."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget the ids of what is done and came before this; returns how many."""
        ...


class AnnouncementStore(Protocol):
    """What an administrator writes to every chat: who is still to get it, and what became of it."""

    async def open(self, wanted: Announcement, *, now: datetime) -> tuple[int, bool]:
        """Store an announcement for all active subscribers: for how many, and False where it was stored before."""
        ...

    async def current(self) -> Announcement | None:
        """The oldest one that is not finished."""
        ...

    async def recover(self, announcement_id: int) -> int:
        """What a crash left in "sending" is uncertain from now on; how many."""
        ...

    async def take(self, announcement_id: int, *, now: datetime, limit: int) -> list[int]:
        """Subscribers to whom it may go now; none while a digest is due: digests go first."""
        ...

    async def mark(
        self, announcement_id: int, subscriber_id: int, state: DeliveryState, *, due_at: datetime | None = None
    ) -> None:
        """Store what becomes of it for one subscriber; `due_at` is when it may be tried again."""
        ...

    async def counts(self, announcement_id: int) -> dict[str, int]:
        """Subscribers by state."""
        ...

    async def finish(self, announcement_id: int, *, now: datetime) -> None:
        """It is done with: who got it is forgotten."""
        ...


class RateStore(Protocol):
    """One rate for all processes that share a database: a generic cell rate algorithm in one row.

    Moments are seconds from now on the database's clock, which is the same for everyone.
    """

    async def take(self, calls: int, *, interval: float, burst: float) -> tuple[float, float]:
        """Take the next `calls` places, `interval` seconds apart; seconds until the first, and of the flood wait.

        After a rest `burst` seconds' worth may go at once. The flood wait is below zero by as much as it is past, -inf
        without any.
        """
        ...

    async def take_free(self, least: int, most: int, *, interval: float, burst: float) -> tuple[int, float, float]:
        """Take what is free now of `most` places, but none where that is fewer than `least`.

        How many were taken, the seconds until a place was free (below zero: since it was), and of the flood wait.
        """
        ...

    async def look(self) -> tuple[float, float]:
        """Seconds until a place is free (below zero: since it is), and of the flood wait; takes nothing."""
        ...

    async def halt(self, seconds: float) -> None:
        """Nobody takes a place before so many seconds have passed; the latest of such deadlines counts."""
        ...


class Storage(Protocol):
    """All stores over one database."""

    feeds: FeedStore
    follows: FollowStore
    pushes: PushStore
    articles: ArticleStore
    stories: StoryStore
    subscribers: SubscriberStore
    ledger: LedgerStore
    saved: SavedStore
    managers: ManagerStore
    inbox: InboxStore
    announcements: AnnouncementStore
    rates: RateStore | None
    """None where one process has the database to itself."""

    async def hold(self, duty: str) -> bool:
        """Take a duty that one process does at a time, for as long as it lives; False while another has it."""
        ...

    async def ready(self) -> bool:
        """Whether the database answers and has the current schema."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...
