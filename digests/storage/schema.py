"""The tables, the same on SQLite and PostgreSQL. migrations/ makes them; a test holds the two together.

An article's id is its place in time: sixteenths of a second since 1970 of its publication, plus a few where that is
taken. Ids therefore order articles by date, newest last, and the search index, whose rows are numbered by them,
answers newest first without sorting. A story has the id of the article that opened it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from digests.storage.columns import BigId, CleanText, Day, Instant, TimeOfDay

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

SEARCH_INDEX = "article_search"
"""The FTS5 table over article_text.terms on SQLite; PostgreSQL has the column article_text.vector instead."""
POSTGRESQL_ONLY = frozenset({"vector", "ix_article_text_vector"})


def _subscriber(*, primary_key: bool = False) -> Column[int]:
    key = ForeignKey("subscriber.id", ondelete="CASCADE")
    return Column("subscriber_id", BigInteger, key, nullable=False, primary_key=primary_key)


# ── feeds ────────────────────────────────────────────────────────────────────────────────────────────────────────────

source = Table(
    "source",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", CleanText, nullable=False, unique=True),
)

feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", Integer, ForeignKey("source.id"), nullable=False, index=True),
    Column("url", CleanText, nullable=False, unique=True),
    Column("listed_url", CleanText, nullable=False, index=True),  # as the feeds file has it, before any move
    Column("language", String, nullable=False),
    Column("topics", Text, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("interval", Integer),
    Column("manual", Boolean, nullable=False),
    Column("stopped", String, nullable=False),  # "" or why it is not polled: unlisted, removed, dead
    Column("next_fetch_at", Instant, nullable=False),
    Column("last_success_at", Instant),
    Column("etag", CleanText),
    Column("last_modified", CleanText),
    Column("body_hash", String),
    Column("errors", Integer, nullable=False),
    Column("last_error", CleanText),
    Column("ttl", Integer),  # minutes
    Column("skip_hours", Integer, nullable=False),  # bit 0 is midnight, UTC
    Column("skip_days", Integer, nullable=False),  # bit 0 is Monday
    Column("failing_since", Instant),
    Column("reported", Boolean, nullable=False),  # whether the administrators know that it fails
    Column("personal", Boolean, nullable=False, server_default=false()),  # for those who follow it, nobody else
    Column("hub", CleanText),  # where the publisher says that it can be pushed from …
    Column("topic", CleanText),  # … and under which address; see WebSub
    Index("ix_feed_due", "next_fetch_at", sqlite_where=text("stopped = ''"), postgresql_where=text("stopped = ''")),
)

push = Table(
    "push",
    metadata,
    Column("feed_id", Integer, ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("hub", CleanText, nullable=False),
    Column("topic", CleanText, nullable=False),
    Column("token", String, nullable=False, unique=True),  # the end of the address that the hub calls
    Column("secret", String, nullable=False),  # between us and the hub, for this subscription alone
    Column("attempts", Integer, nullable=False),
    Column("renew_at", Instant, nullable=False, index=True),
    Column("lease_until", Instant),  # NULL until the hub has made sure that we asked
    Column("pushed_at", Instant),
)

undated = Table(
    "undated",
    metadata,
    Column("feed_id", Integer, ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("url_hash", LargeBinary, primary_key=True),
    Column("seen_at", Instant, nullable=False),
)
"""Entries without a date that feeds carry: nothing else tells, once their article is pruned, that they are old."""

# ── articles and stories ─────────────────────────────────────────────────────────────────────────────────────────────

SHARED, PERSONAL = text("scope = 0"), text("scope <> 0")
"""For everybody, and of personal feeds. Spelt out: an index with a condition does not serve a bound value."""

story = Table(
    "story",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("language", String, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False, index=True),
    Column("topics", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("lead_id", BigInteger),  # the article that stands for it
    Column("scope", Integer, nullable=False, server_default="0"),  # 0 for everybody, else the personal feed it is from
    Index("ix_story_personal", "scope", "last_seen", sqlite_where=PERSONAL, postgresql_where=PERSONAL),
)

article = Table(
    "article",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("url_hash", LargeBinary, nullable=False, unique=True),  # addresses may be longer than an index holds
    Column("guid_hash", LargeBinary, nullable=False, index=True),  # of feed and guid
    Column("feed_id", Integer, nullable=False),
    Column("source_id", Integer, ForeignKey("source.id"), nullable=False, index=True),
    Column("story_id", BigInteger, ForeignKey("story.id", ondelete="SET NULL"), index=True),
    Column("language", String, nullable=False),
    Column("published", Instant, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("place", Integer, nullable=False),
    Column("url", CleanText, nullable=False),
    Column("link", CleanText, nullable=False),
    Column("guid", CleanText, nullable=False),
    Column("title", CleanText, nullable=False),
    Column("image", CleanText),
    Column("topics", CleanText, nullable=False),
    Column("quotes", CleanText, nullable=False),
    Column("sure", Boolean, nullable=False, server_default=true()),
    Column("fingerprint", LargeBinary),  # of title and text as the feed had them
    Column("scope", Integer, nullable=False, server_default="0"),  # as in story
    Index("ix_article_personal", "scope", sqlite_where=PERSONAL, postgresql_where=PERSONAL),
    Index("ix_article_shared", "source_id", "id", sqlite_where=SHARED, postgresql_where=SHARED),
    Index("ix_article_unfiled", "id", sqlite_where=text("story_id IS NULL"), postgresql_where=text("story_id IS NULL")),
)

_text_id = ForeignKey("article.id", ondelete="CASCADE")
article_text = Table(
    "article_text",
    metadata,
    Column("article_id", BigId, _text_id, primary_key=True, autoincrement=False),
    Column("text", CleanText, nullable=False),
    Column("terms", CleanText, nullable=False),  # tags, then the terms; see match.py
    Column("vector", TSVECTOR, nullable=False),  # on PostgreSQL only: the terms with their positions
    Index("ix_article_text_vector", "vector", postgresql_using="gin"),  # likewise
)

dup_band = Table(
    "dup_band",
    metadata,
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

frequency = Table(
    "frequency",
    metadata,
    Column("language", String, primary_key=True),
    Column("counts", LargeBinary, nullable=False),  # compressed JSON: they are read and replaced as one
)

# ── subscribers ──────────────────────────────────────────────────────────────────────────────────────────────────────

WATCHING = text("breaking <> 'off'")
PAUSED_UNTIL = text("resume_at IS NOT NULL")

subscriber = Table(
    "subscriber",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("language", CleanText, nullable=False),
    Column("languages", CleanText, nullable=False),
    Column("timezone", CleanText, nullable=False),
    Column("calendar", CleanText, nullable=False),
    Column("stories", Integer, nullable=False),
    Column("empty", Boolean, nullable=False, server_default=true()),  # whether a digest without stories is sent
    Column("updates", Boolean, nullable=False, server_default=true()),
    Column("pictures", Boolean, nullable=False, server_default=false()),
    Column("rich", Boolean, nullable=False, server_default=false()),
    Column("paused", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("next_due_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("breaking", String, nullable=False, server_default="off"),  # off, topics or all
    Column("breaking_sources", Integer, nullable=False, server_default="0"),  # 0: as many as is usual in a language
    Column("breaking_most", Integer, nullable=False, server_default="3"),  # a day
    Column("learning", Boolean, nullable=False, server_default=true()),
    Index("ix_subscriber_breaking", "id", sqlite_where=WATCHING, postgresql_where=WATCHING),
    Column("minutes", Integer, nullable=False, server_default="0"),
    Column("quiet_from", TimeOfDay),
    Column("quiet_until", TimeOfDay),
    Column("resume_at", Instant),
    Column("asking", CleanText, nullable=False, server_default=""),
    UniqueConstraint("chat_id", "thread_id"),
    Index("ix_subscriber_resume", "resume_at", sqlite_where=PAUSED_UNTIL, postgresql_where=PAUSED_UNTIL),
    Index(
        "ix_subscriber_due",
        "next_due_at",
        sqlite_where=text("paused = 0 AND gone = 0"),
        postgresql_where=text("paused = false AND gone = false"),
    ),
    sqlite_autoincrement=True,
)

slot = Table(
    "slot",
    metadata,
    _subscriber(primary_key=True),
    Column("at", TimeOfDay, primary_key=True),
    Column("weekdays", SmallInteger, nullable=False),  # bit 0 is Monday
    Column("wishes", CleanText, nullable=False, server_default="[]"),
)

wish = Table(
    "wish",
    metadata,
    Column("id", BigId, primary_key=True),  # keeps the order in which they were made
    _subscriber(),
    Column("kind", String, nullable=False),
    Column("key", CleanText, nullable=False),  # the value without capitals and extra spaces
    Column("value", CleanText, nullable=False),
    UniqueConstraint("subscriber_id", "kind", "key"),
)

mute = Table(
    "mute",
    metadata,
    Column("id", BigId, primary_key=True),
    _subscriber(),
    Column("kind", String, nullable=False),  # words or source
    Column("key", CleanText, nullable=False),
    Column("value", CleanText, nullable=False),
    UniqueConstraint("subscriber_id", "kind", "key"),
)

manager = Table(
    "manager",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "subscriber_id",
        BigInteger,
        ForeignKey("subscriber.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        index=True,
    ),
    Column("title", CleanText, nullable=False),  # of the chat, as it was called last
    Column("open_until", Instant),  # until then what the person types in private sets this chat up
)
"""Who has set up which chats: offered to them in their private chat, where their rights are asked for each time."""

saved = Table(
    "saved",
    metadata,
    Column("id", BigId, primary_key=True),
    _subscriber(),
    Column("story_id", BigInteger, nullable=False),
    Column("item", CleanText, nullable=False),
    Column("saved_at", Instant, nullable=False),
    UniqueConstraint("subscriber_id", "story_id"),
)

follower = Table(
    "follower",
    metadata,
    _subscriber(primary_key=True),
    Column(
        "feed_id", Integer, ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    ),
    Column("followed_at", Instant, nullable=False),
)
"""Who follows which feed for themselves."""

feedback = Table(
    "feedback",
    metadata,
    _subscriber(primary_key=True),
    Column("story_id", BigInteger, primary_key=True, autoincrement=False),
    Column("value", SmallInteger, nullable=False),
    Column("rated_at", Instant, nullable=False),
    Column("weight", Float, nullable=False, server_default="1"),  # less where a whole digest was rated
    Column("about", String, nullable=False, server_default=""),  # topic, source, story, or "" for topic and source
    Column("topic", CleanText, nullable=False, server_default=""),
    Column("source", CleanText, nullable=False, server_default=""),
)

leaning = Table(
    "leaning",
    metadata,
    _subscriber(primary_key=True),
    Column("kind", String, primary_key=True),  # topic or source
    Column("name", CleanText, primary_key=True),
    Column("chosen", SmallInteger, nullable=False, server_default="0"),  # 1 more, -1 less
    Column("score", Float, nullable=False, server_default="0"),  # learned, as of `at`
    Column("at", Instant),
)

shown = Table(
    "shown",
    metadata,
    _subscriber(primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("story_id", BigInteger, nullable=False),  # whose card it is now
    Column("shown_at", Instant, nullable=False, index=True),
)

# ── digests and deliveries ───────────────────────────────────────────────────────────────────────────────────────────

digest = Table(
    "digest",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False, index=True),
    Column("body", CleanText, nullable=False),
    sqlite_autoincrement=True,
)

digest_story = Table(
    "digest_story",
    metadata,
    Column("digest_id", BigInteger, ForeignKey("digest.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("story_id", BigInteger, primary_key=True, autoincrement=False),
    Column("publishers", Integer, nullable=False, server_default="0"),  # who reported it then; 0 where not known
    Column("is_update", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)

BREAKING = text("kind = 'breaking'")

request = Table(
    "request",
    metadata,
    Column("id", BigId, primary_key=True),
    _subscriber(),
    Column("kind", CleanText, nullable=False),
    Column("arguments", CleanText, nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
    # A run of the schedule is a request with these two: one digest for a slot on a local date.
    Column("local_date", Day),
    Column("slot", TimeOfDay),
    UniqueConstraint("subscriber_id", "local_date", "slot", name="uq_request_run"),
    # Breaking news is a request whose arguments are the story's id: each story once for a subscriber.
    Index(
        "uq_request_breaking",
        "subscriber_id",
        "arguments",
        unique=True,
        sqlite_where=BREAKING,
        postgresql_where=BREAKING,
    ),
    sqlite_autoincrement=True,
)

PENDING = text("state = 'pending'")
SENT = text("state = 'sent' AND part = 0")
SENDING = text("state = 'sending'")
FAILED = text("state = 'failed'")
UNCERTAIN = text("state = 'uncertain'")

delivery = Table(
    "delivery",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("request_id", BigInteger, ForeignKey("request.id", ondelete="CASCADE"), nullable=False),
    Column("part", Integer, nullable=False),
    Column("digest_id", BigInteger, ForeignKey("digest.id"), nullable=False, index=True),
    _subscriber(),
    Column("priority", SmallInteger, nullable=False),  # -1 for a command, 0 for breaking news, 1 for a run
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("worker", CleanText, nullable=False),
    Column("lease_until", Instant),
    Column("message_id", BigInteger),
    Column("error", CleanText),
    Column("until", Instant, nullable=False),  # the digest's, for "since the last one that arrived"; 1970: no digest
    Column("created_at", Instant, nullable=False, index=True),
    Column("due_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("request_id", "part"),
    Index("ix_delivery_subscriber", "subscriber_id", "created_at"),
    Index("ix_delivery_pending", "priority", "due_at", "id", sqlite_where=PENDING, postgresql_where=PENDING),
    Index("ix_delivery_sending", "lease_until", sqlite_where=SENDING, postgresql_where=SENDING),
    Index("ix_delivery_sent", "subscriber_id", "until", sqlite_where=SENT, postgresql_where=SENT),
    Index("ix_delivery_failed", "changed_at", sqlite_where=FAILED, postgresql_where=FAILED),
    sqlite_autoincrement=True,
)

rate_slot = Table(
    "rate_slot",
    metadata,
    Column("name", String, primary_key=True),
    Column("tat", BigInteger, nullable=False),  # microseconds since 1970 on the database's clock, as is the next
    Column("halted_until", BigInteger, nullable=False),
)
"""What several processes send together; see rates.py."""

# ── what comes in, and announcements ─────────────────────────────────────────────────────────────────────────────────

WAITING = text("done = 0")
_waiting_postgresql = text("done = false")

incoming = Table(
    "incoming",
    metadata,
    Column("update_id", BigId, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger),  # none where an update is of no chat, or done
    Column("body", CleanText, nullable=False),  # as Telegram sent it; empty once it is done
    Column("done", Boolean, nullable=False, server_default=false()),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("worker", CleanText, nullable=False, server_default=""),
    Column("lease_until", Instant),
    Column("received_at", Instant, nullable=False),
    Index("ix_incoming_chat", "chat_id", "update_id", sqlite_where=WAITING, postgresql_where=_waiting_postgresql),
    Index("ix_incoming_turn", "received_at", "update_id", sqlite_where=WAITING, postgresql_where=_waiting_postgresql),
)
"""Updates: waiting, at work, and the ids of those that are done, so that none is handled twice."""

UNSENT = text("state = 'pending'")

announcement = Table(
    "announcement",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),  # where it was asked for, in which message
    Column("message_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False),
    Column("body", CleanText, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("finished_at", Instant),
    UniqueConstraint("chat_id", "message_id"),
    sqlite_autoincrement=True,
)

announcement_chat = Table(
    "announcement_chat",
    metadata,
    Column(
        "announcement_id",
        BigInteger,
        ForeignKey("announcement.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    _subscriber(primary_key=True),
    Column("state", String, nullable=False),  # as of a delivery
    Column("due_at", Instant, nullable=False),
    Index(
        "ix_announcement_chat_pending",
        "announcement_id",
        "due_at",
        "subscriber_id",
        sqlite_where=UNSENT,
        postgresql_where=UNSENT,
    ),
    Index("ix_announcement_chat_subscriber", "subscriber_id"),
)

ACTIVE = (subscriber.c.paused == false(), subscriber.c.gone == false())
"""The condition of ix_subscriber_due, as queries must spell it."""
