"""Countries as people read them, in the language of the page."""

from __future__ import annotations

import unicodedata
from functools import cache

from babel import Locale

FIRST = "PK"

# Two-letter codes of the CLDR that are no countries: unions, test regions, islands kept apart for mail.
_NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
# Unicode puts the letters that Urdu added to Arabic behind all others; this is the order of an Urdu dictionary.
_URDU_ORDER = {letter: place for place, letter in enumerate("آاأإبپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوؤہھۃءئیے")}


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """(alpha-2 code, name) of every country in `language`, Pakistan first, the others by the alphabet."""
    names = {
        code: str(name)
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES  # noqa: PLR2004 - alpha-2
    }
    rest = sorted((code for code in names if code != FIRST), key=lambda code: _sort_key(names[code]))
    return tuple((code, names[code]) for code in (FIRST, *rest))


@cache
def codes() -> frozenset[str]:
    """Every country's code."""
    return frozenset(code for code, _ in countries("en"))


def _sort_key(name: str) -> tuple[int, ...]:
    plain = unicodedata.normalize("NFC", name)
    if any(letter in _URDU_ORDER for letter in plain):
        return tuple(_URDU_ORDER.get(letter, 99 if letter.isalpha() else -1) for letter in plain)
    bare = (letter for letter in unicodedata.normalize("NFD", plain) if not unicodedata.combining(letter))
    return tuple(ord(letter) for letter in "".join(bare).casefold())
