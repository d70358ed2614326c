"""A file in the body of a call."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Upload:
    """A file's name and bytes."""

    name: str
    body: bytes
