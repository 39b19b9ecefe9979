"""What the figures have to be counted anew for: noted with each fact, so that no count can miss one."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Row, delete, select

from checkin.admission.tables import RecountRow
from checkin.database import add_many, table_of

Subject = tuple[int | None, str]
_TABLE = table_of(RecountRow)
_WAITING = _TABLE.c


def ask(connection: Connection, subjects: Iterable[Subject]) -> None:
    """Note (visitor, scan) pairs: of a known visitor everything is counted anew, of nobody just that scan."""
    wanted = sorted({(visitor or 0, "" if visitor else scan) for visitor, scan in subjects})
    rows = [{"visitor_id": visitor or None, "scan_id": scan or None} for visitor, scan in wanted]
    add_many(connection, _TABLE, rows)


def waiting(connection: Connection, most: int) -> tuple[frozenset[int | str], bool]:
    """What waits: visitors by number, scans of nobody by id; and whether more than `most` notes wait, told or not."""
    rows = connection.execute(select(_WAITING.visitor_id, _WAITING.scan_id).order_by(_WAITING.id).limit(most + 1)).all()
    return _subjects(rows[:most]), len(rows) > most


def take(connection: Connection, most: int) -> tuple[frozenset[int | str], bool]:
    """As `waiting`, and the notes that were told are gone with this transaction: whoever takes them counts them in it.

    A fact that commits meanwhile has its own note, which is not gone.
    """
    oldest = select(_WAITING.id).order_by(_WAITING.id).limit(most)
    gone = delete(table_of(RecountRow)).where(_WAITING.id.in_(oldest)).returning(_WAITING.visitor_id, _WAITING.scan_id)
    rows = connection.execute(gone).all()
    return _subjects(rows), len(rows) == most


def _subjects(rows: Iterable[Row[int | None, str | None]]) -> frozenset[int | str]:
    return frozenset(visitor or scan or "" for visitor, scan in rows)
