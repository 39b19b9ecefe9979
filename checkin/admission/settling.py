"""When two registrations turn out to be one person, or two after all: their admissions follow from the same facts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from checkin.admission import recounts
from checkin.admission.queries import admissions_of, lock_badges, lock_people
from checkin.admission.tables import AdmissionRow, ScanRow
from checkin.badges import service as badges
from checkin.database import table_of

_COLUMNS: Final = ("visitor_id", "day", "zone", "at", "scan_id", "gate")


def hold(session: Session, visitors: Collection[int]) -> None:
    """Let nobody judge or correct scans of these visitors until this transaction ends; before anything is changed."""
    lock_badges(session.connection(), badges.numbers_of(session, visitors).values())
    lock_people(session.connection(), visitors)


def settle(session: Session, visitors: Collection[int]) -> None:
    """Work every admission of these visitors out anew, who are whole persons, and have their figures counted anew."""
    table = table_of(AdmissionRow)
    session.execute(delete(table).where(table.c.visitor_id.in_(visitors)))
    session.execute(insert(table).from_select(_COLUMNS, admissions_of(ScanRow.visitor_id.in_(visitors))))
    recounts.ask(session.connection(), [(visitor, "") for visitor in visitors])
