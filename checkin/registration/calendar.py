"""Days and hours as people write them, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from babel.dates import format_date, format_time
from flask_babel import gettext

from checkin.event.model import Event, EventDay

# English as it is written in Pakistan: the day before the month, small am and pm.
_LOCALES = {"en": "en_GB", "ur": "ur"}
# Urdu names the part of the day (صبح، شام) before the hour instead of AM and PM.
_HOURS = {"en": ("h a", "h:mm a"), "ur": ("B h", "B h:mm")}


@dataclass(frozen=True, slots=True)
class Opening:
    """One show day, ready to show."""

    name: str
    hours: str


def show_dates(event: Event, language: str) -> str:
    """The show days at once: `24–26 January 2026`."""
    first, last = event.show_days[0].date, event.show_days[-1].date
    whole = _date(last, "d MMMM y", language)
    if first == last:
        return whole
    shape = "d" if (first.year, first.month) == (last.year, last.month) else "d MMMM"
    return str(gettext("%(first)s–%(last)s", first=_date(first, shape, language), last=whole))


def openings(event: Event, language: str) -> tuple[Opening, ...]:
    """Each show day with its hours: `Saturday 24 January`, `9 am to 6 pm`."""
    return tuple(
        Opening(name=_date(day.date, "EEEE d MMMM", language), hours=_hours(day, language)) for day in event.show_days
    )


def short_day(day: date, language: str) -> str:
    """`Sat 24`."""
    return _date(day, "EEE d", language)


def _hours(day: EventDay, language: str) -> str:
    opens, closes = _time(day.opens, language), _time(day.closes, language)
    return str(gettext("%(opens)s to %(closes)s", opens=opens, closes=closes))


def _date(day: date, shape: str, language: str) -> str:
    return str(format_date(day, shape, locale=_LOCALES[language]))


def _time(moment: time, language: str) -> str:
    whole, with_minutes = _HOURS[language]
    return str(format_time(moment, with_minutes if moment.minute else whole, locale=_LOCALES[language]))
