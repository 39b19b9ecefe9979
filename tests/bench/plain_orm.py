"""The reference: the same rules as most would write the view, an ORM session and a transaction for each request."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checkin import clock
from checkin.admission import policy, reading, wire
from checkin.admission.answers import judgement_json
from checkin.admission.model import Arrival, Facts, Judgement, Passage, Scan, StoredScan, Verdict
from checkin.admission.queries import counts, entries
from checkin.admission.service import Told
from checkin.admission.tables import AdmissionRow, ScanRow
from checkin.badges.keys import KeyRing
from checkin.badges.model import Badge
from checkin.badges.queries import badge_of, newest_key_number, revision
from checkin.badges.tables import BadgeRow
from checkin.devices.links import hash_of
from checkin.devices.tables import DeviceRow
from checkin.event.model import Direction, Event
from checkin.launch.serve import site_of
from checkin.programme.service import current_event
from checkin.visitors.tables import VisitorRow

MOMENT = datetime(2026, 1, 24, 5, 30, tzinfo=UTC)
BADGE = Badge(
    visitor_id=1,
    number=1,
    issue=0,
    key_number=0,
    category=1,
    days=(),
    name="Muhammad Ahmed Siddiqui",
    name_ur="",
    organisation="Sialkot Sports",
    designation="",
    city="",
    country="",
    issued_at=MOMENT,
    issued_by="online",
)


def post_scans(app: Flask) -> ResponseReturnValue:
    site = site_of(app)
    token = request.headers["Authorization"].removeprefix("Bearer ")
    arrivals = wire.read_batch(request.get_json())
    with site.database.transaction() as session:
        device = session.scalars(select(DeviceRow).where(DeviceRow.token_hash == hash_of(token))).one()
        told = [_record(session, site.event, KeyRing(site.settings.token_master), device, one) for one in arrivals]
        today = (
            select(func.count())
            .select_from(ScanRow)
            .where(ScanRow.gate == device.gate, ScanRow.day == site.event.day_of(clock.now()), entries())
        )
        gate_today, known = session.scalar(today), revision(session)
    moment = site.event.local(clock.now()).isoformat(timespec="milliseconds")
    return jsonify(
        judgements=[judgement_json(site.event, one) for one in told],
        gate_today=gate_today,
        revision=known,
        server_time=moment,
        clock_ok=clock.is_plausible(),
    )


def _record(session: Session, event: Event, keys: KeyRing, device: DeviceRow, arrival: Arrival) -> Told:
    row = session.get(ScanRow, arrival.id)
    item = arrival.scan
    assert item is not None
    claim = reading.read(event, keys, item.token)
    rows = session.scalars(select(BadgeRow).where(BadgeRow.number == claim.number).order_by(BadgeRow.issue)).all()
    holder = reading.Holder(issues=[badge_of(one) for one in rows])
    if rows:
        holder.days = session.scalars(select(VisitorRow).where(VisitorRow.id == rows[0].visitor_id)).one().days
    found = reading.match(claim, newest_key_number(session), holder)
    if row is None:
        scan = Scan(
            id=arrival.id,
            scanned_at=item.scanned_at,
            gate=item.gate or device.gate,
            direction=item.direction or Direction(device.direction),
        )
        passages = _passages(session, event, scan, found.scanned) if found.scanned else []
        facts = Facts(reading=found.reading, badge=found.scanned, days=found.days, passages=passages)
        judgement = policy.judge(current_event(session, event), scan, facts)
        row = _add(session, device, arrival, scan, judgement, found.scanned)
    return Told(StoredScan(*[getattr(row, name) for name in StoredScan.__slots__]), found.newest)


def _passages(session: Session, event: Event, scan: Scan, badge: Badge) -> list[Passage]:
    wanted = (ScanRow.visitor_id == badge.visitor_id, ScanRow.day == event.day_of(scan.scanned_at), counts())
    return [
        Passage(scan_id=one.id, at=one.scanned_at, zone=one.zone, gate=one.gate, direction=Direction(one.direction))
        for one in session.scalars(select(ScanRow).where(*wanted))
    ]


def _add(
    session: Session, device: DeviceRow, arrival: Arrival, scan: Scan, judgement: Judgement, badge: Badge | None
) -> ScanRow:
    assert arrival.scan is not None
    row = ScanRow(
        id=scan.id,
        device_id=device.id,
        received_at=clock.now(),
        scanned_at=scan.scanned_at,
        sent=arrival.sent,
        clock=arrival.scan.clock,
        source=arrival.scan.source,
        gate=scan.gate,
        direction=judgement.direction,
        day=judgement.day,
        zone=judgement.zone,
        visitor_id=badge.visitor_id if badge else None,
        number=badge.number if badge else None,
        issue=badge.issue if badge else None,
        told_issue=badge.issue if badge else None,
        verdict=judgement.verdict,
        reason=judgement.reason,
        check=judgement.check,
        note=judgement.note,
        message=judgement.message,
        first_at=judgement.first.at if judgement.first else None,
        first_gate=judgement.first.gate if judgement.first else None,
        previous_at=judgement.previous.at if judgement.previous else None,
        previous_gate=judgement.previous.gate if judgement.previous else None,
        previous_direction=judgement.previous.direction if judgement.previous else None,
    )
    session.add(row)
    session.flush()
    if badge is not None and judgement.verdict in {Verdict.ADMITTED, Verdict.RE_ENTRY}:
        known = session.get(AdmissionRow, (badge.visitor_id, judgement.day, judgement.zone))
        if known is None:
            session.add(
                AdmissionRow(
                    visitor_id=badge.visitor_id,
                    day=judgement.day,
                    zone=judgement.zone,
                    at=scan.scanned_at,
                    scan_id=scan.id,
                    gate=scan.gate,
                )
            )
        elif (scan.scanned_at, scan.id) < (known.at, known.scan_id):
            known.at, known.scan_id, known.gate = scan.scanned_at, scan.id, scan.gate
    return row


def invented(arrival: Arrival) -> Told:
    """A judgement for an answer of the usual size, without anybody being looked up."""
    row = StoredScan(
        id=arrival.id,
        sent=arrival.sent,
        scanned_at=MOMENT,
        day=MOMENT.date(),
        zone="expo",
        gate="gate-1",
        direction="in",
        visitor_id=1,
        number=1,
        issue=0,
        told_issue=0,
        verdict="admitted",
        reason=None,
        check=None,
        note=None,
        message="",
        first_at=MOMENT,
        first_gate="gate-1",
        previous_at=None,
        previous_gate=None,
        previous_direction=None,
        shown_verdict=None,
    )
    return Told(row, BADGE)
