"""Reading signed versions and what became of the mails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checkin.reports import policy
from checkin.reports.model import Report, Version
from checkin.reports.tables import ReportRow

ALL = "all"


class NoSuchVersionError(LookupError):
    """No signed version has this number."""


class UnreadableVersionError(Exception):
    """What is stored of this version is no report: someone has changed it in the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is signed."""

    revision: int
    signed_at: datetime
    signed_by: str
    signer: str
    reason: str
    report: Report


CONTENT = TypeAdapter(Content)


def scope_of(day: date | None) -> str:
    """How a day, or all of them, is stored."""
    return day.isoformat() if day else ALL


def versions(session: Session, key: bytes) -> tuple[Version, ...]:
    """Every signed version that can be read, newest first."""
    return tuple(_readable(session.scalars(select(ReportRow).order_by(ReportRow.id.desc())), key))


def find_latest(session: Session, day: date | None, key: bytes) -> Version | None:
    """The newest version of a day, or of all show days."""
    own = select(ReportRow).where(ReportRow.scope == scope_of(day)).order_by(ReportRow.revision.desc()).limit(1)
    return next(_readable(session.scalars(own), key), None)


def last_revision(session: Session, day: date | None) -> int:
    """The number of the newest revision of a day, or of all show days; 0 without one."""
    return session.scalar(select(func.max(ReportRow.revision)).where(ReportRow.scope == scope_of(day))) or 0


def get_version(session: Session, number: int, key: bytes) -> Version:
    """The version with this number. Raises NoSuchVersionError, UnreadableVersionError."""
    row = session.get(ReportRow, number)
    if row is None:
        raise NoSuchVersionError(number)
    return _version(row, key)


def unreadable(session: Session) -> tuple[int, ...]:
    """The numbers of versions whose stored text is no report any more."""
    return tuple(row.id for row in session.scalars(select(ReportRow)) if _content(row) is None)


def _readable(rows: Iterable[ReportRow], key: bytes) -> Iterator[Version]:
    return (_version(row, key) for row in rows if _content(row) is not None)


def _version(row: ReportRow, key: bytes) -> Version:
    content = _content(row)
    if content is None:
        raise UnreadableVersionError(row.id)
    # The columns beside the text only find it: when they say something else, somebody moved it.
    is_own = (row.scope, row.revision) == (scope_of(content.report.day), content.revision)
    return Version(
        number=row.id,
        revision=content.revision,
        report=content.report,
        signed_at=content.signed_at,
        signed_by=content.signed_by,
        signer=content.signer,
        reason=content.reason,
        signature=row.signature,
        is_true=is_own and policy.holds(key, row.content, row.signature),
    )


def _content(row: ReportRow) -> Content | None:
    try:
        return CONTENT.validate_json(row.content)
    except ValidationError:
        return None
