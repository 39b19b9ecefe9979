"""Reading oddities. What waits to be counted is worked out on the way, so that a list is right when it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from checkin.admission import recounts
from checkin.admission.tables import ScanRow
from checkin.devices.tables import DeviceRow
from checkin.event.model import Event
from checkin.oddities import finding
from checkin.oddities.finding import Found
from checkin.oddities.model import Kind, Oddity, Settled
from checkin.oddities.tables import GateHeardRow, OddityRow, SettledRow
from checkin.visitors.tables import DoubleRow

MOST_ON_THE_WAY: Final = 500  # notes of what waits
Place = tuple[datetime, str]
Row = type[OddityRow] | type[SettledRow]


@dataclass(frozen=True, slots=True)
class Fresh:
    """What waits, as it will be stored. `is_behind`: more waits than can be worked out while somebody looks."""

    subjects: tuple[str, ...] = ()
    found: Found = field(default_factory=Found)
    is_behind: bool = False


def fresh(session: Session, event: Event) -> Fresh:
    """What waits to be counted, worked out."""
    subjects, is_much = recounts.waiting(session.connection(), MOST_ON_THE_WAY)
    if is_much:
        return Fresh(is_behind=True)
    return Fresh(tuple(map(str, subjects)), finding.find(session.connection(), event, subjects))


def counts(session: Session, waits: Fresh, *, day: date | None = None) -> Counter[Kind]:
    """How many that follow from facts are open, by kind; of unsure clocks, tablets on a day."""
    wanted = _open(waits, day)
    asked = select(OddityRow.kind, func.count()).where(*wanted, OddityRow.kind != Kind.CLOCK)
    found = Counter({Kind(kind): number for kind, number in session.execute(asked.group_by(OddityRow.kind))})
    found.update(one.kind for one in _still_open(session, waits.found.oddities, day) if one.kind is not Kind.CLOCK)
    found[Kind.CLOCK] = len(unsure(session, waits, day=day))
    return +found


def listed(
    session: Session, waits: Fresh, kind: Kind, *, day: date | None = None, before: Place | None = None, most: int
) -> list[Oddity]:
    """Open ones of a kind that follows from facts, the newest first, at most `most`; `before`: where to go on."""
    wanted = (*_open(waits, day), OddityRow.kind == kind, *_further(OddityRow, before))
    newest = select(OddityRow).where(*wanted).order_by(OddityRow.at.desc(), OddityRow.key.desc()).limit(most)
    found = [_oddity(row) for row in session.scalars(newest)]
    found += [
        one
        for one in _still_open(session, waits.found.oddities, day)
        if one.kind is kind and (before is None or one.place < before)
    ]
    return sorted(found, key=lambda one: one.place, reverse=True)[:most]


def unsure(session: Session, waits: Fresh, *, day: date | None = None) -> list[Oddity]:
    """The tablets whose clock could not be proved, by day, with how many of their scans; the newest first."""
    row = OddityRow
    groups = select(row.device_id, row.day, func.min(row.at), func.count()).where(
        row.kind == Kind.CLOCK, *_of(row, day), row.subject.not_in(waits.subjects)
    )
    first: dict[tuple[int | None, date], datetime] = {}
    scans: Counter[tuple[int | None, date]] = Counter()
    rows = [*session.execute(groups.group_by(row.device_id, row.day))]
    rows += [(one.device_id, one.day, one.at, 1) for one in _of_day(waits, day) if one.kind is Kind.CLOCK]
    for device, on, at, number in rows:
        first[device, on] = min(at, first.get((device, on), at))
        scans[device, on] += number
    found = [
        Oddity(
            kind=Kind.CLOCK,
            key=f"unsure {device} {on.isoformat()}",
            at=at,
            day=on,
            device_id=device,
            other=str(scans[device, on]),
        )
        for (device, on), at in first.items()
    ]
    return sorted(without_settled(session, found), key=lambda one: one.place, reverse=True)


def settled(
    session: Session, kind: Kind, *, day: date | None = None, before: Place | None = None, most: int
) -> list[Settled]:
    """What was settled of a kind, the newest oddity first, at most `most`; `before`: where to go on."""
    row = SettledRow
    wanted = (row.kind == kind, *_of(row, day), *_further(row, before))
    rows = session.scalars(select(row).where(*wanted).order_by(row.at.desc(), row.key.desc()).limit(most))
    return [Settled(oddity=_oddity(one), note=one.note, at=one.settled_at, by=one.settled_by) for one in rows]


def settled_counts(session: Session, *, day: date | None = None) -> Counter[Kind]:
    """How many were settled, by kind."""
    asked = select(SettledRow.kind, func.count()).where(*_of(SettledRow, day)).group_by(SettledRow.kind)
    return Counter({Kind(kind): number for kind, number in session.execute(asked)})


def is_settled(session: Session, kind: Kind, key: str) -> bool:
    """Whether somebody has settled the oddity of this key."""
    same = exists().where(SettledRow.kind == kind, SettledRow.key == key)
    return bool(session.scalar(select(same)))


def find_stored(session: Session, waits: Fresh, kind: Kind, key: str) -> Oddity | None:
    """The oddity of this key that follows from facts, settled or not."""
    waiting = [*waits.found.oddities, *(unsure(session, waits) if kind is Kind.CLOCK else [])]
    found = next((one for one in waiting if (one.kind, one.key) == (kind, key)), None)
    if found is not None:
        return found
    row = session.scalar(select(OddityRow).where(OddityRow.kind == kind, OddityRow.key == key))
    return None if row is None or row.subject in waits.subjects else _oddity(row)


def without_settled(session: Session, found: Collection[Oddity]) -> list[Oddity]:
    """Those of these that nobody has settled."""
    keys = [(one.kind.value, one.key) for one in found]
    row = SettledRow
    known = select(row.kind, row.key).where(tuple_(row.kind, row.key).in_(keys))
    gone = {(kind, key) for kind, key in session.execute(known)} if keys else set()
    return [one for one in found if (one.kind, one.key) not in gone]


def gates_heard(session: Session, waits: Fresh, day: date) -> dict[str, datetime]:
    """When the latest scan of a day was made at each gate; a gate without one is left out."""
    stored = select(GateHeardRow.gate, GateHeardRow.at).where(GateHeardRow.day == day)
    found: dict[str, datetime] = dict(iter(session.execute(stored)))
    for (gate, on), at in waits.found.heard.items():
        if on == day:
            found[gate] = max(at, found.get(gate, at))
    return found


def scans(session: Session, ids: Collection[str]) -> dict[str, tuple[ScanRow, str]]:
    """These scans, each with the name of the tablet that made it."""
    asked = select(ScanRow, DeviceRow.name).join(DeviceRow, DeviceRow.id == ScanRow.device_id)
    return {scan.id: (scan, name) for scan, name in session.execute(asked.where(ScanRow.id.in_(ids)))} if ids else {}


def _open(waits: Fresh, day: date | None) -> tuple[ColumnElement[bool], ...]:
    same = and_(SettledRow.kind == OddityRow.kind, SettledRow.key == OddityRow.key)
    merged = and_(OddityRow.kind == Kind.DOUBLE, _is_one_person())
    return (~exists().where(same), ~merged, OddityRow.subject.not_in(waits.subjects), *_of(OddityRow, day))


def _is_one_person() -> ColumnElement[bool]:
    """Of two who are alike, that they were merged, or the newer one with somebody else: that is settled."""
    pair = cast(DoubleRow.kept_id, String) + " " + cast(DoubleRow.visitor_id, String)
    return exists().where(or_(DoubleRow.visitor_id == OddityRow.visitor_id, pair == OddityRow.key))


def _of(row: Row, day: date | None) -> tuple[ColumnElement[bool], ...]:
    return () if day is None else (row.day == day,)


def _further(row: Row, before: Place | None) -> tuple[ColumnElement[bool], ...]:
    return () if before is None else (tuple_(row.at, row.key) < before,)


def _of_day(waits: Fresh, day: date | None) -> Iterable[Oddity]:
    return (one for one in waits.found.oddities if day is None or one.day == day)


def _still_open(session: Session, found: Iterable[Oddity], day: date | None) -> list[Oddity]:
    return without_settled(session, [one for one in found if day is None or one.day == day])


def _oddity(row: OddityRow | SettledRow) -> Oddity:
    return Oddity(
        kind=Kind(row.kind),
        key=row.key,
        at=row.at,
        day=row.day,
        visitor_id=row.visitor_id,
        device_id=row.device_id,
        gate=row.gate,
        other=row.other,
    )
