"""The half of an A4 page that folds behind: how to fold, or a map of the venue; and a ruler that tells the size."""

from dataclasses import replace
from typing import Final

from printing.building import inside
from printing.colour import DEEP_GREEN, INK, LINE, MUTED
from printing.elements import Box
from printing.fit import fit
from printing.foldtext import STEPS, Both, Fold
from printing.paper import A4_HEIGHT_MM, A4_WIDTH_MM
from printing.pen import Pen
from printing.text import Text

RULER_MM: Final = 100
_MARGIN_MM: Final = 14.0
_MIDDLE_MM: Final = A4_WIDTH_MM / 2
_HALF_MM: Final = A4_HEIGHT_MM / 2
_TITLE_TOP_MM: Final = A4_HEIGHT_MM - 13
_WORDS_MM: Final = 88.0
_STEP_WORDS_MM: Final = 62.0
_STEP_SIZE_MM: Final = 4.8
_FIRST_STEP_MM: Final = A4_HEIGHT_MM - 38.5
_STEP_MM: Final = 22.8
_PICTURE_WIDTH_MM: Final = 12.0  # a little A4
_PICTURE_HEIGHT_MM: Final = _PICTURE_WIDTH_MM * A4_HEIGHT_MM / A4_WIDTH_MM
_RULER_MM: Final = _HALF_MM + 19.5
_DASH_MM: Final = 2.0


def draw_fold(pen: Pen, fold: Fold) -> None:
    """Draw fold lines, steps or map, and ruler, in mm from the page's lower left corner."""
    pen.line([(0, _HALF_MM), (A4_WIDTH_MM, _HALF_MM)], stroke=LINE, width_mm=0.25, dash_mm=_DASH_MM)
    pen.line([(_MIDDLE_MM, 0), (_MIDDLE_MM, _HALF_MM)], stroke=LINE, width_mm=0.25, dash_mm=_DASH_MM)
    _both(pen, fold.title, _TITLE_TOP_MM - 4, 6.4, DEEP_GREEN, bold=True)
    if fold.map:
        room = Box(_MARGIN_MM, _RULER_MM + 9, A4_WIDTH_MM - 2 * _MARGIN_MM, 70)
        pen.picture(fold.map, *inside(room, fold.map))
        for step in range(STEPS):
            _picture(pen, step, _MIDDLE_MM + (step - (STEPS - 1) / 2) * 30, _TITLE_TOP_MM - 24)
    else:
        _steps(pen, fold.steps)
    _ruler(pen, fold.ruler)


def _both(pen: Pen, words: Both, middle_mm: float, size_mm: float, colour: str, *, bold: bool = False) -> None:
    """English from the left, Urdu from the right, both about one height."""
    for text in (Text(words.english), Text(words.urdu, rtl=True)):
        block = fit(text, _WORDS_MM, size_mm, bold=bold, least=0.7)
        start_mm = A4_WIDTH_MM - _MARGIN_MM - _WORDS_MM if text.rtl else _MARGIN_MM
        block.draw(pen, start_mm, middle_mm + block.height_mm / 2, _WORDS_MM, colour)


def _steps(pen: Pen, steps: tuple[Both, ...]) -> None:
    """A number, the words in both languages, all of one size, and a picture between them."""
    for rtl in (False, True):
        texts = [Text(words[rtl], rtl=rtl) for words in steps]
        blocks = [fit(text, _STEP_WORDS_MM, _STEP_SIZE_MM, least=0.7) for text in texts]
        size_mm = min(block.size_mm for block in blocks)
        left_mm = A4_WIDTH_MM - _MARGIN_MM - _STEP_WORDS_MM if rtl else _MARGIN_MM + 10
        for step, block in enumerate(replace(block, size_mm=size_mm) for block in blocks):
            middle_mm = _FIRST_STEP_MM - step * _STEP_MM
            block.draw(pen, left_mm, middle_mm + block.height_mm / 2, _STEP_WORDS_MM, INK)
    for step in range(STEPS):
        middle_mm = _FIRST_STEP_MM - step * _STEP_MM
        _number(pen, step + 1, _MARGIN_MM + 3.2, middle_mm)
        _picture(pen, step, _MIDDLE_MM, middle_mm)


def _number(pen: Pen, number: int, x: float, y: float) -> None:
    pen.circle(x, y, 3.2, stroke=DEEP_GREEN, stroke_mm=0.4)
    digit = fit(Text(str(number)), 6, 4.2, bold=True)
    digit.draw(pen, x - digit.width_mm / 2, y + digit.lines[0].top_em * digit.size_mm / 2, 6, DEEP_GREEN)


def _picture(pen: Pen, step: int, x: float, y: float) -> None:
    """The sheet as it lies at a step: whole, about to lose its upper half, its left half, and worn."""
    wide, high = _PICTURE_WIDTH_MM, _PICTURE_HEIGHT_MM
    left, bottom = x - wide / 2, y - high / 2
    half, low = wide / 2, high / 2
    if step == 3:  # noqa: PLR2004 - the last: one quarter, in the middle, on its lanyard
        quarter = Box(x - half / 2 * 1.5, bottom, half * 1.5, low * 1.5)
        for side in (-1, 1):
            pen.line([(x, quarter.top), (x + side * 3.2, quarter.top + 6)], stroke=DEEP_GREEN, width_mm=0.35)
        _badge(pen, quarter)
        return
    kept = (Box(left, bottom, wide, high), Box(left, bottom, wide, low), Box(x, bottom, half, low))[step]
    gone = (None, Box(left, bottom + low, wide, low), Box(left, bottom, half, low))[step]
    if gone:
        corners = [(gone.left, gone.bottom), (gone.left, gone.top), (gone.right, gone.top), (gone.right, gone.bottom)]
        pen.line([*corners, corners[0]], stroke=MUTED, width_mm=0.25, dash_mm=0.8)
        _arrow(pen, gone, is_down=step == 1)
    pen.rect(*kept, stroke=DEEP_GREEN, stroke_mm=0.35)
    if step < 2:  # noqa: PLR2004 - the left quarter is still there
        _badge(pen, Box(left, bottom, half, low))
    _badge(pen, Box(x, bottom, half, low))


def _badge(pen: Pen, box: Box) -> None:
    """A very small badge: its code and its band."""
    unit = box.width / 10
    pen.rect(*box, stroke=DEEP_GREEN, stroke_mm=0.35)
    pen.rect(box.left + unit, box.bottom + unit, 8 * unit, 2 * unit, fill=DEEP_GREEN)
    pen.rect(box.left + unit, box.bottom + 4 * unit, 3.5 * unit, 3.5 * unit, fill=DEEP_GREEN)
    pen.rect(box.left + unit, box.bottom + 10 * unit, 6 * unit, unit, fill=DEEP_GREEN)


def _arrow(pen: Pen, gone: Box, *, is_down: bool) -> None:
    """Which way the part folds."""
    x, y = gone.left + gone.width / 2, gone.bottom + gone.height / 2
    long, wide = 2.2, 1.1
    if is_down:
        pen.line([(x, y + long), (x, y - long + wide)], stroke=DEEP_GREEN, width_mm=0.4)
        pen.polygon([(x, y - long), (x - wide, y - long + 1.6), (x + wide, y - long + 1.6)], fill=DEEP_GREEN)
    else:
        pen.line([(x - long, y), (x + long - wide, y)], stroke=DEEP_GREEN, width_mm=0.4)
        pen.polygon([(x + long, y), (x + long - 1.6, y - wide), (x + long - 1.6, y + wide)], fill=DEEP_GREEN)


def _ruler(pen: Pen, words: Both) -> None:
    left = (A4_WIDTH_MM - RULER_MM) / 2
    pen.line([(left, _RULER_MM), (left + RULER_MM, _RULER_MM)], stroke=INK, width_mm=0.3)
    for tick in range(0, RULER_MM + 1, 10):
        long = 3.0 if tick % 50 == 0 else 1.6
        pen.line([(left + tick, _RULER_MM), (left + tick, _RULER_MM + long)], stroke=INK, width_mm=0.3)
        if tick % 50 == 0:
            label = fit(Text(f"{tick} mm" if tick else "0"), 20, 2.8)
            label.draw(pen, left + tick - label.width_mm / 2, _RULER_MM + 6, 20, MUTED)
    _both(pen, words, _RULER_MM - 7, 3.6, MUTED)
