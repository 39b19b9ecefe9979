"""Finding what is odd about scans: for the subjects that are counted anew, in the same transaction.

So an undo, a late scan or a screen told later finds and takes away oddities as it moves the sums.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, exists, select
from sqlalchemy.sql.elements import ClauseElement

from checkin.admission import discrepancies
from checkin.admission.model import Clock, Verdict
from checkin.admission.tables import OverrideRow, ScanRow, UndoRow
from checkin.among import among
from checkin.database import add_many, insert_rows, table_of, write_rows
from checkin.event.model import Event
from checkin.oddities.model import Kind, Oddity
from checkin.oddities.policy import Fact, oddities_of
from checkin.oddities.tables import GateHeardRow, OddityRow
from checkin.visitors.persons import doubles_among

Subject = int | str
"""A visitor's number, or the id of a scan of nobody known."""
Key = tuple[str, str]  # kind, key

_ODDITY, _HEARD = table_of(OddityRow), table_of(GateHeardRow)
_SCAN = table_of(ScanRow).c
_FACTS: Final = select(
    _SCAN.scanned_at,
    _SCAN.id,
    _SCAN.day,
    _SCAN.gate,
    _SCAN.zone,
    _SCAN.direction,
    _SCAN.visitor_id,
    _SCAN.device_id,
    _SCAN.reason,
    _SCAN.check,
    _SCAN.clock,
    _SCAN.verdict,
    exists().where(UndoRow.scan_id == _SCAN.id),
    exists().where(OverrideRow.scan_id == _SCAN.id),
)
# Statements are made once: compiling one costs more than running it.
_OF_VISITORS = _FACTS.where(among(_SCAN.visitor_id, "wanted"))
_OF_NOBODY = _FACTS.where(among(_SCAN.id, "wanted"), _SCAN.visitor_id.is_(None))
_FORGET = delete(_ODDITY).where(_ODDITY.c.kind == bindparam("of_kind"), _ODDITY.c.key == bindparam("of_key"))
_STORED = select(_ODDITY).where(among(_ODDITY.c.subject, "wanted"))


@dataclass(slots=True)
class Found:
    """What is odd about some subjects, by subject; and when each gate was last heard on a day, by their scans."""

    by_subject: dict[str, dict[Key, Oddity]] = field(default_factory=dict)
    heard: dict[tuple[str, date], datetime] = field(default_factory=dict)

    @property
    def oddities(self) -> list[Oddity]:
        return [one for found in self.by_subject.values() for one in found.values()]


def find(connection: Connection, event: Event, subjects: Collection[Subject]) -> Found:
    """All that is odd about the scans of these subjects now."""
    found = Found({str(one): {} for one in subjects})
    visitors, nobody = _sides(subjects)
    people = _people(connection, visitors)
    for subject, facts in _facts(connection, people, nobody).items():
        for fact in facts:
            place = fact.gate, fact.day
            found.heard[place] = max(fact.at, found.heard.get(place, fact.at))
        found.by_subject[subject] |= {(one.kind, one.key): one for one in oddities_of(facts, event.first_zone)}
    for row in discrepancies.of_subjects(connection, people, nobody):
        who = people.get(row.visitor_id)
        one = Oddity(
            kind=Kind.SHOWN,
            key=row.id,
            at=row.scanned_at,
            day=row.day,
            visitor_id=who,
            device_id=row.device_id,
            gate=row.gate,
        )
        found.by_subject[str(who or row.id)][one.kind, one.key] = one
    return found


def keep(connection: Connection, event: Event, subjects: Collection[Subject]) -> None:
    """Store what is odd about these subjects, and nothing else of them; in the transaction that counts them."""
    if not subjects:
        return
    found = find(connection, event, subjects)
    stored = {(row.kind, row.key): row for row in connection.execute(_STORED, {"wanted": list(found.by_subject)})}
    wanted = {key: _row(one, subject) for subject, some in found.by_subject.items() for key, one in some.items()}
    same = {key for key, row in stored.items() if wanted.get(key) == row._asdict()}
    other = sorted((stored.keys() | wanted.keys()) - same)
    if other:
        connection.execute(_FORGET, [{"of_kind": kind, "of_key": key} for kind, key in other])
        add_many(connection, _ODDITY, [wanted[key] for key in other if key in wanted])
    if found.heard:
        rows = [{"gate": gate, "day": day, "at": at} for (gate, day), at in sorted(found.heard.items())]
        write_rows(connection, _hearing(connection.dialect.name), rows)


def _facts(connection: Connection, people: Mapping[int, int], nobody: list[str]) -> dict[str, list[Fact]]:
    rows = [*connection.execute(_OF_VISITORS, {"wanted": list(people)})] if people else []
    rows += [*connection.execute(_OF_NOBODY, {"wanted": nobody})] if nobody else []
    found: dict[str, list[Fact]] = {}
    for row in rows:
        reason, check, clock, verdict, is_undone, is_overridden = row[-6:]
        counts = (verdict != Verdict.REFUSED or bool(is_overridden)) and not is_undone
        fact = Fact._make((*row[:-6], reason or "", check or "", clock == Clock.SURE, counts, bool(is_undone)))
        fact = fact._replace(visitor_id=people.get(fact.visitor_id or 0))
        found.setdefault(str(fact.visitor_id or fact.id), []).append(fact)
    return found


def _people(connection: Connection, visitors: Collection[int]) -> dict[int, int]:
    """Whose scans are these visitors', each with whom they count for: a person's are those of all their badges."""
    doubles = doubles_among(connection, visitors)
    wanted = [one for one in visitors if one not in doubles]
    return {one: one for one in wanted} | {double: kept for double, kept in doubles.items() if kept in wanted}


def _sides(subjects: Collection[Subject]) -> tuple[list[int], list[str]]:
    return [one for one in subjects if isinstance(one, int)], [one for one in subjects if isinstance(one, str)]


def _row(one: Oddity, subject: str) -> Mapping[str, Any]:
    return {**asdict(one), "kind": one.kind.value, "subject": subject}


@cache
def _hearing(dialect: str) -> ClauseElement:
    """Of the latest scans of gates; a later one stays."""
    add = insert_rows(dialect, _HEARD, ("gate", "day", "at"))
    later = add.excluded.at
    return add.on_conflict_do_update(index_elements=["gate", "day"], set_={"at": later}, where=_HEARD.c.at < later)
