"""What people type, made fit to keep: pure rules, text in, text out."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from email_validator import EmailNotValidError, validate_email

LONGEST_EMAIL = 254
HOME = "PK"  # where a number is looked for when the chosen country does not know it

# Joiners shape Urdu words and emoji; every other format character (bidi overrides, zero-width spaces) only misleads.
_JOINERS = {"\u200c", "\u200d"}
_DROPPED = {"Cc", "Cf", "Cs", "Co"}
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
_HOME_MOBILE = re.compile(r"0?3\d{9}")
_OUTWARD = re.compile(r"^(?:\+00|00)")


class PhoneError(ValueError):
    """This is no telephone number that can be dialled."""


class EmailError(ValueError):
    """This is no complete e-mail address."""


def clean_text(text: str) -> str:
    """One line: NFC, spaces folded and trimmed, without control, bidi and other invisible characters."""
    spaced = " ".join(text.split())
    if spaced.isascii() and spaced.isprintable():
        return spaced
    kept = (c for c in spaced if c in _JOINERS or unicodedata.category(c) not in _DROPPED)
    line = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    return line.strip("".join(_JOINERS))


def has_letters(text: str) -> bool:
    """Whether a name could be read aloud: at least one letter, of any script."""
    return any(character.isalpha() for character in text)


def has_urdu(text: str) -> bool:
    """Whether at least one letter is of the Arabic script."""
    return _ARABIC.search(text) is not None


def clean_phone(text: str, country: str = "") -> str:
    """The number as E.164 (`+923001234567`); empty for empty. Raises PhoneError.

    A number without its country's code is looked for in `country` (alpha-2, empty: Pakistan) and, if it
    is written as a Pakistani mobile number, in Pakistan. Digits of any script, `00…` and `0092…` are understood.
    """
    typed = _plain_digits(clean_text(text))
    if not typed:
        return ""
    regions = [country or HOME]
    if _HOME_MOBILE.fullmatch(re.sub(r"\D", "", typed)):
        regions.append(HOME)
    for region in regions:
        try:
            number = phonenumbers.parse(typed, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    raise PhoneError(text)


def clean_email(text: str) -> str:
    """The address in its normal form; empty for empty. Raises EmailError.

    Its domain is not asked whether it takes mail: the hall may be offline.
    """
    if not text:
        return ""
    try:
        plain = validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise EmailError(text) from None
    if len(plain) > LONGEST_EMAIL:
        raise EmailError(text)
    return plain


def _plain_digits(text: str) -> str:
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    return _OUTWARD.sub("+", re.sub(r"^\+\s*", "+", digits))
