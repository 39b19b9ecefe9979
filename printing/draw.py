"""One side of a badge, drawn by its template: first what a whole category shares, then what is the person's."""

from collections.abc import Hashable, Iterable
from math import ceil
from typing import Final

from printing.building import inside
from printing.colour import INK, WHITE, contrast, reading_on
from printing.elements import CATEGORY, ON_CATEGORY, Element, Image, Photo, Pips, Qr, Rect, Side, Stack
from printing.face import Face, Pip
from printing.fit import Block, fit
from printing.foldpage import draw_fold
from printing.layout import Set, set_stack
from printing.pen import Pen
from printing.template import Template
from printing.text import Line, Text

_PALE: Final = 1.6  # contrast with white below which a colour is lost on paper
_PIP_ROWS: Final = 5
_TICK: Final = ((-0.45, 0.0), (-0.1, -0.36), (0.48, 0.36))  # in radii
# Of a row of days, in em of its letters: a disc's radius, where its label starts, and the room of one day.
_RADIUS_EM: Final = 0.58
_INDENT_EM: Final = 1.6
_PITCH_EM: Final = 1.9
_LEAST_PITCH_EM: Final = 1.35
_BETWEEN_EM: Final = 1.5
_MOST_LABEL_EM: Final = 12.0


def art_key(face: Face) -> Hashable:
    """All that `draw_art` looks at; nothing of the person, but for the days, of which a category has few sets."""
    return (face.event_name, face.event_name_ur, face.dateline, face.category, face.category_ur, face.colour, face.days)


def draw_art(pen: Pen, template: Template, side: Side, face: Face) -> None:
    """Draw what every badge with this `art_key` has in common."""
    _draw(pen, template.art(side), face)


def draw_person(pen: Pen, template: Template, side: Side, face: Face) -> None:
    """Draw what is this person's."""
    _draw(pen, template.person(side), face)


def draw_page(pen: Pen, template: Template) -> None:
    """Draw what a folded badge's page has beside the badge."""
    if template.fold:
        draw_fold(pen, template.fold)


def _draw(pen: Pen, elements: Iterable[Element], face: Face) -> None:
    for element in elements:
        box = element.box
        match element:
            case Stack():
                for each in set_stack(element, face):
                    _text(pen, each, element.align, _colour(each.row.colour, face))
            case Qr():
                pen.qr(face.token, box.left, box.bottom, box.width)
            case Rect():
                _rect(pen, element, face)
            case Pips():
                _pips(pen, element, face)
            case Image():
                pen.picture(element.picture, *box)
            case Photo():
                if face.photo:
                    pen.picture(face.photo, *inside(box, face.photo))


def _colour(colour: str, face: Face) -> str:
    return {CATEGORY: face.colour, ON_CATEGORY: reading_on(face.colour)}.get(colour, colour)


def _rect(pen: Pen, rect: Rect, face: Face) -> None:
    """A rectangle, its line inside its edges; a pale category gets an edge in ink, so that it is one on paper too."""
    fill, stroke = _colour(rect.fill, face) or None, _colour(rect.stroke, face) or None
    if rect.stroke == CATEGORY and contrast(face.colour, WHITE) < _PALE:
        stroke = INK
    left, bottom, width, height = rect.box.grown(-rect.stroke_mm / 2 if stroke else 0)
    pen.rect(left, bottom, width, height, fill=fill, stroke=stroke, stroke_mm=rect.stroke_mm, radius=rect.radius_mm)


def _text(pen: Pen, placed: Set, align: str, colour: str) -> None:
    _, block, left_mm, top_mm, width_mm = placed
    if align == "start":
        block.draw(pen, left_mm, top_mm, width_mm, colour)
        return
    gaps_mm = block.height_mm - sum(_ink_mm(each, block.size_mm) for each in block.lines)
    for each in block.lines:
        indent_mm = (width_mm - each.width_em * block.size_mm) / 2
        pen.text(each, left_mm + indent_mm, top_mm - each.top_em * block.size_mm, block.size_mm, colour)
        top_mm -= _ink_mm(each, block.size_mm) + gaps_mm / max(1, len(block.lines) - 1)


def _ink_mm(each: Line, size_mm: float) -> float:
    return (each.top_em - each.bottom_em) * size_mm


def _pips(pen: Pen, pips: Pips, face: Face) -> None:
    """A disc and a label for each day, all of one size: under each other from the foot of the box, or in a row."""
    if not face.days:
        return
    box, text_colour = pips.box, _colour(pips.text_colour, face)
    if pips.across:
        room_em = [_label(day, _MOST_LABEL_EM, 1.0).width_mm + _INDENT_EM for day in face.days]
        wide_em = sum(room_em) + _BETWEEN_EM * (len(room_em) - 1)
        size_mm = min(pips.size_mm, box.width / wide_em, box.height / _LEAST_PITCH_EM)
        left_mm = box.left + (box.width - wide_em * size_mm) / 2 * (pips.align == "center")
        for day, em in zip(face.days, room_em, strict=True):
            _pip(pen, pips, day, left_mm, box.bottom + box.height / 2, size_mm, text_colour)
            left_mm += (em + _BETWEEN_EM) * size_mm
        return
    columns = ceil(len(face.days) / _PIP_ROWS)
    rows = ceil(len(face.days) / columns)
    wide_mm, pitch_mm = box.width / columns, min(box.height / rows, pips.size_mm * _PITCH_EM)
    widest_em = max(_label(day, _MOST_LABEL_EM, 1.0).width_mm for day in face.days) + _INDENT_EM
    size_mm = min(pips.size_mm, pitch_mm / _LEAST_PITCH_EM, wide_mm / (widest_em + _BETWEEN_EM * (columns > 1)))
    for at, day in enumerate(face.days):
        y_mm = box.bottom + (rows - at % rows - 0.5) * pitch_mm
        _pip(pen, pips, day, box.left + at // rows * wide_mm, y_mm, size_mm, text_colour)


def _label(day: Pip, width_mm: float, size_mm: float) -> Block:
    return fit(Text(day.label), width_mm, size_mm, bold=day.valid, least=0.99, most_lines=1)


def _pip(pen: Pen, pips: Pips, day: Pip, left: float, middle: float, size_mm: float, text_colour: str) -> None:
    _disc(pen, left + size_mm * _RADIUS_EM, middle, size_mm * _RADIUS_EM, pips.colour, is_filled=day.valid)
    label = _label(day, size_mm * _MOST_LABEL_EM, size_mm)
    for each in label.lines:
        baseline_mm = middle - each.top_em * label.size_mm / 2
        pen.text(each, left + size_mm * _INDENT_EM, baseline_mm, label.size_mm, text_colour)


def _disc(pen: Pen, x: float, y: float, radius: float, colour: str, *, is_filled: bool) -> None:
    """Filled and ticked, or hollow: the difference is seen without colour, too."""
    line_mm = min(0.3, radius * 0.2)
    pen.circle(x, y, radius - line_mm / 2, fill=colour if is_filled else None, stroke=colour, stroke_mm=line_mm)
    if is_filled:
        tick = [(x + across * radius, y + up * radius) for across, up in _TICK]
        pen.line(tick, stroke=reading_on(colour), width_mm=radius * 0.24)
