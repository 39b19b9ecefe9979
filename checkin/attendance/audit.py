"""Whether the admission table says what the facts say; and writing it anew from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from checkin.admission.queries import entries
from checkin.admission.tables import AdmissionRow, ScanRow
from checkin.database import insert, table_of
from checkin.journal import service as journal

_COLUMNS = ("visitor_id", "day", "zone", "at", "scan_id", "gate")


@dataclass(frozen=True, slots=True)
class Entrance:
    """One row that the admission table has, or should have: whose, when, where, by which scan."""

    visitor_id: int
    day: date
    zone: str
    at: datetime
    scan_id: str
    gate: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What the admission table lacks and what it has too much, compared with the facts; both empty when it is right."""

    missing: tuple[Entrance, ...]
    surplus: tuple[Entrance, ...]


def check(session: Session) -> Difference:
    """The admission table against the scans, undos and overrides, in both directions."""
    stored = select(*(getattr(AdmissionRow, name) for name in _COLUMNS))
    missing, surplus = _facts().except_(stored), stored.except_(_facts())
    return Difference(
        missing=tuple(Entrance(*row) for row in session.execute(missing)),
        surplus=tuple(Entrance(*row) for row in session.execute(surplus)),
    )


def rebuild(session: Session, *, now: datetime, by: str) -> None:
    """Write the admission table anew. Journalled."""
    table = table_of(AdmissionRow)
    session.execute(delete(AdmissionRow))
    add = insert(session, table).from_select(_COLUMNS, _facts())
    # On PostgreSQL a scan may commit between the two statements: its row stays, unless ours is earlier.
    new = add.excluded
    session.execute(
        add.on_conflict_do_update(
            index_elements=["visitor_id", "day", "zone"],
            set_={"at": new.at, "scan_id": new.scan_id, "gate": new.gate},
            where=new.at < table.c.at,
        )
    )
    journal.record(session, now=now, actor=by, action="attendance.rebuild")


def _facts() -> Select[*tuple[Any, ...]]:
    """The admissions as they should be: of each visitor, day and zone the earliest entry, ties by scan id."""
    place = func.row_number().over(
        partition_by=(ScanRow.visitor_id, ScanRow.day, ScanRow.zone), order_by=(ScanRow.scanned_at, ScanRow.id)
    )
    scans = (
        select(
            ScanRow.visitor_id,
            ScanRow.day,
            ScanRow.zone,
            ScanRow.scanned_at.label("at"),
            ScanRow.id.label("scan_id"),
            ScanRow.gate,
            place.label("place"),
        )
        .where(ScanRow.visitor_id.is_not(None), entries())
        .subquery()
    )
    return select(*(scans.c[name] for name in _COLUMNS)).where(scans.c.place == 1)
