"""The fonts beside this file: what they cover, and how a run is shaped into clusters of glyphs."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple

import uharfbuzz as hb

_FOLDER: Final = Path(__file__).parent / "fonts"
UNITS_PER_EM: Final = 1000  # of all three


@dataclass(frozen=True, eq=False)
class Font:
    """One font file, ready to shape and to be cut down for a document."""

    name: str
    is_nastaliq: bool
    face: Any
    shaper: Any
    characters: frozenset[str]
    inks: dict[int, tuple[int, int] | None]  # glyph → its ink's bottom and top; filled as glyphs are met
    advances: dict[int, int]


class Glyph(NamedTuple):
    """A glyph and where it stands, in thousandths of an em from the start of its cluster."""

    number: int
    x: int
    y: int


class Cluster(NamedTuple):
    """What is never parted: a letter with its marks and dots, or a ligature. It becomes one glyph of the document."""

    glyphs: tuple[Glyph, ...]
    width: int  # thousandths of an em
    text: str  # as it stands from left to right


@dataclass(frozen=True, eq=False)
class Shape:
    """A shaped word, left to right as it stands on paper; the measures are in em, the ink's from its baseline.

    `moves`: how far right of its own width each cluster's follower stands, in thousandths of an em (kerning).
    """

    clusters: tuple[Cluster, ...]
    moves: tuple[int, ...]
    advance_em: float
    ink_top_em: float
    ink_bottom_em: float


def _load(name: str, *, is_nastaliq: bool = False) -> Font:
    face = hb.Face(hb.Blob.from_file_path(str(_FOLDER / f"{name}.ttf")))
    return Font(name, is_nastaliq, face, hb.Font(face), frozenset(map(chr, face.unicodes)), {}, {})


REGULAR: Final = _load("NotoSans-Regular")
BOLD: Final = _load("NotoSans-Bold")
NASTALIQ: Final = _load("NotoNastaliqUrdu-SemiBold", is_nastaliq=True)


@lru_cache(maxsize=2048)
def shape(text: str, font: Font, rtl: bool) -> Shape:  # noqa: FBT001 - by name it costs more than the look-up
    """The clusters of one word, or of the space between two.

    Names are made of few words, so words are kept; these fonts shape and kern nothing across a space (tested).
    """
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.language = "ur" if font.is_nastaliq else "en"
    hb.shape(font.shaper, buffer, {"liga": font.is_nastaliq})
    met = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    starts = sorted({info.cluster for info, _ in met})
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    clusters, moves, total, top, bottom = [], [], 0, 0, 0
    for start, group in groupby(met, key=lambda each: each[0].cluster):
        glyphs, x, natural = [], 0, 0
        for info, at in group:
            number = info.codepoint
            if ink := _ink(font, number):
                glyphs.append(Glyph(number, x + at.x_offset, at.y_offset))
                bottom, top = min(bottom, at.y_offset + ink[0]), max(top, at.y_offset + ink[1])
            x += at.x_advance
            natural += _advance(font, number)
        # Latin kerns by moving the next letter; Nastaliq's advances belong to the cluster's own drawing.
        width = x if font.is_nastaliq else natural
        letters = text[start : ends[start]]
        # Readers of PDF turn what they take from right-to-left lines round letter by letter.
        clusters.append(Cluster(tuple(glyphs), width, letters[::-1] if rtl else letters))
        moves.append(x - width)
        total += x
    return Shape(tuple(clusters), tuple(moves), total / UNITS_PER_EM, top / UNITS_PER_EM, bottom / UNITS_PER_EM)


def _ink(font: Font, number: int) -> tuple[int, int] | None:
    if number not in font.inks:
        met = font.shaper.get_glyph_extents(number) if number else None
        font.inks[number] = (met.y_bearing + met.height, met.y_bearing) if met is not None and met.width else None
    return font.inks[number]


def _advance(font: Font, number: int) -> int:
    if number not in font.advances:
        font.advances[number] = font.shaper.get_glyph_h_advance(number)
    return font.advances[number]
