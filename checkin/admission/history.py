"""Scans as people look at them, of one person or of a gate and an hour, each with what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, select, tuple_
from sqlalchemy.orm import Session

from checkin.admission.model import Check, Reason, Source, Verdict
from checkin.admission.queries import counts, entries
from checkin.admission.tables import OverrideRow, ScanRow, UndoRow
from checkin.devices.tables import DeviceRow
from checkin.event.model import Direction
from checkin.visitors.tables import DoubleRow, VisitorRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """That a scan was undone, or a refused person let in: when, by whom and why."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One scan. `gate` is a slug, which may have left the programme since; `number`, `issue`: what was read."""

    id: str
    at: datetime
    gate: str
    tablet: str
    source: Source
    direction: Direction
    number: int | None
    issue: int | None
    verdict: Verdict
    reason: Reason | None
    check: Check | None
    undone: Fact | None
    overridden: Fact | None


def scans_of(session: Session, visitor_ids: Sequence[int], *, most: int) -> tuple[Scanned, ...]:
    """The latest scans of these visitors' badges, newest first, at most `most`; refused ones too."""
    return tuple(one for _, one in _scanned(session, [ScanRow.visitor_id.in_(visitor_ids)], most))


def _scanned(session: Session, wanted: list[ColumnElement[bool]], most: int) -> list[tuple[ScanRow, Scanned]]:
    latest = (ScanRow.scanned_at.desc(), ScanRow.id.desc())
    named = select(ScanRow, DeviceRow.name).join(DeviceRow, DeviceRow.id == ScanRow.device_id)
    found = session.execute(named.where(*wanted).order_by(*latest).limit(most)).all()
    ids = [scan.id for scan, _ in found]
    undone, overridden = _facts(session, UndoRow, ids), _facts(session, OverrideRow, ids)
    return [
        (
            scan,
            Scanned(
                id=scan.id,
                at=scan.scanned_at,
                gate=scan.gate,
                tablet=tablet,
                source=Source(scan.source),
                direction=Direction(scan.direction),
                number=scan.number,
                issue=scan.issue,
                verdict=Verdict(scan.verdict),
                reason=Reason(scan.reason) if scan.reason else None,
                check=Check(scan.check) if scan.check else None,
                undone=undone.get(scan.id),
                overridden=overridden.get(scan.id),
            ),
        )
        for scan, tablet in found
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanFilters:
    """Which scans are shown; what is empty leaves none out. `what`: entries that count, exits that count, or refused.

    `since` and `until` bound the moments of the scans themselves.
    """

    since: datetime | None = None
    until: datetime | None = None
    day: date | None = None
    gate: str = ""
    zone: str = ""
    categories: tuple[str, ...] = ()
    what: str = ""


def scans(
    session: Session, filters: ScanFilters, *, before: tuple[datetime, str] | None = None, most: int
) -> tuple[tuple[Scanned, int | None], ...]:
    """Scans that the filters let through with their visitors' numbers, latest first; `before`: where to go on."""
    wanted = list(_conditions(filters))
    if before is not None:
        wanted.append(tuple_(ScanRow.scanned_at, ScanRow.id) < before)
    found = _scanned(session, wanted, most)
    return tuple((one, row.visitor_id) for row, one in found)


def _conditions(filters: ScanFilters) -> Iterator[ColumnElement[bool]]:
    if filters.since is not None:
        yield ScanRow.scanned_at >= filters.since
    if filters.until is not None:
        yield ScanRow.scanned_at < filters.until
    if filters.day is not None:
        yield ScanRow.day == filters.day
    if filters.gate:
        yield ScanRow.gate == filters.gate
    if filters.zone:
        yield ScanRow.zone == filters.zone
    if filters.categories:
        kept = select(DoubleRow.kept_id).where(DoubleRow.visitor_id == ScanRow.visitor_id).scalar_subquery()
        person = func.coalesce(kept, ScanRow.visitor_id)
        yield exists().where(VisitorRow.id == person, VisitorRow.category.in_(filters.categories))
    if filters.what == "refused":
        yield ScanRow.verdict == Verdict.REFUSED
    elif filters.what == "entries":
        yield entries()
    elif filters.what == "exits":
        yield and_(ScanRow.direction == Direction.OUT, counts())


def number_of_scans(session: Session, visitor_ids: Sequence[int]) -> int:
    """How many scans there are of these visitors' badges, refused ones too."""
    return session.scalar(select(func.count()).where(ScanRow.visitor_id.in_(visitor_ids))) or 0


def _facts(session: Session, kind: type[UndoRow | OverrideRow], scans: list[str]) -> dict[str, Fact]:
    """The first fact of this kind about each of these scans."""
    latest_first = (kind.received_at.desc(), kind.id)
    told = select(kind.scan_id, kind.at, kind.by, kind.reason).where(kind.scan_id.in_(scans)).order_by(*latest_first)
    return {scan_id: Fact(at=at, by=by, reason=reason) for scan_id, at, by, reason in session.execute(told)}
