"""The roster: what a tablet knows offline. The event as it runs, the keys, every badge, and who is in already.

Badges come by revision, so that a tablet asks for what is new to it; one row per badge number, its newest issue. The
counter of revisions is one row, so whoever takes a number holds it until the commit: no revision appears late.
Passages come by the moment of arrival. An arrival is stamped before it is committed, so a cursor lies before the
beginning of every transaction that may still commit, and what is asked for begins a minute before the cursor: for what
waits between its stamp and its transaction, and for clocks of several machines that differ.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, select, type_coerce, union
from sqlalchemy.orm import Session

from checkin import clock
from checkin.admission.queries import counts
from checkin.admission.tables import OverrideRow, ScanRow, UndoRow
from checkin.badges import service as badges
from checkin.badges.keys import KeyRing
from checkin.badges.model import BadgeState
from checkin.badges.tables import BadgeRow
from checkin.event.model import Direction, Event, Gate
from checkin.programme.epoch import current_epoch
from checkin.programme.model import HoldKind, Programme
from checkin.visitors.persons import all_doubles, person, whole
from checkin.visitors.tables import DoubleRow, MergeRow, SeparationRow, VisitorRow

MOST_BADGES = 20_000  # of one page: about 350 kB on the wire
OVERLAP = timedelta(minutes=1)
Row = list[object]
_Passage = tuple[datetime, str, str, str]  # at, scan id, gate, direction: compared in this order


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the tablet has: badges up to the revision `since`, passages up to the cursor `after`, these `keys`."""

    since: int = 0
    after: str = ""
    keys: frozenset[int] = frozenset()


def roster(
    session: Session,
    programme: Programme,
    keys: KeyRing,
    asked: Asked,
    now: datetime,
    open_for: timedelta = timedelta(),
) -> dict[str, object]:
    """One page of the roster as JSON, from the one state that `session` sees.

    `open_for` is what `Database.open_for` told before `session` began.
    While `more` is true the tablet asks again with `since` = `revision`; passages come with the last page.
    A `since` that this database never reached begins at 0.
    """
    event, newest = programme.event, badges.newest_key_number(session)
    known = badges.revision(session)
    since = asked.since if asked.since <= known else 0
    rows, reached = _badges(session, event, since, known)
    is_last = reached == known
    day = event.day_of(now)
    heard = _moment_of(asked.after, day, now)
    return {
        "epoch": current_epoch(session),
        "revision": reached,
        "more": not is_last,
        "day": day.isoformat(),
        "cursor": f"{day.isoformat()}/{_utc(now - open_for)}" if is_last else asked.after,
        "whole": is_last and heard is None,
        "event": event_json(programme),
        "keys": {str(n): base64.b64encode(keys.key(n)).decode() for n in range(newest + 1) if n not in asked.keys},
        "newest_key": newest,
        "badges": rows,
        "admitted": _admitted(session, event, day, heard) if is_last else [],
        "erase_at": _utc(event.erase_at),
        "server_time": event.local(now).isoformat(timespec="milliseconds"),
        "clock_ok": clock.is_plausible(),
    }


def event_json(programme: Programme) -> dict[str, object]:
    """The event as the tablet's rules need it, each day with its bounds in UTC: a tablet works out no time zones."""
    event = programme.event
    return {
        "slug": event.slug,
        "name": event.name,
        "name_ur": event.name_ur,
        "time_zone": str(event.time_zone),
        "re_entry": event.re_entry,
        "again_after_minutes": event.again_after_minutes,
        "names_on_tablets": event.names_on_tablets,
        "first_zone": event.first_zone,
        "days": [
            {
                "date": day.date.isoformat(),
                "starts": _utc(_midnight(event, day.date)),
                "ends": _utc(_midnight(event, day.date + timedelta(days=1))),
                "opens": _utc(event.opens_at(day)),
                "closes": _utc(event.closes_at(day)),
            }
            for day in event.days
        ],
        "zones": [{"slug": zone.slug, "name": zone.name, "name_ur": zone.name_ur} for zone in event.zones],
        "gates": [_gate(gate) for gate in event.gates],
        "closed_gates": [
            _gate(gate) | {"closed_at": _utc(gate.closed_at)} for gate in event.closed_gates if gate.closed_at
        ],
        "categories": [
            {
                "number": category.number,
                "slug": category.slug,
                "name": category.name,
                "name_ur": category.name_ur,
                "days": [day.isoformat() for day in event.days_of(category)],
                "early_minutes": category.early_minutes,
            }
            for category in event.categories
        ],
        "holds": {
            kind: {slug: message for (held, slug), message in programme.holds.items() if held is kind}
            for kind in HoldKind
        },
    }


def _gate(gate: Gate) -> dict[str, object]:
    return {
        "slug": gate.slug,
        "name": gate.name,
        "name_ur": gate.name_ur,
        "zone": gate.zone,
        "direction": gate.direction,
        "categories": list(gate.categories),
    }


def _badges(session: Session, event: Event, since: int, known: int) -> tuple[list[Row], int]:
    """The next page of badges, and the revision that it reaches. Badges of one revision are never torn apart."""
    news = (BadgeRow.revision > since, BadgeRow.replaced_at.is_(None))
    last = select(BadgeRow.revision).where(*news).order_by(BadgeRow.revision).offset(MOST_BADGES - 1).limit(1)
    reached = session.scalar(last) or known
    columns: list[Any] = [
        BadgeRow.number,
        BadgeRow.issue,
        BadgeRow.category,
        type_coerce(VisitorRow.days, String),  # as it is stored: few texts for many people
        BadgeRow.revoked_at.is_not(None),
    ]
    if event.names_on_tablets:
        columns.append(BadgeRow.name)
    rows = session.execute(
        select(*columns)
        .select_from(BadgeRow)
        .outerjoin(DoubleRow, DoubleRow.visitor_id == BadgeRow.visitor_id)
        .join(VisitorRow, VisitorRow.id == person(BadgeRow.visitor_id))
        .where(*news, BadgeRow.revision <= reached)
        .order_by(BadgeRow.revision)
    )
    masks = _Masks(event)
    states = (BadgeState.LIVE, BadgeState.REVOKED)
    return [
        [number, issue, category, masks[days], states[revoked], *name]
        for number, issue, category, days, revoked, *name in rows
    ], reached


class _Masks(dict[str, int]):
    """A visitor's own days, as stored, to a bit for each of the event's; 0 means that they chose none."""

    def __init__(self, event: Event) -> None:
        super().__init__({"": 0})
        self._bits = {day.date.isoformat(): 1 << place for place, day in enumerate(event.days)}

    def __missing__(self, days: str) -> int:
        # A day that has left the event becomes a bit beyond it: who chose only that one may not enter on any other.
        beyond = 1 << len(self._bits)
        mask = 0
        for day in days.split(";"):
            mask |= self._bits.get(day, beyond)
        self[days] = mask
        return mask


def _admitted(session: Session, event: Event, day: date, heard: datetime | None) -> list[Row]:
    """First entry and last passage of each badge number and zone; with `heard` only of visitors touched since.

    All badges of one person have the same ones: whoever came in with one is in already with the other.
    """
    mine: ColumnElement[bool] = and_(ScanRow.day == day, ScanRow.visitor_id.is_not(None))
    several = _several(session)
    found: dict[tuple[tuple[int | None, ...], str], _Passages] = defaultdict(_Passages)
    if heard is not None:
        mine = and_(mine, ScanRow.visitor_id.in_(_touched(heard - OVERLAP)))
        # Everywhere they were scanned, so that a place without any passage left is told too.
        for number, zone in session.execute(select(ScanRow.number, ScanRow.zone).where(mine).distinct()):
            found[several.get(number) or (number,), zone] = _Passages()
        for number in _separated(session, heard - OVERLAP):
            for place in event.zones:
                found[several.get(number) or (number,), place.slug] = _Passages()
    columns = (ScanRow.number, ScanRow.zone, ScanRow.scanned_at, ScanRow.id, ScanRow.gate, ScanRow.direction)
    for number, zone, at, scan_id, gate, direction in session.execute(select(*columns).where(mine, counts())):
        found[several.get(number) or (number,), zone].add((at, scan_id, gate, direction))
    return [[number, zone, *passages.told()] for (numbers, zone), passages in found.items() for number in numbers]


class _Passages:
    """Of one badge number in one zone: the first entry and the last passage, in whatever order they are added."""

    __slots__ = ("entry", "last")

    def __init__(self) -> None:
        self.entry: _Passage | None = None
        self.last: _Passage | None = None

    def add(self, passage: _Passage) -> None:
        if self.last is None or passage > self.last:
            self.last = passage
        if passage[3] == Direction.IN and (self.entry is None or passage < self.entry):
            self.entry = passage

    def told(self) -> Row:
        """The end of a row: at, gate, last_at, last_gate, last_direction."""
        entry = (None, "") if self.entry is None else (_utc(self.entry[0]), self.entry[2])
        if self.last is self.entry and self.last is not None:  # nearly everyone: they came once
            return [*entry, *entry, self.last[3]]
        last = (None, "", "") if self.last is None else (_utc(self.last[0]), *self.last[2:])
        return [*entry, *last]


def _touched(since: datetime) -> Select[int | None]:
    """Whose passages may have changed, of whatever day: by a fact that came after `since`, of them or of a double."""
    ways: list[Select[Any]] = [select(ScanRow.visitor_id).where(ScanRow.received_at > since)]
    for fact in (UndoRow, OverrideRow):
        of_scan = select(ScanRow.visitor_id).join(fact, fact.scan_id == ScanRow.id)
        ways.append(of_scan.where(fact.received_at > since))
    for side in (MergeRow.double_id, MergeRow.kept_id):
        ways.append(select(side).where(MergeRow.at > since))
        ways.append(select(side).join(SeparationRow).where(SeparationRow.at > since))
    touched = union(*ways).cte()
    people = (
        select(person(touched.c.visitor_id).label("visitor_id"))
        .select_from(touched)
        .outerjoin(DoubleRow, DoubleRow.visitor_id == touched.c.visitor_id)
        .cte()
    )
    doubles = select(DoubleRow.visitor_id).join(people, people.c.visitor_id == DoubleRow.kept_id)
    everyone = union(select(people.c.visitor_id), doubles).subquery()
    return select(everyone.c.visitor_id)


def _several(session: Session) -> dict[int | None, tuple[int, ...]]:
    """All badge numbers of a person who has several, by each of them."""
    doubles = all_doubles(session)
    numbers = badges.numbers_of(session, {*doubles, *doubles.values()}) if doubles else {}
    found: defaultdict[int, list[int]] = defaultdict(list)
    for visitor, number in numbers.items():
        found[doubles.get(visitor, visitor)].append(number)
    return {number: tuple(mine) for mine in found.values() for number in mine}


def _separated(session: Session, since: datetime) -> tuple[int, ...]:
    """The badge numbers that were told another's passages until after `since`, and may have none of their own now."""
    merges = select(MergeRow.double_id, MergeRow.kept_id).join(SeparationRow).where(SeparationRow.at > since)
    apart = {visitor for pair in session.execute(merges) for visitor in pair}
    everyone = {one for visitor in apart for one in whole(session, visitor)}
    return tuple(badges.numbers_of(session, everyone).values()) if everyone else ()


def _moment_of(cursor: str, day: date, now: datetime) -> datetime | None:
    """Until when the tablet has heard of this day. None: tell it all. So too after the server's clock was put back."""
    of_day, _, text = cursor.partition("/")
    try:
        heard = datetime.fromisoformat(text)
    except ValueError:
        return None
    return heard if of_day == day.isoformat() and heard.tzinfo is not None and heard <= now else None


def _midnight(event: Event, day: date) -> datetime:
    return datetime.combine(day, time.min, event.time_zone)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
