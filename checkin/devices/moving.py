"""Changing a tablet from a page: what it is called, and where it stands. The tablet learns with its next sync."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from checkin.database import insert, table_of
from checkin.devices.model import Device, Move
from checkin.devices.queries import device_of
from checkin.devices.tables import DeviceRow, MoveRow
from checkin.event.model import Direction
from checkin.journal import service as journal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Place = tuple[str, Direction]


def moves(session: Session) -> dict[int, Move]:
    """Which tablets are wanted elsewhere and have not said yet that they know, by their number."""
    return {row.device_id: _move(row) for row in session.scalars(select(MoveRow))}


def find_move(session: Session, device_id: int) -> Move | None:
    """Where a tablet is wanted, unless it knows already."""
    row = session.get(MoveRow, device_id)
    return _move(row) if row else None


def change(
    session: Session, device_id: int, seen: tuple[str, int], *, name: str, to: Place | None, now: datetime, by: str
) -> Device | None:
    """Call a tablet by this name, and have it go to a gate; `to` None leaves it where it is. Journalled.

    `seen`: its name, and the number of the move that was on its way (0 for none), as the organiser saw them. None when
    either is another one by now, or the tablet was retired: then nothing is changed.
    """
    row = session.scalar(select(DeviceRow).where(DeviceRow.id == device_id).with_for_update())
    pending = find_move(session, device_id)
    if row is None or row.retired_at is not None or (row.name, pending.number if pending else 0) != seen:
        return None
    subject = f"device:{device_id}"
    if name != row.name:
        row.name = name
        journal.record(session, now=now, actor=by, action="device.rename", subject=subject)
    if to is not None:
        gate, direction = to
        values = {"gate": gate, "direction": direction, "wanted_at": now}
        add = insert(session, table_of(MoveRow)).values(device_id=device_id, **values)
        session.execute(add.on_conflict_do_update(index_elements=["device_id"], set_=values))
        detail = {"gate": gate, "direction": direction}
        journal.record(session, now=now, actor=by, action="device.move", subject=subject, detail=detail)
    session.flush()
    return device_of(row)


def forget_move(session: Session, device_id: int, number: int | None = None) -> bool:
    """The tablet knows of this move, or (without a number) is wanted nowhere any more. False when there is no such."""
    mine = delete(MoveRow).where(MoveRow.device_id == device_id)
    if number is not None:
        mine = mine.where(MoveRow.wanted_at == _EPOCH + timedelta(microseconds=number))
    return session.scalar(mine.returning(MoveRow.device_id)) is not None


def _move(row: MoveRow) -> Move:
    return Move(device_id=row.device_id, gate=row.gate, direction=Direction(row.direction), wanted_at=row.wanted_at)
