"""What can be done with reports: tell the figures, close a day by signing them, look at signed versions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from checkin.admission import quarantine
from checkin.attendance import service as attendance
from checkin.attendance.latest import find_last_scan
from checkin.database import changed, insert, table_of
from checkin.event.model import Event
from checkin.journal import service as journal
from checkin.reports import policy
from checkin.reports.building import report_of
from checkin.reports.model import Report
from checkin.reports.policy import key_of
from checkin.reports.queries import (
    CONTENT,
    Content,
    NoSuchVersionError,
    UnreadableVersionError,
    find_latest,
    get_version,
    last_revision,
    scope_of,
    unreadable,
    versions,
)
from checkin.reports.tables import ReportRow
from checkin.staff.model import Staff

__all__ = [
    "NoSuchVersionError",
    "UnreadableVersionError",
    "close",
    "figures",
    "find_latest",
    "get_version",
    "key_of",
    "last_revision",
    "scope_of",
    "unreadable",
    "versions",
]
LONGEST_REASON = 300


class NotYetError(Exception):
    """The day has not begun: there is nothing to close."""


class ReasonNeededError(Exception):
    """Something stands against closing, and nobody said why it is to be closed all the same."""


class CountingError(Exception):
    """More is stored than is counted just now: these figures are not to be signed."""


class NothingNewError(Exception):
    """The newest version says the same: there is nothing to sign."""


class ClosedMeanwhileError(Exception):
    """Someone else has signed a version since this one was looked at."""


def figures(session: Session, event: Event, *, day: date | None, now: datetime) -> Report:
    """What the report of a day, or of all show days, says now. Raises NotADayError."""
    counted = attendance.count(session, event, day=day, now=now)
    last = find_last_scan(session, event, attendance.scope(event, day))
    return report_of(event, counted, last_scan_at=last, quarantined=quarantine.waiting(session))


def close(
    session: Session,
    event: Event,
    report: Report,
    *,
    revision: int,
    by: Staff,
    reason: str,
    secret: str,
    now: datetime,
) -> int:
    """Freeze and sign `report` as this revision of its day; the number of the version. Journalled.

    Raises NotYetError, CountingError, ReasonNeededError, NothingNewError, ClosedMeanwhileError.
    """
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not policy.has_begun(event, report):
        raise NotYetError(report.day)
    if report.is_behind:
        raise CountingError
    stands_against = policy.obstacles(event, report)
    if stands_against and not reason:
        raise ReasonNeededError(stands_against)
    key = key_of(secret)
    latest = find_latest(session, report.day, key)
    if latest is not None and not policy.is_news(event, latest, report):
        raise NothingNewError
    reason = reason if stands_against else ""
    content = Content(
        revision=revision, signed_at=now, signed_by=by.actor, signer=by.name, reason=reason, report=report
    )
    text = CONTENT.dump_json(content).decode()
    row = insert(session, table_of(ReportRow)).values(
        scope=scope_of(report.day),
        revision=revision,
        content=text,
        signature=policy.signature_of(key, text),
        signed_at=now,
    )
    is_next = revision == last_revision(session, report.day) + 1
    if not (is_next and changed(session.execute(row.on_conflict_do_nothing()))):
        raise ClosedMeanwhileError(revision)
    (number,) = (one.number for one in (find_latest(session, report.day, key),) if one is not None)
    journal.record(
        session,
        now=now,
        actor=by.actor,
        action="report.close",
        subject=f"report:{number}",
        detail={
            "day": scope_of(report.day),
            "revision": revision,
            "against": [one.value for one in stands_against],
        },
    )
    return number
