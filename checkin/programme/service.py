"""What changes while the expo runs, recorded over the event file."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from checkin.database import insert, table_of
from checkin.event.model import Event
from checkin.programme.model import Hold, HoldKind, Programme
from checkin.programme.tables import HoldRow

_HOLDS = select(HoldRow.kind, HoldRow.slug, HoldRow.message)


def current_event(session: Session | Connection, event: Event) -> Programme:
    """The event as it runs now: everything that judges or shows the event asks here."""
    holds = {(HoldKind(kind), slug): message for kind, slug, message in session.execute(_HOLDS)}
    return Programme(event=event, holds=holds)


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


def release(session: Session, held: Hold) -> bool:
    """End this hold. False when it has ended already; one that began since then stays."""
    same = (HoldRow.kind == held.kind, HoldRow.slug == held.slug, HoldRow.since == held.since)
    return session.scalar(delete(HoldRow).where(*same).returning(HoldRow.slug)) is not None
