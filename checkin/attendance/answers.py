"""Figures as the JSON of the contract (section 6)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime

from checkin.attendance.model import Attendance
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
