"""What the figures have to be counted anew for: noted with each fact, so that no count can miss one."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, insert
from sqlalchemy.orm import Session

from checkin.admission.tables import RecountRow
from checkin.database import table_of

Subject = tuple[int | None, str]


def ask(connection: Connection | Session, subjects: Iterable[Subject]) -> None:
    """Note (visitor, scan) pairs: of a known visitor everything is counted anew, of nobody just that scan."""
    wanted = sorted({(visitor or 0, "" if visitor else scan) for visitor, scan in subjects})
    rows = [{"visitor_id": visitor or None, "scan_id": scan or None} for visitor, scan in wanted]
    if rows:
        connection.execute(insert(table_of(RecountRow)), rows)
