"""Category colours for pages: from the event file into a small stylesheet, since pages may hold no inline style."""

from __future__ import annotations

from collections.abc import Iterable

from checkin.event.model import Category

_INK, _WHITE = "#000000", "#ffffff"


def stylesheet(categories: Iterable[Category]) -> str:
    """`--category` and the text colour that reads on it, for every `data-category`."""
    return "".join(
        f'[data-category="{category.slug}"]{{--category:{category.colour};--on-category:{text_on(category.colour)}}}\n'
        for category in categories
    )


def text_on(colour: str) -> str:
    """Black or white, whichever reads better on `colour` (`#rrggbb`); one always has 4.5 : 1 (WCAG 2.2)."""
    light = _luminance(colour)
    return _INK if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else _WHITE


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 to 1."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - sRGB
