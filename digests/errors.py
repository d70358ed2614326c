"""The tree of errors of the news side.

BaztabError                 everything we raise on purpose; its text says what to do
├── FeedError               a feed that can't be read
│   ├── FetchError          it can't be fetched: network, status, size, time
│   │   └── ForbiddenAddressError    the address is one that fetching must not reach
│   └── ParseError          its bytes are no feed
├── ExtractionError         a page without an article
├── WorkerError             a job in a worker process died or took too long
├── StorageError            the database can't be used
│   ├── DatabaseLockedError      another process holds it
│   └── SchemaError         its schema is newer or older than this program
├── QueryError              a search that can't be understood
├── ScheduleError           no such time, weekday or time zone
│   ├── UnknownWordError    a word that is none of these, nor a topic
│   └── TakenError          a time at which there is another digest
└── ConfigError             settings or feeds file are wrong
"""

from datetime import time


class BaztabError(Exception):
    """Whatever goes wrong in a way that we foresaw. The text is one line and says what to do."""


class FeedError(BaztabError):
    """A feed that can't be read."""


class FetchError(FeedError):
    """A feed or page that can't be fetched: network, status, size or time.

    `status` is the HTTP status if there was an answer; `retry_after` is what the server asked for, in seconds.
    """

    def __init__(self, message: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class ForbiddenAddressError(FetchError):
    """The address dialled is private, local or otherwise not for fetching."""


class ParseError(FeedError):
    """The bytes are no feed."""


class ExtractionError(BaztabError):
    """The page holds no article that can be told from its frame."""


class WorkerError(BaztabError):
    """A job in a worker process died or took longer than it may."""


class StorageError(BaztabError):
    """The database can't be used."""


class DatabaseLockedError(StorageError):
    """Another process holds the database."""


class SchemaError(StorageError):
    """The database's schema is not the one this program knows."""


class QueryError(BaztabError):
    """A search that can't be understood.

    `problem` names what is wrong (empty, minus, contradiction, long, value, minus-filter, language, date, order,
    topic) and `name` the filter or word that it is about, for those who say it in the reader's language.
    """

    def __init__(self, message: str, *, problem: str = "empty", name: str = "") -> None:
        super().__init__(message)
        self.problem = problem
        self.name = name


class ScheduleError(BaztabError):
    """No such time of day, weekday or time zone."""


class UnknownWordError(ScheduleError):
    """A word of a schedule that is neither a time nor a day nor a topic; `word` has it."""

    def __init__(self, word: str) -> None:
        super().__init__(f"{word!r} is no time, weekday or topic; write it like 07:30 weekdays business")
        self.word = word


class TakenError(ScheduleError):
    """A time for topics of its own, `at` which there is a digest about everything."""

    def __init__(self, at: time) -> None:
        super().__init__(f"there is a digest at {at:%H:%M} already; choose another minute")
        self.at = at


class ConfigError(BaztabError):
    """Settings or the feeds file are wrong."""
