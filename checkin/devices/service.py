"""What can be done with devices: pair, note their health, retire."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from checkin.badges import service as badges
from checkin.badges.token import ALPHABET
from checkin.devices.links import CODE_LENGTH, hash_of
from checkin.devices.model import Device, Health, Kind, RetiredAs
from checkin.devices.moving import change as change_device
from checkin.devices.moving import find_move, forget_move, moves
from checkin.devices.queries import all_devices, device_of, find_by_token_hash
from checkin.devices.sets import all_sets, end_set, free_name, get_set, is_set, open_set
from checkin.devices.tables import DeviceRow, PairingRow
from checkin.event.model import Direction, Event
from checkin.journal import service as journal

__all__ = [
    "all_devices",
    "all_sets",
    "change_device",
    "end_set",
    "find_by_token",
    "find_move",
    "forget_move",
    "get_set",
    "moves",
    "note_health",
    "open_pairing",
    "open_set",
    "pair",
    "retire",
]

PAIRING_LIVES = timedelta(minutes=10)
OLDEST_ROSTER_S = 366 * 86_400  # more is a tablet's clock gone wrong


class NoSuchDeviceError(LookupError):
    """No device has this id."""


def open_pairing(session: Session, *, name: str, gate: str, now: datetime, by: str) -> str:
    """A pairing code for one tablet, good once and for ten minutes. `gate` empty makes a spare. Journalled."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    session.add(
        PairingRow(
            code_hash=hash_of(code),
            name=name,
            kind=Kind.GATE,
            gate=gate,
            created_at=now,
            expires_at=now + PAIRING_LIVES,
        )
    )
    journal.record(session, now=now, actor=by, action="device.open_pairing", subject=f"gate:{gate}")
    return code


def pair(session: Session, event: Event, code: str, *, app: str, now: datetime) -> tuple[str, Device] | None:
    """Use a pairing code: the device and its token, told this once. None when the code is not live."""
    code_hash = hash_of(code.strip().upper())
    live = (PairingRow.code_hash == code_hash, PairingRow.used_at.is_(None), PairingRow.expires_at > now)
    # The UPDATE decides who was in time; whoever finds no row is too late.
    one_more = update(PairingRow).where(*live, PairingRow.used < PairingRow.most).values(used=PairingRow.used + 1)
    if session.execute(one_more.returning(PairingRow.used)).first() is None:
        return None
    fresh = select(PairingRow).where(PairingRow.code_hash == code_hash).execution_options(populate_existing=True)
    pairing = session.scalars(fresh).one()
    if pairing.used == pairing.most:
        pairing.used_at = now
    gate = event.gate_by_slug.get(pairing.gate)
    token = secrets.token_urlsafe(32)
    row = DeviceRow(
        token_hash=hash_of(token),
        name=free_name(session, pairing.name) if is_set(pairing) else pairing.name,
        kind=pairing.kind,
        gate=pairing.gate,
        direction=Direction.OUT if gate and gate.direction is Direction.OUT else Direction.IN,
        paired_at=now,
        last_seen_at=now,
        app=app,
    )
    session.add(row)
    session.flush()
    if not is_set(pairing):
        pairing.device_id = row.id
    journal.record(session, now=now, actor=f"device:{row.id}", action="device.pair", subject=f"gate:{pairing.gate}")
    return token, device_of(row)


def find_by_token(session: Session, token: str) -> Device | None:
    """The device that this token speaks for, retired ones too."""
    return find_by_token_hash(session, hash_of(token))


def note_health(session: Session, device: Device, health: Health, *, now: datetime) -> Device:
    """Keep what a tablet says of itself, and where it stands."""
    row = session.get_one(DeviceRow, device.id)
    row.last_seen_at = now
    for field in ("gate", "direction", "battery", "outbox", "app", "offset_ms"):
        value = getattr(health, field)
        if value is not None:
            setattr(row, field, value)
    if health.erased:
        row.roster_at, row.erased_at = None, row.erased_at or now
    elif health.roster_age_s is not None:
        row.roster_at, row.erased_at = now - timedelta(seconds=min(health.roster_age_s, OLDEST_ROSTER_S)), None
    if health.moved is not None:
        forget_move(session, device.id, health.moved)
    if not row.outbox:
        row.first_owed_at = None
    elif row.first_owed_at is None:
        row.first_owed_at = now
    session.flush()
    return device_of(row)


def retire(session: Session, device_id: int, *, lost: bool = False, now: datetime, by: str) -> Device:
    """End a tablet's access; what it still sends goes to quarantine. Journalled. Raises NoSuchDeviceError.

    Put away, it may be paired again. `lost`: badges are signed with the next key from now on, so that what the tablet
    could forge ends with each other tablet's next sync; this once, and for one put away that turns out to be lost too.
    Raises NoMoreKeysError where all are in use.
    """
    row = session.scalar(select(DeviceRow).where(DeviceRow.id == device_id).with_for_update())
    if row is None:
        raise NoSuchDeviceError(device_id)
    known = device_of(row).retired_as
    wish = RetiredAs.LOST if lost else RetiredAs.PUT_AWAY
    if known is None or (lost and known is not RetiredAs.LOST):
        row.retired_at, row.retired_as = row.retired_at or now, wish
        forget_move(session, device_id)
        detail: dict[str, object] = {"as": wish}
        if lost:
            detail["key"] = badges.next_key(session, now=now, actor=by)
        journal.record(session, now=now, actor=by, action="device.retire", subject=f"device:{device_id}", detail=detail)
    session.flush()
    return device_of(row)
