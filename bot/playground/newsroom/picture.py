"""A picture for every article: hills under a sky, drawn from the article's name, as PNG.

No two articles have the same picture, and one article always has the same one.
"""

import struct
import zlib
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 960, 504
"""1.91 to 1, the shape of a link preview."""
RIDGES = 4

_Image = NDArray[np.float64]


@lru_cache(maxsize=256)
def draw(name: str, colour: str) -> bytes:
    """PNG bytes; `colour` is the outlet's, as #rrggbb."""
    chance = np.random.default_rng(int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big"))
    ink = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)
    image = _sky(ink, chance)
    for ridge in range(RIDGES):
        _add_hills(image, ink, depth=(ridge + 1) / RIDGES, chance=chance)
    return _png(image.astype(np.uint8))


def _sky(ink: _Image, chance: np.random.Generator) -> _Image:
    """A gradient from a pale tone of the ink to a warm horizon, with a sun; (HEIGHT, WIDTH, 3) in 0…255."""
    pale = 0.25 * ink + 0.75 * 255
    warm = np.array([255.0, chance.uniform(205, 235), chance.uniform(160, 205)])
    fall = np.linspace(0, 1, HEIGHT)[:, None, None]
    image = np.broadcast_to((1 - fall) * pale + fall * warm, (HEIGHT, WIDTH, 3)).copy()
    rows, columns = np.ogrid[:HEIGHT, :WIDTH]
    x, y, radius = chance.uniform(0.15, 0.85) * WIDTH, chance.uniform(0.2, 0.45) * HEIGHT, chance.uniform(28, 52)
    disc = np.clip(radius - np.hypot(rows - y, columns - x), 0, 1)[..., None]
    return image * (1 - 0.85 * disc) + 255 * 0.85 * disc


def _add_hills(image: _Image, ink: _Image, *, depth: float, chance: np.random.Generator) -> None:
    """Paint one ridge over the image; `depth` is 1 for the nearest, which is the lowest and darkest."""
    x = np.linspace(0, 1, WIDTH)
    line = np.full(WIDTH, 0.42 + 0.42 * depth)
    for octave in range(1, 5):
        line += chance.uniform(0.02, 0.06) / octave * np.sin(2 * np.pi * (octave * 1.3 * x + chance.uniform()))
    below = np.clip(np.arange(HEIGHT)[:, None] - line * HEIGHT, 0, 1)[..., None]
    tone = ink * (0.35 + 0.5 * (1 - depth)) + 255 * 0.42 * (1 - depth)
    image[...] = image * (1 - below) + np.clip(tone, 0, 255) * below


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """8-bit RGB, each row with filter 2 (up), which suits gradients (PNG specification, section 9)."""
    raw = pixels.reshape(HEIGHT, WIDTH * 3)
    up = raw.copy()
    up[1:] -= raw[:-1]
    rows = np.concatenate([np.full((HEIGHT, 1), 2, dtype=np.uint8), up], axis=1)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
