"""Reading what admission needs: the facts of a batch of scans, passages, counts at a gate."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased

from checkin.admission.model import Passage, StoredScan, Verdict
from checkin.admission.tables import OverrideRow, QuarantineRow, ScanRow, UndoRow
from checkin.among import among
from checkin.badges.model import Badge
from checkin.badges.queries import badge_of
from checkin.badges.tables import BadgeKeyRow, BadgeRevisionRow, BadgeRow
from checkin.devices.model import Device
from checkin.devices.queries import device_of
from checkin.devices.tables import DeviceRow
from checkin.event.model import Direction
from checkin.prepared import run
from checkin.programme.tables import ChangeRow, HoldRow
from checkin.visitors.persons import doubles_among, person
from checkin.visitors.tables import DoubleRow, VisitorRow

_DIRECTIONS = {direction.value: direction for direction in Direction}
_LOCKS = 0x6261 << 40  # advisory locks of badges: numbers have 40 bits, others use other ranges
_PEOPLE = 0x7065 << 40  # of people with several badges


def counts() -> ColumnElement[bool]:
    """The scans that count: accepted or overridden, and not undone. Every count in the project uses this."""
    undone = exists().where(UndoRow.scan_id == ScanRow.id)
    overridden = exists().where(OverrideRow.scan_id == ScanRow.id)
    return and_(or_(ScanRow.verdict != Verdict.REFUSED, overridden), ~undone)


def entries() -> ColumnElement[bool]:
    """The scans that count and lead in."""
    return and_(ScanRow.direction == Direction.IN, counts())


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for every scan of a transaction. `newest_key`: the key that signs; every key up to it verifies.

    `is_changed`: something is held, or was changed over the event file.
    """

    newest_key: int
    revision: int
    is_changed: bool


_NOTHING = Standing(0, 0, is_changed=False)


@dataclass(slots=True)
class Holder:
    """What is known of a badge number: its issues, oldest first, the days its visitor chose, and their passages.

    `person`: as whom its visitor is counted. The passages of a person with several badges are those of all of them.
    """

    issues: list[Badge] = field(default_factory=list)
    person: int | None = None
    has_several: bool = False
    days: tuple[date, ...] = ()
    passages: dict[date, list[Passage]] = field(default_factory=dict)


_OTHER = aliased(DoubleRow)
# Made once: what is asked for each batch of scans is worth a statement whose text stays the same.
_ISSUES = (
    select(
        *(column for column in BadgeRow.__table__.c if column.name not in {"id", "revision"}),
        VisitorRow.id.label("person"),
        VisitorRow.days.label("chosen"),
        exists().where(_OTHER.kept_id == VisitorRow.id).label("has_doubles"),
    )
    .select_from(BadgeRow)
    .outerjoin(DoubleRow, DoubleRow.visitor_id == BadgeRow.visitor_id)
    .join(VisitorRow, VisitorRow.id == person(BadgeRow.visitor_id))
    .where(among(BadgeRow.__table__.c.number, "numbers"))
    .order_by(BadgeRow.number, BadgeRow.issue)
)
# By visitor alone, and the days are picked in Python: PostgreSQL without statistics would go through the whole day.
_PASSAGES = select(
    ScanRow.visitor_id, ScanRow.day, ScanRow.id, ScanRow.scanned_at, ScanRow.zone, ScanRow.gate, ScanRow.direction
).where(among(ScanRow.__table__.c.visitor_id, "visitors"), counts())
_CALLERS = select(
    *DeviceRow.__table__.c,
    select(func.max(BadgeKeyRow.number)).scalar_subquery().label("newest_key"),
    select(BadgeRevisionRow.revision).scalar_subquery().label("badges"),
    or_(exists(select(HoldRow.slug)), exists(select(ChangeRow.slug))).label("is_changed"),
).where(among(DeviceRow.__table__.c.token_hash, "hashes"))
_STORED = select(*(getattr(ScanRow, name) for name in StoredScan.__slots__)).where(among(ScanRow.__table__.c.id, "ids"))
_LOCK = select(
    func.pg_advisory_xact_lock(func.unnest(bindparam("locks", type_=ARRAY(BigInteger))).column_valued("lock"))
)


def lock_badges(connection: Connection, numbers: Iterable[int]) -> None:
    """Let nobody else judge or correct scans of these badges until this transaction ends; always in one order.

    SQLite has one writer at a time, and nothing to lock.
    """
    _lock(connection, _LOCKS, numbers)


def lock_people(connection: Connection, people: Iterable[int]) -> None:
    """As `lock_badges`, of people who have several: after the badges, so that no two wait for each other."""
    _lock(connection, _PEOPLE, people)


def _lock(connection: Connection, space: int, numbers: Iterable[int]) -> None:
    if connection.dialect.name == "postgresql":
        run(connection, _LOCK, {"locks": [space | number for number in sorted(set(numbers))]})


def callers(connection: Connection, hashes: Collection[str]) -> tuple[dict[str, Device], Standing]:
    """The devices that hold these tokens, by the tokens' SHA-256, and what holds for all: one SELECT for a transaction.

    Unknown ones are left out; where all are unknown nothing needs to hold.
    """
    rows = run(connection, _CALLERS, {"hashes": list(hashes)})
    standing = Standing(rows[0].newest_key or 0, rows[0].badges or 0, bool(rows[0].is_changed)) if rows else _NOTHING
    return {row.token_hash: device_of(row) for row in rows}, standing


def holders_of(connection: Connection, numbers: Collection[int], days: Collection[date]) -> dict[int, Holder]:
    """What is known of each badge number, with the passages of these days in every zone; who is unknown is left out."""
    found: dict[int, Holder] = {}
    whose: dict[int, dict[date, list[Passage]]] = {}
    for row in run(connection, _ISSUES, {"numbers": list(numbers)}) if numbers else ():
        holder = found.get(row.number)
        if holder is None:
            passages = whose.setdefault(row.person, {})
            holder = found[row.number] = Holder([], row.person, bool(row.has_doubles), row.chosen, passages)
        holder.issues.append(badge_of(row))
    if not whose or not days:
        return found
    # A person's passages gather in one place, whichever of their badges made them.
    several = {holder.person for holder in found.values() if holder.person and holder.has_several}
    whose |= {double: whose[kept] for double, kept in doubles_among(connection, several).items()}
    for row in run(connection, _PASSAGES, {"visitors": list(whose)}):
        visitor, day, scan_id, at, zone, gate, direction = row
        if day not in days:
            continue
        passage = Passage(scan_id=scan_id, at=at, zone=zone, gate=gate, direction=_DIRECTIONS[direction])
        whose[visitor].setdefault(day, []).append(passage)
    return found


def stored_scans(connection: Connection, ids: Collection[str]) -> dict[str, StoredScan]:
    """Those of these scans that are stored."""
    return {row[0]: StoredScan(*row) for row in run(connection, _STORED, {"ids": list(ids)})}


def admissions_of(whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The admissions as they should be, by the facts: of each person, day and zone the earliest entry, ties by scan id.

    `whose`: of which scans, all of a person or none; the person as `person(ScanRow.visitor_id)`. Columns as stored.
    """
    who = person(ScanRow.visitor_id)
    place = func.row_number().over(
        partition_by=(who, ScanRow.day, ScanRow.zone), order_by=(ScanRow.scanned_at, ScanRow.id)
    )
    scans = (
        select(
            who.label("visitor_id"),
            ScanRow.day,
            ScanRow.zone,
            ScanRow.scanned_at.label("at"),
            ScanRow.id.label("scan_id"),
            ScanRow.gate,
            place.label("place"),
        )
        .select_from(ScanRow)
        .outerjoin(DoubleRow, DoubleRow.visitor_id == ScanRow.visitor_id)
        .where(whose, ScanRow.visitor_id.is_not(None), entries())
        .subquery()
    )
    return select(*(column for column in scans.c if column.name != "place")).where(scans.c.place == 1)


def is_stored(session: Session, fact: str) -> bool:
    """Whether a fact of a tablet is in this database: `scan ID`, `undo ID`, `override ID` or `quarantine ID`."""
    kind, _, key = fact.partition(" ")
    columns = {
        "scan": ScanRow.id,
        "undo": UndoRow.id,
        "override": OverrideRow.id,
        "quarantine": QuarantineRow.scan_id,
    }
    return kind in columns and bool(session.scalar(select(exists().where(columns[kind] == key))))


def entries_at(session: Session | Connection, gate: str, day: date) -> int:
    """Today's entries at one gate, as its screen shows them."""
    return (
        session.scalar(
            select(func.count()).select_from(ScanRow).where(ScanRow.gate == gate, ScanRow.day == day, entries())
        )
        or 0
    )


def has_scans_at(session: Session, gate: str) -> bool:
    """Whether anybody was ever scanned at this gate, refused ones too."""
    return bool(session.scalar(select(exists().where(ScanRow.gate == gate))))


def scans_of(session: Session, number: int, most: int = 20) -> list[ScanRow]:
    """The latest scans of a badge number, newest first."""
    return list(
        session.scalars(
            select(ScanRow).where(ScanRow.number == number).order_by(ScanRow.scanned_at.desc(), ScanRow.id).limit(most)
        )
    )
