"""A text fitted into a width: shrunk, then two balanced lines, then cut with an ellipsis; set by its ink."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from printing.pen import Pen
from printing.text import Line, Text, line, printable, reads_rtl

ELLIPSIS: Final = "…"
_ONE_LINE_LEAST: Final = 0.72
_TWO_LINES_MOST: Final = 0.85
_GAP_EM: Final = 0.2
_URDU_GAP_EM: Final = 0.12  # between inks that reach up and down already
_TALLEST_EM: Final = 3.0  # real Nastaliq words stay below 2.5; a joined row of one letter climbs without end
_JOINS_NEXT: Final = "\u200d"


@dataclass(frozen=True)
class Block:
    """Lines of one size, ready to be set under each other; an empty text is a block without lines."""

    lines: tuple[Line, ...]
    size_mm: float
    rtl: bool

    @property
    def height_mm(self) -> float:
        """From the top of the first line's ink to the bottom of the last one's."""
        inks = sum(each.top_em - each.bottom_em for each in self.lines)
        return (inks + self._gap_em * max(0, len(self.lines) - 1)) * self.size_mm

    @property
    def width_mm(self) -> float:
        return max((each.width_em for each in self.lines), default=0) * self.size_mm

    @property
    def _gap_em(self) -> float:
        return _URDU_GAP_EM if self.rtl else _GAP_EM

    def draw(self, pen: Pen, left_mm: float, top_mm: float, width_mm: float, colour: str) -> None:
        """Draw with the ink's top at top, each line on the side where its text begins."""
        for each in self.lines:
            baseline_mm = top_mm - each.top_em * self.size_mm
            spare_mm = width_mm - each.width_em * self.size_mm
            pen.text(each, left_mm + (spare_mm if self.rtl else 0), baseline_mm, self.size_mm, colour)
            top_mm = baseline_mm + (each.bottom_em - self._gap_em) * self.size_mm


@lru_cache(maxsize=512)
def fit(
    text: Text, width_mm: float, size_mm: float, *, bold: bool = False, least: float = 0.55, most_lines: int = 2
) -> Block:
    """The text at the largest size up to size_mm that fits the width, never smaller than least times it."""
    words, rtl = printable(text, bold=bold), reads_rtl(text)
    if not words:
        return Block((), size_mm, rtl)
    whole = line(words, bold=bold, rtl=rtl)
    one_line_least = _ONE_LINE_LEAST if most_lines > 1 else least
    if _goes(whole, width_mm / (size_mm * one_line_least)):
        return Block((whole,), min(size_mm, width_mm / whole.width_em), rtl)
    if most_lines > 1 and (halves := _balanced(words, bold=bold, rtl=rtl)):
        widest_em = max(half.width_em for half in halves)
        fitting_mm = min(size_mm * _TWO_LINES_MOST, width_mm / widest_em)
        if fitting_mm >= size_mm * least and all(_goes(half, widest_em) for half in halves):
            return Block(halves, fitting_mm, rtl)
    size_mm *= least
    lines: list[Line] = []
    while words and len(lines) < most_lines:
        is_last = len(lines) == most_lines - 1
        taken, words = _filled(words, width_mm / size_mm, bold=bold, rtl=rtl, is_last=is_last)
        lines.append(line(taken, bold=bold, rtl=rtl))
    return Block(tuple(lines), size_mm, rtl)


def graphemes(text: str) -> list[str]:
    """The text in pieces that are never parted: a letter with its marks and joiners."""
    pieces: list[str] = []
    for character in text:
        follows = unicodedata.combining(character) or unicodedata.category(character) == "Cf"
        if pieces and (follows or pieces[-1].endswith(_JOINS_NEXT)):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _goes(drawn: Line, width_em: float) -> bool:
    return drawn.width_em <= width_em and drawn.top_em - drawn.bottom_em <= _TALLEST_EM


def _balanced(words: str, *, bold: bool, rtl: bool) -> tuple[Line, Line] | None:
    """Two lines, broken in typed order after a space or a hyphen where the longer one is shortest."""
    between = next((ends for ends in (" -–", "/") if any(end in words[:-1] for end in ends)), "")
    breaks = [at for at in range(1, len(words)) if words[at - 1] in between]
    pairs = [
        (line(words[:at].rstrip(), bold=bold, rtl=rtl), line(words[at:], bold=bold, rtl=rtl))
        for at in breaks[:40]  # beyond that no two lines would be readable
        if words[at:].strip()
    ]
    return min(pairs, key=lambda pair: max(half.width_em for half in pair), default=None)


def _filled(words: str, width_em: float, *, bold: bool, rtl: bool, is_last: bool) -> tuple[str, str]:
    """What of the words fills one line, and the rest; a last line that cannot hold all ends in an ellipsis."""
    if _goes(line(words, bold=bold, rtl=rtl), width_em):
        return words, ""
    pieces = graphemes(words)
    end = ELLIPSIS if is_last else ""
    low, high = 1, len(pieces)  # the most graphemes that fit lie in between
    while low < high:
        middle = (low + high + 1) // 2
        if _goes(line("".join(pieces[:middle]).rstrip() + end, bold=bold, rtl=rtl), width_em):
            low = middle
        else:
            high = middle - 1
    taken = "".join(pieces[:low])
    if not is_last and " " in taken.strip() and pieces[low] != " ":
        taken = taken[: taken.rstrip().rindex(" ")]
    return taken.rstrip() + end, words[len(taken) :].lstrip()
