"""Figures, moments and waits as people read them, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from babel.dates import format_date, format_timedelta
from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _l

from checkin.event.model import Direction, Event
from checkin.people.model import UNDECLARED
from checkin.registration.calendar import short_day
from checkin.visitors.model import Gender

_JUST_NOW = timedelta(seconds=10)
GENDERS = {
    Gender.FEMALE: _l("Women"),
    Gender.MALE: _l("Men"),
    Gender.OTHER: _l("Other"),
    Gender.UNDISCLOSED: _l("Not said"),
}


def number(value: float) -> str:
    """`8,412`."""
    return str(format_decimal(value))


def city_name(key: str) -> str:
    """A city as its people would write it, from what it is counted under."""
    return str(gettext("Not said")) if key in {"", UNDECLARED} else key.title()


def isolated(name: str) -> str:
    """A name in a sentence of the other direction, kept from turning the sentence round (Unicode's isolates)."""
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"


def whole_day(day: date, language: str) -> str:
    """`Sunday 25 January`."""
    return str(format_date(day, "EEEE d MMMM", locale=language))


def moment(event: Event, at: datetime, now: datetime, language: str) -> str:
    """`14:02`, with the day in front where it is not today's."""
    local = event.local(at)
    clock = f"{local:%H:%M}"
    if local.date() == event.day_of(now):
        return clock
    return str(gettext("%(day)s, %(clock)s", day=short_day(local.date(), language), clock=clock))


def ago(at: datetime | None, now: datetime, language: str) -> str:
    """`3 minutes ago`."""
    if at is None:
        return str(gettext("never"))
    if now - at < _JUST_NOW:
        return str(gettext("just now"))
    return str(format_timedelta(at - now, add_direction=True, locale=language))


def age(at: datetime, now: datetime, language: str) -> str:
    """`3 min old`."""
    return str(
        gettext("%(age)s old", age=format_timedelta(max(now - at, timedelta()), format="short", locale=language))
    )


def way(direction: Direction) -> str:
    """Which way a gate leads."""
    if direction is Direction.BOTH:
        return str(gettext("In and out"))
    return str(gettext("In") if direction is Direction.IN else gettext("Out"))
