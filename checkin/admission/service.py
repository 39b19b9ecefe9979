"""Scans into judgements: one function for a batch of any size. Stores every scan, refused ones too."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import tuple_
from sqlalchemy.orm import Session

from checkin.admission import policy, reading, recounts
from checkin.admission.model import Arrival, Clock, Facts, Judgement, Passage, Reason, Scan, Shown, Source, Verdict
from checkin.admission.queries import passages_of
from checkin.admission.reading import Found
from checkin.admission.tables import AdmissionRow, ConflictRow, QuarantineRow, ScanRow
from checkin.badges.keys import KeyRing
from checkin.badges.model import Badge
from checkin.badges.service import find_badge
from checkin.database import insert, table_of
from checkin.devices.model import Device
from checkin.programme.model import Programme


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to one scan: its stored judgement, and the badge to name. `conflict` answers another content."""

    row: ScanRow
    badge: Badge | None
    repeated: bool = False
    conflict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who judges: the event as it runs, the keys, the device that asks, and when its message came."""

    programme: Programme
    keys: KeyRing
    device: Device
    now: datetime


def record(session: Session, desk: Desk, arrivals: Sequence[Arrival]) -> list[Told]:
    """Judge and store each arrival, in order. A known id gets its stored judgement, whatever has changed since."""
    return [_record(session, desk, arrival) for arrival in arrivals]


def quarantine(session: Session, desk: Desk, arrivals: Sequence[Arrival]) -> list[str]:
    """Keep what a retired tablet sends, each scan once, unjudged; the ids that were kept."""
    table = table_of(QuarantineRow)
    for arrival in arrivals:
        row = insert(session, table).values(
            device_id=desk.device.id,
            scan_id=arrival.id,
            digest=_digest(arrival.whole),
            content=arrival.whole,
            received_at=desk.now,
        )
        session.execute(row.on_conflict_do_nothing(index_elements=["device_id", "scan_id", "digest"]))
    return [arrival.id for arrival in arrivals]


def _record(session: Session, desk: Desk, arrival: Arrival) -> Told:
    known = session.get(ScanRow, arrival.id)
    if known is None:
        return _judge(session, desk, arrival)
    badge = (
        None
        if known.number is None or known.told_issue is None
        else find_badge(session, known.number, known.told_issue)
    )
    if known.sent != arrival.sent:
        _keep_conflict(session, desk, arrival)
        return Told(known, badge, conflict=True)
    if known.shown_verdict is None and arrival.shown is not None:
        _fill_shown(known, arrival.shown)
        recounts.ask(session, [(known.visitor_id, known.id)])
    return Told(known, badge, repeated=True)


def _judge(session: Session, desk: Desk, arrival: Arrival) -> Told:
    scan = _scan_of(desk, arrival)
    found = reading.find(session, desk.programme.event, desk.keys, arrival.scan.token) if arrival.scan else None
    badge = found.scanned if found else None
    judgement = _judgement(session, desk, scan, found)
    row = _row(desk, arrival, scan, judgement)
    if found is not None:
        row.number = found.number if found.newest else None
        row.issue = badge.issue if badge else None
        row.told_issue = found.newest.issue if found.newest else None
        row.visitor_id = badge.visitor_id if badge else None
    session.add(row)
    session.flush()
    recounts.ask(session, [(row.visitor_id, row.id)])
    if row.visitor_id is not None and judgement.verdict in {Verdict.ADMITTED, Verdict.RE_ENTRY}:
        admit(session, row)
    return Told(row, found.newest if found else None)


def _judgement(session: Session, desk: Desk, scan: Scan, found: Found | None) -> Judgement:
    event = desk.programme.event
    if found is None:
        place = policy.place_of(event, scan)
        return Judgement(
            verdict=Verdict.REFUSED, reason=Reason.MALFORMED, day=place.day, zone=place.zone, direction=place.direction
        )
    passages = passages_of(session, found.scanned.visitor_id, event.day_of(scan.scanned_at)) if found.scanned else []
    facts = Facts(reading=found.reading, badge=found.scanned, days=found.days, passages=passages)
    return policy.judge(desk.programme, scan, facts)


def admit(session: Session, row: ScanRow) -> None:
    """Make this entry the admission of its visitor, day and zone, unless an earlier one is: settled by the key."""
    table = table_of(AdmissionRow)
    add = insert(session, table).values(
        visitor_id=row.visitor_id, day=row.day, zone=row.zone, at=row.scanned_at, scan_id=row.id, gate=row.gate
    )
    new = add.excluded
    earlier = tuple_(new.at, new.scan_id) < tuple_(table.c.at, table.c.scan_id)
    session.execute(
        add.on_conflict_do_update(
            index_elements=["visitor_id", "day", "zone"],
            set_={"at": new.at, "scan_id": new.scan_id, "gate": new.gate},
            where=earlier,
        )
    )


def _scan_of(desk: Desk, arrival: Arrival) -> Scan:
    """Where and when; a scan that could not be read stands at the moment it came, at the device's own gate."""
    item, device = arrival.scan, desk.device
    if item is None:
        return Scan(id=arrival.id, scanned_at=desk.now, gate=device.gate, direction=device.direction)
    return Scan(
        id=arrival.id,
        scanned_at=item.scanned_at,
        gate=device.gate if item.gate is None else item.gate,
        direction=item.direction or device.direction,
    )


def _row(desk: Desk, arrival: Arrival, scan: Scan, judgement: Judgement) -> ScanRow:
    item = arrival.scan
    first, previous = judgement.first, judgement.previous
    row = ScanRow(
        id=scan.id,
        device_id=desk.device.id,
        received_at=desk.now,
        scanned_at=scan.scanned_at,
        sent=arrival.sent,
        clock=item.clock if item else Clock.UNSURE,
        source=item.source if item else Source.CAMERA,
        gate=scan.gate,
        direction=judgement.direction,
        day=judgement.day,
        zone=judgement.zone,
        verdict=judgement.verdict,
        reason=judgement.reason,
        check=judgement.check,
        note=judgement.note,
        message=judgement.message,
        staff=item.staff if item else None,
        **_seen("first", first),
        **_seen("previous", previous),
        previous_direction=previous.direction if previous else None,
    )
    _fill_shown(row, arrival.shown)
    return row


def _seen(word: str, passage: Passage | None) -> dict[str, object]:
    return {f"{word}_at": passage.at if passage else None, f"{word}_gate": passage.gate if passage else None}


def _fill_shown(row: ScanRow, shown: Shown | None) -> None:
    if shown is not None:
        row.shown_verdict, row.shown_reason, row.shown_confirmed = shown.verdict, shown.reason, shown.confirmed


def _keep_conflict(session: Session, desk: Desk, arrival: Arrival) -> None:
    row = insert(session, table_of(ConflictRow)).values(
        scan_id=arrival.id,
        digest=_digest(arrival.sent),
        device_id=desk.device.id,
        sent=arrival.sent,
        received_at=desk.now,
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["scan_id", "digest"]))


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
