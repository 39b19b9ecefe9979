"""The list of tablets: what each says of itself, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import format_percent, gettext

from checkin.devices.model import Device, RetiredAs, TabletSet
from checkin.devices.policy import CLOCK_OFF, is_clock_off, is_to_be_erased
from checkin.event.model import Event
from checkin.organise.words import age, ago, moment, number

_LOW = 0.2


@dataclass(frozen=True, slots=True)
class Tablet:
    """One line of the list. `is_low`, `is_owing`, `is_off`, `is_to_be_erased`: worth a second look."""

    id: int
    name: str
    gate: str
    seen: str
    battery: str
    is_low: bool
    owes: str
    owes_since: str | None
    is_owing: bool
    clock: str
    is_off: bool
    roster: str
    app: str
    retired: str | None
    is_lost: bool
    is_to_be_erased: bool
    erased: str | None


@dataclass(frozen=True, slots=True)
class Set:
    """One evening code, as far as it has come."""

    number: int
    name: str
    gate: str
    used: int
    most: int
    until: str
    is_live: bool


def tablets(event: Event, devices: Iterable[Device], *, now: datetime, language: str) -> tuple[Tablet, ...]:
    """The lines for these devices."""
    return tuple(_tablet(event, device, now, language) for device in devices)


def live_sets(event: Event, sets: Iterable[TabletSet], *, now: datetime, language: str) -> tuple[Set, ...]:
    """The evening codes that pair tablets at this moment."""
    return tuple(set_line(event, one, now, language) for one in sets if one.is_live(now))


def set_line(event: Event, one: TabletSet, now: datetime, language: str) -> Set:
    """One evening code, in words."""
    return Set(
        number=one.number,
        name=one.name,
        gate=gate_name(event, one.gate, language),
        used=one.used,
        most=one.most,
        until=moment(event, one.ended_at or one.expires_at, now, language),
        is_live=one.is_live(now),
    )


def gate_name(event: Event, slug: str, language: str) -> str:
    """A gate's name; of a tablet without one, that it is a spare."""
    gate = event.every_gate.get(slug)
    return gate.named(language) if gate else slug or str(gettext("spare"))


def _tablet(event: Event, device: Device, now: datetime, language: str) -> Tablet:
    is_owing = bool(device.outbox)
    since = device.first_owed_at if is_owing else None
    return Tablet(
        id=device.id,
        name=device.name,
        gate=gate_name(event, device.gate, language),
        seen=ago(device.last_seen_at, now, language),
        battery="–" if device.battery is None else str(format_percent(device.battery)),
        is_low=device.battery is not None and device.battery < _LOW,
        owes="–" if device.outbox is None else number(device.outbox),
        owes_since=moment(event, since, now, language) if since else None,
        is_owing=is_owing,
        clock=_clock(device.offset_ms),
        is_off=is_clock_off(device),
        roster="–" if device.roster_at is None else age(device.roster_at, now, language),
        app=device.app or "–",
        retired=moment(event, device.retired_at, now, language) if device.retired_at else None,
        is_lost=device.retired_as is RetiredAs.LOST,
        is_to_be_erased=is_to_be_erased(device, event, now),
        erased=moment(event, device.erased_at, now, language) if device.erased_at else None,
    )


def _clock(offset_ms: int | None) -> str:
    """How far the tablet's clock is from ours; scans are corrected by it."""
    if offset_ms is None:
        return "–"
    off = timedelta(milliseconds=offset_ms)
    if abs(off) > CLOCK_OFF:
        return str(gettext("%(minutes)s min", minutes=f"{off / timedelta(minutes=1):+,.0f}"))
    return str(gettext("%(seconds)s s", seconds=f"{off / timedelta(seconds=1):+.1f}"))
