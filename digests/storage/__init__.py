"""The database: SQLite by default, PostgreSQL by its address. `open_storage` gives the stores of digests.ports."""

from digests.errors import StorageError
from digests.ports import (
    AnnouncementStore,
    ArticleStore,
    FeedStore,
    FollowStore,
    InboxStore,
    LedgerStore,
    ManagerStore,
    PushStore,
    RateStore,
    SavedStore,
    StoryStore,
    SubscriberStore,
)
from digests.storage import address as addresses
from digests.storage import upgrade
from digests.storage.address import Address
from digests.storage.announcements import AnnouncementRepository
from digests.storage.articles import ArticleRepository
from digests.storage.duties import Duties
from digests.storage.engine import Database
from digests.storage.feeds import FeedRepository
from digests.storage.follows import FollowRepository
from digests.storage.inbox import InboxRepository
from digests.storage.ledger import LedgerRepository
from digests.storage.lock import FileLock
from digests.storage.managers import ManagerRepository
from digests.storage.pushes import PushRepository
from digests.storage.rates import RateRepository
from digests.storage.saved import SavedRepository
from digests.storage.stories import StoryRepository
from digests.storage.subscribers import SubscriberRepository
from digests.storage.upgrade import SchemaState

__all__ = ["SchemaState", "SqlStorage", "migrate", "open_storage", "schema_state"]


class SqlStorage:
    """All stores over one SQLite or PostgreSQL database: a digests.ports.Storage."""

    def __init__(self, database: Database, lock: FileLock | None = None) -> None:
        self._database = database
        self._lock = lock
        self.feeds: FeedStore = FeedRepository(database)
        self.articles: ArticleStore = ArticleRepository(database)
        self.stories: StoryStore = StoryRepository(database)
        self.subscribers: SubscriberStore = SubscriberRepository(database)
        self.ledger: LedgerStore = LedgerRepository(database)
        self.follows: FollowStore = FollowRepository(database)
        self.pushes: PushStore = PushRepository(database)
        self.saved: SavedStore = SavedRepository(database)
        self.managers: ManagerStore = ManagerRepository(database)
        self.inbox: InboxStore = InboxRepository(database)
        self.announcements: AnnouncementStore = AnnouncementRepository(database)
        self.rates: RateStore | None = None if database.is_sqlite else RateRepository(database)
        self._duties = Duties(database)

    async def hold(self, duty: str) -> bool:
        """Take a duty that one process does at a time, for as long as it lives; False while another has it."""
        return await self._duties.hold(duty)

    async def ready(self) -> bool:
        """Whether the database answers and has the current schema, or that of a newer program beside this one."""
        try:
            async with self._database.read() as connection:
                return await connection.run_sync(upgrade.look) in {SchemaState.CURRENT, SchemaState.NEWER}
        except StorageError:
            return False

    async def close(self) -> None:
        """Let go of all connections, and of the lock."""
        await self._duties.close()
        await self._database.close()
        if self._lock:
            self._lock.release()


async def open_storage(url: str, *, exclusive: bool = False, migrate: bool = True) -> SqlStorage:
    """Open a database: `sqlite:///FILE`, `sqlite://` (in memory) or `postgresql://USER:PASSWORD@HOST/DATABASE`.

    With `exclusive` a second such opening of the same SQLite file is refused with DatabaseLockedError; PostgreSQL
    takes many. Without `migrate` a database whose schema is not current is refused with SchemaError; so is, either
    way, one that a newer program wrote. Whatever else is wrong is a StorageError that says what to do.
    """
    address = addresses.parse(url)
    lock = FileLock(address.file) if exclusive and address.file else None
    if lock:
        lock.acquire()
    database = Database(address)
    try:
        await _prepare(database, migrate=migrate)
    except BaseException:
        await database.close()
        if lock:
            lock.release()
        raise
    return SqlStorage(database, lock)


async def migrate(url: str) -> None:
    """Bring a database to the current schema; one that is there already is left alone."""
    await upgrade.upgrade(addresses.parse(url))


async def schema_state(url: str) -> SchemaState:
    """How the database's schema stands to this program's, without changing it."""
    return await _found(addresses.parse(url))


async def _prepare(database: Database, *, migrate: bool) -> None:
    address = database.address
    if address.is_sqlite and address.file is None:
        async with database.write() as connection:
            await connection.run_sync(upgrade.upgrade_connection, address.shown)
        return
    found = await _found(address)
    if found is not SchemaState.CURRENT and migrate:
        await upgrade.upgrade(address)
    else:
        upgrade.check(found, address.shown, older=False)


async def _found(address: Address) -> SchemaState:
    """The schema's state; a SQLite file that is not there is not made just to look."""
    if address.file is not None and not address.file.exists():
        return SchemaState.EMPTY
    return await upgrade.state(address)
