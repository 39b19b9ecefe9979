"""Discrepancies: where a gate showed something else than what holds. A list for the organiser, newest arrival first.

There are two kinds. The server judged a scan otherwise than the tablet had shown. Or an entry was judged admitted, and
another tablet's earlier entry of the same visitor, day and zone arrived after it: a stored judgement never changes,
but both gates let the badge in, and the order of arrival must not hide it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from checkin.admission.model import Reason, Verdict
from checkin.admission.tables import AdmissionRow, OverrideRow, ScanRow, UndoRow
from checkin.among import among
from checkin.database import table_of
from checkin.devices.tables import DeviceRow
from checkin.event.model import Event, ReEntry
from checkin.visitors.persons import person
from checkin.visitors.tables import DoubleRow, VisitorRow

_FIRST = aliased(ScanRow)
_Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """One scan whose gate showed something else than what holds.

    `verdict` and `reason`: the server's judgement; where it was overtaken by an earlier entry that arrived later
    (`is_overtaken`), what it would be now. `other_at`, `other_gate`: the entry before it in the same zone, None and
    empty when there is none. `gate` and `other_gate` are slugs; a gate may have left the programme since.
    `visitor_id`, `number` None: nobody known.
    """

    scan_id: str
    received_at: datetime
    scanned_at: datetime
    day: date
    gate: str
    device_id: int
    device_name: str
    visitor_id: int | None
    visitor_name: str
    visitor_name_ur: str
    number: int | None
    shown_verdict: Verdict
    shown_reason: Reason | None
    verdict: Verdict
    reason: Reason | None
    other_at: datetime | None
    other_gate: str
    is_overtaken: bool
    is_undone: bool
    is_overridden: bool

    @property
    def key(self) -> tuple[datetime, str]:
        """Where the next page begins: `found(…, before=last.key)`."""
        return self.received_at, self.scan_id


def found(
    session: Session,
    event: Event,
    *,
    before: tuple[datetime, str] | None = None,
    most: int = 200,
    among_scans: Collection[str] | None = None,
) -> list[Discrepancy]:
    """At most `most` discrepancies that arrived before the key `before`, newest arrival first.

    `among_scans`: only those of these scans.
    """
    undone, overridden = (exists().where(row.scan_id == ScanRow.id) for row in (UndoRow, OverrideRow))
    statement = _joined(
        select(
            ScanRow,
            DeviceRow.name.label("device_name"),
            VisitorRow.name.label("visitor_name"),
            VisitorRow.name_ur.label("visitor_name_ur"),
            _is_surprise().label("is_overtaken"),
            AdmissionRow.at.label("entry_at"),
            AdmissionRow.gate.label("entry_gate"),
            undone.label("is_undone"),
            overridden.label("is_overridden"),
        )
        .select_from(ScanRow)
        .join(DeviceRow, DeviceRow.id == ScanRow.device_id)
        .outerjoin(VisitorRow, VisitorRow.id == ScanRow.visitor_id)
    )
    if before is not None:
        statement = statement.where(tuple_(ScanRow.received_at, ScanRow.id) < before)
    if among_scans is not None:
        statement = statement.where(ScanRow.id.in_(among_scans))
    rows = session.execute(statement.order_by(ScanRow.received_at.desc(), ScanRow.id.desc()).limit(most))
    return [_discrepancy(event, row) for row in rows]


def of_subjects(connection: Connection, visitors: Collection[int], scans: Collection[str]) -> list[Any]:
    """The scans of these visitors that are discrepancies, and those of nobody known among these scans."""
    found: list[Any] = []
    if visitors:
        found += connection.execute(_OF_VISITORS, {"wanted": list(visitors)})
    if scans:
        found += connection.execute(_OF_NOBODY, {"wanted": list(scans)})
    return found


def count(session: Session) -> int:
    """How many discrepancies there are."""
    return session.scalar(_joined(select(func.count()).select_from(ScanRow))) or 0


def _joined(statement: _Statement) -> _Statement:
    """`statement` of the scans that are discrepancies, each joined to the entry that overtook it, if one did."""
    overtaking = and_(
        AdmissionRow.visitor_id == person(ScanRow.visitor_id),
        AdmissionRow.day == ScanRow.day,
        AdmissionRow.zone == ScanRow.zone,
        AdmissionRow.scan_id != ScanRow.id,
        ScanRow.verdict == Verdict.ADMITTED,
        # An undone scan is never an admission, and what it says of itself no longer matters.
        ~exists().where(UndoRow.scan_id == ScanRow.id),
    )
    return (
        statement.outerjoin(DoubleRow, DoubleRow.visitor_id == ScanRow.visitor_id)
        .outerjoin(AdmissionRow, overtaking)
        .outerjoin(_FIRST, _FIRST.id == AdmissionRow.scan_id)
        .where(or_(_is_otherwise(), _is_surprise()))
    )


def _is_otherwise() -> ColumnElement[bool]:
    """The screen showed another verdict than was judged, or another reason to refuse; and was not right after all."""
    return and_(
        ScanRow.shown_verdict.is_not(None),
        or_(
            ScanRow.shown_verdict != ScanRow.verdict,
            func.coalesce(ScanRow.shown_reason, "") != func.coalesce(ScanRow.reason, ""),
        ),
        or_(_FIRST.id.is_(None), ScanRow.shown_verdict != Verdict.RE_ENTRY),
    )


def _is_surprise() -> ColumnElement[bool]:
    """Overtaken by another tablet's entry, which this gate did not know of. A tablet's own scans surprise nobody."""
    told = func.coalesce(ScanRow.shown_verdict, ScanRow.verdict)
    return and_(
        _FIRST.id.is_not(None),
        func.coalesce(_FIRST.device_id, ScanRow.device_id) != ScanRow.device_id,
        told == Verdict.ADMITTED,
    )


def _discrepancy(event: Event, row: Any) -> Discrepancy:  # noqa: ANN401 - a row of `found`'s SELECT
    scan: ScanRow = row[0]
    overtaken = bool(row.is_overtaken)
    verdict, reason = Verdict(scan.verdict), Reason(scan.reason) if scan.reason else None
    # The first entry of an admitted scan is itself.
    other_at, other_gate = (None, None) if verdict is Verdict.ADMITTED else (scan.first_at, scan.first_gate)
    if overtaken:
        other_at, other_gate = row.entry_at, row.entry_gate
        is_refused = event.re_entry is ReEntry.REFUSE and scan.zone == event.first_zone
        verdict, reason = (Verdict.REFUSED, Reason.ALREADY_IN) if is_refused else (Verdict.RE_ENTRY, None)
    return Discrepancy(
        scan_id=scan.id,
        received_at=scan.received_at,
        scanned_at=scan.scanned_at,
        day=scan.day,
        gate=scan.gate,
        device_id=scan.device_id,
        device_name=row.device_name,
        visitor_id=scan.visitor_id,
        visitor_name=row.visitor_name or "",
        visitor_name_ur=row.visitor_name_ur or "",
        number=scan.number,
        shown_verdict=Verdict(scan.shown_verdict or scan.verdict),
        shown_reason=Reason(scan.shown_reason) if scan.shown_reason else None,
        verdict=verdict,
        reason=reason,
        other_at=other_at,
        other_gate=other_gate or "",
        is_overtaken=overtaken,
        is_undone=bool(row.is_undone),
        is_overridden=bool(row.is_overridden),
    )


# Statements are made once: compiling one costs more than running it.
_SCAN = table_of(ScanRow).c
_PLAIN = select(_SCAN.id, _SCAN.scanned_at, _SCAN.day, _SCAN.visitor_id, _SCAN.device_id, _SCAN.gate)
_OF_VISITORS = _joined(_PLAIN.select_from(ScanRow)).where(among(_SCAN.visitor_id, "wanted"))
_OF_NOBODY = _joined(_PLAIN.select_from(ScanRow)).where(among(_SCAN.id, "wanted"), _SCAN.visitor_id.is_(None))
