"""What about a tablet needs care. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from checkin.devices.model import Care, Device
from checkin.event.model import Event

CLOCK_OFF = timedelta(minutes=2)
SILENT_AFTER = timedelta(minutes=5)
OWES_AFTER = timedelta(minutes=1)  # a tablet that scans owes something at almost any moment
ROSTER_OLD = timedelta(minutes=15)  # then its own light is amber too
BATTERY_LOW = 0.2
_VERSION = re.compile(r"\b[0-9a-f]{8}$")


def cares(device: Device, event: Event, version: str, now: datetime) -> tuple[Care, ...]:
    """Everything about a tablet at work that needs somebody, the most urgent first; `version` of the app is the newest.

    While no day runs a tablet may sleep: then nobody misses it, and its roster may grow old. So may a spare.
    """
    return tuple(_cares(device, event, version, now))


def is_clock_off(device: Device) -> bool:
    """Whether its clock is so far from ours that someone should set it; its scans are corrected all the same."""
    return abs(timedelta(milliseconds=device.offset_ms or 0)) > CLOCK_OFF


def is_app_old(device: Device, version: str) -> bool:
    """Whether it runs another version of the app; one that does not tell its version is not suspected."""
    found = _VERSION.search(device.app)
    return bool(version) and found is not None and found[0] != version


def is_to_be_erased(device: Device, event: Event, now: datetime) -> bool:
    """Whether roster, names and keys should be gone from it, and it has not told so: retired, or the event is over."""
    return device.erased_at is None and (device.is_retired or now >= event.erase_at)


def _cares(device: Device, event: Event, version: str, now: datetime) -> Iterator[Care]:
    is_missed = bool(device.gate) and _is_running(event, now)
    if device.gate and device.gate not in event.gate_by_slug:
        yield Care.NO_SUCH_GATE
    if is_missed and now - (device.last_seen_at or device.paired_at) > SILENT_AFTER:
        yield Care.SILENT
    if device.outbox and now - (device.first_owed_at or now) >= OWES_AFTER:
        yield Care.OWES
    if device.battery is not None and device.battery < BATTERY_LOW:
        yield Care.BATTERY_LOW
    if is_missed and now - (device.roster_at or device.paired_at) > ROSTER_OLD:
        yield Care.ROSTER_OLD
    if is_clock_off(device):
        yield Care.CLOCK_OFF
    if is_app_old(device, version):
        yield Care.APP_OLD


def _is_running(event: Event, now: datetime) -> bool:
    return any(event.opens_at(day) <= now < event.closes_at(day) for day in event.days)
