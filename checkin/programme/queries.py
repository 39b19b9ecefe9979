"""Reading what organisers changed over the event file."""

from __future__ import annotations

import json

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session, aliased

from checkin.prepared import run
from checkin.programme.model import Change, HoldKind, Kind, Overlay, What
from checkin.programme.tables import ChangeRow, HoldRow

Laid = tuple[str, str, int, str, str]
"""What is laid over a thing, as it is stored: kind, slug, number, instead, file."""

_OTHER = aliased(ChangeRow)
_NEWEST = select(func.max(_OTHER.number)).where(_OTHER.kind == ChangeRow.kind, _OTHER.slug == ChangeRow.slug)
# With a change or a hold both are asked for each batch of scans.
_LAID = (
    select(ChangeRow.kind, ChangeRow.slug, ChangeRow.number, ChangeRow.instead, ChangeRow.file)
    .where(ChangeRow.number == _NEWEST.scalar_subquery())
    .order_by(ChangeRow.kind, ChangeRow.slug)  # so that the same changes are the same text
)
_HOLDS = select(HoldRow.kind, HoldRow.slug, HoldRow.message)


def laid_over(on: Session | Connection) -> tuple[Laid, ...]:
    """The newest change of each thing, as it is stored, so that it can be compared cheaply."""
    return tuple(tuple(row) for row in run(_connection(on), _LAID, {}))


def overlay_of(laid: Laid) -> Overlay:
    """As the model."""
    kind, slug, number, instead, file = laid
    return Overlay(kind=Kind(kind), slug=slug, number=number, instead=json.loads(instead), file=json.loads(file))


def all_changes(session: Session) -> tuple[Change, ...]:
    """Every change there ever was, in order: they are few, since people make them by hand."""
    rows = session.scalars(select(ChangeRow).order_by(ChangeRow.at, ChangeRow.kind, ChangeRow.slug, ChangeRow.number))
    return tuple(
        Change(
            kind=Kind(row.kind),
            slug=row.slug,
            number=row.number,
            what=What(row.what),
            instead=json.loads(row.instead),
            file=json.loads(row.file),
            at=row.at,
            by=row.by,
        )
        for row in rows
    )


def messages_of_holds(on: Session | Connection) -> dict[tuple[HoldKind, str], str]:
    """What is held now, with what the gate shows."""
    return {(HoldKind(kind), slug): message for kind, slug, message in run(_connection(on), _HOLDS, {})}


def _connection(on: Session | Connection) -> Connection:
    return on if isinstance(on, Connection) else on.connection()
