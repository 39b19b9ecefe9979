"""The list of tablets: what each says of itself, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_percent, gettext

from checkin.devices.model import Device
from checkin.event.model import Event
from checkin.organise.words import ago, moment, number

_LOW = 0.2
_CLOCK_OFF_MS = 60_000


@dataclass(frozen=True, slots=True)
class Tablet:
    """One line of the list. `is_low`, `is_owing`, `is_off`: worth a second look."""

    id: int
    name: str
    gate: str
    seen: str
    battery: str
    is_low: bool
    owes: str
    is_owing: bool
    clock: str
    is_off: bool
    app: str
    retired: str | None


def tablets(event: Event, devices: Iterable[Device], *, now: datetime, language: str) -> tuple[Tablet, ...]:
    """The lines for these devices."""
    return tuple(_tablet(event, device, now, language) for device in devices)


def _tablet(event: Event, device: Device, now: datetime, language: str) -> Tablet:
    gate = event.gate_by_slug.get(device.gate)
    return Tablet(
        id=device.id,
        name=device.name,
        gate=gate.named(language) if gate else device.gate or gettext("spare"),
        seen=ago(device.last_seen_at, now, language),
        battery="–" if device.battery is None else str(format_percent(device.battery)),
        is_low=device.battery is not None and device.battery < _LOW,
        owes="–" if device.outbox is None else number(device.outbox),
        is_owing=bool(device.outbox),
        clock=_clock(device.offset_ms),
        is_off=abs(device.offset_ms or 0) >= _CLOCK_OFF_MS,
        app=device.app or "–",
        retired=moment(event, device.retired_at, now, language) if device.retired_at else None,
    )


def _clock(offset_ms: int | None) -> str:
    """How far the tablet's clock is from ours; scans are corrected by it."""
    if offset_ms is None:
        return "–"
    return str(gettext("%(seconds)s s", seconds=f"{offset_ms / 1000:+.1f}"))
