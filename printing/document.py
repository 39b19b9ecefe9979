"""Badges as PDF: one alone, or hundreds in one file. The same faces give the same bytes."""

from collections.abc import Sequence
from io import BytesIO
from typing import BinaryIO

from printing.draw import art_key, draw_art, draw_page, draw_person
from printing.face import Face
from printing.image import picture_of
from printing.pages import Pages
from printing.sheet import Place, Sheet, draw_marks, places
from printing.template import Side, Template


def render_badge(face: Face, template: Template, *, both_sides: bool = False) -> bytes:
    """The badge alone on its paper, as PDF; it holds no link and no script, and its metadata no person."""
    target = BytesIO()
    print_badges((face,), template, target, both_sides=both_sides)
    return target.getvalue()


def render_image(face: Face, template: Template, *, width_px: int, side: Side = Side.FRONT) -> bytes:
    """One side of a badge as PNG, `width_px` wide, as the printer would draw it."""
    target = BytesIO()
    document = _Badges(target, template, face.event_name)
    with document.page(template.width_mm, template.height_mm):
        document.side(face, side)
    document.save()
    return picture_of(target.getvalue(), width_px=width_px)


def print_badges(
    faces: Sequence[Face],
    template: Template,
    target: BinaryIO,
    *,
    sheet: Sheet | None = None,
    first: int = 0,
    both_sides: bool = False,
) -> tuple[int, ...]:
    """Write one PDF with all the badges; the page of each one's front, counted from 1.

    On a `sheet` they fill place after place, row by row, from the place `first` (0 is the upper left one) of its first
    page on; without one, each badge has a page of the template's own. `both_sides`: each page of fronts is followed by
    one of backs, columns mirrored, so that a printer that turns along the long edge puts them behind each other; a
    template without a back prints fronts alone. Folded templates have both sides on their one page anyway.
    Hand over some hundred badges at a time: a file's memory grows with them.
    Raises SheetError where the faces do not fit the sheet's places.
    """
    document = _Badges(target, template, faces[0].event_name if faces else "")
    two = both_sides and template.has_back
    if sheet is None:
        pages = _alone(document, faces, template, both_sides=two)
    else:
        pages = _on_sheets(document, faces, sheet, places(sheet, template), first, both_sides=two)
    document.save()
    return pages


def _alone(document: "_Badges", faces: Sequence[Face], template: Template, *, both_sides: bool) -> tuple[int, ...]:
    pages = []
    back = [[(Side.BACK, 0.0, 0.0, False)]] if both_sides and not template.is_folded else []
    for face in faces:
        pages.append(document.count + 1)
        for sides in [template.sides(), *back]:
            with document.page(*template.page_mm):
                document.background()
                for side, x, y, turned in sides:
                    document.side(face, side, x, y, turned=turned)
    return tuple(pages)


def _on_sheets(
    document: "_Badges", faces: Sequence[Face], sheet: Sheet, grid: Sequence[Place], first: int, *, both_sides: bool
) -> tuple[int, ...]:
    pages: list[int] = []
    room = grid[first % len(grid) :]
    rest = list(faces)
    while rest:
        here, rest = rest[: len(room)], rest[len(room) :]
        pages += [document.count + 1] * len(here)
        for side in (Side.FRONT, Side.BACK) if both_sides else (Side.FRONT,):
            with document.page(sheet.width_mm, sheet.height_mm) as pen:
                for face, place in zip(here, room, strict=False):
                    x = place.x_mm if side is Side.FRONT else sheet.width_mm - place.x_mm - place.width_mm
                    document.side(face, side, x, place.y_mm)
                    if sheet.turns_back:
                        top = place.y_mm + place.height_mm + sheet.place_height_mm
                        document.side(face, Side.BACK, x + place.width_mm, top, turned=True)
                draw_marks(pen, sheet, grid)
        room = grid
    return tuple(pages)


class _Badges(Pages):
    """The pages of badges of one template."""

    def __init__(self, target: BinaryIO, template: Template, title: str) -> None:
        super().__init__(target, f"{title} badge".strip())
        self._template = template

    def background(self) -> None:
        """What a folded page has beside its badge."""
        template = self._template
        if template.is_folded:
            self.once("page", *template.page_mm, lambda pen: draw_page(pen, template))

    def side(self, face: Face, side: Side, x: float = 0.0, y: float = 0.0, *, turned: bool = False) -> None:
        """One side of a badge with its lower left corner at a point; turned, its upper right one."""
        template = self._template
        with self.pen.moved(x, y, turned=turned):
            key = (side, art_key(face))
            self.once(key, template.width_mm, template.height_mm, lambda pen: draw_art(pen, template, side, face))
            draw_person(self.pen, template, side, face)
