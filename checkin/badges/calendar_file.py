"""The days of a badge as a calendar file (RFC 5545), for any phone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from icalendar import Calendar
from icalendar import Event as Entry

from checkin.event.model import Event

PRODUCT = "-//checkin//badges//EN"


def calendar_file(event: Event, days: Iterable[date], *, language: str, reminder: str, now: datetime) -> bytes:
    """One entry for each of `days` that the event opens on, from opening to closing, in UTC.

    It tells nothing of whose badge it is, and no private link: calendars are shared. An entry's id is the day's, so
    that a family that adds each of its badges has each day once.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    for day in (event.day_by_date[day] for day in days if day in event.day_by_date):
        entry = Entry()
        entry.add("uid", f"{day.date.isoformat()}@{event.slug}.checkin")
        entry.add("dtstamp", now.replace(microsecond=0))
        entry.add("dtstart", event.opens_at(day).astimezone(UTC))
        entry.add("dtend", event.closes_at(day).astimezone(UTC))
        entry.add("summary", event.named(language))
        entry.add("location", (event.venue_ur if language == "ur" else "") or event.venue)
        entry.add("description", reminder)
        calendar.add_component(entry)
    return bytes(calendar.to_ical())
