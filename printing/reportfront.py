"""The first page of a report: what a minister reads, on one sheet in both languages."""

from collections.abc import Sequence
from typing import Final

from printing.boxes import Paragraph, Strip, in_row, wrapped
from printing.colour import DEEP_GREEN, INK, LINE, MUTED, WHITE
from printing.paper import A4_HEIGHT_MM, A4_WIDTH_MM
from printing.pen import Pen
from printing.reportpaper import Figure, Paper, Said, Texts

MARGIN_MM: Final = 16.0
INNER_MM: Final = A4_WIDTH_MM - 2 * MARGIN_MM
GREEN: Final = "#0b6e4f"
WASH: Final = "#eaf2ee"
_AMBER, _ON_AMBER = "#f2b400", "#1c1600"
_GAP_MM: Final = 4.0
_BAND_MM: Final = 36.0
_COLUMN_MM: Final = (INNER_MM - 8) / 2
_TEXT_MM: Final = 2.9
_HEADING_MM: Final = 9.0
_TEXTS_TOP_MM: Final = A4_HEIGHT_MM - 174.0
_TEXTS_END_MM: Final = 17.0


def draw_front(pen: Pen, paper: Paper, here: Sequence[Texts]) -> None:
    """Draw the page, but for its foot. `here`: the texts that it has room for, as `first_texts` tells them."""
    top = A4_HEIGHT_MM
    pen.rect(0, top - _BAND_MM, A4_WIDTH_MM, _BAND_MM, fill=DEEP_GREEN)
    pair(pen, paper.event, top - 11, 9, 4.2, colour=WHITE)
    pair(pen, paper.heading, top - 24, 15, 9.0, colour=WHITE, bold=True)
    pair(pen, paper.day, top - 44.5, 11, 5.6, bold=True)
    draw_mark(pen, paper, MARGIN_MM, top - 61, INNER_MM, 9.5)
    wide = (INNER_MM - _GAP_MM) / 2
    for at, figure in enumerate(paper.headlines):
        _card(pen, figure, MARGIN_MM + at * (wide + _GAP_MM), top - 103, wide, 38)
    narrow = (INNER_MM - 2 * _GAP_MM) / 3
    for at, figure in enumerate(paper.figures):
        left = MARGIN_MM + at % 3 * (narrow + _GAP_MM)
        _card(pen, figure, left, top - 135 - at // 3 * 32, narrow, 28)
    top = _TEXTS_TOP_MM
    for one in here:
        draw_texts(pen, top, one)
        top -= texts_mm(one)


def first_texts(paper: Paper) -> tuple[tuple[Texts, ...], tuple[Texts, ...]]:
    """The texts for which the first page has room, and the rest: each sentence whole, each heading with one of them."""
    room, here, rest = _TEXTS_TOP_MM - _TEXTS_END_MM, list[Texts](), list[Texts]()
    for one in paper.texts:
        fitting = next((most for most in range(len(one.told), 0, -1) if texts_mm(one.first(most)) <= room), 0)
        if fitting and not rest:
            here.append(one.first(fitting))
            room -= texts_mm(here[-1])
        else:
            fitting = 0
        if fitting < len(one.told):
            rest.append(Texts(one.heading, one.told[fitting:]))
    return tuple(here), tuple(rest)


def draw_mark(pen: Pen, paper: Paper, left: float, bottom: float, width: float, height: float) -> None:
    """The report's standing, in a strip that cannot be overlooked while it is provisional."""
    fill, ink = (WASH, DEEP_GREEN) if paper.is_final else (_AMBER, _ON_AMBER)
    pen.rect(left, bottom, width, height, fill=fill, radius=1.5)
    inside, middle = width - 6, bottom + height / 2
    half, size = inside / 2 - 2, height * 0.42
    in_row(pen, paper.mark.en, Strip(left + 3, middle, half, height - 1), size, colour=ink, bold=True)
    in_row(pen, paper.mark.own_ur, Strip(left + 3 + inside - half, middle, half, height - 1), size, colour=ink)


def pair(
    pen: Pen, said: Said, middle: float, height: float, size_mm: float, *, colour: str = INK, bold: bool = False
) -> None:
    """English at the left, Urdu at the right, on one line of the page."""
    half = INNER_MM / 2 - 2
    in_row(pen, said.en, Strip(MARGIN_MM, middle, half, height), size_mm, colour=colour, bold=bold)
    in_row(
        pen, said.own_ur, Strip(MARGIN_MM + INNER_MM - half, middle, half, height), size_mm, colour=colour, at_end=True
    )


def _card(pen: Pen, figure: Figure, left: float, bottom: float, width: float, height: float) -> None:
    """A figure on a tinted ground: what it is above it, what it is made of below."""
    pen.rect(left, bottom, width, height, fill=WASH, radius=2.5)
    left, inside = left + 3, width - 6
    unit = height / 38
    label_mm = 3.6 if height > 30 else 3.0  # noqa: PLR2004 - a headline's card
    half = inside / 2 - 1
    middle = bottom + height - 6.0 * max(unit, 0.85)
    in_row(pen, figure.label.en, Strip(left, middle, half, 7), label_mm, colour=DEEP_GREEN, bold=True)
    in_row(pen, figure.label.own_ur, Strip(left + inside - half, middle, half, 7), label_mm, colour=DEEP_GREEN)
    in_row(pen, figure.value, Strip(left, bottom + height * 0.5, inside, height * 0.36), 15.0 * unit, bold=True)
    note = bottom + height * 0.16
    in_row(pen, figure.note.en, Strip(left, note, half, 5.5), 2.7, colour=MUTED)
    in_row(pen, figure.note.own_ur, Strip(left + inside - half, note, half, 6.5), 2.7, colour=MUTED)


def draw_texts(pen: Pen, top: float, texts: Texts) -> None:
    """Sentences in two columns, a language in each."""
    pair(pen, texts.heading, top - 4, 8, 3.6, colour=DEEP_GREEN, bold=True)
    top -= _HEADING_MM
    pen.line([(MARGIN_MM, top), (A4_WIDTH_MM - MARGIN_MM, top)], stroke=LINE, width_mm=0.2)
    for told in texts.told:
        english, urdu = _columns(told)
        english.draw(pen, MARGIN_MM, top - 1.2, _COLUMN_MM, INK)
        urdu.draw(pen, A4_WIDTH_MM - MARGIN_MM - _COLUMN_MM, top - 1.2, _COLUMN_MM, INK)
        top -= max(english.height_mm, urdu.height_mm) + 0.6


def texts_mm(texts: Texts) -> float:
    """How tall they are drawn, with what must be left below."""
    heights = (max(each.height_mm for each in _columns(told)) + 0.6 for told in texts.told)
    return _HEADING_MM + sum(heights) + 4


def _columns(told: Said) -> tuple[Paragraph, Paragraph]:
    return wrapped(told.en, _COLUMN_MM, _TEXT_MM, rtl=False), wrapped(told.ur, _COLUMN_MM, _TEXT_MM, rtl=True)
