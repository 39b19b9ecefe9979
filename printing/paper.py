"""The paper that everybody has at home."""

from typing import Final

A4_WIDTH_MM: Final = 210.0
A4_HEIGHT_MM: Final = 297.0
