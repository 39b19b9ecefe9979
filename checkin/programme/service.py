"""What changes while the expo runs, recorded over the event file."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from checkin.database import insert, table_of
from checkin.event.model import Event
from checkin.programme.model import HoldKind, Programme
from checkin.programme.tables import HoldRow

_HOLDS = select(HoldRow.kind, HoldRow.slug, HoldRow.message)


def current_event(session: Session | Connection, event: Event) -> Programme:
    """The event as it runs now: everything that judges or shows the event asks here."""
    holds = {(HoldKind(kind), slug): message for kind, slug, message in session.execute(_HOLDS)}
    return Programme(event=event, holds=holds)


def hold(session: Session, kind: HoldKind, slug: str, *, message: str, now: datetime) -> None:
    """Let nobody through this gate, or nobody of this category, until `release`; the gate shows `message`."""
    row = insert(session, table_of(HoldRow)).values(kind=kind, slug=slug, message=message, since=now)
    session.execute(row.on_conflict_do_update(index_elements=["kind", "slug"], set_={"message": message, "since": now}))


def release(session: Session, kind: HoldKind, slug: str) -> None:
    """End a hold; harmless when there is none."""
    session.execute(delete(HoldRow).where(HoldRow.kind == kind, HoldRow.slug == slug))
