"""What changes while the expo runs, recorded over the event file."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from checkin.database import insert, table_of
from checkin.event.model import Event
from checkin.programme.model import Conflict, Hold, HoldKind, Programme
from checkin.programme.policy import overlaid
from checkin.programme.queries import Laid, all_changes, laid_over, messages_of_holds, overlay_of
from checkin.programme.tables import HoldRow

__all__ = ["all_changes", "current_event", "hold", "holds", "release", "reword"]


def current_event(on: Session | Connection, event: Event) -> Programme:
    """The event as it runs now: everything that judges or shows the event asks here."""
    running, conflicts = _running(event, laid_over(on))
    return Programme(event=running, holds=messages_of_holds(on), conflicts=conflicts)


@lru_cache(maxsize=16)
def _running(event: Event, laid: tuple[Laid, ...]) -> tuple[Event, tuple[Conflict, ...]]:
    """Worked out once for the same file and changes: what is stored is asked each time, so nobody can be behind."""
    return overlaid(event, [overlay_of(one) for one in laid]) if laid else (event, ())


def holds(session: Session) -> tuple[Hold, ...]:
    """What is held now, the longest first."""
    rows = session.scalars(select(HoldRow).order_by(HoldRow.since, HoldRow.kind, HoldRow.slug))
    return tuple(Hold(kind=HoldKind(row.kind), slug=row.slug, message=row.message, since=row.since) for row in rows)


def hold(session: Session, kind: HoldKind, slug: str, *, message: str, now: datetime) -> bool:
    """Let nobody through this gate, or nobody of this category, until `release`; the gate shows `message`.

    False when it is held already, which stays as it is: the key settles who was first.
    """
    row = insert(session, table_of(HoldRow)).values(kind=kind, slug=slug, message=message, since=now)
    made = row.on_conflict_do_nothing(index_elements=["kind", "slug"]).returning(table_of(HoldRow).c.slug)
    return session.scalar(made) is not None


def reword(session: Session, held: Hold, message: str) -> bool:
    """Have the gate show another message from now on. False when it ended, or somebody else has changed the message."""
    same = (HoldRow.kind == held.kind, HoldRow.slug == held.slug, HoldRow.since == held.since)
    seen = update(HoldRow).where(*same, HoldRow.message == held.message).values(message=message)
    return session.scalar(seen.returning(HoldRow.slug)) is not None


def release(session: Session, held: Hold) -> bool:
    """End this hold. False when it has ended already; one that began since then stays."""
    same = (HoldRow.kind == held.kind, HoldRow.slug == held.slug, HoldRow.since == held.since)
    return session.scalar(delete(HoldRow).where(*same).returning(HoldRow.slug)) is not None
