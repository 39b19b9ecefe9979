"""Registering what was read, some rows at a time: each with its badge, in one transaction with the note that it is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from checkin.database import table_of
from checkin.event.model import Event
from checkin.imports.model import Decision, RowState, Stage
from checkin.imports.queries import details_of
from checkin.imports.service import hold
from checkin.imports.tables import ImportRowRow
from checkin.jobs import service as jobs
from checkin.registration import service as registration
from checkin.visitors import service as visitors
from checkin.visitors.model import Source

AT_ONCE: Final = 100
"""So many in a transaction: a tenth of a second, in which the gates' scans wait on SQLite."""
BY: Final = "import"


def register_some(session: Session, event: Event, import_id: int, job_id: int, *, secret: str, now: datetime) -> int:
    """Register the next rows of an import; how many there were: none when it is done, paused or over."""
    held = hold(session, import_id)
    if held is None or held.stage != Stage.RUNNING or held.job_id != job_id:
        return 0
    of = ImportRowRow.import_id == import_id
    # All before the last one that is done is done too: so no row is looked at twice.
    last = session.scalar(select(func.max(ImportRowRow.seq)).where(of, ImportRowRow.state == RowState.DONE))
    rows = session.scalars(
        select(ImportRowRow)
        .where(of, ImportRowRow.seq > (-1 if last is None else last), _is_due())
        .order_by(ImportRowRow.seq)
        .limit(AT_ONCE)
    ).all()
    if not rows:
        return 0
    people = {row.submission: details_of(row.details) for row in rows}
    made = registration.register_all(session, event, people, source=Source.IMPORT, secret=secret, now=now, by=BY)
    leaders = _leaders(session, import_id, {row.party for row in rows if row.party})
    done = []
    for row in rows:
        visitor_id = made[row.submission].id
        leader_id = _join(session, leaders.get(row.party, visitor_id), visitor_id) if row.party else None
        if leader_id is not None:
            leaders[row.party] = leader_id
        done.append({"one": row.seq, "visitor": visitor_id, "leader": leader_id})
    table = table_of(ImportRowRow)
    note = update(table).where(table.c.import_id == import_id, table.c.seq == bindparam("one"))
    values = {"state": RowState.DONE.value, "visitor_id": bindparam("visitor"), "leader_id": bindparam("leader")}
    session.connection().execute(note.values(values), done)
    jobs.advance(session, job_id, done=len(done), now=now)
    return len(done)


def _join(session: Session, leader_id: int, visitor_id: int) -> int:
    """Show this visitor on the leader's page; whose page it is. When it is full, theirs is the next one."""
    try:
        visitors.join_party(session, leader_id, visitor_id)
    except visitors.PartyFullError:
        return visitor_id
    return leader_id


def _leaders(session: Session, import_id: int, parties: set[str]) -> dict[str, int]:
    """Whose page each delegation's next member joins: the last one's leader, else whoever was imported before."""
    found: dict[str, int] = {}
    for party in sorted(parties):
        of = (ImportRowRow.import_id == import_id, ImportRowRow.party == party, ImportRowRow.visitor_id.is_not(None))
        asked = select(ImportRowRow.leader_id, ImportRowRow.visitor_id).where(*of)
        latest = asked.where(ImportRowRow.leader_id.is_not(None)).order_by(ImportRowRow.seq.desc()).limit(1)
        earliest = asked.order_by(ImportRowRow.seq).limit(1)
        row = session.execute(latest).first() or session.execute(earliest).first()
        if row is not None and row.visitor_id is not None:
            found[party] = row.leader_id or visitors.find_leader(session, row.visitor_id) or row.visitor_id
    return found


def _is_due() -> ColumnElement[bool]:
    decided = and_(ImportRowRow.state == RowState.DOUBLE, ImportRowRow.decision == Decision.REGISTER)
    return or_(ImportRowRow.state == RowState.READY, decided)
