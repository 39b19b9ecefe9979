"""The filters of the list of people, between its address, its form and the query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from checkin.event.model import Event
from checkin.people.model import UNDECLARED, Filters, Standing
from checkin.registration.calendar import short_day
from checkin.registration.countries import codes, countries

NAMES = ("category", "country", "day", "printed", "state")
_LABELS = {
    "category": _l("Category"),
    "country": _l("Country"),
    "day": _l("Came on"),
    "printed": _l("On paper"),
    "state": _l("Badge"),
}
_PRINTED = {"yes": True, "no": False}
_MOST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter as the page offers it."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


def asked(told: Mapping[str, str]) -> dict[str, str]:
    """The filters that an address or a form names, as it names them; nothing that leaves nobody out."""
    return {name: told[name] for name in NAMES if told.get(name)}


def read(event: Event, told: Mapping[str, str]) -> tuple[Filters, tuple[str, ...]]:
    """The filters of an address, and the labels of those that cannot be understood, which leave nobody out."""
    given, wrong = asked(told), []
    for name, value in list(given.items()):
        if value not in _known(event, name):
            wrong.append(str(_LABELS[name]))
            del given[name]
    return Filters(
        category=given.get("category", ""),
        country=given.get("country", ""),
        day=date.fromisoformat(given["day"]) if "day" in given else None,
        printed=_PRINTED[given["printed"]] if "printed" in given else None,
        state=Standing(given["state"]) if "state" in given else None,
    ), tuple(wrong)


def choices(event: Event, told: Mapping[str, str], language: str) -> tuple[Choice, ...]:
    """Every filter with what can be chosen, in the language of the page."""
    nothing = ("", gettext("All"))
    options = {
        "category": [(category.slug, category.named(language)) for category in event.categories],
        "country": [*countries(language), (UNDECLARED, gettext("Not said"))],
        "day": [(day.date.isoformat(), short_day(day.date, language)) for day in event.days],
        "printed": [("yes", gettext("Marked as printed")), ("no", gettext("Not printed yet"))],
        "state": [
            (Standing.LIVE.value, gettext("Good")),
            (Standing.REVOKED.value, gettext("Revoked")),
            (Standing.NONE.value, gettext("No badge yet")),
        ],
    }
    return tuple(Choice(name, str(_LABELS[name]), (nothing, *options[name]), told.get(name, "")) for name in NAMES)


def read_before(text: str | None) -> int | None:
    """Where a page goes on; None for anything else, so that the list begins at its beginning."""
    number = int(text) if text and text.isascii() and text.isdecimal() and len(text) <= len(str(_MOST_ID)) else 0
    return number if 0 < number <= _MOST_ID else None


def _known(event: Event, name: str) -> frozenset[str]:
    match name:
        case "category":
            return frozenset(event.category_by_slug)
        case "country":
            return codes() | {UNDECLARED}
        case "day":
            return frozenset(day.isoformat() for day in event.day_by_date)
        case "printed":
            return frozenset(_PRINTED)
        case _:
            return frozenset(Standing)
