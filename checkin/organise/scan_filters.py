"""The filters of the list of scans, between its address, its form and the query."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from checkin.admission.history import ScanFilters
from checkin.event.model import Event
from checkin.organise.people_filters import VISITORS, Choice, chosen_categories
from checkin.registration.calendar import short_day

NAMES = ("day", "hour", "gate", "zone", "category", "what")
_LABELS = {
    "day": _l("Day"),
    "hour": _l("Hour"),
    "gate": _l("Gate"),
    "zone": _l("Zone"),
    "category": _l("Category"),
    "what": _l("Which scans"),
}
_SEPARATOR = "~"  # between a scan's moment and its id


def asked(told: Mapping[str, str]) -> dict[str, str]:
    """The filters that an address names, as it names them; nothing that leaves no scan out."""
    return {name: told[name] for name in NAMES if told.get(name)}


def read(event: Event, told: Mapping[str, str], language: str) -> tuple[ScanFilters, tuple[str, ...]]:
    """The filters of an address, and the labels of those that cannot be understood, which leave no scan out."""
    offered = {one.name: {value for value, _ in one.options} for one in choices(event, told, language)}
    given = {name: value for name, value in asked(told).items() if value in offered[name]}
    wrong = tuple(str(_LABELS[name]) for name in asked(told) if name not in given)
    day = date.fromisoformat(given["day"]) if "day" in given else None
    if "hour" in given and day is None:
        wrong, day = (*wrong, str(_LABELS["hour"])), None
        del given["hour"]
    since, until = _bounds(event, day, given.get("hour"))
    return ScanFilters(
        since=since,
        until=until,
        day=day,
        gate=given.get("gate", ""),
        zone=given.get("zone", ""),
        categories=chosen_categories(event, given.get("category", "")),
        what=given.get("what", ""),
    ), wrong


def choices(event: Event, told: Mapping[str, str], language: str) -> tuple[Choice, ...]:
    """Every filter with what can be chosen, in the language of the page."""
    visitors = (VISITORS, gettext("Visitors, trade and public"))
    options: dict[str, list[tuple[str, str]]] = {
        "day": [(day.date.isoformat(), short_day(day.date, language)) for day in event.days],
        "hour": [(str(hour), f"{hour:02}:00–{hour:02}:59") for hour in range(24)],
        "gate": [(gate.slug, gate.named(language)) for gate in event.every_gate.values()],
        "zone": [(zone.slug, zone.named(language)) for zone in event.zones],
        "category": [visitors, *((one.slug, one.named(language)) for one in event.categories)],
        "what": [
            ("entries", gettext("Entries that count")),
            ("exits", gettext("Exits that count")),
            ("refused", gettext("Refused")),
        ],
    }
    nothing = ("", gettext("All"))
    return tuple(Choice(name, str(_LABELS[name]), (nothing, *options[name]), told.get(name, "")) for name in NAMES)


def read_before(text: str | None) -> tuple[datetime, str] | None:
    """Where a page goes on; None for anything else, so that the list begins at its beginning."""
    moment, _, scan_id = (text or "").partition(_SEPARATOR)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, scan_id) if at.tzinfo is not None and scan_id.isascii() and "\0" not in scan_id else None


def after(at: datetime, scan_id: str) -> str:
    """Where the next page goes on."""
    return f"{at.astimezone(UTC).isoformat()}{_SEPARATOR}{scan_id}"


def _bounds(event: Event, day: date | None, hour: str | None) -> tuple[datetime | None, datetime | None]:
    if day is None:
        return None, None
    start = datetime.combine(day, time(int(hour or 0)), event.time_zone)
    return start.astimezone(UTC), (start + timedelta(hours=1 if hour else 24)).astimezone(UTC)
