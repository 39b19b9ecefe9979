"""The short code: a badge number for fingers and voices, as `7K3M-9QXD-C`.

Eight Crockford characters and one check character: the sum over GF(32) of digit x alpha^place, places 1 to 8,
field polynomial x^5 + x^2 + 1. Every substitution and every swap of two characters changes the check, since the
weights are all different and none is zero. Twin of the same rules in `static/gate/token.js`.
"""

from __future__ import annotations

from checkin.badges.token import ALPHABET

DIGITS = 8
FEWEST = 4  # characters of a code by which somebody is looked up while it is typed
_POLYNOMIAL = 0b100101
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def short_code(number: int) -> str:
    """The short code of a badge number (40 bits), grouped for reading."""
    values = [number >> shift & 31 for shift in range(5 * (DIGITS - 1), -1, -5)]
    text = "".join(ALPHABET[value] for value in (*values, _check(values)))
    return f"{text[:4]}-{text[4:8]}-{text[8]}"


def read_short_code(text: str) -> int | None:
    """The badge number that was typed; forgives case, O for 0, I and L for 1, spaces and dashes.

    None when it is no short code or its check character is wrong.
    """
    plain = text.strip().upper().translate(_FORGIVEN)
    if len(plain) != DIGITS + 1 or any(character not in ALPHABET for character in plain):
        return None
    values = [ALPHABET.index(character) for character in plain]
    if _check(values[:DIGITS]) != values[DIGITS]:
        return None
    number = 0
    for value in values[:DIGITS]:
        number = number << 5 | value
    return number


def numbers_beginning(text: str) -> range:
    """The badge numbers whose short code begins so, read as forgivingly; none for fewer than four characters."""
    plain = text.strip().upper().translate(_FORGIVEN)
    if not FEWEST <= len(plain) <= DIGITS or any(character not in ALPHABET for character in plain):
        return range(0)
    number = 0
    for character in plain:
        number = number << 5 | ALPHABET.index(character)
    open_bits = 5 * (DIGITS - len(plain))
    return range(number << open_bits, number + 1 << open_bits)


def _check(values: list[int]) -> int:
    total, weight = 0, 1
    for value in values:
        weight = _double(weight)
        total ^= _times(value, weight)
    return total


def _double(value: int) -> int:
    value <<= 1
    return value ^ _POLYNOMIAL if value & 32 else value


def _times(one: int, other: int) -> int:
    product = 0
    while other:
        if other & 1:
            product ^= one
        one, other = _double(one), other >> 1
    return product
