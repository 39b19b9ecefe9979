"""What about a tablet needs care. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from checkin.devices.model import Device
from checkin.event.model import Event

CLOCK_OFF = timedelta(minutes=2)


def is_clock_off(device: Device) -> bool:
    """Whether its clock is so far from ours that someone should set it; its scans are corrected all the same."""
    return abs(timedelta(milliseconds=device.offset_ms or 0)) > CLOCK_OFF


def is_to_be_erased(device: Device, event: Event, now: datetime) -> bool:
    """Whether roster, names and keys should be gone from it, and it has not told so: retired, or the event is over."""
    return device.erased_at is None and (device.is_retired or now >= event.erase_at)
