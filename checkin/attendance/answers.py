"""Figures as the JSON of the contract (section 6)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

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
    Pace,
    Registered,
    SectorCount,
    ZoneCount,
)
from checkin.event.model import Event

_FIGURES = ("visitors", "trade", "public", "visits", "entries", "inside", "first_time")
_LISTS = (
    "by_gate",
    "by_zone",
    "by_hour",
    "by_category",
    "by_country",
    "by_sector",
    "by_gender",
    "by_city",
    "by_cluster",
)


class WaitingTablet(BaseModel):
    """A tablet that may still hold scans, and since when."""

    model_config = ConfigDict(extra="forbid")

    device: str
    since: AwareDatetime


class AttendanceAnswer(BaseModel):
    """The figures of a day, or of the whole event."""

    model_config = ConfigDict(extra="forbid")

    day: date | None = Field(description="The day that was asked for; null: the whole event.")
    as_of: AwareDatetime
    provisional: bool = Field(description="Whether the figures may still change: a tablet owes scans or is silent.")
    waiting: list[WaitingTablet]
    visitors: int = Field(description="Distinct people of categories that count, admitted on a show day.")
    trade: int
    public: int
    visits: int = Field(description="Person-days.")
    entries: int = Field(description="Their scans that let them into the first zone, every time.")
    inside: int | None = Field(description="An estimate, never an evacuation figure; null where nobody counts exits.")
    first_time: int = Field(description="Of the visitors those who came on no earlier show day.")
    everyone: Everyone = Field(description="Of all categories: exhibitors, crew and media too.")
    registered: Registered
    pace: Pace | None = Field(description="How many entered in the last minutes, everyone; of today alone.")
    by_gate: list[GateCount]
    by_zone: list[ZoneCount]
    by_hour: list[HourCount]
    by_category: list[CategoryCount]
    by_country: list[CountryCount]
    by_sector: list[SectorCount]
    by_gender: list[GenderCount]
    by_city: list[CityCount]
    by_cluster: list[ClusterCount]
    by_day: list[DayCount]


def attendance_json(event: Event, counted: Attendance) -> dict[str, object]:
    """The whole answer; times are local with offset."""
    return {
        "day": counted.day and counted.day.isoformat(),
        "as_of": local_text(event, counted.as_of),
        "provisional": counted.provisional,
        "waiting": [{"device": one.device, "since": local_text(event, one.since)} for one in counted.waiting],
        **{name: getattr(counted, name) for name in _FIGURES},
        "everyone": asdict(counted.everyone),
        "registered": asdict(counted.registered),
        **{name: [asdict(one) for one in getattr(counted, name)] for name in _LISTS},
        "pace": counted.pace and asdict(counted.pace),
        "by_day": [asdict(one) | {"day": one.day.isoformat()} for one in counted.by_day],
    }


def tag_of(answer: dict[str, object], counted: Attendance) -> str:
    """The same for the same figures: `as_of` moves every second, what was counted does not.

    Of a page's figures, discrepancies too, which no answer tells.
    """
    steady = json.dumps([answer | {"as_of": None}, counted.discrepancies], sort_keys=True)
    return hashlib.sha256(steady.encode()).hexdigest()[:32]


def local_text(event: Event, moment: datetime) -> str:
    """A moment on the venue's wall clock, ISO 8601 with its offset."""
    return event.local(moment).isoformat(timespec="seconds")
