"""Until which scan figures are counted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checkin.admission.queries import counts
from checkin.admission.tables import ScanRow
from checkin.attendance.policy import Scope


def find_last_scan(session: Session, scope: Scope) -> datetime | None:
    """The moment of the latest scan that counts, of the days that are asked for; None without any."""
    for day in reversed(scope.asked):
        last = session.scalar(select(func.max(ScanRow.scanned_at)).where(ScanRow.day == day, counts()))
        if last is not None:
            return last
    return None
