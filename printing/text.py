"""A person's text made into lines that can be drawn: cleaned, put in order, a font for every run."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from printing.bidi import starts_rtl, visual_runs
from printing.colour import paint
from printing.fonts import BOLD, NASTALIQ, REGULAR, UNITS_PER_EM, Font, Shape, outline, shape

_JOINERS: Final = "\u200c\u200d"  # they shape Urdu words
_MARKS_AT_MOST: Final = 3  # on one letter; a name needs two, a prank uses fifty
_CAP_HEIGHT_EM: Final = 0.714
_DESCENT_EM: Final = 0.2


@dataclass(frozen=True)
class Text:
    """Words as typed; `rtl` says how a field reads that holds no letter of its own direction."""

    words: str
    rtl: bool = False


@dataclass(frozen=True)
class _Piece:
    """A shaped run and where it starts, in em."""

    text: str
    font: Font
    rtl: bool
    shape: Shape
    x_em: float

    @property
    def is_simple(self) -> bool:
        """Whether drawing letter by letter is right: no mark to place, no bracket to turn round."""
        return not (self.font.is_nastaliq or self.rtl or any(map(unicodedata.combining, self.text)))


@dataclass(frozen=True)
class Line:
    """One line ready to draw; measures in em, top and bottom from the baseline."""

    pieces: tuple[_Piece, ...]
    width_em: float
    top_em: float
    bottom_em: float

    def draw(self, canvas: Canvas, x_mm: float, y_mm: float, size_mm: float, colour: str) -> None:
        """Draw from x with the baseline at y; the canvas counts in mm."""
        canvas.setFillColor(paint(colour))
        for piece in self.pieces:
            at_mm = x_mm + piece.x_em * size_mm
            if piece.is_simple:
                canvas.setFont(piece.font.name, size_mm)
                canvas.drawString(at_mm, y_mm, piece.text)
            elif path := outline(piece.shape, piece.font):
                scale = f"{size_mm / UNITS_PER_EM:.6f}"
                canvas.addLiteral(f"q {scale} 0 0 {scale} {at_mm:.3f} {y_mm:.3f} cm {path} f Q")


@lru_cache(maxsize=2048)
def clean(words: str) -> str:
    """The words without controls and direction overrides, spaces made single, look-alike forms made plain letters."""
    kept = (_plain(character) for character in unicodedata.normalize("NFC", words))
    text = unicodedata.normalize("NFC", " ".join("".join(kept).split()))
    return "".join(_few_marks(text)).strip(_JOINERS)


def unprintable(text: Text) -> list[str]:
    """The characters, as typed, that no font here can draw."""
    return [character for character, font in _fonts(clean(text.words), BOLD) if font is None]


def printable(text: Text, *, bold: bool = False) -> str:
    """The words as they can be printed: cleaned, and without what no font has."""
    letters = "".join(character for character, font in _fonts(clean(text.words), _latin(bold=bold)) if font)
    return " ".join(letters.split())


def reads_rtl(text: Text) -> bool:
    """Whether the text as a whole reads right to left."""
    return starts_rtl(clean(text.words), otherwise=text.rtl)


@lru_cache(maxsize=2048)
def line(words: str, *, bold: bool = False, rtl: bool = False) -> Line:
    """One line of printable words, left to right as it stands on paper."""
    pieces: list[_Piece] = []
    x_em = 0.0
    for run in visual_runs(words, rtl=rtl):
        parts = _by_font(run.text, _latin(bold=bold))
        for part, font in reversed(parts) if run.rtl else parts:
            shaped = shape(part, font, rtl=run.rtl)
            pieces.append(_Piece(part, font, run.rtl, shaped, x_em))
            x_em += shaped.advance_em
    # Latin keeps an even rhythm; Nastaliq is set by its ink, which no metric of the font foretells.
    has_latin = any(not piece.font.is_nastaliq for piece in pieces)
    top = max([_CAP_HEIGHT_EM * has_latin, *(piece.shape.ink_top_em for piece in pieces)])
    bottom = min([-_DESCENT_EM * has_latin, *(piece.shape.ink_bottom_em for piece in pieces)])
    return Line(tuple(pieces), x_em, top, bottom)


def _few_marks(text: str) -> Iterator[str]:
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MARKS_AT_MOST:
            yield character


def _plain(character: str) -> str:
    """What is printed for one typed character: itself, a space, a plain form of it, or nothing."""
    category = unicodedata.category(character)
    if category.startswith("Z") or character in "\t\n\v\f\r":
        return " "
    if character in _JOINERS:
        return character
    is_selector = "\ufe00" <= character <= "\ufe0f"
    if category in ("Cc", "Cf", "Cs") or is_selector:
        return ""
    if _font_of(character, BOLD) is None:  # styled and presentation forms: the letter itself, where a font has it
        plain = unicodedata.normalize("NFKC", character)
        if all(_font_of(part, BOLD) for part in plain):
            return plain
    return character


def _latin(*, bold: bool) -> Font:
    return BOLD if bold else REGULAR


def _font_of(character: str, latin: Font) -> Font | None:
    return next((font for font in (latin, NASTALIQ) if character in font.characters), None)


def _fonts(text: str, latin: Font) -> list[tuple[str, Font | None]]:
    """A font for every character; spaces and marks stay with what stands before them."""
    chosen: list[tuple[str, Font | None]] = []
    last: Font | None = None
    for character in text:
        is_mark = unicodedata.combining(character) > 0
        follows = is_mark or character == " " or character in _JOINERS
        if follows and last and character in last.characters:
            font: Font | None = last
        else:
            font = None if is_mark else _font_of(character, latin)
            last = last if is_mark else font
        chosen.append((character, font))
    return chosen


def _by_font(text: str, latin: Font) -> list[tuple[str, Font]]:
    """The text cut where the font changes."""
    parts: list[tuple[str, Font]] = []
    for character, font in _fonts(text, latin):
        if font is None:
            continue
        if parts and parts[-1][1] is font:
            parts[-1] = (parts[-1][0] + character, font)
        else:
            parts.append((character, font))
    return parts
