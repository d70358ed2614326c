"""The picture of /trends: bars for topics, a week of small bars for each of the reader's words.

`draw` runs in a worker process. A Chart holds only finished texts and numbers, so that nothing here knows a language.
matplotlib lays the texts out with HarfBuzz and FriBidi, which Persian and Arabic need. The picture brings its own dark
ground, on which it looks the same in Telegram's light and dark themes.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 760
"""Units from side to side, in which all else is measured; SCALE pixels each."""
SCALE = 1.5
PITCH, ROW = 76, 100
"""From one topic, and from one row of words, to the next. Taller pictures are shown narrower."""
MARGIN = 44
DPI = 100
GROUND, PANEL, INK, DIM, TRACK = "#16202c", "#1d2938", "#f2f5f8", "#93a3b5", "#2a3a4d"
COLOURS = ("#4fb3ff", "#ffb454", "#7ee08a", "#ff7b8a", "#b69cff", "#3fd0c9", "#ffd866", "#ff9ecb")
UP, DOWN = "#7ee08a", "#ff8a8a"
FONTS = Path(__file__).parent / "fonts"
FAMILIES = ("Vazirmatn", "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans Devanagari", "Noto Sans")
"""The first is shipped, the second comes with matplotlib, the others are taken where the system has them."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A topic: its name, how many stories as a number and in digits, as many before, and the change ("▲ 12%")."""

    name: str
    value: int
    figure: str
    before: int
    change: str = ""
    rises: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """Words that are followed: stories on each day, and their number in digits."""

    name: str
    days: tuple[int, ...]
    figure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What is drawn. `legend` explains the thin mark (the week before); `days` are names of the days, today last."""

    title: str
    subtitle: str
    bars: tuple[Bar, ...]
    legend: str = ""
    words_title: str = ""
    words: tuple[Week, ...] = ()
    days: tuple[str, ...] = ()
    rtl: bool = False


def height_of(chart: Chart) -> int:
    """Units from top to bottom."""
    bars = PITCH * len(chart.bars)
    words = 92 + ROW * len(chart.words) + 34 if chart.words else 0
    return 166 + bars + (50 if chart.legend else 0) + words + 24


def draw(charts: Sequence[Chart]) -> bytes:
    """The first of the charts whose texts there are fonts for, or else the last one, as PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    chart = next((chart for chart in charts if can_write("".join(texts_of(chart)))), charts[-1])
    height = height_of(chart)
    figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI * SCALE, facecolor=GROUND)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    axes.axis("off")
    pen = _Pen(axes, rtl=chart.rtl)
    pen.text(MARGIN, 68, chart.title, size=32, weight="bold")
    pen.text(MARGIN, 116, chart.subtitle, size=17.5, colour=DIM)
    top = _bars(pen, chart, 166)
    if chart.words:
        _words(pen, chart, top)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DPI * SCALE, facecolor=GROUND)
    return out.getvalue()


def texts_of(chart: Chart) -> Iterator[str]:
    """The texts that are the interface's own."""
    yield from (chart.title, chart.subtitle, chart.legend, chart.words_title, *chart.days)
    for bar in chart.bars:
        yield bar.name


def _bars(pen: "_Pen", chart: Chart, top: int) -> int:
    full = WIDTH - 2 * MARGIN
    most = max((max(bar.value, bar.before) for bar in chart.bars), default=1) or 1
    for place, bar in enumerate(chart.bars):
        y = top + PITCH * place
        colour = COLOURS[place % len(COLOURS)]
        pen.text(MARGIN, y + 18, bar.name, size=20)
        pen.text(WIDTH - MARGIN, y + 18, bar.figure, size=20, weight="bold", end=True)
        if bar.change:
            pen.text(WIDTH - MARGIN - 84, y + 18, bar.change, size=16, colour=UP if bar.rises else DOWN, end=True)
        pen.box(MARGIN, y + 36, full, 18, TRACK)
        pen.box(MARGIN, y + 36, max(18.0, full * bar.value / most), 18, colour)
        if bar.before:
            pen.box(MARGIN + full * bar.before / most - 3, y + 30, 6, 30, INK, round_by=3)
    bottom = top + PITCH * len(chart.bars)
    if chart.legend:
        pen.box(MARGIN, bottom - 2, 6, 32, INK, round_by=3)
        pen.text(MARGIN + 24, bottom + 16, chart.legend, size=16, colour=DIM)
        bottom += 50
    return bottom


def _words(pen: "_Pen", chart: Chart, top: int) -> None:
    pen.text(MARGIN, top + 48, chart.words_title, size=24, weight="bold")
    y = top + 92
    count = max(1, len(chart.days))
    step, left = 52, WIDTH - MARGIN - 52 * count + 12
    for place, week in enumerate(chart.words):
        colour = COLOURS[place % len(COLOURS)]
        most = max(*week.days, 1)
        pen.text(MARGIN, y + 38, week.name, size=20)
        pen.text(MARGIN, y + 72, week.figure, size=16, colour=DIM)
        for day, value in enumerate(week.days):
            x = left + step * day
            pen.box(x, y + 12, step - 12, 70, TRACK, round_by=8)
            if value:
                tall = 70 * value / most
                pen.box(x, y + 12 + 70 - tall, step - 12, tall, colour, round_by=min(8.0, tall / 2))
        y += ROW
    for day, name in enumerate(chart.days):
        pen.text(left + step * day + (step - 12) / 2, y + 4, name, size=14, colour=DIM, middle=True)


class _Pen:
    """Draws in units from the top; in right-to-left pictures everything is mirrored, and so stands at the right."""

    def __init__(self, axes: "Axes", *, rtl: bool) -> None:
        self._axes = axes
        self._rtl = rtl
        self._families = list(_families())

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        colour: str = INK,
        weight: str = "normal",
        end: bool = False,
        middle: bool = False,
    ) -> None:
        """A text that begins at x, or ends there (`end`), with its middle at y."""
        at_right = end != self._rtl
        self._axes.text(
            WIDTH - x if self._rtl else x,
            y,
            text,
            fontsize=size,
            color=colour,
            fontweight=weight,
            family=self._families,
            ha="center" if middle else "right" if at_right else "left",
            va="center",
            parse_math=False,
        )

    def box(self, x: float, y: float, width: float, height: float, colour: str, *, round_by: float = 10) -> None:
        """A rounded box."""
        from matplotlib.patches import FancyBboxPatch

        left = WIDTH - x - width if self._rtl else x
        style: Any = f"round,pad=0,rounding_size={min(round_by, width / 2, height / 2)}"
        self._axes.add_patch(FancyBboxPatch((left, y), width, height, boxstyle=style, linewidth=0, facecolor=colour))


@cache
def _families() -> tuple[str, ...]:
    """The font families that there are, after the shipped one is made known."""
    from matplotlib import font_manager

    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)
    known = {font.name for font in font_manager.fontManager.ttflist}
    return tuple(family for family in FAMILIES if family in known)


def can_write(text: str) -> bool:
    """Whether the fonts that there are have all letters of a text."""
    from matplotlib import font_manager
    from matplotlib.ft2font import FT2Font

    files = [FT2Font(font_manager.findfont(family)) for family in _families()]
    return all(any(font.get_char_index(ord(letter)) for font in files) for letter in text if letter.isalnum())
