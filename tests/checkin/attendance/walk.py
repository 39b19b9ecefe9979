"""A walk through everything that changes a figure, in any order: one step, then another, from a seed."""

from __future__ import annotations

import random

from sqlalchemy import delete, select, update

from checkin import clock
from checkin.admission import recounts
from checkin.admission.corrections import override, undo
from checkin.admission.tables import ScanRow
from checkin.database import Database
from checkin.event.model import Event
from checkin.registration import merging
from checkin.registration.corrections import Editor
from checkin.visitors.model import Merge
from checkin.visitors.tables import VisitorRow, VisitorSectorRow
from tests.checkin.attendance.crowd import CATEGORIES, SECTORS, correction, item, token
from tests.factories import make_device, send

SHOWN = [None, None, *({"verdict": word, "confirmed": False} for word in ("admitted", "re-entry", "left")), "refused"]


def editor() -> Editor:
    return Editor(by="tests", actor="tests", now=clock.now())


class Walk:
    """People, a tablet for each gate, and steps that change facts."""

    def __init__(self, database: Database, event: Event, seed: int, people: int = 8) -> None:
        self.database, self.event = database, event
        self.dice = random.Random(seed)  # noqa: S311 - the same walk each time
        with database.transaction() as session:
            self.tokens = [token(session, event, self.dice, place) for place in range(people)]
            self.tablets = [make_device(session, event, gate.slug, gate.name)[1] for gate in event.gates]
            self.visitors = list(session.scalars(select(VisitorRow.id)))
        self.scans: list[str] = []
        self.merges: list[int] = []

    def step(self) -> None:
        """One change, mostly scans: of any day and in any order, so that late ones come too."""
        rare = (self.tell_shown, self.undo, self.override, self.correct, self.merge, self.merge, self.separate)
        self.dice.choice((self.scan, self.scan, self.scan, *rare))()

    def scan(self) -> None:
        sent = [self._item() for _ in range(self.dice.randrange(1, 12))]
        send(self.database, self.event, self.dice.choice(self.tablets), *sent)
        self.scans += [str(one["id"]) for one in sent]
        self._last = sent[-1]

    def tell_shown(self) -> None:
        """A tablet first sends a scan, and then what it had shown."""
        tablet, sent = self.dice.choice(self.tablets), self._item() | {"shown": None}
        send(self.database, self.event, tablet, sent)
        send(self.database, self.event, tablet, sent | {"shown": self._shown()})
        self.scans.append(str(sent["id"]))

    def undo(self) -> None:
        self._correct(undo)

    def override(self) -> None:
        self._correct(override)

    def correct(self) -> None:
        """Somebody turns out to be of another category, country and line of business."""
        visitor, dice = self.dice.choice(self.visitors), self.dice
        changed = {"category": dice.choice(CATEGORIES), "country": dice.choice(["PK", "AZ", ""])}
        with self.database.transaction() as session:
            session.execute(update(VisitorRow).where(VisitorRow.id == visitor).values(**changed))
            session.execute(delete(VisitorSectorRow).where(VisitorSectorRow.visitor_id == visitor))
            for sector in dice.sample(SECTORS, dice.randrange(3)):
                session.add(VisitorSectorRow(visitor_id=visitor, sector=sector))
            recounts.ask(session.connection(), [(visitor, "")])

    def merge(self) -> None:
        """Two of them turn out to be one person; nothing comes of it where one is somebody's double already."""
        kept, double = self.dice.sample(self.visitors, 2)
        with self.database.transaction() as session:
            sides = [merging.side(session, one) for one in (kept, double)]
            done = merging.merge(
                session,
                self.event,
                kept,
                double,
                seen=[one.as_seen for one in sides],
                wanted=self.dice.choice(sides).visitor.details,
                good=self.dice.choice([*merging.Good, merging.Good.BOTH, merging.Good.BOTH]),
                reason="",
                editor=editor(),
            )
        if isinstance(done, Merge):
            self.merges.append(done.id)

    def separate(self) -> None:
        """Two people after all, who may have been merged with others meanwhile."""
        if self.merges:
            with self.database.transaction() as session:
                merging.separate(session, self.event, self.dice.choice(self.merges), editor())

    def _item(self) -> dict[str, object]:
        return item(self.event, self.dice, self.tokens) | {"shown": self._shown()}

    def _shown(self) -> object:
        shown = self.dice.choice(SHOWN)
        return (
            {"verdict": "refused", "reason": self.dice.choice(["forged", "not_yet"])} if shown == "refused" else shown
        )

    def _correct(self, act: object) -> None:
        if not self.scans:
            return
        with self.database.transaction() as session:
            row = session.get(ScanRow, self.dice.choice(self.scans))
            assert row is not None
            act(session, correction(row.id, self.dice))  # type: ignore[operator]
