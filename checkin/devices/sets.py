"""Sets of tablets: one evening code pairs many, each under a name of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from checkin.devices.links import hash_of, set_code
from checkin.devices.model import Kind, TabletSet
from checkin.devices.tables import DeviceRow, PairingRow
from checkin.journal import service as journal

MOST_TABLETS = 200
NAME_LONGEST = 70  # the number comes after it
SHORTEST = timedelta(hours=1)
USUAL = timedelta(hours=12)
LONGEST = timedelta(hours=24)


class NoSuchSetError(LookupError):
    """No set of tablets has this number."""


def open_set(
    session: Session, *, secret: str, name: str, gate: str, most: int, lives: timedelta, now: datetime, by: str
) -> tuple[str, TabletSet]:
    """A code that pairs up to `most` tablets as `NAME 1`, `NAME 2` …, and the set behind it. Journalled.

    `gate` empty makes spares. Raises ValueError beyond MOST_TABLETS, or for a life outside SHORTEST to LONGEST.
    """
    if not 1 <= most <= MOST_TABLETS:
        raise ValueError(f"a set is 1 to {MOST_TABLETS} tablets, not {most}")
    if not SHORTEST <= lives <= LONGEST:
        raise ValueError(f"a set's code lives {SHORTEST} to {LONGEST}, not {lives}")
    code = set_code(secret, now)
    row = PairingRow(
        code_hash=hash_of(code),
        name=name,
        kind=Kind.GATE,
        gate=gate,
        created_at=now,
        expires_at=now + lives,
        most=most,
        used=0,
    )
    session.add(row)
    session.flush()
    detail = {"most": most, "hours": lives / timedelta(hours=1)}
    journal.record(session, now=now, actor=by, action="device.open_set", subject=f"gate:{gate}", detail=detail)
    return code, _set_of(row)


def all_sets(session: Session) -> tuple[TabletSet, ...]:
    """Every set ever opened, the newest first."""
    rows = session.scalars(select(PairingRow).order_by(PairingRow.created_at.desc()))
    return tuple(_set_of(row) for row in rows if is_set(row))


def get_set(session: Session, number: int) -> TabletSet:
    """The set of this number. Raises NoSuchSetError."""
    found = next((one for one in all_sets(session) if one.number == number), None)
    if found is None:
        raise NoSuchSetError(number)
    return found


def end_set(session: Session, number: int, *, now: datetime, by: str) -> TabletSet:
    """Let no further tablet take the code; those that did stay paired. Journalled. Raises NoSuchSetError."""
    found = get_set(session, number)
    live = (PairingRow.created_at == found.opened_at, PairingRow.used_at.is_(None))
    ended = session.execute(update(PairingRow).where(*live).values(used_at=now).returning(PairingRow.code_hash))
    if ended.first() is not None:
        journal.record(session, now=now, actor=by, action="device.end_set", subject=f"gate:{found.gate}")
    return get_set(session, number)


def is_set(row: PairingRow) -> bool:
    """Whether this code is a set's: a code for one tablet never lives so long, and a set may be of one."""
    return row.expires_at - row.created_at >= SHORTEST


def free_name(session: Session, name: str) -> str:
    """`NAME 1`, or the next number under which no tablet is or was known."""
    taken = set(session.scalars(select(DeviceRow.name)))
    return next(one for one in (f"{name} {n}" for n in range(1, len(taken) + 2)) if one not in taken)


def _set_of(row: PairingRow) -> TabletSet:
    return TabletSet(
        name=row.name,
        gate=row.gate,
        opened_at=row.created_at,
        expires_at=row.expires_at,
        most=row.most,
        used=row.used,
        ended_at=row.used_at,
    )
