"""What can be done about an oddity: settle it with a note, and take that back. Both journalled, without the note."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from checkin.database import changed, insert, table_of
from checkin.journal import service as journal
from checkin.oddities.model import Kind, Oddity
from checkin.oddities.tables import SettledRow

LONGEST_NOTE = 300


def settle(session: Session, oddity: Oddity, *, note: str, now: datetime, by: str, actor: str) -> bool:
    """Say that somebody has looked at it. False when somebody had already, whose note stays."""
    told = {**asdict(oddity), "kind": oddity.kind.value, "note": note, "settled_at": now, "settled_by": by}
    row = insert(session, table_of(SettledRow)).values(**told).on_conflict_do_nothing(index_elements=["kind", "key"])
    if not changed(session.execute(row)):
        return False
    _record(session, "oddity.settle", oddity.kind, _subject(oddity), now=now, actor=actor)
    return True


def reopen(session: Session, kind: Kind, key: str, *, now: datetime, actor: str) -> bool:
    """Take back that it was settled; the note is gone with it. False when it is not settled."""
    row = session.get(SettledRow, (kind, key))
    if row is None:
        return False
    subject = _subject_of(row.visitor_id, row.device_id, row.gate)
    gone = changed(session.execute(delete(SettledRow).where(SettledRow.kind == kind, SettledRow.key == key)))
    if gone:
        _record(session, "oddity.reopen", kind, subject, now=now, actor=actor)
    return bool(gone)


def _record(session: Session, action: str, kind: Kind, subject: str, *, now: datetime, actor: str) -> None:
    detail = {"kind": kind.value}
    journal.record(session, now=now, actor=actor, action=action, subject=subject, detail=detail)


def _subject(oddity: Oddity) -> str:
    return _subject_of(oddity.visitor_id, oddity.device_id, oddity.gate)


def _subject_of(visitor_id: int | None, device_id: int | None, gate: str) -> str:
    """The person before the tablet, the tablet before the gate."""
    if visitor_id is not None:
        return f"visitor:{visitor_id}"
    if device_id is not None:
        return f"device:{device_id}"
    return f"gate:{gate}" if gate else ""
