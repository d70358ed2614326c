"""What a database complains about, as errors of ours: one line that says what to do, never a password."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError, StatementError

from digests.errors import BaztabError, DatabaseLockedError, SchemaError, StorageError

_SQLITE: tuple[tuple[str, type[StorageError], str], ...] = (
    ("database is locked", DatabaseLockedError, "{where} is busy: another program keeps it locked; try again."),
    ("file is not a database", StorageError, "{where} is no SQLite database; name another file."),
    ("malformed", StorageError, "{where} is damaged; restore it from a backup, or name another file."),
    ("unable to open", StorageError, "{where} can't be opened; check that its folder exists and may be written."),
    ("readonly", StorageError, "{where} may only be read; let this user write the file and its folder."),
    ("disk i/o", StorageError, "{where} can't be read or written: the disk reports an error."),
    ("disk is full", StorageError, "{where} can't grow: the disk is full."),
    ("no such table", SchemaError, "{where} has no tables of ours, or old ones; run: baztab migrate"),
    ("no such column", SchemaError, "{where} has an older schema; run: baztab migrate"),
)

_POSTGRESQL: tuple[tuple[type[BaseException], type[StorageError], str], ...] = (
    (asyncpg.InvalidPasswordError, StorageError, "{where} refused the password; check user and password."),
    (asyncpg.InvalidAuthorizationSpecificationError, StorageError, "{where} refused the user; check its name."),
    (asyncpg.InvalidCatalogNameError, StorageError, "{where} does not exist; create the database first."),
    (asyncpg.TooManyConnectionsError, StorageError, "{where} has no connection left; raise max_connections."),
    (asyncpg.CannotConnectNowError, StorageError, "{where} is starting or stopping; try again."),
    (asyncpg.UndefinedTableError, SchemaError, "{where} has no tables of ours, or old ones; run: baztab migrate"),
    (asyncpg.UndefinedColumnError, SchemaError, "{where} has an older schema; run: baztab migrate"),
    (asyncpg.InsufficientPrivilegeError, StorageError, "{where} does not let this user do that; grant it the rights."),
    (asyncpg.ReadOnlySQLTransactionError, StorageError, "{where} may only be read; use the primary server."),
)

_TRANSIENT = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


@contextmanager
def reported(where: str) -> Iterator[None]:
    """Turn what the database raises in this block into StorageError; `where` is the address as it may be shown."""
    try:
        yield
    except BaztabError:
        raise
    except (DBAPIError, StatementError, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise _translated(error, where) from error
    except (OverflowError, UnicodeEncodeError) as error:
        raise StorageError(f"{where} can't store a value: {_line(error)}") from error


def transient(error: BaseException) -> bool:
    """Whether the same transaction may well succeed when it is run again."""
    return isinstance(_cause(error), _TRANSIENT)


def _translated(error: BaseException, where: str) -> StorageError:
    cause = _cause(error)
    if isinstance(cause, sqlite3.Error):
        said = str(cause).lower()
        for words, kind, advice in _SQLITE:
            if words in said:
                return kind(advice.format(where=where))
    for raised, kind, advice in _POSTGRESQL:
        if isinstance(cause, raised):
            return kind(advice.format(where=where))
    if isinstance(cause, OSError | asyncpg.PostgresConnectionError | asyncpg.InterfaceError):
        return StorageError(f"{where} can't be reached ({_reason(cause)}); check that it runs and the address.")
    return StorageError(f"{where} refused a statement: {_line(cause)}")


def _cause(error: BaseException) -> BaseException:
    """The driver's own error behind SQLAlchemy's."""
    if isinstance(error, DBAPIError | StatementError) and error.orig is not None:
        inner = error.orig.__cause__
        return inner if isinstance(inner, sqlite3.Error | asyncpg.PostgresError | OSError) else error.orig
    return error


def _line(error: BaseException) -> str:
    """The error's name and first line, but for what may repeat values, since these are readers' words."""
    name = type(error).__name__
    return name if isinstance(error, asyncpg.DataError) else f"{name}: {str(error).partition(chr(10))[0][:200]}"


def _reason(error: BaseException) -> str:
    """Why a connection failed, in a few words."""
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__
