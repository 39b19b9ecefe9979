"""The half of the home print that folds behind: how to fold, and a ruler that tells whether the size is right."""

from typing import Final

from reportlab.pdfgen.canvas import Canvas

from printing.colour import DEEP_GREEN, INK, LINE, MUTED, WHITE, paint
from printing.fit import Block
from printing.paper import A4_HEIGHT_MM, A4_WIDTH_MM
from printing.text import line

RULER_MM: Final = 100
_TITLE: Final = ("Fold it into a badge", "کارڈ تہہ کرنے کا طریقہ")
_STEPS: Final = (
    ("Print this page on A4 paper\nat 100 % (actual size).", "یہ صفحہ A4 کاغذ پر\n100 فیصد سائز میں پرنٹ کیجیے۔"),
    ("Fold the upper half behind.", "اوپر والا آدھا حصہ پیچھے کی طرف موڑیے۔"),
    (
        "Fold the left half behind:\na badge with two sides.",
        "بایاں آدھا حصہ بھی پیچھے موڑیے:\nدونوں طرف کارڈ نظر آئے گا۔",
    ),
    ("Put it into a badge holder\nand show it at the gate.", "اسے کارڈ ہولڈر میں رکھیے\nاور گیٹ پر دکھائیے۔"),
)
_RULER: Final = (
    "If this line is not 100 mm long,\nprint again at 100 %.",
    "اگر یہ لکیر 100 ملی میٹر لمبی نہ ہو\nتو 100 فیصد سائز پر دوبارہ پرنٹ کیجیے۔",
)
_DIGITS: Final = (("1", "۱"), ("2", "۲"), ("3", "۳"), ("4", "۴"))
_MARGIN_MM: Final = 12.0
_INDENT_MM: Final = 9.0
_ROW_MM: Final = 22.0
_FIRST_ROW_MM: Final = A4_HEIGHT_MM - 36
_PICTURE_MM: Final = (11.0, 15.5)  # a little A4


def draw_fold_half(canvas: Canvas) -> None:
    """Draw fold lines, steps and ruler; the canvas counts in mm from the page's lower left corner."""
    _fold_lines(canvas)
    _both(canvas, _TITLE, A4_HEIGHT_MM - 17, 6.0, DEEP_GREEN, bold=True)
    for at, step in enumerate(_STEPS):
        middle_mm = _FIRST_ROW_MM - at * _ROW_MM
        _both(canvas, _DIGITS[at], middle_mm, 5.5, DEEP_GREEN, bold=True)
        _both(canvas, step, middle_mm, 4.2, INK, indent_mm=_INDENT_MM)
        _picture(canvas, at, middle_mm)
    _ruler(canvas, A4_HEIGHT_MM / 2 + 23)


def _both(
    canvas: Canvas,
    words: tuple[str, str],
    middle_mm: float,
    size_mm: float,
    colour: str,
    *,
    bold: bool = False,
    indent_mm: float = 0,
) -> None:
    """English from the left, Urdu from the right, both about one height, lines broken where written."""
    width_mm = A4_WIDTH_MM - 2 * (_MARGIN_MM + indent_mm)
    for text, rtl in zip(words, (False, True), strict=True):
        block = Block(tuple(line(part, bold=bold, rtl=rtl) for part in text.split("\n")), size_mm, rtl)
        block.draw(canvas, _MARGIN_MM + indent_mm, middle_mm + block.height_mm / 2, width_mm, colour)


def _fold_lines(canvas: Canvas) -> None:
    canvas.setStrokeColor(paint(LINE))
    canvas.setLineWidth(0.25)
    canvas.setDash(2, 2)
    canvas.line(0, A4_HEIGHT_MM / 2, A4_WIDTH_MM, A4_HEIGHT_MM / 2)
    canvas.line(A4_WIDTH_MM / 2, 0, A4_WIDTH_MM / 2, A4_HEIGHT_MM / 2)
    canvas.setDash()


def _picture(canvas: Canvas, step: int, middle_mm: float) -> None:
    """The sheet as it lies at a step: whole, about to lose its upper half, its left half, and done."""
    wide_mm, high_mm = _PICTURE_MM
    left_mm, bottom_mm = A4_WIDTH_MM / 2 - wide_mm / 2, middle_mm - high_mm / 2
    half_mm, low_mm = wide_mm / 2, high_mm / 2
    canvas.setLineWidth(0.3)
    canvas.setStrokeColor(paint(MUTED))
    canvas.setFillColor(paint(WHITE))
    canvas.setDash(0.8, 0.8)
    if step == 1:
        canvas.rect(left_mm, bottom_mm + low_mm, wide_mm, low_mm)
    if step == 2:  # noqa: PLR2004
        canvas.rect(left_mm, bottom_mm, half_mm, low_mm)
    canvas.setDash()
    canvas.setStrokeColor(paint(DEEP_GREEN))
    kept = [
        (0, 0, wide_mm, high_mm),
        (0, 0, wide_mm, low_mm),
        (half_mm, 0, half_mm, low_mm),
        (half_mm, 0, half_mm, low_mm),
    ]
    x_mm, y_mm, kept_wide_mm, kept_high_mm = kept[step]
    canvas.rect(left_mm + x_mm, bottom_mm + y_mm, kept_wide_mm, kept_high_mm)
    canvas.setFillColor(paint(DEEP_GREEN))
    canvas.rect(left_mm + half_mm, bottom_mm + low_mm - 1.2, half_mm, 1.2, stroke=0, fill=1)
    if step == len(_STEPS) - 1:  # worn on a lanyard
        for side_mm in (-3, 3):
            neck_mm = left_mm + half_mm * 1.5
            canvas.line(neck_mm, bottom_mm + low_mm, neck_mm + side_mm, bottom_mm + low_mm + 5)


def _ruler(canvas: Canvas, y_mm: float) -> None:
    left_mm = (A4_WIDTH_MM - RULER_MM) / 2
    canvas.setStrokeColor(paint(INK))
    canvas.setLineWidth(0.3)
    canvas.line(left_mm, y_mm, left_mm + RULER_MM, y_mm)
    for tick_mm in range(0, RULER_MM + 1, 10):
        long_mm = 3 if tick_mm % 50 == 0 else 1.5
        canvas.line(left_mm + tick_mm, y_mm, left_mm + tick_mm, y_mm + long_mm)
    _both(canvas, _RULER, y_mm - 9.5, 3.6, MUTED)
