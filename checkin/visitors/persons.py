"""Who is the same person as whom: registrations that were merged are counted and judged as one.

A scan keeps the visitor whose badge it read, for ever. Who that is *now* is asked here, or joined as `person` has it.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLCoreOperations

from checkin.among import among
from checkin.database import table_of
from checkin.visitors.tables import DoubleRow

_DOUBLE = table_of(DoubleRow).c
_AMONG = select(_DOUBLE.visitor_id, _DOUBLE.kept_id).where(
    or_(among(_DOUBLE.visitor_id, "visitors"), among(_DOUBLE.kept_id, "visitors"))
)


def person(visitor: SQLCoreOperations[int] | SQLCoreOperations[int | None]) -> ColumnElement[int]:
    """As whom a visitor is counted, in a statement with `.outerjoin(DoubleRow, DoubleRow.visitor_id == visitor)`."""
    return func.coalesce(DoubleRow.kept_id, visitor)


def doubles_among(on: Session | Connection, visitors: Collection[int]) -> dict[int, int]:
    """The doubles who have to do with these visitors, or are of them, each with the one they are counted as."""
    return dict(on.execute(_AMONG, {"visitors": list(visitors)}).all()) if visitors else {}


def all_doubles(on: Session | Connection) -> dict[int, int]:
    """Every double there is, with the one they are counted as."""
    return dict(on.execute(select(DoubleRow.visitor_id, DoubleRow.kept_id)).all())


def is_double(visitor: SQLCoreOperations[int]) -> ColumnElement[bool]:
    """That a visitor is counted as somebody else."""
    return visitor.in_(select(DoubleRow.visitor_id))


def find_kept(on: Session | Connection, visitor_id: int) -> int | None:
    """As whom this visitor is counted who is a double; None for everybody else."""
    return on.scalar(select(DoubleRow.kept_id).where(DoubleRow.visitor_id == visitor_id))


def doubles_of(on: Session | Connection, kept_id: int) -> tuple[int, ...]:
    """Who is counted as this visitor, the oldest registration first."""
    return tuple(
        on.scalars(select(DoubleRow.visitor_id).where(DoubleRow.kept_id == kept_id).order_by(DoubleRow.visitor_id))
    )


def whole(on: Session | Connection, visitor_id: int) -> tuple[int, ...]:
    """All registrations of the person whom this visitor is; the one they are counted as comes first."""
    kept = find_kept(on, visitor_id) or visitor_id
    return (kept, *doubles_of(on, kept))
