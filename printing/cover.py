"""Cover sheets: one for each company, with who is in its envelope, to be signed when the badges are handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from printing.colour import DEEP_GREEN, INK, LINE, MUTED
from printing.fit import fit
from printing.pages import Pages
from printing.paper import A4_HEIGHT_MM, A4_WIDTH_MM
from printing.pen import Pen
from printing.text import Text

_MARGIN_MM: Final = 18.0
_INNER_MM: Final = A4_WIDTH_MM - 2 * _MARGIN_MM
_ROW_MM: Final = 8.5
_CELL_MM: Final = 3.9
_FIRST_ROW_MM: Final = 236.0
_LAST_ROW_MM: Final = 62.0  # below it one signs
_ROWS: Final = int((_FIRST_ROW_MM - _LAST_ROW_MM) // _ROW_MM)


@dataclass(frozen=True)
class Cover:
    """One company's sheet. `lines`: the cells of a row for each badge; the first is the widest, all rows alike."""

    title: str
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class CoverWords:
    """What stands on every cover sheet. `head`: what the cells of a row are; `signed`: what is filled in by hand."""

    event: str
    head: tuple[str, ...]
    badge: str = "badge"
    badges: str = "badges"
    signed: tuple[str, ...] = ("Received by", "Signature", "Date and time")


def print_covers(covers: Sequence[Cover], words: CoverWords, target: BinaryIO) -> tuple[int, ...]:
    """Write the sheets as one PDF in A4; the page on which each begins, from 1. Long lists go on on further pages."""
    pages = Pages(target, f"{words.event} cover sheets")
    starts = []
    for cover in covers:
        starts.append(pages.count + 1)
        of = max(1, -(-len(cover.lines) // _ROWS))
        for at in range(of):
            with pages.page(A4_WIDTH_MM, A4_HEIGHT_MM) as pen:
                _draw(pen, cover, words, at, of)
    pages.save()
    return tuple(starts)


def _draw(pen: Pen, cover: Cover, words: CoverWords, at: int, of: int) -> None:
    _say(pen, words.event, (_MARGIN_MM, 281), _INNER_MM, 3.6, DEEP_GREEN)
    _say(pen, cover.title, (_MARGIN_MM, 272), _INNER_MM, 8.5, INK)
    count = f"{len(cover.lines)} {words.badge if len(cover.lines) == 1 else words.badges}" + (
        f" · {at + 1}/{of}" if of > 1 else ""
    )
    _say(pen, count, (_MARGIN_MM, 250), _INNER_MM, 4.2, MUTED)
    columns = _columns(len(words.head))
    for (left, width), cell in zip(columns, words.head, strict=True):
        _say(pen, cell, (left, _FIRST_ROW_MM + 5.4), width, 3.2, MUTED)
    pen.line([(_MARGIN_MM, _FIRST_ROW_MM), (A4_WIDTH_MM - _MARGIN_MM, _FIRST_ROW_MM)], stroke=INK, width_mm=0.3)
    for row, line in enumerate(cover.lines[at * _ROWS : (at + 1) * _ROWS]):
        top = _FIRST_ROW_MM - row * _ROW_MM
        for number, ((left, width), cell) in enumerate(zip(columns, line, strict=True)):
            _cell(pen, cell, left, top - _ROW_MM / 2, width, bold=number == 0)
        pen.line([(_MARGIN_MM, top - _ROW_MM), (A4_WIDTH_MM - _MARGIN_MM, top - _ROW_MM)], stroke=LINE, width_mm=0.15)
    for number, label in enumerate(words.signed):
        left = _MARGIN_MM + number * (_INNER_MM / len(words.signed))
        wide = _INNER_MM / len(words.signed) - 6
        pen.line([(left, 34), (left + wide, 34)], stroke=INK, width_mm=0.3)
        _say(pen, label, (left, 31.5), wide, 3.2, MUTED)


def _columns(count: int) -> list[tuple[float, float]]:
    """Left edge and width of each column: the first takes what two others take."""
    unit = _INNER_MM / (count + 1)
    return [(_MARGIN_MM + (0 if at == 0 else (at + 1) * unit), unit * (2 if at == 0 else 1) - 4) for at in range(count)]


def _say(pen: Pen, words: str, place: tuple[float, float], width: float, size_mm: float, colour: str) -> None:
    """Words from their top down, on at most two lines; on which side they begin depends on their script."""
    fit(Text(words), width, size_mm, bold=colour == INK).draw(pen, *place, width, colour)


def _cell(pen: Pen, words: str, left: float, middle: float, width: float, *, bold: bool) -> None:
    """Words on one line around the middle of their row, as tall as the row lets them be."""
    block = fit(Text(words), width, _CELL_MM, bold=bold, most_lines=1, least=0.6)
    if block.height_mm > _ROW_MM - 1:
        block = fit(Text(words), width, _CELL_MM * (_ROW_MM - 1) / block.height_mm, bold=bold, most_lines=1, least=0.6)
    block.draw(pen, left, middle + block.height_mm / 2, width, INK)
