"""The parts of a report: tables with a bar in each row, and pairs of bars by the hour. All of it vectors."""

from typing import Final

from printing.boxes import Strip, in_row
from printing.colour import DEEP_GREEN, INK, LINE, MUTED
from printing.fit import fit
from printing.pen import Pen
from printing.reportfront import GREEN, INNER_MM, MARGIN_MM, pair
from printing.reportpaper import Chart, Listing, Row, Said
from printing.text import Text, reads_rtl

TITLE_MM: Final = 14.0
HEAD_MM: Final = 8.0
ROW_MM: Final = 7.6
CHART_MM: Final = 72.0
_NAME_MM: Final = 56.0
_URDU_MM: Final = 48.0
_CELL_MM: Final = 22.0
_PLOT_MM: Final = 48.0
_ENTRIES: Final = "#a9cbbd"
_RIGHT: Final = MARGIN_MM + INNER_MM


def largest(part: Listing) -> int:
    """What the longest bar stands for."""
    return max((row.size for row in part.rows), default=0) or 1


def draw_title(pen: Pen, top: float, title: Said, note: Said) -> None:
    """A heading, and what must be known to read what is below it."""
    pair(pen, title, top - 4, 8, 4.6, colour=DEEP_GREEN, bold=True)
    pair(pen, note, top - 10.5, 6, 2.5, colour=MUTED)


def draw_head(pen: Pen, top: float, part: Listing) -> None:
    """What the cells of each row are, English above Urdu."""
    for at, said in enumerate(reversed(part.head)):
        left = _RIGHT - _URDU_MM - (at + 1) * _CELL_MM
        in_row(pen, said.en, Strip(left, top - 2.0, _CELL_MM - 2, 3.4), 2.6, colour=MUTED, at_end=True)
        in_row(pen, said.ur, Strip(left, top - 5.4, _CELL_MM - 2, 4.2), 2.4, colour=MUTED, at_end=True)
    pen.line([(MARGIN_MM, top - HEAD_MM), (_RIGHT, top - HEAD_MM)], stroke=INK, width_mm=0.3)


def draw_row(pen: Pen, top: float, row: Row, most: int) -> None:
    """A name in both languages at the two sides; between them a bar and the figures."""
    middle = top - ROW_MM / 2
    english, urdu = row.name.en, row.name.own_ur
    if not urdu and reads_rtl(Text(english)):  # what a visitor typed in Urdu, and nobody translated
        english, urdu = "", english
    in_row(pen, english, Strip(MARGIN_MM, middle, _NAME_MM - 2, ROW_MM - 0.8), 3.3)
    in_row(pen, urdu, Strip(_RIGHT - _URDU_MM + 2, middle, _URDU_MM - 2, ROW_MM - 0.8), 3.2, at_end=True)
    cells = len(row.cells) * _CELL_MM
    room = INNER_MM - _NAME_MM - _URDU_MM - cells
    if row.size:
        pen.rect(MARGIN_MM + _NAME_MM, middle - 1.3, max(0.3, room * row.size / most), 2.6, fill=GREEN, radius=0.5)
    for at, cell in enumerate(row.cells):
        left = MARGIN_MM + _NAME_MM + room + at * _CELL_MM
        in_row(pen, cell, Strip(left, middle, _CELL_MM - 2, ROW_MM - 1), 3.4, bold=at == 0, at_end=True)
    pen.line([(MARGIN_MM, top - ROW_MM), (_RIGHT, top - ROW_MM)], stroke=LINE, width_mm=0.12)


def draw_chart(pen: Pen, top: float, chart: Chart) -> None:
    """Two bars for each label, each with its figure above it; what they are stands over the plot."""
    for at, (series, colour) in enumerate(zip(chart.series, (GREEN, _ENTRIES), strict=True)):
        left = MARGIN_MM + at * INNER_MM / 2
        pen.rect(left, top - 4.6, 3.2, 3.2, fill=colour, radius=0.4)
        in_row(pen, series.en, Strip(left + 5, top - 3, 24, 4), 2.8)
        in_row(pen, series.ur, Strip(left + 30, top - 3, 24, 6), 2.7)
    base = top - CHART_MM + 8
    most = max((value for both in chart.pairs for value in both), default=0) or 1
    share = INNER_MM / max(1, len(chart.pairs))
    bar = min(9.0, share * 0.42)
    for at, (label, both) in enumerate(zip(chart.labels, chart.pairs, strict=True)):
        middle = MARGIN_MM + (at + 0.5) * share
        for side, (value, colour) in enumerate(zip(both, (GREEN, _ENTRIES), strict=True)):
            left, height = middle + (side - 1) * bar, value / most * _PLOT_MM
            if value:
                pen.rect(left + 0.2, base, bar - 0.4, max(0.3, height), fill=colour)
                _over(pen, f"{value:,}", left, base + height + 2, bar)
        _over(pen, label, middle - share / 2, base - 4, share)
    pen.line([(MARGIN_MM, base), (_RIGHT, base)], stroke=INK, width_mm=0.25)


def _over(pen: Pen, words: str, left: float, middle: float, width: float) -> None:
    """Words around the middle of a bar."""
    block = fit(Text(words), width, 2.5, most_lines=1, least=0.5)
    block.draw(pen, left + (width - block.width_mm) / 2, middle + block.height_mm / 2, block.width_mm, INK)
