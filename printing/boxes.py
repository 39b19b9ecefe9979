"""Text in boxes, for pages that are read and not scanned: on one line in the middle, or wrapped to a width."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from printing.colour import INK
from printing.fit import fit
from printing.pen import Pen
from printing.text import Line, Text, line, printable

_LATIN_PITCH_EM: Final = 1.45  # from baseline to baseline
_URDU_PITCH_EM: Final = 2.1
_URDU_TOP_EM: Final = 1.35  # of a first line: what nearly every word stays below
_LATIN_TOP_EM: Final = 0.95


class Strip(NamedTuple):
    """Where one line of words stands: its left edge, the middle of its height, and its room."""

    left: float
    middle: float
    width: float
    height: float


def in_row(
    pen: Pen,
    words: str,
    place: Strip,
    size_mm: float,
    *,
    colour: str = INK,
    bold: bool = False,
    at_end: bool = False,
) -> None:
    """Words on one line around a middle, no taller than the row; on the side where they begin, or at the right end."""
    left, middle, width, height = place
    if not words:
        return
    block = fit(Text(words), width, size_mm, bold=bold, most_lines=1, least=0.5)
    if block.height_mm > height:
        block = fit(Text(words), width, size_mm * height / block.height_mm, bold=bold, most_lines=1, least=0.5)
    if at_end:
        left, width = left + width - block.width_mm, block.width_mm
    block.draw(pen, left, middle + block.height_mm / 2, width, colour)


@dataclass(frozen=True)
class Paragraph:
    """Lines of one paragraph, set from the side where it begins."""

    lines: tuple[Line, ...]
    size_mm: float
    rtl: bool

    @property
    def height_mm(self) -> float:
        return len(self.lines) * self._pitch_mm

    @property
    def _pitch_mm(self) -> float:
        return self.size_mm * (_URDU_PITCH_EM if self.rtl else _LATIN_PITCH_EM)

    def draw(self, pen: Pen, left: float, top: float, width: float, colour: str) -> None:
        """Draw below `top`."""
        baseline = top - self.size_mm * (_URDU_TOP_EM if self.rtl else _LATIN_TOP_EM)
        for each in self.lines:
            spare = width - each.width_em * self.size_mm if self.rtl else 0
            pen.text(each, left + spare, baseline, self.size_mm, colour)
            baseline -= self._pitch_mm


@lru_cache(maxsize=512)
def wrapped(words: str, width_mm: float, size_mm: float, *, rtl: bool) -> Paragraph:
    """The words in as many lines as the width makes of them; one that is too long for it stands alone, cut.

    `rtl`: the direction of the whole, whatever word it begins with: a sentence in Urdu may begin with a Latin name.
    """
    lines = tuple(_lines(printable(Text(words)), width_mm / size_mm, rtl=rtl))
    return Paragraph(lines, size_mm, rtl)


def _lines(words: str, width_em: float, *, rtl: bool) -> Iterator[Line]:
    kept: list[str] = []
    for word in words.split():
        if kept and line(" ".join((*kept, word)), rtl=rtl).width_em > width_em:
            yield line(" ".join(kept), rtl=rtl)
            kept = []
        kept.append(_cut(word, width_em, rtl=rtl))
    if kept:
        yield line(" ".join(kept), rtl=rtl)


def _cut(word: str, width_em: float, *, rtl: bool) -> str:
    while len(word) > 1 and line(word, rtl=rtl).width_em > width_em:
        word = word[: max(1, len(word) * 3 // 4)]
    return word
