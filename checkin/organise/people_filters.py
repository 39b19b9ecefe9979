"""The filters of the list of people, between its address, its form and the query."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from checkin.attendance.policy import LONGEST_KEY, scope_of
from checkin.event.model import Event
from checkin.organise.words import GENDERS, city_name
from checkin.people.model import UNDECLARED, Filters, Standing
from checkin.registration.calendar import short_day
from checkin.registration.countries import codes, countries
from checkin.visitors.model import Gender

NAMES = ("category", "country", "city", "gender", "sector", "cluster", "day", "printed", "state")
_LABELS = {
    "category": _l("Category"),
    "country": _l("Country"),
    "city": _l("City"),
    "gender": _l("Gender"),
    "sector": _l("Sector"),
    "cluster": _l("Cluster"),
    "day": _l("Came on"),
    "printed": _l("On paper"),
    "state": _l("Badge"),
}
_PRINTED = {"yes": True, "no": False}
VISITORS, ANY_DAY = "visitors", "any"  # every category that counts; whoever came at all
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
        if value not in _known(event, name, told):
            wrong.append(str(_LABELS[name]))
            del given[name]
    return Filters(
        categories=chosen_categories(event, given.get("category", "")),
        **{name: given.get(name, "") for name in ("country", "city", "gender", "sector", "cluster")},
        days=_days(event, given.get("day", "")),
        printed=_PRINTED[given["printed"]] if "printed" in given else None,
        state=Standing(given["state"]) if "state" in given else None,
    ), tuple(wrong)


def choices(event: Event, told: Mapping[str, str], language: str) -> tuple[Choice, ...]:
    """Every filter with what can be chosen, in the language of the page."""
    nothing, city = ("", gettext("All")), told.get("city", "")
    options = {
        "category": [
            (VISITORS, gettext("Visitors, trade and public")),
            *((category.slug, category.named(language)) for category in event.categories),
        ],
        "city": [(city, city_name(city))] if city else [],  # as many as there are: chosen on the board
        "gender": [(gender.value, str(words)) for gender, words in GENDERS.items()],
        "sector": [(one.slug, one.named(language)) for one in event.sectors],
        "cluster": [(one.slug, one.named(language)) for one in event.clusters],
        "country": [*countries(language), (UNDECLARED, gettext("Not said"))],
        "day": [
            (ANY_DAY, gettext("Any day of the show")),
            *((day.date.isoformat(), short_day(day.date, language)) for day in event.days),
        ],
        "printed": [("yes", gettext("Marked as printed")), ("no", gettext("Not printed yet"))],
        "state": [
            (Standing.LIVE.value, gettext("Good")),
            (Standing.REVOKED.value, gettext("Revoked")),
            (Standing.NONE.value, gettext("No badge yet")),
        ],
    }
    return tuple(
        Choice(name, str(_LABELS[name]), (nothing, *options[name]), told.get(name, ""))
        for name in NAMES
        if options[name]
    )


def read_before(text: str | None) -> int | None:
    """Where a page goes on; None for anything else, so that the list begins at its beginning."""
    number = int(text) if text and text.isascii() and text.isdecimal() and len(text) <= len(str(_MOST_ID)) else 0
    return number if 0 < number <= _MOST_ID else None


def chosen_categories(event: Event, wish: str) -> tuple[str, ...]:
    if wish == VISITORS:
        return scope_of(event, None).categories
    return (wish,) if wish else ()


def _days(event: Event, wish: str) -> tuple[date, ...]:
    if wish == ANY_DAY:
        return tuple(day.date for day in event.show_days)
    return (date.fromisoformat(wish),) if wish else ()


def _known(event: Event, name: str, told: Mapping[str, str]) -> Container[str]:
    match name:
        case "category":
            return {VISITORS, *event.category_by_slug}
        case "city":
            return {told["city"]} if len(told["city"]) <= LONGEST_KEY else ()
        case "gender":
            return frozenset(Gender)
        case "sector":
            return {one.slug for one in event.sectors}
        case "cluster":
            return {one.slug for one in event.clusters}
        case "country":
            return codes() | {UNDECLARED}
        case "day":
            return {ANY_DAY, *(day.isoformat() for day in event.day_by_date)}
        case "printed":
            return frozenset(_PRINTED)
        case _:
            return frozenset(Standing)
