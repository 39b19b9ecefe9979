"""Which column is which field, by its heading: English and Urdu, and what else such columns are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from checkin.imports.model import Field

# The same letter, as Arabic and Urdu keyboards write it.
_LETTERS: Final = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "ة": "ہ", "ۀ": "ہ", "أ": "ا", "إ": "ا"})

# In the order in which they are looked for: "company phone" is a phone, "name of company" a company.
_NAMES: Final[dict[Field, tuple[str, ...]]] = {
    Field.CONSENT_EXHIBITORS: ("consent exhibitors", "share with exhibitors", "نمائش کنندگان کو"),
    Field.CONSENT_NEWS: ("consent news", "newsletter", "news", "خبریں"),
    Field.CONSENT_PHOTO: ("consent photo", "photo consent", "photos", "تصاویر"),
    Field.CONSENT: ("consent", "agreed", "رضامندی", "اجازت"),
    Field.PHONE: (
        *(
            "phone",
            "mobile",
            "cell",
            "cell no",
            "contact no",
            "contact number",
            "telephone",
            "tel",
            "whatsapp",
            "msisdn",
        ),
        *("فون", "موبائل", "ٹیلی فون", "رابطہ نمبر", "واٹس ایپ"),
    ),
    Field.EMAIL: ("email", "e mail", "mail", "email address", "ای میل", "برقی پتہ"),
    Field.NAME_UR: ("name ur", "name urdu", "urdu name", "name in urdu", "اردو نام", "نام اردو", "نام اردو میں"),
    Field.DESIGNATION: (
        *("designation", "job title", "title", "position", "post", "rank", "role", "occupation", "profession"),
        *("عہدہ", "پیشہ"),
    ),
    Field.COUNTRY: ("country", "nation", "nationality", "ملک"),
    Field.CITY: ("city", "town", "district", "شہر", "ضلع"),
    Field.GENDER: ("gender", "sex", "جنس", "صنف"),
    Field.STAND: ("stand", "stall", "booth", "stand no", "stall no", "booth no", "سٹال", "اسٹال"),
    Field.CLUSTER: ("cluster", "کلسٹر"),
    Field.SECTORS: ("sectors", "sector", "industry", "line of business", "products", "شعبہ", "شعبے", "صنعت"),
    Field.CATEGORY: ("category", "visitor type", "badge type", "type", "kind", "you come as", "قسم", "زمرہ"),
    Field.GROUP: ("group", "delegation", "party", "family", "team", "وفد", "گروپ", "خاندان"),
    Field.DAYS: ("days", "day", "dates", "date of visit", "visit date", "دن", "تاریخ", "تاریخیں"),
    Field.LANGUAGE: ("language", "lang", "زبان"),
    Field.ORGANISATION: (
        *("organisation", "organization", "company", "firm", "business", "employer", "institution", "institute"),
        *("department", "ministry", "company name", "ادارہ", "کمپنی", "فرم", "محکمہ", "تنظیم"),
    ),
    Field.NAME: (
        *("name", "full name", "visitor", "visitor name", "participant", "attendee", "delegate", "guest", "person"),
        *("contact person", "نام", "پورا نام", "مکمل نام"),
    ),
}


@lru_cache(maxsize=4096)  # the same words stand in many lines
def plain_heading(heading: str) -> str:
    """As headings are compared: small letters and digits, words apart, Urdu in one spelling, no marks."""
    folded = unicodedata.normalize("NFKD", heading.replace("_", " ")).casefold().translate(_LETTERS)
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter) and letter not in "\u200c\u200d.'’")
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", bare)))


_PARTS: Final = ("first name", "given name", "forename", "last name", "surname", "family name")
_EXACT: Final = {plain_heading(name): field for field, names in _NAMES.items() for name in names}
_WORDS: Final = tuple(_EXACT.items())


def match(headings: Sequence[str]) -> dict[int, Field]:
    """Column → field, as far as headings say; each field once, but for a name in two parts (first, last)."""
    plain = [plain_heading(heading) for heading in headings]
    found: dict[int, Field] = {}
    for column, heading in enumerate(plain):
        exact = _EXACT.get(heading)
        if exact is not None and exact not in found.values():
            found[column] = exact
    if Field.NAME not in found.values():
        found |= {column: Field.NAME for column, heading in enumerate(plain) if heading in _PARTS}
    for column, heading in enumerate(plain):
        like = None if column in found or heading in _PARTS else _like(heading)
        if like is not None and like not in found.values():
            found[column] = like
    return found


def _like(heading: str) -> Field | None:
    """The first field one of whose names stands in the heading as whole words."""
    return next((field for name, field in _WORDS if f" {name} " in f" {heading} "), None)
