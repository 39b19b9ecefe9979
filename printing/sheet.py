"""Sheets: many badges on a page, in a grid with margins and gaps, with marks that say where to cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from printing.pen import Pen
from printing.template import Template

_MARK_MM: Final = 4.0  # as long as this where there is room
_INSIDE_MM: Final = 12.0
_EDGE_MM: Final = 1.0  # no cut is nearer to the paper's edge
_AWAY_MM: Final = 1.0  # from the corner, so that no mark is left on the badge
_HAIR_MM: Final = 0.15
_MARK: Final = "#808080"
_TOLERANCE_MM: Final = 0.6  # A6 is 148 mm, half of A4 148.5


class SheetError(ValueError):
    """A sheet cannot take what is to be printed on it; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A grid of places on a paper, in millimetres from the upper left corner; `name` is for commands.

    `cut_marks`: for paper that is cut; label sheets are cut already. `turns_back`: each badge's back stands above its
    front, turned round, for a fold between them.
    """

    name: str
    title: str
    width_mm: float
    height_mm: float
    columns: int
    rows: int
    place_width_mm: float
    place_height_mm: float
    left_mm: float
    top_mm: float
    gap_x_mm: float = 0.0
    gap_y_mm: float = 0.0
    cut_marks: bool = False
    turns_back: bool = False

    def __post_init__(self) -> None:
        """Raise SheetError for a grid that leaves its paper, and for numbers that are none."""
        right = self.left_mm + self.columns * self.place_width_mm + (self.columns - 1) * self.gap_x_mm
        bottom = self.top_mm + self.rows * self.place_height_mm * (2 if self.turns_back else 1)
        bottom += (self.rows - 1) * self.gap_y_mm
        if min(self.columns, self.rows) < 1 or min(self.place_width_mm, self.place_height_mm) <= 0:
            raise SheetError(f"{self.name}: a sheet has at least one column, one row, and places with a size.")
        if min(self.left_mm, self.top_mm, self.gap_x_mm, self.gap_y_mm) < 0:
            raise SheetError(f"{self.name}: margins and gaps are 0 or more.")
        if right > self.width_mm + _TOLERANCE_MM or bottom > self.height_mm + _TOLERANCE_MM:
            raise SheetError(
                f"{self.name}: {self.columns} × {self.rows} places need {right:g} × {bottom:g} mm, the paper has "
                f"{self.width_mm:g} × {self.height_mm:g} mm. Take fewer places or smaller margins."
            )

    @property
    def places(self) -> int:
        """How many badges one page holds."""
        return self.columns * self.rows


class Place(NamedTuple):
    """Where one face stands on the page: its lower left corner, y upwards, and its size."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


def places(sheet: Sheet, template: Template) -> tuple[Place, ...]:
    """A place for each face, row by row from the upper left; a smaller face stands in the middle. Raises SheetError."""
    width, height = template.width_mm, template.height_mm
    spare_x, spare_y = sheet.place_width_mm - width, sheet.place_height_mm - height
    if template.is_folded:
        raise SheetError(f"{template.title} is folded and fills a page of its own: print it without a sheet.")
    if min(spare_x, spare_y) < -_TOLERANCE_MM:
        raise SheetError(
            f"{template.title} is {width:g} × {height:g} mm, the places of {sheet.title} are "
            f"{sheet.place_width_mm:g} × {sheet.place_height_mm:g} mm. Choose another sheet or another template."
        )
    step_x = sheet.place_width_mm + sheet.gap_x_mm
    step_y = sheet.place_height_mm * (2 if sheet.turns_back else 1) + sheet.gap_y_mm
    own = sheet.place_height_mm * (2 if sheet.turns_back else 1)
    return tuple(
        Place(
            sheet.left_mm + column * step_x + spare_x / 2,
            sheet.height_mm - sheet.top_mm - row * step_y - own + spare_y / 2,
            width,
            height,
        )
        for row in range(sheet.rows)
        for column in range(sheet.columns)
    )


def draw_marks(pen: Pen, sheet: Sheet, grid: Sequence[Place]) -> None:
    """Where to cut: short lines outside the grid at each edge of its faces; nothing on label sheets.

    Where a grid reaches the paper's edge they stand inside, on the cut itself, long enough to be seen behind the rim
    that a printer leaves white. So draw them last.
    """
    if not sheet.cut_marks:
        return
    columns = sorted({edge for place in grid for edge in (place.x_mm, place.x_mm + place.width_mm)})
    rows = sorted({edge for place in grid for edge in (place.y_mm, place.y_mm + place.height_mm)})
    for x in columns:
        if _EDGE_MM < x < sheet.width_mm - _EDGE_MM:
            for low, high in _ends(rows[0], rows[-1], sheet.height_mm):
                pen.line([(x, low), (x, high)], stroke=_MARK, width_mm=_HAIR_MM)
    for y in rows:
        if _EDGE_MM < y < sheet.height_mm - _EDGE_MM:
            for low, high in _ends(columns[0], columns[-1], sheet.width_mm):
                pen.line([(low, y), (high, y)], stroke=_MARK, width_mm=_HAIR_MM)


def _ends(low: float, high: float, paper: float) -> list[tuple[float, float]]:
    """Both marks of one cut: outside the grid that reaches from low to high, or inside it where there is no room."""
    before = (low - _AWAY_MM - _MARK_MM, low - _AWAY_MM) if low > _MARK_MM else (0.0, low + _INSIDE_MM)
    after = (high + _AWAY_MM, high + _AWAY_MM + _MARK_MM) if paper - high > _MARK_MM else (high - _INSIDE_MM, paper)
    return [before, after]
