"""The scans of one person, in the order in which they came to a gate, with what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checkin.admission.model import Check, Reason, Source, Verdict
from checkin.admission.tables import OverrideRow, ScanRow, UndoRow
from checkin.devices.tables import DeviceRow
from checkin.event.model import Direction


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
    latest = (ScanRow.scanned_at.desc(), ScanRow.id.desc())
    scans = session.execute(
        select(ScanRow, DeviceRow.name)
        .join(DeviceRow, DeviceRow.id == ScanRow.device_id)
        .where(ScanRow.visitor_id.in_(visitor_ids))
        .order_by(*latest)
        .limit(most)
    ).all()
    ids = [scan.id for scan, _ in scans]
    undone, overridden = _facts(session, UndoRow, ids), _facts(session, OverrideRow, ids)
    return tuple(
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
        )
        for scan, tablet in scans
    )


def number_of_scans(session: Session, visitor_ids: Sequence[int]) -> int:
    """How many scans there are of these visitors' badges, refused ones too."""
    return session.scalar(select(func.count()).where(ScanRow.visitor_id.in_(visitor_ids))) or 0


def _facts(session: Session, kind: type[UndoRow | OverrideRow], scans: list[str]) -> dict[str, Fact]:
    """The first fact of this kind about each of these scans."""
    latest_first = (kind.received_at.desc(), kind.id)
    told = select(kind.scan_id, kind.at, kind.by, kind.reason).where(kind.scan_id.in_(scans)).order_by(*latest_first)
    return {scan_id: Fact(at=at, by=by, reason=reason) for scan_id, at, by, reason in session.execute(told)}
