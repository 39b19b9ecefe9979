"""What can be done with devices: pair, note their health, retire."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from checkin.badges.token import ALPHABET
from checkin.devices.model import Device, Health, Kind
from checkin.devices.queries import all_devices, device_of, find_by_token_hash
from checkin.devices.tables import DeviceRow, PairingRow
from checkin.event.model import Direction, Event
from checkin.journal import service as journal

__all__ = ["all_devices", "find_by_token", "note_health", "open_pairing", "pair", "retire"]

PAIRING_LIVES = timedelta(minutes=10)
CODE_LENGTH = 12  # 60 random bits: beyond guessing in ten minutes, and short enough to type


class NoSuchDeviceError(LookupError):
    """No device has this id."""


def open_pairing(session: Session, *, name: str, gate: str, now: datetime, by: str) -> str:
    """A pairing code for one tablet, good once and for ten minutes. Journalled."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    session.add(
        PairingRow(
            code_hash=_hash(code), name=name, kind=Kind.GATE, gate=gate, created_at=now, expires_at=now + PAIRING_LIVES
        )
    )
    journal.record(session, now=now, actor=by, action="device.open_pairing", subject=f"gate:{gate}")
    return code


def pair(session: Session, event: Event, code: str, *, app: str, now: datetime) -> tuple[str, Device] | None:
    """Use a pairing code: the device and its token, told this once. None when the code is not live."""
    code_hash = _hash(code.strip().upper())
    live = (PairingRow.code_hash == code_hash, PairingRow.used_at.is_(None), PairingRow.expires_at > now)
    # The UPDATE decides who was first; whoever finds no row is too late.
    taken = session.execute(update(PairingRow).where(*live).values(used_at=now).returning(PairingRow.code_hash))
    if taken.first() is None:
        return None
    pairing = session.scalars(select(PairingRow).where(PairingRow.code_hash == code_hash)).one()
    gate = event.gate_by_slug.get(pairing.gate)
    token = secrets.token_urlsafe(32)
    row = DeviceRow(
        token_hash=_hash(token),
        name=pairing.name,
        kind=pairing.kind,
        gate=pairing.gate,
        direction=Direction.OUT if gate and gate.direction is Direction.OUT else Direction.IN,
        paired_at=now,
        last_seen_at=now,
        app=app,
    )
    session.add(row)
    session.flush()
    pairing.device_id = row.id
    journal.record(session, now=now, actor=f"device:{row.id}", action="device.pair", subject=f"gate:{pairing.gate}")
    return token, device_of(row)


def find_by_token(session: Session, token: str) -> Device | None:
    """The device that this token speaks for, retired ones too."""
    return find_by_token_hash(session, _hash(token))


def note_health(session: Session, device: Device, health: Health, *, now: datetime) -> Device:
    """Keep what a tablet says of itself, and where it stands."""
    row = session.get_one(DeviceRow, device.id)
    row.last_seen_at = now
    for field in ("gate", "direction", "battery", "outbox", "app", "offset_ms"):
        value = getattr(health, field)
        if value is not None:
            setattr(row, field, value)
    if not row.outbox:
        row.first_owed_at = None
    elif row.first_owed_at is None:
        row.first_owed_at = now
    session.flush()
    return device_of(row)


def retire(session: Session, device_id: int, *, now: datetime, by: str) -> Device:
    """End a tablet's access; what it still sends goes to quarantine. Journalled. Raises NoSuchDeviceError."""
    row = session.get(DeviceRow, device_id)
    if row is None:
        raise NoSuchDeviceError(device_id)
    if row.retired_at is None:
        row.retired_at = now
        journal.record(session, now=now, actor=by, action="device.retire", subject=f"device:{device_id}")
    session.flush()
    return device_of(row)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
