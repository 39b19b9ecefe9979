"""Reading the journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from checkin.journal.model import Entry, Filters
from checkin.journal.tables import JournalRow

_EVERYTHING = Filters()


def latest(
    session: Session, most: int, filters: Filters = _EVERYTHING, *, before: int | None = None
) -> tuple[Entry, ...]:
    """The newest entries that the filters let through, newest first, at most `most`; `before`: where to go on."""
    wanted = list(_conditions(filters))
    if before is not None:
        wanted.append(JournalRow.id < before)
    rows = session.scalars(select(JournalRow).where(*wanted).order_by(JournalRow.id.desc()).limit(most))
    return tuple(
        Entry(id=row.id, at=row.at, actor=row.actor, action=row.action, subject=row.subject, detail=row.detail)
        for row in rows
    )


def doers(session: Session, action: str, since: datetime) -> dict[tuple[str, datetime], str]:
    """Who did this, and to what, at that moment or after it: (subject, moment) → actor."""
    done = (JournalRow.action == action, JournalRow.at >= since)
    rows = session.execute(select(JournalRow.subject, JournalRow.at, JournalRow.actor).where(*done))
    return {(subject, at): actor for subject, at, actor in rows}


def has_done(session: Session, *, actor: str, action: str, since: datetime) -> bool:
    """Whether an entry says that they did this at that moment or after it."""
    done = (JournalRow.action == action, JournalRow.actor == actor, JournalRow.at >= since)
    return bool(session.scalar(select(exists().where(*done))))


def _conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.actor:
        yield JournalRow.actor == filters.actor
    if filters.actions is not None:
        yield JournalRow.action.in_(filters.actions)
    if filters.subjects is not None:
        yield JournalRow.subject.in_(filters.subjects)
    if filters.kind:
        yield JournalRow.subject.startswith(filters.kind, autoescape=True)
    if filters.since is not None:
        yield JournalRow.at >= filters.since
    if filters.until is not None:
        yield JournalRow.at < filters.until
