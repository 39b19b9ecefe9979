"""Reading what admission needs: the facts of a scan, passages, counts at a gate."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from checkin.admission.model import Passage, Verdict
from checkin.admission.tables import OverrideRow, ScanRow, UndoRow
from checkin.badges.model import Badge
from checkin.badges.queries import badge_of
from checkin.badges.tables import BadgeRow
from checkin.event.model import Direction
from checkin.visitors.tables import VisitorRow


def counts() -> ColumnElement[bool]:
    """The scans that count: accepted or overridden, and not undone. Every count in the project uses this."""
    undone = exists().where(UndoRow.scan_id == ScanRow.id)
    overridden = exists().where(OverrideRow.scan_id == ScanRow.id)
    accepted = ScanRow.verdict.in_((Verdict.ADMITTED, Verdict.RE_ENTRY, Verdict.LEFT))
    return and_(or_(accepted, overridden), ~undone)


def entries() -> ColumnElement[bool]:
    """The scans that count and lead in."""
    return and_(ScanRow.direction == Direction.IN, counts())


def issues_of(session: Session, number: int) -> tuple[list[Badge], tuple[date, ...]]:
    """Every issue of a badge number, oldest first, and the days its visitor chose: one SELECT."""
    rows = session.execute(
        select(BadgeRow, VisitorRow.days)
        .join(VisitorRow, VisitorRow.id == BadgeRow.visitor_id)
        .where(BadgeRow.number == number)
        .order_by(BadgeRow.issue)
    ).all()
    return [badge_of(row) for row, _ in rows], rows[0][1] if rows else ()


def passages_of(session: Session, visitor_id: int, day: date) -> list[Passage]:
    """A visitor's passages of a day in every zone, in no order."""
    rows = session.execute(
        select(ScanRow.id, ScanRow.scanned_at, ScanRow.zone, ScanRow.gate, ScanRow.direction).where(
            ScanRow.visitor_id == visitor_id, ScanRow.day == day, counts()
        )
    )
    return [
        Passage(scan_id=row.id, at=row.scanned_at, zone=row.zone, gate=row.gate, direction=Direction(row.direction))
        for row in rows
    ]


def entries_at(session: Session, gate: str, day: date) -> int:
    """Today's entries at one gate, as its screen shows them."""
    return (
        session.scalar(
            select(func.count()).select_from(ScanRow).where(ScanRow.gate == gate, ScanRow.day == day, entries())
        )
        or 0
    )


def scans_of(session: Session, number: int, most: int = 20) -> list[ScanRow]:
    """The latest scans of a badge number, newest first."""
    return list(
        session.scalars(
            select(ScanRow).where(ScanRow.number == number).order_by(ScanRow.scanned_at.desc(), ScanRow.id).limit(most)
        )
    )
