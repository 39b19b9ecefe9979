"""Reading what organisers changed over the event file."""

from __future__ import annotations

import json
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from checkin.database import table_of
from checkin.prepared import run
from checkin.programme.model import Change, HoldKind, Kind, What
from checkin.programme.tables import ChangeRow, HoldRow


class Kept(NamedTuple):
    """A change as it is stored: the same text for the same change, so that it can be compared cheaply."""

    kind: str
    slug: str
    number: int
    what: str
    instead: str
    file: str
    at: datetime
    by: str

    def change(self) -> Change:
        """As the model."""
        return Change(
            kind=Kind(self.kind),
            slug=self.slug,
            number=self.number,
            what=What(self.what),
            instead=json.loads(self.instead),
            file=json.loads(self.file),
            at=self.at,
            by=self.by,
        )


# With a change or a hold both are asked for each batch of scans.
_CHANGE = table_of(ChangeRow).c
_CHANGES = select(*(_CHANGE[name] for name in Kept._fields)).order_by(
    _CHANGE.at, _CHANGE.kind, _CHANGE.slug, _CHANGE.number
)
_HOLDS = select(HoldRow.kind, HoldRow.slug, HoldRow.message)


def kept_changes(on: Session | Connection) -> tuple[Kept, ...]:
    """Every change there ever was, in order: they are few, since people make them by hand."""
    return tuple(Kept(*row) for row in run(_connection(on), _CHANGES, {}))


def messages_of_holds(on: Session | Connection) -> dict[tuple[HoldKind, str], str]:
    """What is held now, with what the gate shows."""
    return {(HoldKind(kind), slug): message for kind, slug, message in run(_connection(on), _HOLDS, {})}


def _connection(on: Session | Connection) -> Connection:
    return on if isinstance(on, Connection) else on.connection()
