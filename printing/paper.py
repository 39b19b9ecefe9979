"""Papers: which sizes a badge is printed on, and what each asks of the drawing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

A4_WIDTH_MM: Final = 210.0
A4_HEIGHT_MM: Final = 297.0


class Paper(StrEnum):
    """What the badge is printed on; the value is the word used in links and on the command line."""

    A6 = "a6"
    A4_FOLD = "a4-fold"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One side of a badge as a paper wants it; everything that matters stays `margin_mm` from the edge."""

    width_mm: float
    height_mm: float
    safe_mm: float
    margin_mm: float
    band_top_mm: float
    qr_side_mm: float
    bleeds: bool  # header and band run over the edge; if not, ink is saved and the band stands inside the safe area


# A lanyard card: safe area 5 mm. A home printer leaves up to 6.35 mm at each edge: nothing within 6.5 mm.
A6_PANEL: Final = Panel(width_mm=105, height_mm=148, safe_mm=5, margin_mm=7, band_top_mm=21, qr_side_mm=38, bleeds=True)
FOLD_PANEL: Final = Panel(
    width_mm=105, height_mm=148.5, safe_mm=6.5, margin_mm=8, band_top_mm=24, qr_side_mm=37, bleeds=False
)
