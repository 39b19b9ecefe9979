"""What can be done with the watch list: put somebody on it, take them off, and take either back. Journalled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from checkin.arrivals.model import Kind, Watch
from checkin.arrivals.queries import expected, find_watch, find_watch_of, groups, size, watch_of, watches
from checkin.arrivals.tables import WatchRow
from checkin.database import changed, insert, table_of
from checkin.journal import service as journal

__all__ = [
    "MOST_OF_A_LINE",
    "expected",
    "find_watch",
    "find_watch_of",
    "groups",
    "size",
    "unwatch",
    "watch",
    "watch_again",
    "watches",
]

MOST_OF_A_LINE = 2_000
"""People that one line may name: each look at the page reads them all, and nobody waits for ten thousand."""


def watch(session: Session, kind: Kind, which: str, *, now: datetime, by: str, actor: str) -> Watch:
    """Put a delegation, a category or one person on the list; harmless where they are on it."""
    told = {"kind": kind.value, "which": which, "added_at": now, "added_by": by}
    session.execute(insert(session, table_of(WatchRow)).values(**told).on_conflict_do_nothing())
    row = session.scalars(select(WatchRow).where(WatchRow.kind == kind, WatchRow.which == which)).one()
    found = watch_of(row)
    if found.ended_at is None:
        _record(session, "arrivals.watch", found, now=now, actor=actor)
    else:
        watch_again(session, found, now=now, actor=actor)
    return found


def watch_again(session: Session, one: Watch, *, now: datetime, actor: str) -> None:
    """Put a line back that was taken off."""
    ended = (WatchRow.id == one.id, WatchRow.ended_at.is_not(None))
    if changed(session.execute(update(WatchRow).where(*ended).values(ended_at=None))):
        _record(session, "arrivals.watch", one, now=now, actor=actor)


def unwatch(session: Session, one: Watch, *, now: datetime, actor: str) -> None:
    """Take a line off the list; it stays stored, so that this can be taken back."""
    on_it = (WatchRow.id == one.id, WatchRow.ended_at.is_(None))
    if changed(session.execute(update(WatchRow).where(*on_it).values(ended_at=now))):
        _record(session, "arrivals.unwatch", one, now=now, actor=actor)


def _record(session: Session, action: str, one: Watch, *, now: datetime, actor: str) -> None:
    """A delegation by the number of its line: its name may be a family's."""
    subject = f"watch:{one.id}" if one.kind is Kind.GROUP else f"{one.kind.value}:{one.which}"
    journal.record(session, now=now, actor=actor, action=action, subject=subject, detail={"kind": one.kind.value})
