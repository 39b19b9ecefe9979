"""Attendance made into a report: each figure as it was counted, with the names that the event has now.

Nothing is counted here. *Returning* and *foreign* are what is left of figures that were counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from checkin.admission.quarantine import Waiting as Quarantined
from checkin.attendance.model import Attendance
from checkin.event.model import CountsAs, Event, Named
from checkin.registration.countries import FIRST, countries
from checkin.reports.model import Kept, Name, Report, Row, Section, Wait
from checkin.visitors.model import Gender

NATIONAL: Final = FIRST


def report_of(
    event: Event, counted: Attendance, *, last_scan_at: datetime | None, quarantined: Iterable[Quarantined]
) -> Report:
    """The report of these figures. `quarantined`: what retired tablets still sent, which nobody decided on."""
    return Report(
        event=Name(event.name, event.name_ur),
        venue=Name(event.venue, event.venue_ur),
        time_zone=str(event.time_zone),
        day=counted.day,
        days=(counted.day,) if counted.day else tuple(one.date for one in event.show_days),
        as_of=counted.as_of,
        last_scan_at=last_scan_at,
        is_behind=counted.is_behind,
        waiting=tuple(Wait(one.device, one.since, one.outbox, one.is_silent) for one in counted.waiting),
        kept=tuple(Kept(one.device_name, one.scans) for one in quarantined),
        discrepancies=counted.discrepancies,
        totals=_totals(counted),
        registered=_registered(counted),
        apart=tuple(one.slug for one in event.categories if one.counts_as is CountsAs.NONE),
        tables=_tables(event, counted),
    )


def _totals(counted: Attendance) -> dict[str, int | None]:
    abroad = {one.country: one.visitors for one in counted.by_country if one.country}
    national = abroad.pop(NATIONAL, 0)
    genders = {one.gender: one.visitors for one in counted.by_gender if one.gender != Gender.UNDISCLOSED}
    return {
        "visitors": counted.visitors,
        "trade": counted.trade,
        "public": counted.public,
        "visits": counted.visits,
        "entries": counted.entries,
        "first_time": counted.first_time,
        "returning": counted.visitors - counted.first_time if counted.day else None,
        "inside": counted.inside,
        "everyone": counted.everyone.people,
        "everyone_entries": counted.everyone.entries,
        "women": genders.get(Gender.FEMALE, 0),
        "gender_told": sum(genders.values()),
        "national": national,
        "foreign": sum(abroad.values()),
        "country_told": national + sum(abroad.values()),
    }


def _registered(counted: Attendance) -> dict[str, int]:
    told = counted.registered
    return {"visitors": told.visitors, "trade": told.trade, "public": told.public, "everyone": told.everyone}


def _tables(event: Event, counted: Attendance) -> dict[Section, tuple[Row, ...]]:
    """Every table. A day's report tells the show days up to it: what comes later changes no signed figure."""
    gates, zones, categories = _names(event.every_gate.values()), _names(event.zones), _names(event.categories)
    sectors, clusters = _names(event.sectors), _names(event.clusters)
    english, urdu = dict(countries("en")), dict(countries("ur"))
    days = [one for one in counted.by_day if counted.day is None or one.day <= counted.day]
    return {
        Section.DAY: tuple(Row(one.day.isoformat(), Name(""), one.visitors, one.entries) for one in days),
        Section.HOUR: tuple(Row(f"{one.hour:02}", Name(""), one.first, one.entries) for one in counted.by_hour),
        Section.GATE: tuple(
            Row(one.gate, _name(gates, one.gate), one.visitors, one.entries) for one in counted.by_gate
        ),
        Section.ZONE: tuple(
            Row(one.zone, _name(zones, one.zone), one.visitors, one.entries) for one in counted.by_zone
        ),
        Section.CATEGORY: tuple(
            Row(one.category, _name(categories, one.category), one.people, one.entries) for one in counted.by_category
        ),
        Section.CLUSTER: tuple(
            Row(one.cluster, _name(clusters, one.cluster), one.people) for one in counted.by_cluster
        ),
        Section.COUNTRY: tuple(
            Row(one.country, Name(english.get(one.country, one.country), urdu.get(one.country, "")), one.visitors)
            for one in counted.by_country
        ),
        Section.SECTOR: tuple(Row(one.sector, _name(sectors, one.sector), one.visitors) for one in counted.by_sector),
        Section.CITY: tuple(Row(one.city, Name(one.city.title()), one.visitors) for one in counted.by_city),
        Section.GENDER: tuple(Row(one.gender, Name(""), one.visitors) for one in counted.by_gender),
    }


def _names(things: Iterable[Named]) -> dict[str, Name]:
    return {one.slug: Name(one.name, one.name_ur) for one in things}


def _name(names: dict[str, Name], slug: str) -> Name:
    """The slug itself of what the event file no longer names."""
    return names.get(slug, Name(slug))
