"""Figures of a made-up day, as many as a real one has, and the report of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from checkin.attendance.model import (
    Attendance,
    CategoryCount,
    CityCount,
    ClusterCount,
    CountryCount,
    DayCount,
    Everyone,
    GateCount,
    GenderCount,
    HourCount,
    Registered,
    SectorCount,
    Waiting,
    ZoneCount,
)
from checkin.event.model import Event
from checkin.reports.building import report_of
from checkin.reports.model import Report, Version

DAY = date(2026, 1, 24)
CLOSED = datetime(2026, 1, 24, 14, 20, 5, tzinfo=UTC)  # 19:20:05 in Lahore
SILENT = Waiting(
    device_id=3, device="Gate 3 · tablet B", since=CLOSED - timedelta(minutes=25), outbox=0, is_silent=True
)
OWING = Waiting(device_id=4, device="گیٹ 4", since=CLOSED - timedelta(minutes=2), outbox=12, is_silent=False)


def make_attendance(event: Event, day: date | None = DAY, **more: Any) -> Attendance:
    """All that a day is counted by, with figures of which no two are alike."""
    made = Attendance(
        day=day,
        as_of=CLOSED,
        waiting=(),
        visitors=8412,
        trade=7001,
        public=1411,
        visits=8412 if day else 12034,
        entries=10977,
        inside=37 if day else None,
        first_time=6309,
        everyone=Everyone(9020, 12410),
        registered=Registered(12003, 9004, 2999, 12800),
        by_gate=tuple(GateCount(one.slug, 3100 - 7 * at, 3300 - 11 * at) for at, one in enumerate(event.gates)),
        by_zone=tuple(ZoneCount(one.slug, 8412 - 5000 * at, 10977 - 6000 * at) for at, one in enumerate(event.zones)),
        by_hour=tuple(HourCount(hour, 100 + 77 * at, 120 + 131 * at) for at, hour in enumerate(range(8, 20))),
        by_category=tuple(
            CategoryCount(one.slug, 800 - 61 * at, 1700 - 97 * at) for at, one in enumerate(event.categories)
        ),
        by_country=(CountryCount("PK", 7600), CountryCount("AZ", 41), CountryCount("KE", 23), CountryCount("", 748)),
        by_sector=tuple(SectorCount(one.slug, 1900 - 71 * at) for at, one in enumerate(event.sectors)),
        by_gender=(GenderCount("male", 5100), GenderCount("undisclosed", 1990), GenderCount("female", 1322)),
        by_city=(CityCount("lahore", 5200), CityCount("سیالکوٹ", 611), CityCount("", 303), CityCount("=1+1", 2)),
        by_cluster=tuple(ClusterCount(one.slug, 9 * at) for at, one in enumerate(event.clusters)),
        by_day=tuple(DayCount(one.date, 8412 - 800 * at, 10977 - 900 * at) for at, one in enumerate(event.show_days)),
        discrepancies=3,
    )
    return replace(made, **more)


def make_report(event: Event, day: date | None = DAY, **more: Any) -> Report:
    counted = make_attendance(event, day, **more)
    return report_of(event, counted, last_scan_at=CLOSED - timedelta(minutes=21, seconds=24), quarantined=())


def make_version(report: Report, **more: Any) -> Version:
    told: dict[str, Any] = {
        "number": 7,
        "revision": 2,
        "report": report,
        "signed_at": CLOSED + timedelta(minutes=1),
        "signed_by": "staff:1",
        "signer": "Sana Iqbal",
        "reason": "",
        "signature": "3fa9" * 16,
        "is_true": True,
    }
    return Version(**(told | more))
