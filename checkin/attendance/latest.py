"""Until which scan figures are counted."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from checkin.admission.queries import counts
from checkin.admission.tables import ScanRow
from checkin.attendance.policy import Scope
from checkin.event.model import Event


def find_last_scan(session: Session, event: Event, scope: Scope) -> datetime | None:
    """The moment of the latest scan that counts, of the days that are asked for; None without any.

    A scan's day is its moment's, so the index of moments finds it: by `day` a million scans would be read.
    """
    for day in reversed(scope.asked):
        begins = datetime.combine(day, time.min, event.time_zone)
        within = (ScanRow.scanned_at >= begins, ScanRow.scanned_at < begins + timedelta(days=1))
        newest = select(ScanRow.scanned_at).where(*within, counts()).order_by(ScanRow.scanned_at.desc()).limit(1)
        last = session.scalar(newest)
        if last is not None:
            return last
    return None
