"""The list of tablets: what each says of itself, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, assert_never

from flask_babel import format_percent, gettext

from checkin.devices.model import Care, Device, Move, RetiredAs, TabletSet
from checkin.devices.policy import BATTERY_LOW, CLOCK_OFF, cares, is_clock_off, is_to_be_erased
from checkin.event.model import Direction, Event
from checkin.organise.words import age, ago, moment, number, way

_NOWHERE: Final[Mapping[int, Move]] = MappingProxyType({})
_URGENCY: Final = {care: place for place, care in enumerate(Care)}


@dataclass(frozen=True, slots=True)
class Tablet:
    """One line of the list. `is_low`, `is_owing`, `is_off`, `is_to_be_erased`: worth a second look.

    `care`: what needs somebody, in words, the most urgent first. `going`: the gate where it is wanted, empty for none.
    """

    id: int
    name: str
    gate: str
    going: str
    care: tuple[str, ...]
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


def tablets(
    event: Event,
    devices: Iterable[Device],
    *,
    now: datetime,
    language: str,
    version: str = "",
    moves: Mapping[int, Move] = _NOWHERE,
) -> tuple[Tablet, ...]:
    """The lines for these devices, those first that need care. `version` of the app: the newest; empty: any will do."""
    found = [(device, () if device.is_retired else cares(device, event, version, now)) for device in devices]
    found.sort(key=lambda pair: _URGENCY[pair[1][0]] if pair[1] else len(_URGENCY))
    return tuple(_tablet(event, device, care, moves.get(device.id), now, language) for device, care in found)


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


def place_name(event: Event, gate: str, direction: Direction, language: str) -> str:
    """`Gate 3 · In`; of a gate that leads one way, its name alone."""
    known = event.every_gate.get(gate)
    name = gate_name(event, gate, language)
    return f"{name} · {way(direction)}" if known and known.direction is Direction.BOTH else name


def _tablet(
    event: Event, device: Device, care: tuple[Care, ...], move: Move | None, now: datetime, language: str
) -> Tablet:
    is_owing = bool(device.outbox)
    since = device.first_owed_at if is_owing else None
    return Tablet(
        id=device.id,
        name=device.name,
        gate=place_name(event, device.gate, device.direction, language),
        going=place_name(event, move.gate, move.direction, language) if move else "",
        care=tuple(_words(event, one, device, now, language) for one in care),
        seen=ago(device.last_seen_at, now, language),
        battery="–" if device.battery is None else str(format_percent(device.battery)),
        is_low=device.battery is not None and device.battery < BATTERY_LOW,
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


def _words(event: Event, care: Care, device: Device, now: datetime, language: str) -> str:
    """What is the matter, and what to do about it."""
    match care:
        case Care.NO_SUCH_GATE:
            return str(gettext("its gate is closed: send it to another"))
        case Care.SILENT:
            since = moment(event, device.last_seen_at or device.paired_at, now, language)
            return str(gettext("not heard since %(moment)s: see that it is on and has Wi-Fi", moment=since))
        case Care.OWES:
            return str(gettext("owes %(scans)s scans: bring it nearer to the Wi-Fi", scans=number(device.outbox or 0)))
        case Care.BATTERY_LOW:
            return str(gettext("battery low: plug it in"))
        case Care.ROSTER_OLD:
            return str(gettext("its list of badges is old: bring it nearer to the Wi-Fi"))
        case Care.CLOCK_OFF:
            return str(gettext("set its clock"))
        case Care.APP_OLD:
            return str(gettext("an older version of the app: load its page again"))
        case _:
            assert_never(care)
