"""Figures, moments and waits as people read them, in the language of the page."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_timedelta
from flask_babel import format_decimal, gettext

from checkin.event.model import Event
from checkin.registration.calendar import short_day

_JUST_NOW = timedelta(seconds=10)


def number(value: float) -> str:
    """`8,412`."""
    return str(format_decimal(value))


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
