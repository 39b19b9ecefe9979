"""Badge + Event → what is drawn."""

from __future__ import annotations

from babel import Locale
from babel.dates import format_date

from checkin.badges.keys import KeyRing
from checkin.badges.model import Badge
from checkin.badges.service import token_of
from checkin.badges.shortcode import short_code
from checkin.event.model import Event
from printing import Face, Pip


def face_of(event: Event, keys: KeyRing, badge: Badge) -> Face:
    """Everything that is printed on this badge, ready to draw; dates as people write them."""
    category = event.category_by_number[badge.category]
    country = Locale("en").territories.get(badge.country, "") if badge.country not in {"", "PK"} else ""
    return Face(
        event_name=event.name,
        event_name_ur=event.name_ur,
        dateline=f"{event.venue} · {show_dates(event)}",
        name=badge.name,
        name_ur=badge.name_ur,
        organisation=badge.organisation,
        designation=badge.designation,
        place=", ".join(part for part in (badge.city, country) if part),
        category=category.name,
        category_ur=category.name_ur,
        colour=category.colour,
        days=tuple(
            Pip(label=format_date(day.date, "EEE d", locale="en"), valid=day.date in badge.days)
            for day in event.show_days
        ),
        token=token_of(event, keys, badge),
        short_code=short_code(badge.number),
    )


def show_dates(event: Event) -> str:
    """The show days as people write them: `24–26 January 2026`."""
    first, last = event.show_days[0].date, event.show_days[-1].date
    whole = format_date(last, "d MMMM y", locale="en_GB")
    if first == last:
        return whole
    shape = "d" if (first.year, first.month) == (last.year, last.month) else "d MMMM"
    return f"{format_date(first, shape, locale='en_GB')}–{whole}"
