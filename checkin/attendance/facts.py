"""The facts of subjects, what was counted of them before, and what is to be added to the sums for the difference."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, DateTime, Select, bindparam, exists, select, type_coerce

from checkin.admission.model import Verdict
from checkin.admission.tables import OverrideRow, ScanRow, UndoRow
from checkin.attendance.policy import city_key
from checkin.attendance.share import NOBODY, Fact, Person, Tally, text_of
from checkin.attendance.tables import TallyShareRow
from checkin.database import table_of
from checkin.event.model import Event
from checkin.visitors.persons import doubles_among
from checkin.visitors.tables import VisitorRow, VisitorSectorRow

Subject = int | str
"""A visitor's number, or the id of a scan of nobody known."""

_ACCEPTED = frozenset({Verdict.ADMITTED.value, Verdict.RE_ENTRY.value, Verdict.LEFT.value})  # plain texts: `share`
_SCAN, _VISITOR, _SECTOR, _SHARE = (table_of(row).c for row in (ScanRow, VisitorRow, VisitorSectorRow, TallyShareRow))
_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)
_SCANS: Select[*tuple[Any, ...]] = select(
    _SCAN.visitor_id,
    type_coerce(_SCAN.scanned_at, DateTime(timezone=True)),  # past the check of our own type, which costs as much again
    _SCAN.id,
    _SCAN.day,
    _SCAN.gate,
    _SCAN.zone,
    _SCAN.direction,
    _SCAN.verdict,
    _SCAN.reason,
    _SCAN.shown_verdict,
    _SCAN.shown_reason,
    _SCAN.device_id,
    exists().where(UndoRow.scan_id == _SCAN.id),
    exists().where(OverrideRow.scan_id == _SCAN.id),
)
# Statements are made once: compiling one costs more than running it.
_OF_VISITORS = _SCANS.where(_SCAN.visitor_id.in_(_WANTED))
_OF_NOBODY = _SCANS.where(_SCAN.id.in_(_WANTED), _SCAN.visitor_id.is_(None))
_PEOPLE = select(
    _VISITOR.id, _VISITOR.category, _VISITOR.country, _VISITOR.gender, _VISITOR.city, _VISITOR.cluster
).where(_VISITOR.id.in_(_WANTED))
_SECTORS = select(_SECTOR.visitor_id, _SECTOR.sector).where(_SECTOR.visitor_id.in_(_WANTED))
_SHARES = select(_SHARE.subject, _SHARE.facts).where(_SHARE.subject.in_(_WANTED))


def difference(connection: Connection, event: Event, subjects: Collection[Subject]) -> tuple[Tally, dict[Subject, str]]:
    """What makes the sums right for these subjects, and the texts to keep of those that changed."""
    show_days = {day.date for day in event.show_days}
    before, now = counted_texts(connection, subjects), texts(connection, event, subjects)
    changed = {one: text for one, text in now.items() if text != before[one]}
    tally = Tally()
    for one, text in changed.items():
        tally.add(before[one], show_days, -1)
        tally.add(text, show_days)
    return tally, changed


def texts(connection: Connection, event: Event, subjects: Collection[Subject]) -> dict[Subject, str]:
    """What there is to count of each subject now; empty of one without any scan, and of a double."""
    visitors = [one for one in subjects if isinstance(one, int)]
    nobody = [one for one in subjects if isinstance(one, str)]
    found: dict[Subject, str] = dict.fromkeys(subjects, "")
    if visitors:
        doubles = doubles_among(connection, visitors)
        # Of a double everything is its person's, who was noted with whatever made them one.
        visitors = [one for one in visitors if one not in doubles]
        scans: dict[int, list[Fact]] = {visitor: [] for visitor in visitors}
        read = [*visitors, *(double for double, person in doubles.items() if person in scans)]
        for visitor, *columns in connection.execute(_OF_VISITORS, {"wanted": read}).all():
            scans[doubles.get(visitor, visitor)].append(_fact(event, *columns))
        sectors: dict[int, list[str]] = {visitor: [] for visitor in visitors}
        for visitor, sector in connection.execute(_SECTORS, {"wanted": visitors}).all():
            sectors[visitor].append(sector)
        for visitor, category, country, gender, city, cluster in connection.execute(
            _PEOPLE, {"wanted": visitors}
        ).all():
            person = Person(category, country, gender, city_key(city), cluster, sectors[visitor])
            found[visitor] = text_of(person, scans[visitor])
    if nobody:
        for _, *columns in connection.execute(_OF_NOBODY, {"wanted": nobody}).all():
            fact = _fact(event, *columns)
            found[fact.id] = text_of(NOBODY, [fact])
    return found


def counted_texts(connection: Connection, subjects: Collection[Subject]) -> dict[Subject, str]:
    """What was counted of each subject before; empty of one that never was."""
    if not subjects:
        return {}
    rows = connection.execute(_SHARES, {"wanted": [str(one) for one in subjects]})
    found = {row.subject: row.facts for row in rows}
    return {one: found.get(str(one), "") for one in subjects}


def _fact(  # noqa: PLR0913, PLR0917 - the columns of `_SCANS`
    event: Event,
    at: datetime,
    scan_id: str,
    day: date,
    gate: str,
    zone: str,
    direction: str,
    verdict: str,
    reason: str | None,
    shown_verdict: str | None,
    shown_reason: str | None,
    device: int,
    is_undone: int,
    is_overridden: int,
) -> Fact:
    return Fact(
        at,
        scan_id,
        day,
        event.local(at if at.tzinfo else at.replace(tzinfo=UTC)).hour,
        gate,
        zone,
        direction,
        verdict,
        reason or "",
        shown_verdict or "",
        shown_reason or "",
        device,
        bool(is_undone),
        (verdict in _ACCEPTED or bool(is_overridden)) and not is_undone,
    )
