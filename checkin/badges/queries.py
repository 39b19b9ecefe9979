"""Reading badges."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import Session

from checkin.badges.model import Badge
from checkin.badges.tables import BadgeKeyRow, BadgeNumberRow, BadgeRevisionRow, BadgeRow
from checkin.visitors.persons import person
from checkin.visitors.tables import DoubleRow

# Asked for each batch of scans: a statement that is made once costs a third.
_NEWEST_KEY = select(func.max(BadgeKeyRow.number))
_REVISION = select(BadgeRevisionRow.revision)


def find_badge(session: Session, number: int, issue: int) -> Badge | None:
    """This print of this badge, if it was ever made."""
    row = session.scalar(select(BadgeRow).where(BadgeRow.number == number, BadgeRow.issue == issue))
    return None if row is None else badge_of(row)


def find_newest(session: Session, number: int) -> Badge | None:
    """The newest issue of a badge number, if the number is anyone's."""
    row = session.scalar(select(BadgeRow).where(BadgeRow.number == number).order_by(BadgeRow.issue.desc()).limit(1))
    return None if row is None else badge_of(row)


def newest_of(session: Session, visitor_ids: Collection[int]) -> dict[int, Badge]:
    """The newest issue of each of these visitors' badges; who has none is left out."""
    rows = session.scalars(select(BadgeRow).where(BadgeRow.visitor_id.in_(visitor_ids)).order_by(BadgeRow.issue))
    return {row.visitor_id: badge_of(row) for row in rows}


def issues_of(session: Session, visitor_id: int) -> tuple[Badge, ...]:
    """Every print of a visitor's badge, newest first."""
    rows = session.scalars(select(BadgeRow).where(BadgeRow.visitor_id == visitor_id).order_by(BadgeRow.issue.desc()))
    return tuple(badge_of(row) for row in rows)


def whose(numbers: range) -> Select[int]:
    """The visitors who have a badge number of these; of a double whom they are counted as."""
    return (
        select(person(BadgeNumberRow.visitor_id))
        .select_from(BadgeNumberRow)
        .outerjoin(DoubleRow, DoubleRow.visitor_id == BadgeNumberRow.visitor_id)
        .where(BadgeNumberRow.number >= numbers.start, BadgeNumberRow.number < numbers.stop)
    )


def latest(session: Session, *, most: int) -> tuple[Badge, ...]:
    """The badges issued last that are good, newest first, at most `most`."""
    good = (BadgeRow.replaced_at.is_(None), BadgeRow.revoked_at.is_(None))
    rows = session.scalars(select(BadgeRow).where(*good).order_by(BadgeRow.id.desc()).limit(most))
    return tuple(badge_of(row) for row in rows)


def numbers_of(session: Session, visitor_ids: Collection[int]) -> dict[int, int]:
    """The badge number of each of these visitors who was ever given one."""
    row = BadgeNumberRow
    asked = select(row.visitor_id, row.number).where(row.visitor_id.in_(visitor_ids)).order_by(row.visitor_id)
    return dict(session.execute(asked).all())


def find_number(session: Session, visitor_id: int) -> int | None:
    """The badge number of a visitor, if one was ever given."""
    return session.scalar(select(BadgeNumberRow.number).where(BadgeNumberRow.visitor_id == visitor_id))


def newest_key_number(session: Session | Connection) -> int:
    """The key that signs; every key from 0 to it verifies."""
    return session.scalar(_NEWEST_KEY) or 0


def revision(session: Session | Connection) -> int:
    """How many changes badges have seen; grows with each."""
    return session.scalar(_REVISION) or 0


def badge_of(row: BadgeRow) -> Badge:
    """The row as a badge."""
    return Badge(
        visitor_id=row.visitor_id,
        number=row.number,
        issue=row.issue,
        key_number=row.key_number,
        category=row.category,
        days=row.days,
        name=row.name,
        name_ur=row.name_ur,
        organisation=row.organisation,
        designation=row.designation,
        city=row.city,
        country=row.country,
        issued_at=row.issued_at,
        issued_by=row.issued_by,
        replaced_at=row.replaced_at,
        revoked_at=row.revoked_at,
        revoked_because=row.revoked_because,
    )
