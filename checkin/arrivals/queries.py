"""Reading the watch list, and who on it has come. For speed it reads the tables of visitors and admissions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checkin.admission.tables import AdmissionRow
from checkin.among import among
from checkin.arrivals.model import Arrival, Expected, Kind, Watch
from checkin.arrivals.tables import WatchRow
from checkin.database import table_of
from checkin.event.model import Event
from checkin.visitors.model import Details
from checkin.visitors.persons import doubles_among, is_double
from checkin.visitors.tables import VisitorRow

_ADMISSION, _VISITOR = table_of(AdmissionRow).c, table_of(VisitorRow).c
_TOLD = ("name", "name_ur", "organisation", "category", "country", "days", "group")
_PEOPLE = select(_VISITOR.id, *(_VISITOR[name] for name in _TOLD)).where(~is_double(_VISITOR.id))
_OF = {
    Kind.GROUP: _PEOPLE.where(among(_VISITOR.group, "which")),
    Kind.CATEGORY: _PEOPLE.where(among(_VISITOR.category, "which")),
    Kind.VISITOR: _PEOPLE.where(among(_VISITOR.id, "which")),
}
_CAME = select(_ADMISSION.visitor_id, _ADMISSION.day, _ADMISSION.at, _ADMISSION.gate).where(
    among(_ADMISSION.visitor_id, "visitors")
)


def watches(session: Session) -> tuple[Watch, ...]:
    """The watch list, the oldest line first."""
    rows = session.scalars(select(WatchRow).where(WatchRow.ended_at.is_(None)).order_by(WatchRow.id))
    return tuple(watch_of(row) for row in rows)


def find_watch(session: Session, watch_id: int) -> Watch | None:
    """The line with this id, one that was taken off too."""
    row = session.scalar(select(WatchRow).where(WatchRow.id == watch_id))
    return None if row is None else watch_of(row)


def find_watch_of(session: Session, visitor_id: int) -> Watch | None:
    """The line by which this one person is on the list, if they are."""
    mine = (WatchRow.kind == Kind.VISITOR, WatchRow.which == str(visitor_id), WatchRow.ended_at.is_(None))
    row = session.scalar(select(WatchRow).where(*mine))
    return None if row is None else watch_of(row)


def expected(session: Session, event: Event, on_list: Collection[Watch], day: date) -> tuple[Expected, ...]:
    """Everybody on the list who may come on `day` or has: who came last first, then those awaited by name."""
    people, lines = _people(session, on_list)
    came: dict[int, Arrival] = {}
    rows = session.execute(_CAME, {"visitors": list(people)}) if people else ()
    for visitor_id, on, at, gate in rows:
        if on == day and (visitor_id not in came or at < came[visitor_id].at):
            came[visitor_id] = Arrival(at=at, gate=gate)
    found = [
        Expected(id=id_, details=details, watches=frozenset(lines[id_]), arrival=came.get(id_))
        for id_, details in people.items()
        if id_ in came or _may_come(event, details, day)
    ]
    here = sorted((one for one in found if one.arrival), key=_latest, reverse=True)
    awaited = sorted((one for one in found if not one.arrival), key=lambda one: (one.details.name.casefold(), one.id))
    return (*here, *awaited)


def groups(session: Session, *, most: int) -> list[tuple[str, int]]:
    """The delegations there are, each with how many people; the greatest first, at most `most`."""
    people = func.count()
    named = select(VisitorRow.group, people).where(VisitorRow.group != "", ~is_double(VisitorRow.id))
    named = named.group_by(VisitorRow.group)
    rows = session.execute(named.order_by(people.desc(), VisitorRow.group).limit(most))
    return [(group, number) for group, number in rows]


def size(session: Session, kind: Kind, which: str, *, most: int) -> int:
    """How many people a line would name, counted up to `most`."""
    return len(session.execute(_OF[kind].limit(most), {"which": _values(kind, [which])}).all())


def watch_of(row: WatchRow) -> Watch:
    """The row as a line of the list."""
    return Watch(id=row.id, kind=Kind(row.kind), which=row.which, ended_at=row.ended_at)


def _people(session: Session, on_list: Iterable[Watch]) -> tuple[dict[int, Details], dict[int, set[int]]]:
    """Whom the lines name, and by which lines each."""
    people: dict[int, Details] = {}
    lines: dict[int, set[int]] = {}
    for kind in Kind:
        by_which = {one.which: one.id for one in on_list if one.kind is kind}
        if not by_which:
            continue
        if kind is Kind.VISITOR:  # who was merged since is awaited as whom they are counted
            same = doubles_among(session, [int(one) for one in by_which])
            by_which = {str(same.get(int(one), one)): line for one, line in by_which.items()}
        for id_, *told in session.execute(_OF[kind], {"which": _values(kind, by_which)}):
            details = people[id_] = Details(**dict(zip(_TOLD, told, strict=True)))
            which = {Kind.GROUP: details.group, Kind.CATEGORY: details.category, Kind.VISITOR: str(id_)}[kind]
            lines.setdefault(id_, set()).add(by_which[which])
    return people, lines


def _values(kind: Kind, which: Iterable[str]) -> list[str] | list[int]:
    return [int(one) for one in which] if kind is Kind.VISITOR else list(which)


def _may_come(event: Event, details: Details, day: date) -> bool:
    category = event.category_by_slug.get(details.category)
    return category is not None and day in event.days_of(category, details.days)


def _latest(one: Expected) -> tuple[float, int]:
    return (one.arrival.at.timestamp() if one.arrival else 0, one.id)
