"""Counting: what waits is taken, and the sums move by the difference, in one transaction. So each fact counts once.

Nothing depends on the order of ids or commits: the note of a fact commits with it, and is gone only with the
transaction in which its subject was counted anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ClauseElement

from checkin.admission import recounts
from checkin.admission.tables import RecountRow, ScanRow
from checkin.attendance.facts import Subject, difference
from checkin.attendance.policy import rules_of
from checkin.attendance.share import VERSION
from checkin.attendance.tables import TallyPeopleRow, TallyScanRow, TallyShareRow, TallyStateRow
from checkin.database import insert_rows, table_of, write_rows
from checkin.event.model import Event
from checkin.oddities import finding
from checkin.visitors.persons import person
from checkin.visitors.tables import DoubleRow

MOST = 60  # notes a transaction: it is over in some 10 ms, so that no scan waits long
MOST_ANEW = 400  # where everything is counted anew, and nobody waits for each
_LOCK = (0x7461, 1)  # of PostgreSQL, in the space of two numbers, where nobody else has any
_SCANS, _PEOPLE, _SHARES, _STATE = (
    table_of(row) for row in (TallyScanRow, TallyPeopleRow, TallyShareRow, TallyStateRow)
)
_TRY = select(func.pg_try_advisory_xact_lock(*_LOCK))
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counted:
    """What one transaction counted. `is_ours` False: another process counts just now, or one with newer code."""

    subjects: int = 0
    is_more: bool = False
    is_ours: bool = True


def is_due(session: Session, event: Event) -> bool:
    """Whether there is anything to count. Reads only, so that who idles disturbs nobody."""
    state = session.execute(select(_STATE.c.version, _STATE.c.rules)).one_or_none()
    if state is not None and _is_newer(state.version):
        return False
    is_waiting = session.execute(select(RecountRow.id).limit(1)).first() is not None
    return is_waiting or (state is not None and (state.version, state.rules) != (VERSION, rules_of(event)))


def count_some(session: Session, event: Event, now: datetime, most: int = MOST) -> Counted:
    """Count what has waited longest, at most `most` notes; all of it anew where the sums are of other rules."""
    connection = session.connection()
    # SQLite has one writer at a time: this transaction is the only one that counts.
    if connection.dialect.name == "postgresql" and not connection.scalar(_TRY):
        return Counted(is_ours=False)
    state = connection.execute(select(_STATE.c.version, _STATE.c.rules)).one_or_none()
    if state is not None and _is_newer(state.version):
        return Counted(is_ours=False)
    is_anew = state is not None and (state.version, state.rules) != (VERSION, rules_of(event))
    if is_anew:
        _begin_anew(connection)
    subjects, is_more = recounts.take(connection, most)
    if not subjects and not is_anew:
        return Counted()  # another process was quicker
    tally, changed = difference(connection, event, subjects)
    _keep(connection, changed)
    _move(connection, _SCANS, tally.scans)
    _move(connection, _PEOPLE, tally.people)
    finding.keep(connection, event, subjects)
    _sign(connection, event, now)
    return Counted(len(subjects), is_more)


def begin_anew(session: Session, event: Event, now: datetime) -> int:
    """Forget every sum, and let everything wait to be counted; how many subjects that are."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(*_LOCK)))
    _begin_anew(connection)
    _sign(connection, event, now)
    return connection.scalar(select(func.count()).select_from(table_of(RecountRow))) or 0


def _is_newer(version: int) -> bool:
    """While a new release takes over from an old one, the old one leaves counting to it."""
    return version > VERSION


def _begin_anew(connection: Connection) -> None:
    # Notes that wait already stay: who is noted twice is counted twice, with the same result.
    for table in (_SCANS, _PEOPLE, _SHARES):
        connection.execute(delete(table))
    waiting, scan = table_of(RecountRow), table_of(ScanRow).c
    visitors = (
        select(person(scan.visitor_id))
        .select_from(table_of(ScanRow))
        .outerjoin(DoubleRow, DoubleRow.visitor_id == scan.visitor_id)
        .where(scan.visitor_id.is_not(None))
        .distinct()
    )
    connection.execute(waiting.insert().from_select(["visitor_id"], visitors))
    nobody = select(scan.id).where(scan.visitor_id.is_(None))
    connection.execute(waiting.insert().from_select(["scan_id"], nobody))
    _log.warning("attendance: everything is counted anew")


def _keep(connection: Connection, changed: Mapping[Subject, str]) -> None:
    """What was counted, to be compared with the next time."""
    _write(connection, _replacing, _SHARES, [(str(one), changed[one]) for one in sorted(changed, key=str)])


def _move(connection: Connection, table: Table, changes: Mapping[Any, list[int]]) -> None:
    """Add to the sums of a table, in the order of their keys."""
    _write(connection, _adding, table, [(*key, *changes[key]) for key in sorted(changes) if any(changes[key])])


def _sign(connection: Connection, event: Event, now: datetime) -> None:
    """Say by which rules the sums are, and that they were counted now."""
    _write(connection, _replacing, _STATE, [(1, VERSION, rules_of(event), now)])


def _write(
    connection: Connection, made: Callable[[str, Table], ClauseElement], table: Table, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Run a statement for rows of all columns of a table."""
    if rows:
        named = [dict(zip(table.c.keys(), row, strict=True)) for row in rows]
        write_rows(connection, made(connection.dialect.name, table), named)


@cache
def _replacing(dialect: str, table: Table) -> ClauseElement:
    return _upsert(dialect, table, lambda _old, new: new)


@cache
def _adding(dialect: str, table: Table) -> ClauseElement:
    return _upsert(dialect, table, lambda old, new: old + new)


def _upsert(dialect: str, table: Table, settled: Callable[[Any, Any], Any]) -> ClauseElement:
    """INSERT of many rows; where a key is known, `settled` says what becomes of each other column."""
    add = insert_rows(dialect, table, tuple(table.c.keys()))
    return add.on_conflict_do_update(
        index_elements=table.primary_key.columns,
        set_={one.name: settled(one, add.excluded[one.name]) for one in table.c if not one.primary_key},
    )
