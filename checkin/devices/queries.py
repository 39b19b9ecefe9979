"""Reading devices."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from checkin.devices.model import Device, Kind, RetiredAs
from checkin.devices.tables import DeviceRow
from checkin.event.model import Direction


def find_by_token_hash(session: Session, token_hash: str) -> Device | None:
    """The device that holds the token with this SHA-256, retired ones too."""
    row = session.scalar(select(DeviceRow).where(DeviceRow.token_hash == token_hash))
    return None if row is None else device_of(row)


def all_devices(session: Session) -> tuple[Device, ...]:
    """Every device ever paired, those at work first, by name."""
    rows = session.scalars(select(DeviceRow).order_by(DeviceRow.retired_at.is_not(None), DeviceRow.name, DeviceRow.id))
    return tuple(device_of(row) for row in rows)


def device_of(row: DeviceRow | Any) -> Device:  # noqa: ANN401 - or a row of its table
    """The row as a device."""
    return Device(
        id=row.id,
        name=row.name,
        kind=Kind(row.kind),
        gate=row.gate,
        direction=Direction(row.direction),
        paired_at=row.paired_at,
        retired_at=row.retired_at,
        retired_as=None if row.retired_at is None else RetiredAs(row.retired_as or RetiredAs.PUT_AWAY),
        last_seen_at=row.last_seen_at,
        battery=row.battery,
        outbox=row.outbox,
        app=row.app,
        offset_ms=row.offset_ms,
        first_owed_at=row.first_owed_at,
        roster_at=row.roster_at,
        erased_at=row.erased_at,
    )
