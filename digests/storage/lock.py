"""The lock of a running program on its SQLite file, so that a second one is refused."""

import os
from pathlib import Path

from digests.errors import DatabaseLockedError, StorageError


class FileLock:
    """An advisory lock on FILE.lock; the system lets go of it when the process ends, however it ends."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._database = database
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock, or raise DatabaseLockedError with the holder's process id."""
        import fcntl  # not on Windows, where nothing else needs it

        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageError(f"{self._path} can't be written ({error.strerror}); check its folder.") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
            os.close(descriptor)
            running = f"process {holder}" if holder.isdigit() else "another process"
            raise DatabaseLockedError(f"{self._database} is in use by {running}; stop it first.") from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go; the file stays, since removing it would race with the next holder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
