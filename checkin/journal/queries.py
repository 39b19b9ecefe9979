"""Reading the journal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from checkin.journal.model import Entry
from checkin.journal.tables import JournalRow


def latest(session: Session, most: int) -> tuple[Entry, ...]:
    """The newest entries, newest first, at most `most`."""
    rows = session.scalars(select(JournalRow).order_by(JournalRow.id.desc()).limit(most))
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
