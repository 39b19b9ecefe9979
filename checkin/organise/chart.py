"""Bars of an hourly chart: places and sizes, nothing of SVG. Across in per cent, so that letters keep their size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checkin.attendance.model import HourCount

TALLEST = 170
BASE = 200  # of the bars, from the top: above the tallest there is room for its figure
_FILL = 0.84  # of its share of the width


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour. `left`, `middle`, `width` in per cent, `top` and `height` in pixels."""

    hour: int
    value: int
    left: float
    middle: float
    width: float
    top: int
    height: int
    is_running: bool


def bars(hours: Sequence[HourCount], *, running: int | None, is_rtl: bool) -> tuple[Bar, ...]:
    """A bar for each hour's first admissions; in Urdu the day runs from right to left."""
    share, most = 100 / len(hours), max(hour.first for hour in hours) or 1
    found = []
    for place, hour in enumerate(hours):
        column = len(hours) - 1 - place if is_rtl else place
        height = max(2, round(hour.first / most * TALLEST))
        found.append(
            Bar(
                hour=hour.hour,
                value=hour.first,
                left=round((column + (1 - _FILL) / 2) * share, 3),
                middle=round((column + 0.5) * share, 3),
                width=round(_FILL * share, 3),
                top=BASE - height,
                height=height,
                is_running=hour.hour == running,
            )
        )
    return tuple(found)
