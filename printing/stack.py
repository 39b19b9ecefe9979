"""Blocks of text set under each other by their ink, so that none touches the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from printing.fit import Block

# 1.0 to 0.28: the last holds four texts of two lines, each as tall as `fit` lets them be.
_SCALES: Final = tuple(1 - 0.06 * step for step in range(13))


@dataclass(frozen=True)
class Item:
    """A block, its colour, and the room above it when something stands there."""

    block: Block
    colour: str
    gap_mm: float = 0


def height_mm(items: Sequence[Item]) -> float:
    """The ink and the gaps of all that is not empty."""
    shown = _shown(items)
    return sum(item.block.height_mm for item in shown) + sum(item.gap_mm for item in shown[1:])


def fitted(make: Callable[[float], Sequence[Item]], room_mm: float) -> Sequence[Item]:
    """The items at the largest scale at which they fit into the room's height."""
    return next((items for scale in _SCALES if height_mm(items := make(scale)) <= room_mm), make(_SCALES[-1]))


def draw_stack(canvas: Canvas, items: Sequence[Item], left_mm: float, top_mm: float, width_mm: float) -> None:
    """Draw from the top; empty blocks take no room."""
    for at, item in enumerate(_shown(items)):
        top_mm -= item.gap_mm if at else 0
        item.block.draw(canvas, left_mm, top_mm, width_mm, item.colour)
        top_mm -= item.block.height_mm


def _shown(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.block.lines]
