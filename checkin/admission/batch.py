"""One transaction of the writer: what several devices sent, judged together."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from checkin.admission import queries, service
from checkin.admission.gatecounts import GateCounts
from checkin.admission.model import Arrival
from checkin.admission.service import Desk, Told
from checkin.badges.keys import KeyRing
from checkin.devices.model import Device
from checkin.event.model import Event
from checkin.programme.model import Programme
from checkin.programme.service import current_event

Counted = dict[tuple[str, date], int]


class UnknownDeviceError(LookupError):
    """No device holds this token any more."""


@dataclass(slots=True)
class Taken:
    """What became of a sending. `device`: who sent it, as it was then. `quarantined`: kept of a retired one."""

    device: Device
    revision: int
    told: Sequence[Told] = ()
    quarantined: Sequence[str] = ()
    gate_today: int = 0


@dataclass(slots=True)
class Sending:
    """What one request waits for: whoever made it waits for `done`, then finds `taken` or `error`."""

    token_hash: str
    arrivals: Sequence[Arrival]
    now: datetime
    done: threading.Lock = field(default_factory=threading.Lock)
    taken: Taken | None = None
    error: Exception | None = None
    is_given_up: bool = False

    def __post_init__(self) -> None:
        self.done.acquire()


def store(connection: Connection, event: Event, keys: KeyRing, batch: Sequence[Sending], counts: GateCounts) -> Counted:
    """Judge and store all of it; each sending gets its `taken`, or UnknownDeviceError as its `error`.

    The counts at gates that had to be counted anew, for `tell_counts` after the commit.
    """
    devices, standing = queries.callers(connection, {sending.token_hash for sending in batch})
    programme = current_event(connection, event) if standing.is_changed else Programme(event=event)
    judged: list[tuple[Sending, Taken]] = []
    sent = []
    for sending in batch:
        device = devices.get(sending.token_hash)
        sending.error = UnknownDeviceError() if device is None else None
        if device is None:
            continue
        taken = sending.taken = Taken(device, standing.revision)
        desk = Desk(programme=programme, keys=keys, device=device, now=sending.now)
        if device.is_retired:
            taken.quarantined = service.quarantine(connection, desk, sending.arrivals)
        else:
            judged.append((sending, taken))
            sent += [(desk, arrival) for arrival in sending.arrivals]
    told = iter(service.record_all(connection, sent, standing.newest_key))
    for sending, taken in judged:
        taken.told = [next(told) for _ in sending.arrivals]
    return counts.fresh(connection, {_gate_of(event, sending, taken) for sending, taken in judged})


def tell_counts(event: Event, batch: Iterable[Sending], counts: GateCounts, counted: Counted) -> None:
    """After the commit: keep the counts up, and tell each sending its gate's."""
    stored = [sending for sending in batch if sending.taken is not None and sending.error is None]
    news = (one for sending in stored if sending.taken for one in sending.taken.told)
    counts.keep(counted, (one.row for one in news if not (one.repeated or one.conflict)))
    for sending in stored:
        if sending.taken and not sending.taken.device.is_retired:
            sending.taken.gate_today = counts.at(*_gate_of(event, sending, sending.taken))


def last_fact(batch: Sequence[Sending]) -> str | None:
    """What of it the instance folder may remember as stored; None when no device was known."""
    for sending in reversed(batch):
        if sending.taken is not None and sending.error is None:
            kind = "quarantine" if sending.taken.device.is_retired else "scan"
            return f"{kind} {sending.arrivals[-1].id}"
    return None


def cut_up(sending: Sending) -> list[Sending]:
    """Each scan as a sending of its own."""
    return [Sending(sending.token_hash, [arrival], sending.now) for arrival in sending.arrivals]


def joined(parts: Sequence[Taken]) -> Taken:
    """What became of several sendings of one device, as of one."""
    last = parts[-1]
    return Taken(
        last.device,
        last.revision,
        told=[told for part in parts for told in part.told],
        quarantined=[scan for part in parts for scan in part.quarantined],
        gate_today=last.gate_today,
    )


def _gate_of(event: Event, sending: Sending, taken: Taken) -> tuple[str, date]:
    return taken.device.gate, event.day_of(sending.now)
