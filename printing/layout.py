"""Where the texts of a stack stand for one face: shrunk together until they fit their box."""

from dataclasses import replace
from typing import Final, NamedTuple

from printing.elements import Row, Stack, Wording
from printing.face import Face
from printing.fit import Block, fit
from printing.spread import spread
from printing.text import Text, printable, reads_rtl

_BETWEEN_MM: Final = 4.0  # from a text to the one beside it
_OVER_MM: Final = 0.12
_ABOVE: Final = {"top": 0.0, "middle": 0.5, "bottom": 1.0}  # of the room that is left
# 1.0 to 0.28: the last holds four texts of two lines, each as tall as `fit` lets them be.
_SCALES: Final = tuple(1 - 0.06 * step for step in range(13))
_CAPITALS_DROP_EM: Final = 0.1  # capitals have nothing below the line: in the middle they stand so much lower


class Set(NamedTuple):
    """A row's block, ready to draw: its upper left corner, and how wide its place is."""

    row: Row
    block: Block
    left_mm: float
    top_mm: float
    width_mm: float


def text_of(wording: Wording, face: Face) -> Text:
    """What a line says on this face."""
    if wording.literal:
        text = Text(wording.literal, rtl=wording.rtl)
    elif len(wording.fields) == 1:
        text = Text(getattr(face, wording.fields[0]), rtl=wording.rtl)
    else:
        texts = [Text(getattr(face, name), rtl=name.endswith("_ur")) for name in wording.fields]
        shown = [text for text in texts if printable(text)]
        between = "، " if shown and reads_rtl(shown[0]) and wording.join == " · " else wording.join
        text = Text(between.join(printable(text) for text in shown))
    return Text(text.words.upper(), rtl=text.rtl) if wording.upper else text


def set_stack(stack: Stack, face: Face) -> list[Set]:
    """Every line that says something on this face."""
    box = stack.box
    beside_mm = _beside_mm(stack, face) if stack.beside else 0.0
    main_mm = box.width - (beside_mm + min(_BETWEEN_MM, box.width * 0.1) if beside_mm else 0)
    found = _column(stack, stack.rows, face, box.left, main_mm)
    if beside_mm:
        found += _column(stack, stack.beside, face, box.right - beside_mm, beside_mm)
    return found


def _beside_mm(stack: Stack, face: Face) -> float:
    """As wide as what stands beside likes to be, up to its share; nothing if it says nothing."""
    likes_mm = (_block(row, text_of(row.wording, face), stack.box.width, 1).width_mm for row in stack.beside)
    return min(stack.box.width * stack.share, max(likes_mm))


def _column(stack: Stack, rows: tuple[Row, ...], face: Face, left_mm: float, width_mm: float) -> list[Set]:
    box = stack.box
    texts = [text_of(row.wording, face) for row in rows]
    for scale in _SCALES:
        blocks = [_block(row, text, width_mm, scale) for row, text in zip(rows, texts, strict=True)]
        shown = [(row, block, row.gap_mm * scale) for row, block in zip(rows, blocks, strict=True) if block.lines]
        spare_mm = box.height - sum(block.height_mm for _, block, _ in shown) - sum(gap for *_, gap in shown[1:])
        if spare_mm >= 0:
            break
    if not shown:
        return []
    top_mm = box.top - max(0.0, spare_mm) * _ABOVE[stack.valign]
    last, block, _ = shown[-1]
    if stack.valign == "middle" and last.wording.upper and not block.rtl:
        top_mm -= block.size_mm * _CAPITALS_DROP_EM
    found: list[Set] = []
    for row, block, gap_mm in shown:
        top_mm -= gap_mm if found else 0
        if found and top_mm - block.height_mm < box.bottom - _OVER_MM:
            break  # a prank of many tall lines: what stands first matters most
        found.append(Set(row, block, left_mm, top_mm, width_mm))
        top_mm -= block.height_mm
    return found


def _block(row: Row, text: Text, width_mm: float, scale: float) -> Block:
    block = fit(text, width_mm, row.size_mm * scale, bold=row.bold, least=row.least, most_lines=row.most_lines)
    if not row.tracking_em:
        return block
    lines = tuple(spread(each, row.tracking_em) for each in block.lines)
    widest_em = max((each.width_em for each in lines), default=1.0)
    return replace(block, lines=lines, size_mm=min(block.size_mm, width_mm / widest_em))
