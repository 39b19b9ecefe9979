"""A person's text made into lines that can be drawn: cleaned, put in order, a font for every run."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from printing.bidi import starts_rtl, visual_runs
from printing.fonts import BOLD, NASTALIQ, REGULAR, Font, Shape, shape

_JOINERS: Final = "\u200c\u200d"  # they shape Urdu words
_MARKS_AT_MOST: Final = 3  # on one letter; a name needs two, a prank uses fifty
_CAP_HEIGHT_EM: Final = 0.714
_DESCENT_EM: Final = 0.2
_WORDS: Final = re.compile(" |[^ ]+")
_PLAIN_URDU: Final = re.compile(
    "[\u0621-\u064a\u0660-\u0669\u0679-\u06be\u06c1\u06c3\u06cc\u06d2 ]*"
)  # nothing to clean


@dataclass(frozen=True)
class Text:
    """Words as typed; `rtl` says how a field reads that holds no letter of its own direction."""

    words: str
    rtl: bool = False


@dataclass(frozen=True)
class Piece:
    """A run of one font, its words and spaces from left to right, and where it starts, in em."""

    font: Font
    words: tuple[Shape, ...]
    x_em: float


@dataclass(frozen=True)
class Line:
    """One line ready to draw; measures in em, top and bottom from the baseline."""

    pieces: tuple[Piece, ...]
    width_em: float
    top_em: float
    bottom_em: float


@lru_cache(maxsize=512)
def clean(words: str) -> str:
    """The words without controls and direction overrides, spaces made single, look-alike forms made plain letters."""
    if (words.isascii() and words.isprintable()) or _PLAIN_URDU.fullmatch(words):
        return " ".join(words.split())
    kept = (_plain(character) for character in unicodedata.normalize("NFC", words))
    text = unicodedata.normalize("NFC", " ".join("".join(kept).split()))
    return "".join(_few_marks(text)).strip(_JOINERS)


def unprintable(text: Text) -> list[str]:
    """The characters, as typed, that no font here can draw."""
    return [character for character, font in _fonts(clean(text.words), BOLD) if font is None]


def printable(text: Text, *, bold: bool = False) -> str:
    """The words as they can be printed: cleaned, and without what no font has."""
    cleaned = clean(text.words)
    if _only_font(cleaned, _latin(bold=bold)):
        return cleaned
    letters = "".join(character for character, font in _fonts(cleaned, _latin(bold=bold)) if font)
    return " ".join(letters.split())


def reads_rtl(text: Text) -> bool:
    """Whether the text as a whole reads right to left."""
    return starts_rtl(clean(text.words), otherwise=text.rtl)


@lru_cache(maxsize=512)
def line(words: str, *, bold: bool = False, rtl: bool = False) -> Line:
    """One line of printable words, left to right as it stands on paper."""
    pieces: list[Piece] = []
    # Latin keeps an even rhythm; Nastaliq's ink goes beyond it, as no metric of the font foretells.
    x_em, top, bottom = 0.0, _CAP_HEIGHT_EM, -_DESCENT_EM
    for run in visual_runs(words, rtl=rtl):
        parts = _by_font(run.text, _latin(bold=bold))
        for part, font in reversed(parts) if run.rtl else parts:
            typed = [shape(word, font, run.rtl) for word in _WORDS.findall(part)]
            pieces.append(Piece(font, tuple(typed[::-1] if run.rtl else typed), x_em))
            for shaped in typed:
                x_em += shaped.advance_em
                top, bottom = max(top, shaped.ink_top_em), min(bottom, shaped.ink_bottom_em)
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


def _only_font(text: str, latin: Font) -> Font | None:
    """The one font that draws all of a text, if there is one."""
    return next((font for font in (latin, NASTALIQ) if font.characters.issuperset(text)), None)


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
    if font := _only_font(text, latin):
        return [(text, font)]
    parts: list[tuple[str, Font]] = []
    for character, chosen in _fonts(text, latin):
        if chosen is None:
            continue
        if parts and parts[-1][1] is chosen:
            parts[-1] = (parts[-1][0] + character, chosen)
        else:
            parts.append((character, chosen))
    return parts
