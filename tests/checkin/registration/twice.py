"""Somebody who was registered twice, and what organisers do about it."""

from __future__ import annotations

from collections.abc import Sequence

from checkin import clock
from checkin.badges.model import Badge
from checkin.database import Database
from checkin.event.model import Event
from checkin.registration import merging
from checkin.registration.corrections import Editor
from checkin.registration.merging import Good
from checkin.visitors.model import Details, Merge
from tests.factories import make_badge, make_visitor


def editor() -> Editor:
    return Editor(by="Sana", actor="staff:1", now=clock.now())


def registered(database: Database, event: Event, *names: str, **more: object) -> list[Badge]:
    """A badge for each of these people."""
    with database.transaction() as session:
        return [make_badge(session, event, make_visitor(session, name, **more)) for name in names]  # type: ignore[arg-type]


def merge(
    database: Database,
    event: Event,
    kept: int,
    double: int,
    *,
    good: Good = Good.BOTH,
    wanted: Details | None = None,
    seen: Sequence[list[object]] | None = None,
) -> int:
    """As the page does it, on what is there now; the merge's number, 0 where somebody was quicker."""
    with database.transaction() as session:
        sides = [merging.side(session, one) for one in (kept, double)]
        done = merging.merge(
            session,
            event,
            kept,
            double,
            seen=[one.as_seen for one in sides] if seen is None else list(seen),
            wanted=wanted or sides[0].visitor.details,
            good=good,
            reason="same phone",
            editor=editor(),
        )
    return done.id if isinstance(done, Merge) else 0


def separate(database: Database, event: Event, merge_id: int) -> bool:
    with database.transaction() as session:
        return merging.separate(session, event, merge_id, editor())
