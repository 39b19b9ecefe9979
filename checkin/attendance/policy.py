"""Which tablets keep the figures of a day provisional. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from checkin.attendance.model import Waiting
from checkin.devices.model import Device
from checkin.event.model import Event, EventDay

SILENT_AFTER = timedelta(minutes=5)


def waiting(
    event: Event, devices: Iterable[Device], scanned: Collection[tuple[int, date]], days: Iterable[date], now: datetime
) -> tuple[Waiting, ...]:
    """The tablets that may still hold scans of `days`, the longest wait first. `scanned`: who scanned on which day.

    A tablet belongs to a day on which it scanned, and to today. It is waited for while it owes scans, or is silent. A
    retired tablet is not: what it still sends goes to quarantine.
    """
    today = event.day_of(now)
    wanted = [event.day_by_date[day] for day in days]
    found = []
    for device in devices:
        own = [day for day in wanted if day.date == today or (device.id, day.date) in scanned]
        if device.is_retired or not own:
            continue
        is_owing = bool(device.outbox)
        if is_owing or any(_is_silent(event, device, day, now) for day in own):
            seen = device.last_seen_at or device.paired_at
            found.append(
                Waiting(
                    device_id=device.id,
                    device=device.name,
                    since=(device.first_owed_at or seen) if is_owing else seen,
                    outbox=device.outbox or 0,
                    is_silent=not is_owing,
                )
            )
    return tuple(sorted(found, key=lambda one: (one.since, one.device_id)))


def _is_silent(event: Event, device: Device, day: EventDay, now: datetime) -> bool:
    """Not heard for five minutes while the day runs; once it is over, not heard since it closed.

    Only a sign after closing proves that nothing of the day is left. A spare without a gate may sleep in its drawer.
    """
    if not device.gate or now < event.opens_at(day):
        return False
    seen = device.last_seen_at or device.paired_at
    return seen < min(now - SILENT_AFTER, event.closes_at(day))
