"""One side of a badge: header, person, QR, days and short code, category band. The canvas counts in mm."""

from typing import Final

from reportlab.pdfgen.canvas import Canvas

from printing.beside import draw_days, draw_short_code
from printing.colour import DEEP_GREEN, INK, MUTED, WHITE, contrast, paint, reading_on
from printing.face import Face
from printing.fit import fit
from printing.paper import Panel
from printing.qr import draw_qr, quiet_zone_mm
from printing.stack import Item, draw_stack, fitted, height_mm
from printing.text import Text, printable, reads_rtl

_HEADER_MM: Final = 26.0
_BORDER_MM: Final = 0.4
_PALE: Final = 1.6  # contrast with white below which a band is lost on paper


def draw_badge(canvas: Canvas, face: Face, panel: Panel) -> None:
    """Draw the badge with its lower left corner at the origin; nothing leaves the panel."""
    quiet_mm = quiet_zone_mm(face.token, panel.qr_side_mm)
    qr_bottom_mm = panel.band_top_mm + quiet_mm
    _header(canvas, face, panel)
    _person(canvas, face, panel, qr_bottom_mm + panel.qr_side_mm + quiet_mm)
    draw_qr(canvas, face.token, panel.margin_mm, qr_bottom_mm, panel.qr_side_mm)
    beside_mm = panel.margin_mm + panel.qr_side_mm + quiet_mm
    right_mm = panel.width_mm - panel.margin_mm
    code_left_mm = draw_short_code(canvas, face.short_code, beside_mm, right_mm, qr_bottom_mm)
    draw_days(canvas, face.days, code_left_mm, right_mm, qr_bottom_mm + 8.5, panel.qr_side_mm - 8.5)
    _band(canvas, face, panel)


def _header(canvas: Canvas, face: Face, panel: Panel) -> None:
    """The event's names on deep green, or in green over a rule where ink is to be saved."""
    bottom_mm, width_mm = panel.height_mm - _HEADER_MM, panel.width_mm - 2 * panel.margin_mm
    canvas.setFillColor(paint(DEEP_GREEN))
    if panel.bleeds:
        canvas.rect(0, bottom_mm, panel.width_mm, _HEADER_MM, stroke=0, fill=1)
    else:
        canvas.rect(panel.margin_mm, bottom_mm, width_mm, 0.8, stroke=0, fill=1)
    bold, plain = (WHITE, WHITE) if panel.bleeds else (DEEP_GREEN, MUTED)
    urdu_text = Text(face.event_name_ur, rtl=True)
    urdu_mm = width_mm * 0.36 if printable(urdu_text) else 0.0
    latin_mm = width_mm - urdu_mm - (4 if urdu_mm else 0)
    below_mm = 4 if panel.bleeds else 2.4
    room_mm = _HEADER_MM - below_mm - panel.safe_mm - 0.5

    def latin(scale: float) -> list[Item]:
        name = fit(Text(face.event_name), latin_mm, 4.6 * scale, bold=True)
        return [Item(name, bold), Item(fit(Text(face.dateline), latin_mm, 2.9 * scale), plain, 1.8 * scale)]

    def urdu(scale: float) -> list[Item]:
        return [Item(fit(urdu_text, urdu_mm, 4.6 * scale, bold=True), bold)] if urdu_mm else []

    middle_mm = bottom_mm + below_mm + room_mm / 2
    for items, left_mm, wide_mm in (
        (fitted(latin, room_mm), panel.margin_mm, latin_mm),
        (fitted(urdu, room_mm), panel.width_mm - panel.margin_mm - urdu_mm, urdu_mm),
    ):
        draw_stack(canvas, items, left_mm, middle_mm + height_mm(items) / 2, wide_mm)


def _person(canvas: Canvas, face: Face, panel: Panel, bottom_mm: float) -> None:
    """Name first and largest, the Urdu name on its own side, then where the person comes from."""
    width_mm = panel.width_mm - 2 * panel.margin_mm
    top_mm = panel.height_mm - _HEADER_MM - 5
    designation = Text(face.designation)
    between = "، " if reads_rtl(designation) else " · "
    role = between.join(part for part in (printable(designation), printable(Text(face.place))) if part)

    def items(scale: float) -> list[Item]:
        return [
            Item(fit(Text(face.name), width_mm, 10.4 * scale, bold=True), INK),
            Item(fit(Text(face.name_ur, rtl=True), width_mm, 8.6 * scale, bold=True), INK, 2.4 * scale),
            Item(fit(Text(face.organisation), width_mm, 4.7 * scale, bold=True), INK, 3.4 * scale),
            Item(fit(Text(role), width_mm, 4.0 * scale), MUTED, 2.2 * scale),
        ]

    shown = fitted(items, top_mm - bottom_mm)
    spare_mm = top_mm - bottom_mm - height_mm(shown)
    draw_stack(canvas, shown, panel.margin_mm, top_mm - min(4, max(0, spare_mm) * 0.3), width_mm)


def _band(canvas: Canvas, face: Face, panel: Panel) -> None:
    """The category as word and colour, in both languages, so that black and white still says it."""
    inset_mm = 0.0 if panel.bleeds else panel.safe_mm
    middle_mm = (panel.band_top_mm + inset_mm) / 2
    canvas.setFillColor(paint(face.colour))
    # A pale band gets a border, so that it is one on white paper too.
    canvas.setStrokeColor(paint(INK if contrast(face.colour, WHITE) < _PALE else face.colour))
    canvas.setLineWidth(_BORDER_MM)
    if panel.bleeds:
        canvas.rect(0, 0, panel.width_mm, panel.band_top_mm, stroke=0, fill=1)
        canvas.line(0, panel.band_top_mm, panel.width_mm, panel.band_top_mm)
    else:
        line_mm = inset_mm + _BORDER_MM / 2
        canvas.roundRect(
            line_mm, line_mm, panel.width_mm - 2 * line_mm, panel.band_top_mm - line_mm, 2.5, stroke=1, fill=1
        )
    left_mm = panel.margin_mm if panel.bleeds else panel.safe_mm + 4
    width_mm, room_mm = panel.width_mm - 2 * left_mm, panel.band_top_mm - inset_mm - (10 if panel.bleeds else 4)
    colour = reading_on(face.colour)
    urdu_text = Text(face.category_ur, rtl=True)
    urdu_mm = min(width_mm * 0.4, fit(urdu_text, width_mm, 6.4, bold=True).width_mm)
    latin_mm = width_mm - urdu_mm - (6 if urdu_mm else 0)

    def latin(scale: float) -> list[Item]:
        return [Item(fit(Text(face.category.upper()), latin_mm, 6.8 * scale, bold=True, least=0.4), colour)]

    def urdu(scale: float) -> list[Item]:
        return [Item(fit(urdu_text, urdu_mm, 6.4 * scale, bold=True, least=0.4), colour)]

    for items, start_mm, wide_mm in (
        (fitted(latin, room_mm), left_mm, latin_mm),
        (fitted(urdu, room_mm), panel.width_mm - left_mm - urdu_mm, urdu_mm),
    ):
        draw_stack(canvas, items, start_mm, middle_mm + height_mm(items) / 2, wide_mm)
