"""Database addresses: what BAZTAB_DATABASE_URL may say, and how it is shown without its password."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from digests.errors import StorageError

_FORMS = "give sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is. `file` is None for PostgreSQL and for a database in memory."""

    url: URL
    shown: str
    file: Path | None = None
    server_settings: Mapping[str, str] = field(default_factory=dict)
    ssl: str | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite, else PostgreSQL."""
        return self.url.get_backend_name() == "sqlite"


def parse(url: str) -> Address:
    """Read an address. StorageError, without the address, where it is none that we know."""
    try:
        parsed = make_url(url.strip().replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError) as error:
        raise StorageError(f"The database address can't be read; {_FORMS}.") from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite(parsed)
    if backend == "postgresql":
        return _postgresql(parsed)
    raise StorageError(f"{backend} is no database that Baztab can use; {_FORMS}.")


def _sqlite(url: URL) -> Address:
    if url.host:
        raise StorageError(f"A SQLite address has three slashes before the file's name; {_FORMS}.")
    name = url.database or ""
    memory = name in ("", ":memory:")
    file = None if memory else Path(name).expanduser()
    clean = URL.create("sqlite+aiosqlite", database=str(file) if file else ":memory:")
    return Address(clean, "a database in memory" if memory else str(file), file)


def _postgresql(url: URL) -> Address:
    settings = dict(_settings(url))
    clean = url.set(drivername="postgresql+asyncpg", query={})
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database).render_as_string()
    mode = url.query.get("sslmode") or url.query.get("ssl")
    return Address(clean, shown, None, settings, mode if isinstance(mode, str) else None)


def _settings(url: URL) -> list[tuple[str, str]]:
    """Read libpq's `options=-csearch_path=news` and `application_name=` as settings of the server."""
    out = [("application_name", "baztab"), ("jit", "off")]  # compiling costs more than our short queries take
    name = url.query.get("application_name")
    if isinstance(name, str):
        out.append(("application_name", name))
    options = url.query.get("options", "")
    for option in (options if isinstance(options, str) else " ".join(options)).replace("-c ", "-c").split():
        key, mark, value = option.removeprefix("-c").partition("=")
        if not (option.startswith("-c") and mark):
            raise StorageError("The database address has options other than -cNAME=VALUE; leave them out.")
        out.append((key, value))
    return out
