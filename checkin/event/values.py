"""What a setting's value may be: each function gives the value in its true type, or None if it is no such thing."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from urllib.parse import urlsplit

LONGEST_TEXT = 200
_SLUG = re.compile(r"[a-z0-9-]{2,64}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
)
_LONGEST_EMAIL = 254
_YEARS = range(2000, 2200)  # a mistyped year is told, and no sum of date and hours can overflow
_UNPRINTED = {"Cc", "Cs", "Zl", "Zp"}  # Unicode categories; Cf stays, since Urdu needs its joiners
_OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # turn the text around them


def text_of(value: object) -> str | None:
    return value.strip() if isinstance(value, str) else None


def has_control(text: str) -> bool:
    """Whether `text` holds a line break, a control character or an override of the direction of writing."""
    return any(unicodedata.category(c) in _UNPRINTED or c in _OVERRIDES for c in text)


def slug_of(value: object) -> str | None:
    return value if isinstance(value, str) and _SLUG.fullmatch(value) else None


def whole_of(value: object, low: int, high: int) -> int | None:
    """A whole number from `low` to `high`. `true` is none, though Python counts it as 1."""
    return value if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high else None


def flag_of(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def colour_of(value: object) -> str | None:
    """`#rrggbb` in lower case."""
    return value.lower() if isinstance(value, str) and _COLOUR.fullmatch(value) else None


def date_of(value: object) -> date | None:
    """A TOML date or a string `2026-01-24`; a date with a time of day is none."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            value = date.fromisoformat(value)
        except ValueError:  # 30 February
            return None
    is_date = isinstance(value, date) and not isinstance(value, datetime)
    return value if is_date and isinstance(value, date) and value.year in _YEARS else None


def time_of(value: object) -> time | None:
    """A TOML time or a string `09:00`, of the venue's own clock."""
    if isinstance(value, str) and _TIME.fullmatch(value):
        try:
            return time.fromisoformat(value)
        except ValueError:  # 25:00
            return None
    return value if isinstance(value, time) else None


def address_of(value: object) -> str | None:
    """`http(s)://host[:port]`, without a slash at its end. A path, a user name or a query makes it none."""
    if not isinstance(value, str):
        return None
    try:
        parts = urlsplit(value)
        known = parts.scheme in {"http", "https"} and parts.port != 0 and _HOST.fullmatch(parts.netloc)
    except ValueError:  # a port above 65535, half an IPv6 address
        return None
    bare = f"{parts.scheme}://{parts.netloc}".lower()
    return bare if known and value.lower() in {bare, f"{bare}/"} else None


def email_of(value: object) -> str | None:
    """One address as any mail server takes it: ASCII, no name beside it. Nothing in it can begin another header."""
    is_one = isinstance(value, str) and len(value) <= _LONGEST_EMAIL and _EMAIL.fullmatch(value)
    return value if is_one and isinstance(value, str) else None
