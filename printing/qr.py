"""QR codes: text to modules, modules to one vector path, for paper, page and terminal."""

import re
from functools import lru_cache
from html import escape
from typing import Final

import qrcode
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.util import QRData

from printing.text import clean

QUIET_MODULES: Final = 4
TOKEN_VERSION: Final = 2
TOKEN_SIDE: Final = 25  # modules of a version 2 symbol
_TOKEN_LENGTH: Final = 28
_ROWS: Final = range(0, TOKEN_SIDE * TOKEN_SIDE, TOKEN_SIDE)
_HALF: Final = 13  # modules of a row's left half
_BAR: Final = re.compile("1+")
_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # the alphanumeric mode's, in its order
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
    if _TOKEN.fullmatch(text):
        bits = _token_bits(text)
        return tuple(tuple(letter == "1" for letter in bits[at : at + TOKEN_SIDE]) for at in _ROWS)
    symbol = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=_MASK)
    symbol.add_data(text, optimize=0)
    try:
        symbol.make(fit=True)
    except (DataOverflowError, ValueError) as error:  # qrcode says either, by the length
        raise QrTextTooLongError(f"{len(text)} characters are too many for a QR code") from error
    return tuple(tuple(bool(module) for module in row) for row in symbol.modules)


def _token_bits(token: str) -> str:
    """The modules of a token's symbol, row by row, as the digits 0 and 1.

    With version, level, mode and mask fixed, each bit of the text turns always the same modules, its share of the
    Reed-Solomon code included, since that code is linear. So a symbol is the exclusive or of what its bits turn,
    and what they turn is learnt from `qrcode` once: 14 pairs of letters, 11 bits each (ISO/IEC 18004, 7.4.4).
    """
    plain, turned = _turned()
    for at in range(0, _TOKEN_LENGTH, 2):
        pair = _LETTERS.index(token[at]) * 45 + _LETTERS.index(token[at + 1])
        for bit in turned[at // 2]:
            if pair & 1:
                plain ^= bit
            pair >>= 1
    return f"{plain:0{TOKEN_SIDE * TOKEN_SIDE}b}"


@lru_cache(maxsize=1)
def _turned() -> tuple[int, tuple[tuple[int, ...], ...]]:
    zero = "00" * (_TOKEN_LENGTH // 2)
    plain = _drawn(zero)
    turned = []
    for at in range(0, _TOKEN_LENGTH, 2):
        pairs = [_LETTERS[(1 << bit) // 45] + _LETTERS[(1 << bit) % 45] for bit in range(11)]
        turned.append(tuple(plain ^ _drawn(zero[:at] + pair + zero[at + 2 :]) for pair in pairs))
    return plain, tuple(turned)


def _drawn(token: str) -> int:
    symbol = qrcode.QRCode(version=TOKEN_VERSION, error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=_MASK)
    symbol.add_data(QRData(token, mode=_ALPHANUMERIC), optimize=0)
    symbol.make(fit=False)
    return int("".join("1" if module else "0" for row in symbol.modules for module in row), 2)


def qr_path(text: str) -> tuple[int, str]:
    """The modules on a side, and the dark ones as PDF rectangles, one unit a module, from the lower left corner."""
    if _TOKEN.fullmatch(text):
        bits, (left, right) = _token_bits(text), _halves()
        rows = (
            (left[bits[at : at + _HALF]] + right[bits[at + _HALF : at + TOKEN_SIDE]]).replace(
                "y", str(TOKEN_SIDE - 1 - y)
            )
            for y, at in enumerate(_ROWS)
        )
        return TOKEN_SIDE, "".join(rows).rstrip()
    symbol = modules(text)
    return len(symbol), " ".join(f"{x} {len(symbol) - 1 - y} {length} 1 re" for x, y, length in _bars(symbol))


@lru_cache(maxsize=1)
def _halves() -> tuple[dict[str, str], dict[str, str]]:
    """How each half of a row is drawn, whatever its modules are; `y` stands for the row's height.

    A bar over the middle becomes two that touch. In one path with one fill that leaves no seam, as between rows.
    """

    def drawn(start: int, width: int) -> dict[str, str]:
        halves = (f"{number:0{width}b}" for number in range(1 << width))
        return {
            half: "".join(f"{start + bar.start()} y {bar.end() - bar.start()} 1 re " for bar in _BAR.finditer(half))
            for half in halves
        }

    return drawn(0, _HALF), drawn(_HALF, TOKEN_SIDE - _HALF)


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
