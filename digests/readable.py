"""What an article must have to be read: grouping and matching take any kind of row that does."""

from typing import Any, Protocol


class Readable(Protocol):
    """What reading an article needs of it: `digests.model.Unfiled` has it, and so may a row of any other kind."""

    @property
    def id(self) -> Any:
        """Any hashable."""
        ...

    @property
    def title(self) -> str:
        """Plain text."""
        ...

    @property
    def text(self) -> str:
        """Plain text."""
        ...

    @property
    def language(self) -> str:
        """An ISO 639 code."""
        ...
