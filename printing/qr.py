"""QR codes: text to modules, modules to one vector path, for paper, page and terminal."""

import re
from functools import lru_cache
from html import escape
from typing import Final

import qrcode
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.util import QRData
from reportlab.pdfgen.canvas import Canvas

from printing.text import clean

QUIET_MODULES: Final = 4
TOKEN_VERSION: Final = 2
_TOKEN: Final = re.compile(r"[0-9A-Z]{28}")
_ALPHANUMERIC: Final = 2  # ISO/IEC 18004 mode indicator 0010
# Any mask is legal; choosing costs six sevenths of the time, and of 900 spoilt pictures 0 read 588, the choice 515.
_MASK: Final = 0
_HALF_BLOCKS: Final = {(True, True): " ", (True, False): "▄", (False, True): "▀", (False, False): "█"}

Modules = tuple[tuple[bool, ...], ...]


class QrTextTooLongError(ValueError):
    """The text is longer than a QR code holds."""


@lru_cache(maxsize=256)
def modules(text: str) -> Modules:
    """The symbol row by row, dark is true, no quiet zone: version 2-Q for a token, else level M, as large as needed."""
    is_token = _TOKEN.fullmatch(text) is not None
    symbol = qrcode.QRCode(
        version=TOKEN_VERSION if is_token else None,
        error_correction=ERROR_CORRECT_Q if is_token else ERROR_CORRECT_M,
        border=0,
        mask_pattern=_MASK,
    )
    symbol.add_data(QRData(text, mode=_ALPHANUMERIC) if is_token else text, optimize=0)
    try:
        symbol.make(fit=not is_token)
    except (DataOverflowError, ValueError) as error:  # qrcode says either, by the length
        raise QrTextTooLongError(f"{len(text)} characters are too many for a QR code") from error
    return tuple(tuple(bool(module) for module in row) for row in symbol.modules)


def draw_qr(canvas: Canvas, text: str, left_mm: float, bottom_mm: float, side_mm: float) -> None:
    """Draw the modules into a square as one path with one fill in DeviceGray black; the canvas counts in mm."""
    rows = modules(text)
    boxes = " ".join(f"{x} {len(rows) - 1 - y} {length} 1 re" for x, y, length in _bars(rows))
    scale = f"{side_mm / len(rows):.6f}"
    canvas.addLiteral(f"q 0 g {scale} 0 0 {scale} {left_mm:.3f} {bottom_mm:.3f} cm {boxes} f Q")


def quiet_zone_mm(text: str, side_mm: float) -> float:
    """How wide the white around a symbol of this side must be: four modules."""
    return side_mm / len(modules(text)) * QUIET_MODULES


def qr_svg(text: str, *, quiet: int = QUIET_MODULES, label: str = "QR code") -> str:
    """A standalone SVG, one unit a module, that may stand inside a page: no style, no script, no reference."""
    rows = modules(text)
    side = len(rows) + 2 * quiet
    bars = "".join(f"M{x + quiet} {y + quiet}h{length}v1h-{length}z" for x, y, length in _bars(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" '
        f'aria-label="{escape(clean(label))}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d="{bars}"/></svg>'
    )


def qr_text(text: str) -> str:
    """The QR code in half blocks for a terminal, light modules inked, since terminals are dark; ends in a newline."""
    rows = modules(text)
    side = len(rows) + 2 * QUIET_MODULES
    blank = [(False,) * side] * QUIET_MODULES
    rim = (False,) * QUIET_MODULES
    padded = [*blank, *((*rim, *row, *rim) for row in rows), *blank, (True,) * side]  # odd sides need one row more
    pairs = zip(padded[0:side:2], padded[1 : side + 1 : 2], strict=True)
    return "".join("".join(_HALF_BLOCKS[pair] for pair in zip(*both, strict=True)) + "\n" for both in pairs)


def _bars(rows: Modules) -> list[tuple[int, int, int]]:
    """The dark modules as horizontal bars: x, y from the top, length."""
    bars = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                bars.append((start, y, x - start))
            x += 1
    return bars
