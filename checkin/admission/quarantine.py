"""What reached us past the usual way: quarantined scans of a retired tablet, and outbox files carried over by hand.

Both end as scans of the device that made them, judged like any other, so that nothing is counted twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from pydantic import ValidationError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from checkin.admission import corrections, wire
from checkin.admission.corrections import Correction, Outcome
from checkin.admission.model import Arrival
from checkin.admission.service import Desk, Told, record
from checkin.admission.tables import QuarantineRow
from checkin.badges.keys import KeyRing
from checkin.devices.model import Device
from checkin.devices.service import NoSuchDeviceError, all_devices
from checkin.journal import service as journal
from checkin.programme.model import Programme

RELEASED, DISCARDED = "released", "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What of one retired device waits for a decision: how many scans, and when the first and the last came."""

    device_id: int
    device_name: str
    scans: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What became of the scans: `stored` anew, `repeated` (known already), `conflicts` (known with other content)."""

    stored: int = 0
    repeated: int = 0
    conflicts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn(Released):
    """What became of an outbox file. `corrected`: undos and overrides done. `unreadable`: items left out.

    A resend of the same file is harmless: then all scans are `repeated`.
    """

    device: Device
    corrected: int = 0
    unreadable: int = 0


class Problem(Enum):
    """Why an outbox file cannot be taken in at all."""

    UNREADABLE = auto()  # no outbox file of a version that we know
    OTHER_EVENT = auto()
    UNKNOWN_DEVICE = auto()


class OutboxFileError(Exception):
    """This outbox file cannot be taken in; nothing of it was stored."""

    def __init__(self, problem: Problem, message: str) -> None:
        super().__init__(message)
        self.problem = problem


def waiting(session: Session) -> list[Waiting]:
    """What waits for a decision, by device, the one that waits longest first."""
    first, last = func.min(QuarantineRow.received_at), func.max(QuarantineRow.received_at)
    rows = session.execute(
        select(QuarantineRow.device_id, func.count(QuarantineRow.scan_id.distinct()), first, last)
        .where(QuarantineRow.settled_as.is_(None))
        .group_by(QuarantineRow.device_id)
        .order_by(first, QuarantineRow.device_id)
    ).all()
    names = {device.id: device.name for device in all_devices(session)} if rows else {}
    return [
        Waiting(device_id=device, device_name=names[device], scans=scans, first_at=first_at, last_at=last_at)
        for device, scans, first_at, last_at in rows
    ]


def release(
    session: Session, programme: Programme, keys: KeyRing, device_id: int, *, by: str, now: datetime
) -> Released:
    """Judge and store what waits of a device, as its own scans. Each once, whoever asks twice. Journalled.

    Raises NoSuchDeviceError.
    """
    desk = Desk(programme=programme, keys=keys, device=_device(session, device_id), now=now)
    kept = _settle(session, device_id, RELEASED, by=by, now=now)
    arrivals = sorted((_arrival(scan_id, content) for scan_id, content in kept), key=_moment)
    released = Released(**_tally(record(session, desk, arrivals)))
    if kept:
        detail = {"stored": released.stored, "repeated": released.repeated, "conflicts": released.conflicts}
        _journal(session, "quarantine.release", device_id, detail, by=by, now=now)
    return released


def discard(session: Session, device_id: int, *, by: str, now: datetime) -> int:
    """Let nothing of what waits of a device count; it stays stored, settled. How many scans. Journalled."""
    scans = len({scan_id for scan_id, _ in _settle(session, device_id, DISCARDED, by=by, now=now)})
    if scans:
        _journal(session, "quarantine.discard", device_id, {"scans": scans}, by=by, now=now)
    return scans


def take_in(
    session: Session, programme: Programme, keys: KeyRing, content: bytes, *, by: str, now: datetime
) -> TakenIn:
    """Record an outbox file as if its tablet had sent it; its undos and overrides as done by `by`. Journalled.

    A retired tablet's too: whoever hands the file in vouches for it. Raises OutboxFileError.
    """
    file = _read(content)
    if file.event != programme.event.slug:
        raise OutboxFileError(Problem.OTHER_EVENT, f"This file is of another event: {file.event}.")
    device = next(
        (one for one in all_devices(session) if (one.id, one.name) == (file.device.id, file.device.name)), None
    )
    if device is None:
        name = f"{file.device.name!r} (number {file.device.id})"
        raise OutboxFileError(Problem.UNKNOWN_DEVICE, f"This installation knows no tablet {name}.")
    arrivals = [arrival for arrival in map(_readable, file.scans) if arrival is not None]
    told = record(session, Desk(programme=programme, keys=keys, device=device, now=now), arrivals)
    corrected = sum(_correct(session, action, by=by, now=now) for action in file.actions)
    left_out = len(file.scans) - len(arrivals) + len(file.actions) - corrected
    taken = TakenIn(device=device, corrected=corrected, unreadable=left_out, **_tally(told))
    detail = {"stored": taken.stored, "repeated": taken.repeated, "corrected": corrected, "unreadable": left_out}
    _journal(session, "outbox.take_in", device.id, detail, by=by, now=now)
    return taken


def _device(session: Session, device_id: int) -> Device:
    found = next((device for device in all_devices(session) if device.id == device_id), None)
    if found is None:
        raise NoSuchDeviceError(device_id)
    return found


def _settle(session: Session, device_id: int, settled_as: str, *, by: str, now: datetime) -> list[tuple[str, str]]:
    """Claim what waits of a device: the UPDATE decides between two organisers who press at once."""
    rows = session.execute(
        update(QuarantineRow)
        .where(QuarantineRow.device_id == device_id, QuarantineRow.settled_as.is_(None))
        .values(settled_as=settled_as, settled_at=now, settled_by=by)
        .returning(QuarantineRow.scan_id, QuarantineRow.content)
    )
    return [(row.scan_id, row.content) for row in rows]


def _arrival(scan_id: str, content: str) -> Arrival:
    # Kept with every field; what the tablet left out must not come back as a null that no scan may hold.
    item = {name: value for name, value in json.loads(content).items() if value is not None}
    with suppress(ValueError, TypeError, KeyError, RecursionError):  # kept flat, as text, and not always readable
        item["shown"] = json.loads(item["shown"])
    return wire.read_batch({"scans": [{"id": scan_id, **item}]})[0]


def _moment(arrival: Arrival) -> tuple[bool, datetime | None, str]:
    """Scans in the order in which they were made, so that each is judged after what came before it."""
    at = arrival.scan.scanned_at if arrival.scan else None
    return at is None, at, arrival.id


def _read(content: bytes) -> wire.OutboxFile:
    try:
        return wire.OutboxFile.model_validate(json.loads(content))
    except (ValidationError, ValueError, RecursionError):
        raise OutboxFileError(Problem.UNREADABLE, "This is no outbox file of a tablet, or it is damaged.") from None


def _readable(item: object) -> Arrival | None:
    try:
        return wire.read_batch({"scans": [item]})[0]
    except wire.NotABatchError:
        return None


def _correct(session: Session, content: object, *, by: str, now: datetime) -> bool:
    try:
        action = wire.OutboxAction.model_validate(content)
    except ValidationError:
        return False
    correction = Correction(
        id=action.id,
        scan_id=action.scan,
        at=action.at,
        reason=wire.safe_text(action.reason),
        by=by,
        device=None,
        now=now,
    )
    act = corrections.undo if action.kind == "undo" else corrections.override
    return act(session, correction) is Outcome.DONE


def _tally(told: list[Told]) -> dict[str, int]:
    conflicts, repeated = sum(one.conflict for one in told), sum(one.repeated for one in told)
    return {"stored": len(told) - conflicts - repeated, "repeated": repeated, "conflicts": conflicts}


def _journal(
    session: Session, action: str, device_id: int, detail: Mapping[str, object], *, by: str, now: datetime
) -> None:
    journal.record(session, now=now, actor=by, action=action, subject=f"device:{device_id}", detail=detail)
