"""Colours on paper, and which text reads on them (WCAG 2.2, relative luminance and contrast ratio)."""

import re
from functools import lru_cache
from typing import Final

INK: Final = "#10231b"
DEEP_GREEN: Final = "#0b3d2e"
MUTED: Final = "#4b5b53"
LINE: Final = "#b9bdb4"
WHITE: Final = "#ffffff"
BLACK: Final = "#000000"
_LINEAR_BELOW: Final = 0.04045
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")


def is_colour(text: str) -> bool:
    """Whether text is `#rrggbb`; `#fff` means other things elsewhere, so six digits are demanded."""
    return _COLOUR.fullmatch(text) is not None


@lru_cache(maxsize=256)
def operands(colour: str) -> tuple[str, str]:
    """The PDF operators that fill and stroke in a colour: grey ones in DeviceGray, which a black ribbon prints."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    if red == green == blue:
        return f"{red:.3g} g", f"{red:.3g} G"
    return f"{red:.3f} {green:.3f} {blue:.3f} rg", f"{red:.3f} {green:.3f} {blue:.3f} RG"


@lru_cache(maxsize=1024)
def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1.0 to 21.0."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=256)
def reading_on(background: str) -> str:
    """Black or white, whichever reads better on the background; at least 4.5 : 1, since the worst grey gives 4.58."""
    return max(BLACK, WHITE, key=lambda text: contrast(text, background))


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else ((channel + 0.055) / 1.055) ** 2.4
