"""The fonts beside this file: what they cover, how a run is shaped, and its outline."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import uharfbuzz as hb
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

_FOLDER: Final = Path(__file__).parent / "fonts"
UNITS_PER_EM: Final = 1000
# Drawn letter by letter, Latin is not kerned; its measure must agree with its drawing.
_LATIN_FEATURES: Final = {"kern": False, "liga": False}


@dataclass(frozen=True, eq=False)
class Font:
    """One font file, ready to shape and to draw."""

    name: str
    is_nastaliq: bool
    shaper: Any
    characters: frozenset[str]


class Glyph(NamedTuple):
    """A glyph and where it stands, in thousandths of an em from the start of its run."""

    number: int
    x: int
    y: int


@dataclass(frozen=True)
class Shape:
    """A shaped run; the measures are in em, the ink's from its baseline."""

    glyphs: tuple[Glyph, ...]
    advance_em: float
    ink_top_em: float
    ink_bottom_em: float


def _load(name: str, *, is_nastaliq: bool = False) -> Font:
    path = str(_FOLDER / f"{name}.ttf")
    face = hb.Face(hb.Blob.from_file_path(path))
    if not is_nastaliq:  # Nastaliq is drawn as outlines, so only the Latin ones go into the PDF as fonts
        pdfmetrics.registerFont(TTFont(name, path))
    return Font(name, is_nastaliq, hb.Font(face), frozenset(map(chr, face.unicodes)))


# Loaded once, when printing is imported: reportlab's registry is one for all threads.
REGULAR: Final = _load("NotoSans-Regular")
BOLD: Final = _load("NotoSans-Bold")
NASTALIQ: Final = _load("NotoNastaliqUrdu-SemiBold", is_nastaliq=True)


@lru_cache(maxsize=2048)
def shape(text: str, font: Font, *, rtl: bool) -> Shape:
    """The glyphs of one run in one font, left to right as they stand on paper."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.language = "ur" if font.is_nastaliq else "en"
    hb.shape(font.shaper, buffer, {} if font.is_nastaliq else _LATIN_FEATURES)
    glyphs, x, top, bottom = [], 0, 0, 0
    for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        ink = font.shaper.get_glyph_extents(info.codepoint)
        y = at.y_offset
        if info.codepoint and ink is not None and ink.width:
            glyphs.append(Glyph(info.codepoint, x + at.x_offset, y))
            top = max(top, y + ink.y_bearing)
            bottom = min(bottom, y + ink.y_bearing + ink.height)
        x += at.x_advance
    return Shape(tuple(glyphs), x / UNITS_PER_EM, top / UNITS_PER_EM, bottom / UNITS_PER_EM)


@lru_cache(maxsize=2048)
def outline(shaped: Shape, font: Font) -> str:
    """The run as one PDF path in thousandths of an em, without the painting operator."""
    pen = _Pen()
    for glyph in shaped.glyphs:
        pen.at(glyph)
        font.shaper.draw_glyph_with_pen(glyph.number, pen)
    return " ".join(pen.operators)


class _Pen:
    """Collects PDF path operators; speaks the fontTools pen protocol, whose names are not ours."""

    def __init__(self) -> None:
        self.operators: list[str] = []
        self._dx = self._dy = 0
        self._last = (0.0, 0.0)

    def at(self, glyph: Glyph) -> None:
        """Draw what follows at the glyph's place."""
        self._dx, self._dy = glyph.x, glyph.y

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._write("m", point)

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._write("l", point)

    def qCurveTo(self, control: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: N802
        """A quadratic curve, raised to the cubic that PDF knows."""
        (x, y), (cx, cy), (ex, ey) = self._last, control, end
        first = (x + 2 * (cx - x) / 3, y + 2 * (cy - y) / 3)
        second = (ex + 2 * (cx - ex) / 3, ey + 2 * (cy - ey) / 3)
        self._write("c", first, second, end)

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._write("c", *points)

    def closePath(self) -> None:  # noqa: N802
        self.operators.append("h")

    def _write(self, operator: str, *points: tuple[float, float]) -> None:
        numbers = " ".join(f"{round(x + self._dx)} {round(y + self._dy)}" for x, y in points)
        self.operators.append(f"{numbers} {operator}")
        self._last = points[-1]
