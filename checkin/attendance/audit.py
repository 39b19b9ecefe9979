"""Whether the admissions, the shares and the sums say what the facts say; and writing the admissions anew from them.

The sums are checked twice: every figure against plain GROUP BYs that know nothing of shares, and each share against its
facts. Ranges of visitors bound the memory.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    Table,
    and_,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from checkin.admission import recounts
from checkin.admission.queries import admissions_of
from checkin.admission.tables import AdmissionRow, ScanRow
from checkin.attendance import queries
from checkin.attendance.facts import Subject, texts
from checkin.attendance.groupings import Groupings
from checkin.attendance.policy import scope_of
from checkin.attendance.share import Tally
from checkin.attendance.tables import TallyPeopleRow, TallyScanRow, TallyShareRow
from checkin.database import insert, table_of
from checkin.event.model import Event
from checkin.visitors.persons import person
from checkin.visitors.tables import DoubleRow, VisitorRow

RANGE = 5_000  # visitors at once
MOST_SHARES = 1_000
_COLUMNS = ("visitor_id", "day", "zone", "at", "scan_id", "gate")
_OF_ALL_TIME = ("daily", "entries", "first_times", "scanned", "discrepancies")  # the same whatever is asked


class BehindError(Exception):
    """More waits to be counted than can be compared."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """One row that the admission table has, or should have: whose, when, where, by which scan."""

    visitor_id: int
    day: date
    zone: str
    at: datetime
    scan_id: str
    gate: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What the admission table lacks and what it has too much, compared with the facts; both empty when it is right."""

    missing: tuple[Entrance, ...]
    surplus: tuple[Entrance, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A sum that differs: what it is of, what is kept, and what it should be."""

    what: str
    kept: int | str
    true: int | str


def check(session: Session) -> Difference:
    """The admission table against the scans, undos and overrides, in both directions."""
    found = list(check_in_parts(session))
    return Difference(
        missing=tuple(row for one in found for row in one.missing),
        surplus=tuple(row for one in found for row in one.surplus),
    )


def check_in_parts(session: Session) -> Iterator[Difference]:
    """As `check`, of some visitors after others: parts that differ, however many those are."""
    for visitors in ranges(session):
        found = _compare(session, visitors)
        if found.missing or found.surplus:
            yield found


def check_figures(session: Session, event: Event) -> Iterator[Wrong]:
    """Every figure of every day, as the sums say it and as the facts do. Raises BehindError."""
    told: set[str] = set()
    groupings = Groupings(session, event)
    for day in (None, *event.day_by_date):
        scope = scope_of(event, day)
        quick, standing = queries.read(session, event, scope)
        if standing.is_behind:
            raise BehindError
        slow = asdict(groupings.read(scope))
        for name, value in asdict(quick).items():
            when = "" if name in _OF_ALL_TIME else f" of {day or 'all days'}"
            for wrong in _differences(f"{name}{when}", _as_mapping(value), _as_mapping(slow[name])):
                if wrong.what not in told:
                    told.add(wrong.what)
                    yield wrong


def check_shares(session: Session, event: Event) -> Iterator[Wrong]:
    """Each share against its subject's facts, and the sums against all shares. What waits is passed over."""
    connection = session.connection()
    waiting, is_much = recounts.waiting(connection, queries.MOST_ON_THE_WAY)
    if is_much:
        raise BehindError
    for subject in _uncounted(connection):
        if subject not in waiting:
            yield Wrong(f"share of {subject}", "", "not counted yet")
    sums, show_days = Tally(), {day.date for day in event.show_days}
    for shares in _shares(connection):
        true = texts(connection, event, shares.keys() - waiting)
        for subject, text in shares.items():
            sums.add(text, show_days)
            if subject not in waiting and text != true[subject]:
                yield Wrong(f"share of {subject}", text, true[subject])
    for row, found in ((TallyScanRow, sums.scans), (TallyPeopleRow, sums.people)):
        yield from _differences(row.__tablename__, _rows(connection, table_of(row)), found)


def mend(session: Session, visitors: range) -> int:
    """Write the admissions of these visitors as the facts say, safe while scans arrive; how many were wrong."""
    found, table = _compare(session, visitors), table_of(AdmissionRow)
    key = tuple_(table.c.visitor_id, table.c.day, table.c.zone, table.c.scan_id)
    for row in found.surplus:
        session.execute(delete(table).where(key == (row.visitor_id, row.day, row.zone, row.scan_id)))
    add = insert(session, table)
    new = add.excluded
    # On PostgreSQL a scan may commit meanwhile: its admission stays, unless ours is earlier.
    earlier = tuple_(new.at, new.scan_id) < tuple_(table.c.at, table.c.scan_id)
    add = add.on_conflict_do_update(
        index_elements=["visitor_id", "day", "zone"],
        set_={"at": new.at, "scan_id": new.scan_id, "gate": new.gate},
        where=earlier,
    )
    if found.missing:
        session.execute(add, [asdict(row) for row in found.missing])
    return len({(row.visitor_id, row.day, row.zone) for row in (*found.missing, *found.surplus)})


def ranges(session: Session) -> list[range]:
    """All visitors there are, cut up."""
    last = session.scalar(select(func.max(VisitorRow.id))) or 0
    return [range(first, first + RANGE) for first in range(0, last + 1, RANGE)]


def _compare(session: Session, visitors: range) -> Difference:
    mine = AdmissionRow.visitor_id.between(visitors.start, visitors.stop - 1)
    stored = select(*(getattr(AdmissionRow, name) for name in _COLUMNS)).where(mine)
    true = admissions_of(_scans_of(visitors))
    missing, surplus = true.except_(stored), stored.except_(true)
    return Difference(
        missing=tuple(Entrance(*row) for row in session.execute(missing)),
        surplus=tuple(Entrance(*row) for row in session.execute(surplus)),
    )


def _scans_of(people: range) -> ColumnElement[bool]:
    """That a scan counts for one of these people: found by its visitor, which has an index."""
    first, last = people.start, people.stop - 1
    other = aliased(DoubleRow)
    doubles = select(other.visitor_id).where(other.kept_id.between(first, last))
    found = or_(ScanRow.visitor_id.between(first, last), ScanRow.visitor_id.in_(doubles))
    return and_(found, person(ScanRow.visitor_id).between(first, last))


def _uncounted(connection: Connection) -> Iterator[Subject]:
    """Whoever has scans and no share."""
    subject = TallyShareRow.subject
    who = person(ScanRow.visitor_id)
    visitors = (
        select(who)
        .select_from(ScanRow)
        .outerjoin(DoubleRow, DoubleRow.visitor_id == ScanRow.visitor_id)
        .where(ScanRow.visitor_id.is_not(None), ~exists().where(subject == cast(who, String)))
        .distinct()
    )
    yield from (one for one in connection.scalars(visitors) if one is not None)
    yield from connection.scalars(
        select(ScanRow.id).where(ScanRow.visitor_id.is_(None), ~exists().where(subject == ScanRow.id))
    )


def _shares(connection: Connection) -> Iterator[dict[Subject, str]]:
    last = ""
    while True:
        rows = connection.execute(
            select(TallyShareRow.subject, TallyShareRow.facts)
            .where(TallyShareRow.subject > last)
            .order_by(TallyShareRow.subject)
            .limit(MOST_SHARES)
        ).all()
        if not rows:
            return
        last = rows[-1][0]
        yield {int(subject) if subject.isdigit() else subject: text for subject, text in rows}


def _rows(connection: Connection, table: Table) -> dict[tuple[object, ...], list[int]]:
    size = len(table.primary_key)
    return {tuple(row[:size]): list(row[size:]) for row in connection.execute(select(table))}


def _differences(what: str, kept: Mapping[Any, Any], true: Mapping[Any, Any]) -> Iterator[Wrong]:
    for key in sorted(kept.keys() | true.keys(), key=str):
        mine, theirs = kept.get(key, 0), true.get(key, 0)
        if mine != theirs and any(_numbers(mine) + _numbers(theirs)):
            place = " ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            yield Wrong(f"{what} {place}".rstrip(), _told(mine), _told(theirs))


def _as_mapping(value: object) -> Mapping[Hashable, int]:
    if isinstance(value, Mapping):
        return value
    return dict.fromkeys(value, 1) if isinstance(value, frozenset) else {"": int(str(value))}


def _numbers(value: object) -> list[int]:
    return value if isinstance(value, list) else [int(str(value))]


def _told(value: object) -> int | str:
    return " ".join(map(str, value)) if isinstance(value, list) else int(str(value))
