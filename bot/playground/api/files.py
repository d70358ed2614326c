"""Files that either side sent, in memory."""

import hashlib
import itertools
import mimetypes
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.playground.api.errors import bad_request

MOST_BYTES = 50_000_000
MOST_PHOTO_BYTES = 10_000_000
KEEP = 500


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file and its names."""

    file_id: str
    path: str
    name: str
    mime_type: str
    body: bytes

    @property
    def unique_id(self) -> str:
        """The same for the same bytes."""
        return hashlib.blake2b(self.body, digest_size=8).hexdigest()

    def brief(self) -> dict[str, Any]:
        """The fields that File, Document and PhotoSize share."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.body)}


class FileStore:
    """The last files, by id and by path."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._paths: dict[str, str] = {}
        self._numbers: Iterator[int] = itertools.count(1)

    def add(self, name: str, body: bytes, folder: str = "documents") -> StoredFile:
        """Keep a file. Raises ApiError (400) for one that is empty or too big."""
        if not body:
            raise bad_request("file must be non-empty")
        if len(body) > MOST_BYTES:
            raise bad_request("file is too big")
        number = next(self._numbers)
        suffix = "." + name.rpartition(".")[2] if "." in name else ""
        mime_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = StoredFile(f"file-{number}", f"{folder}/file_{number}{suffix}", name, mime_type, body)
        self._files[file.file_id] = file
        self._paths[file.path] = file.file_id
        if len(self._files) > KEEP:
            oldest = self._files.pop(next(iter(self._files)))
            del self._paths[oldest.path]
        return file

    def get(self, file_id: str) -> StoredFile | None:
        """A file by its id."""
        return self._files.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        """A file by its path."""
        return self._files.get(self._paths.get(path, ""))


def image_size(body: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or WebP picture; None for what is none of these."""
    if body.startswith(b"\x89PNG\r\n\x1a\n") and len(body) >= 24:
        width, height = struct.unpack(">II", body[16:24])
        return int(width), int(height)
    if body[:6] in {b"GIF87a", b"GIF89a"} and len(body) >= 10:
        width, height = struct.unpack("<HH", body[6:10])
        return int(width), int(height)
    if body.startswith(b"\xff\xd8"):
        return jpeg_size(body)
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return webp_size(body)
    return None


def jpeg_size(body: bytes) -> tuple[int, int] | None:
    """Width and height from the first frame header of a JPEG."""
    at = 2
    while at + 9 < len(body) and body[at] == 0xFF:
        marker, length = body[at + 1], int.from_bytes(body[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + length
    return None


def webp_size(body: bytes) -> tuple[int, int] | None:
    """Width and height from the first chunk of a WebP picture."""
    if body[12:16] == b"VP8X" and len(body) >= 30:
        return 1 + int.from_bytes(body[24:27], "little"), 1 + int.from_bytes(body[27:30], "little")
    if body[12:16] == b"VP8 " and len(body) >= 30:
        width, height = struct.unpack("<HH", body[26:30])
        return int(width) & 0x3FFF, int(height) & 0x3FFF
    if body[12:16] == b"VP8L" and len(body) >= 25:
        bits = int.from_bytes(body[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None
