"""A report as PDF: the first page, then charts and tables over as many pages as they take, every page numbered."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Final

from printing.boxes import Strip, in_row
from printing.colour import LINE, MUTED
from printing.pages import Pages
from printing.paper import A4_HEIGHT_MM, A4_WIDTH_MM
from printing.pen import Pen
from printing.reportfront import INNER_MM, MARGIN_MM, draw_front, draw_mark, draw_texts, first_texts, pair, texts_mm
from printing.reportpaper import Chart, Listing, Paper, Texts
from printing.reportparts import (
    CHART_MM,
    HEAD_MM,
    ROW_MM,
    TITLE_MM,
    draw_chart,
    draw_head,
    draw_row,
    draw_title,
    largest,
)

_TOP_MM: Final = A4_HEIGHT_MM - 27.0
_BOTTOM_MM: Final = 20.0
_BETWEEN_MM: Final = 8.0
_SENTENCES_TOGETHER: Final = 8
_ROWS_TOGETHER: Final = 3  # a table begins where so many of its rows have room
Draw = Callable[[Pen], None]


def render_report(paper: Paper) -> bytes:
    """The whole file; it holds no link and no script. The same paper gives the same bytes."""
    target = BytesIO()
    pages = Pages(target, f"{paper.event.en}: {paper.heading.en}, {paper.day.en}")
    here, rest = first_texts(paper)
    front: list[Draw] = [lambda pen: draw_front(pen, paper, here)]
    drawn = [front, *_flow((*rest, *paper.parts))]
    for number, draws in enumerate(drawn, 1):
        with pages.page(A4_WIDTH_MM, A4_HEIGHT_MM) as pen:
            if number > 1:
                _draw_top(pen, paper)
            for draw in draws:
                draw(pen)
            _draw_foot(pen, paper, number, len(drawn))
    pages.save()
    return target.getvalue()


def _flow(parts: Iterable[Chart | Listing | Texts]) -> list[list[Draw]]:
    """What is drawn on each of the further pages."""
    flow = _Flow()
    for part in parts:
        match part:
            case Chart():
                flow.need(TITLE_MM + CHART_MM)
                flow.add(TITLE_MM, draw_title, part.title, part.note)
                flow.add(CHART_MM, draw_chart, part)
            case Listing():
                _flow_listing(flow, part)
            case Texts():
                _flow_texts(flow, part)
        flow.skip(_BETWEEN_MM)
    return flow.pages


def _flow_listing(flow: "_Flow", part: Listing) -> None:
    most = largest(part)
    flow.need(TITLE_MM + HEAD_MM + ROW_MM * min(_ROWS_TOGETHER, len(part.rows)))
    flow.add(TITLE_MM, draw_title, part.title, part.note)
    flow.add(HEAD_MM, draw_head, part)
    for row in part.rows:
        if flow.need(ROW_MM):
            flow.add(HEAD_MM, draw_head, part)
        flow.add(ROW_MM, draw_row, row, most)


def _flow_texts(flow: "_Flow", part: Texts) -> None:
    """Some sentences at a time, so that a long list of them goes on on the next page."""
    for at in range(0, len(part.told), _SENTENCES_TOGETHER):
        some = Texts(part.heading, part.told[at : at + _SENTENCES_TOGETHER])
        flow.need(texts_mm(some))
        flow.add(texts_mm(some), draw_texts, some)


class _Flow:
    """Pages that fill from their top."""

    def __init__(self) -> None:
        self.pages: list[list[Draw]] = []
        self._top = 0.0

    def need(self, height: float) -> bool:
        """See to it that so much room is left; whether a page had to be begun."""
        if self._top - height >= _BOTTOM_MM:
            return False
        self.pages.append([])
        self._top = _TOP_MM
        return True

    def add(self, height: float, draw: Callable[..., None], *what: object) -> None:
        """Let `draw(pen, top, *what)` be called with what is the top now, and go on below it."""
        top = self._top
        self.pages[-1].append(lambda pen: draw(pen, top, *what))
        self._top -= height

    def skip(self, height: float) -> None:
        self._top -= height


def _draw_top(pen: Pen, paper: Paper) -> None:
    """Whose report it is, of which day, and between them its standing."""
    pair(pen, paper.event, A4_HEIGHT_MM - 8, 6, 2.9, colour=MUTED)
    width = INNER_MM * 0.38
    side, middle = (INNER_MM - width) / 2 - 3, A4_HEIGHT_MM - 15
    in_row(pen, paper.day.en, Strip(MARGIN_MM, middle, side, 7), 3.3, bold=True)
    in_row(pen, paper.day.own_ur, Strip(A4_WIDTH_MM - MARGIN_MM - side, middle, side, 7), 3.3, at_end=True)
    draw_mark(pen, paper, MARGIN_MM + (INNER_MM - width) / 2, A4_HEIGHT_MM - 19, width, 7)


def _draw_foot(pen: Pen, paper: Paper, number: int, of: int) -> None:
    pen.line([(MARGIN_MM, 15), (A4_WIDTH_MM - MARGIN_MM, 15)], stroke=LINE, width_mm=0.2)
    third = INNER_MM / 6
    places = {"page": number, "pages": of}
    in_row(pen, paper.page.en % places, Strip(MARGIN_MM, 10.5, third, 6), 2.8, colour=MUTED)
    in_row(pen, paper.foot, Strip(MARGIN_MM + third, 10.5, INNER_MM - 2 * third, 6), 2.6, colour=MUTED)
    in_row(
        pen,
        paper.page.ur % places,
        Strip(A4_WIDTH_MM - MARGIN_MM - third, 10.5, third, 7),
        2.8,
        colour=MUTED,
        at_end=True,
    )
