"""How names are made alike, so that one is found however it is written: pure, text in, words out.

Accents, case, vowel signs, and the letters that keyboards of Arabic, Persian and Urdu write differently fall away. What
is kept of a person and what somebody types are folded by the same rules, so neither needs to be right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

LONGEST = 40  # letters of a word that count
MOST_WORDS = 8  # that somebody types
FEWEST_DIGITS = 3  # a shorter number is no end of a phone number
_PHONE = "#"  # before the digits of a phone, last one first: no name begins with it
_ALIKE = str.maketrans(
    dict.fromkeys("يىےېۍ", "ی")
    | dict.fromkeys("كڪ", "ک")
    | dict.fromkeys("ههھەةۀۃ", "ہ")
    | dict.fromkeys("ٱ", "ا")
    | dict.fromkeys("ں", "ن")
    | {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "e"}  # ICAO 9303
)
# Neither part a word nor belong to it: apostrophes, the Arabic hamza, the stroke that only stretches, joiners.
_NOTHING = re.compile("['’‘ʻʼ`´ءـ\u200c\u200d]")
_WORD = re.compile(r"[^\W_]+")
_DIALLED = re.compile(r"[\s()+./-]*\d[\d\s()+./-]*")


def fold(text: str) -> str:
    """The text with all that may differ taken away; words stand as they stood."""
    apart = unicodedata.normalize("NFKD", _NOTHING.sub("", text)).casefold()
    plain = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in apart if not unicodedata.combining(c))
    return _NOTHING.sub("", "".join(plain)).translate(_ALIKE)


def words_of(texts: Iterable[str], phone: str) -> set[str]:
    """What is kept of a person, to be found by: the words of their texts, and their phone from its end."""
    digits = re.sub(r"\D", "", fold(phone))
    words = {word[:LONGEST] for text in texts for word in _WORD.findall(fold(text))}
    return words | ({_PHONE + digits[::-1][: LONGEST - 1]} if digits else set())


def beginnings(typed: str) -> Sequence[Sequence[str]]:
    """What somebody's kept words have to begin with to be meant: of each group, one. Empty where nothing was typed."""
    plain = fold(typed)
    words = _WORD.findall(plain)
    if _DIALLED.fullmatch(plain):
        whole = "".join(words)
        meant = [whole] if len(words) == 1 else []
        meant += [_phone_ending(whole)] if len(whole) >= FEWEST_DIGITS else []
        return [meant] if meant else []
    return [[word[:LONGEST]] for word in dict.fromkeys(words)][:MOST_WORDS]


def _phone_ending(digits: str) -> str:
    """As phones are kept. Zeros in front are what one dials instead of the country's code."""
    return _PHONE + (digits.lstrip("0") or digits)[::-1][: LONGEST - 1]
