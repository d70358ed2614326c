"""Files in memory: sizes of pictures, and what is forgotten."""

import pytest

from bot.playground.api.errors import ApiError
from bot.playground.api.files import KEEP, FileStore, image_size

JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x01\xe0\x02\x80\x03"
WEBP = b"RIFF\0\0\0\0WEBP"


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0", (640, 480)),
        (b"GIF89a\x80\x02\xe0\x01", (640, 480)),
        (JPEG, (640, 480)),
        (WEBP + b"VP8X\0\0\0\0\0\0\0\0\x7f\x02\x00\xdf\x01\x00", (640, 480)),
        (WEBP + b"VP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01", (640, 480)),
        (WEBP + b"VP8L\0\0\0\0\x2f\x7f\xc2\x77\x00", (640, 480)),
        (WEBP + b"VP8Z" + bytes(20), None),
        (JPEG[:9], None),
        (b"\xff\xd8\x00\x00" + bytes(20), None),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"<svg/>", None),
        (b"", None),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_head(body: bytes, size: tuple[int, int] | None) -> None:
    assert image_size(body) == size


def test_files_are_found_by_id_and_path_until_they_are_forgotten() -> None:
    store = FileStore()
    first = store.add("feeds.opml", b"<opml/>")
    assert store.get(first.file_id) is store.at(first.path) is first
    assert first.unique_id == store.add("other.opml", b"<opml/>").unique_id
    for number in range(KEEP):
        store.add(f"{number}", b"x")
    assert store.get(first.file_id) is store.at(first.path) is None


def test_a_file_of_nothing_or_of_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.playground.api.files.MOST_BYTES", 3)
    store = FileStore()
    for body, description in ((b"", "file must be non-empty"), (b"four", "file is too big")):
        with pytest.raises(ApiError, match=description):
            store.add("a.txt", body)
