"""What stands beside the QR: the days as discs that a guard reads at a glance, and the code that is told."""

from math import ceil
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from printing.colour import DEEP_GREEN, INK, MUTED, WHITE, paint
from printing.face import Pip
from printing.fit import fit
from printing.stack import Item, draw_stack
from printing.text import Text, line, printable

_PIP_ROWS: Final = 4
_PIP_PITCH_MM: Final = 7.0
_PIP_RADIUS_MM: Final = 2.3
_CODE_SIZE_MM: Final = 4.4
_CODE_TRACKING_EM: Final = 0.14


def draw_short_code(canvas: Canvas, code: str, left_mm: float, right_mm: float, baseline_mm: float) -> float:
    """The code at the right, letters apart, so that it is read and told without mistakes; gives its left end."""
    letters = [line(letter, bold=True) for letter in printable(Text(code), bold=True)]
    width_em = sum(letter.width_em for letter in letters) + _CODE_TRACKING_EM * max(0, len(letters) - 1)
    size_mm = min(_CODE_SIZE_MM, (right_mm - left_mm) / width_em) if letters else _CODE_SIZE_MM
    start_mm = x_mm = right_mm - width_em * size_mm
    for letter in letters:
        letter.draw(canvas, x_mm, baseline_mm, size_mm, INK)
        x_mm += (letter.width_em + _CODE_TRACKING_EM) * size_mm
    return start_mm


def draw_days(
    canvas: Canvas, days: tuple[Pip, ...], left_mm: float, right_mm: float, bottom_mm: float, room_mm: float
) -> None:
    """A disc for each day, from the first at the top: filled and ticked where the badge enters, else hollow."""
    columns = 1 if len(days) <= _PIP_ROWS else 2
    rows = max(1, ceil(len(days) / columns))
    pitch_mm = min(_PIP_PITCH_MM, room_mm / rows)
    radius_mm = min(_PIP_RADIUS_MM, pitch_mm * 0.38)
    column_mm = (right_mm - left_mm) / columns
    for at, day in enumerate(days):
        x_mm = left_mm + at // rows * column_mm + radius_mm
        y_mm = bottom_mm + (rows - 1 - at % rows + 0.5) * pitch_mm
        _pip(canvas, x_mm, y_mm, radius_mm, is_valid=day.valid)
        label = fit(Text(day.label), column_mm - 2 * radius_mm - 3, radius_mm * 1.75, bold=day.valid, most_lines=1)
        item = Item(label, INK if day.valid else MUTED)
        draw_stack(canvas, [item], x_mm + radius_mm + 2, y_mm + label.height_mm / 2, label.width_mm)


def _pip(canvas: Canvas, x_mm: float, y_mm: float, radius_mm: float, *, is_valid: bool) -> None:
    canvas.setLineWidth(0.3)
    canvas.setStrokeColor(paint(DEEP_GREEN if is_valid else MUTED))
    canvas.setFillColor(paint(DEEP_GREEN))
    canvas.circle(x_mm, y_mm, radius_mm - 0.15, stroke=1, fill=int(is_valid))
    if is_valid:
        tick = canvas.beginPath()
        tick.moveTo(x_mm - radius_mm * 0.45, y_mm)
        tick.lineTo(x_mm - radius_mm * 0.1, y_mm - radius_mm * 0.36)
        tick.lineTo(x_mm + radius_mm * 0.48, y_mm + radius_mm * 0.36)
        canvas.setStrokeColor(paint(WHITE))
        canvas.setLineWidth(radius_mm * 0.22)
        canvas.drawPath(tick, stroke=1, fill=0)
