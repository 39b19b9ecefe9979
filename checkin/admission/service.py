"""Scans into judgements: one function for a batch of any size. Stores every scan, refused ones too.

A batch costs a fixed number of statements: what is known is read once, each scan is judged in Python after those
before it, and what follows from all of them is written at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, tuple_, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ClauseElement

from checkin.admission import policy, queries, reading, recounts
from checkin.admission.model import (
    Arrival,
    Clock,
    Facts,
    Judgement,
    Passage,
    Reason,
    Scan,
    SentScan,
    Shown,
    Source,
    StoredScan,
    Verdict,
)
from checkin.admission.queries import Holder
from checkin.admission.reading import Claim, Found
from checkin.admission.tables import AdmissionRow, ConflictRow, QuarantineRow, ScanRow
from checkin.badges.keys import KeyRing
from checkin.badges.model import Badge
from checkin.badges.service import newest_key_number
from checkin.database import add_many, insert, insert_rows, table_of, write_rows
from checkin.devices.model import Device
from checkin.programme.model import Programme

MOST_AT_ONCE = 200  # scans of one set of statements
_SCAN, _ADMISSION = table_of(ScanRow), table_of(AdmissionRow)
_FILL_SHOWN = (
    update(_SCAN)
    .where(_SCAN.c.id == bindparam("key"), _SCAN.c.shown_verdict.is_(None))
    .values({name: bindparam(name) for name in ("shown_verdict", "shown_reason", "shown_confirmed")})
)
_UNKNOWN = Holder()


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to one scan: how it is stored, and the badge to name. `conflict` answers another content."""

    row: StoredScan
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
    newest_key = newest_key_number(session)
    return record_all(session.connection(), [(desk, arrival) for arrival in arrivals], newest_key)


def record_all(connection: Connection, sent: Sequence[tuple[Desk, Arrival]], newest_key: int) -> list[Told]:
    """As `record`, for what several devices sent. `newest_key`: the badge key that signs now.

    Raises IntegrityError when another process stores one of the same ids at this moment with another badge in it.
    """
    told: list[Told] = []
    for start in range(0, len(sent), MOST_AT_ONCE):
        told += _Batch(sent[start : start + MOST_AT_ONCE], newest_key).record(connection)
    return told


def quarantine(on: Session | Connection, desk: Desk, arrivals: Sequence[Arrival]) -> list[str]:
    """Keep what a retired tablet sends, each scan once, unjudged; the ids that were kept."""
    table = table_of(QuarantineRow)
    for arrival in arrivals:
        content = arrival.whole()
        row = insert(on, table).values(
            device_id=desk.device.id,
            scan_id=arrival.id,
            digest=_digest(content),
            content=content,
            received_at=desk.now,
        )
        on.execute(row.on_conflict_do_nothing(index_elements=["device_id", "scan_id", "digest"]))
    return [arrival.id for arrival in arrivals]


def admit(connection: Connection, entries: Sequence[tuple[int | None, StoredScan | ScanRow]]) -> None:
    """Make each entry the admission of its person, day and zone, unless an earlier one is: settled by the key."""
    earliest: dict[tuple[Any, ...], StoredScan | ScanRow] = {}
    for person, scan in entries:
        key = (person, scan.day, scan.zone)
        if key not in earliest or (scan.scanned_at, scan.id) < (earliest[key].scanned_at, earliest[key].id):
            earliest[key] = scan
    if not earliest:
        return
    rows = [
        {"visitor_id": person, "day": day, "zone": zone, "at": scan.scanned_at, "scan_id": scan.id, "gate": scan.gate}
        for (person, day, zone), scan in sorted(earliest.items(), key=lambda pair: pair[0])
    ]
    write_rows(connection, _admissions(connection.dialect.name), rows)


@cache
def _admissions(dialect: str) -> ClauseElement:
    """Add admissions, or move them to an earlier entry."""
    add = insert_rows(dialect, _ADMISSION, ("visitor_id", "day", "zone", "at", "scan_id", "gate"))
    new = add.excluded
    return add.on_conflict_do_update(
        index_elements=["visitor_id", "day", "zone"],
        set_={"at": new.at, "scan_id": new.scan_id, "gate": new.gate},
        where=tuple_(new.at, new.scan_id) < tuple_(_ADMISSION.c.at, _ADMISSION.c.scan_id),
    )


@dataclass(slots=True)
class _Batch:
    """Scans that are stored together; what of them is to be written gathers here."""

    sent: Sequence[tuple[Desk, Arrival]]
    newest_key: int
    known: dict[str, StoredScan] = field(default_factory=dict)
    holders: dict[int, Holder] = field(default_factory=dict)
    scans: list[dict[str, Any]] = field(default_factory=list)
    admitted: list[tuple[int | None, StoredScan]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    subjects: list[recounts.Subject] = field(default_factory=list)

    def record(self, connection: Connection) -> list[Told]:
        read = [(desk, arrival, _scan_of(desk, arrival), _claim_of(desk, arrival)) for desk, arrival in self.sent]
        numbers = {claim.number for *_, claim in read if claim and claim.number is not None}
        queries.lock_badges(connection, numbers)
        self.known = queries.stored_scans(connection, [arrival.id for _, arrival in self.sent])
        numbers |= {scan.number for scan in self.known.values() if scan.number is not None}
        days = {desk.programme.event.day_of(scan.scanned_at) for desk, _, scan, _ in read}
        self.holders = queries.holders_of(connection, numbers, days)
        several = {holder.person for holder in self.holders.values() if holder.person and holder.has_several}
        if several:  # by other badges of theirs, which are not locked, somebody may have come meanwhile
            queries.lock_people(connection, several)
            self.holders = queries.holders_of(connection, numbers, days)
        told = [
            self._judge(desk, arrival, scan, claim)
            if arrival.id not in self.known
            else self._repeat(desk, arrival, self.known[arrival.id])
            for desk, arrival, scan, claim in read
        ]
        self._write(connection)
        return told

    def _judge(self, desk: Desk, arrival: Arrival, scan: Scan, claim: Claim | None) -> Told:
        holder = _UNKNOWN if claim is None or claim.number is None else self.holders.get(claim.number, _UNKNOWN)
        found = None if claim is None else reading.match(claim, self.newest_key, holder)
        judgement = _judgement(desk, scan, found, holder)
        row = _row(desk, arrival, scan, judgement, found)
        stored = StoredScan(*[row[name] for name in StoredScan.__slots__])
        self.scans.append(row)
        self.known[arrival.id] = stored
        self.subjects.append((stored.visitor_id and holder.person, stored.id))
        if found is not None and found.scanned is not None and judgement.verdict is not Verdict.REFUSED:
            passage = Passage(
                scan_id=scan.id,
                at=scan.scanned_at,
                zone=judgement.zone,
                gate=scan.gate,
                direction=judgement.direction,
            )
            holder.passages.setdefault(judgement.day, []).append(passage)
            if judgement.verdict is not Verdict.LEFT:
                self.admitted.append((holder.person, stored))
        return Told(stored, found.newest if found else None)

    def _repeat(self, desk: Desk, arrival: Arrival, known: StoredScan) -> Told:
        holder = _UNKNOWN if known.number is None else self.holders.get(known.number, _UNKNOWN)
        badge = next((one for one in holder.issues if one.issue == known.told_issue), None)
        if known.sent != arrival.sent:
            self.conflicts.append(
                {
                    "scan_id": arrival.id,
                    "digest": _digest(arrival.sent),
                    "device_id": desk.device.id,
                    "sent": arrival.sent,
                    "received_at": desk.now,
                }
            )
            return Told(known, badge, conflict=True)
        if known.shown_verdict is None and arrival.shown is not None:
            self.shown.append({"key": known.id, **_shown(arrival.shown)})
            known = self.known[known.id] = replace(known, shown_verdict=arrival.shown.verdict)
            self.subjects.append((known.visitor_id and holder.person, known.id))
        return Told(known, badge, repeated=True)

    def _write(self, connection: Connection) -> None:
        add_many(connection, _SCAN, self.scans)
        admit(connection, self.admitted)
        for fill in self.shown:
            connection.execute(_FILL_SHOWN, fill)
        if self.conflicts:
            add = insert(connection, table_of(ConflictRow))
            connection.execute(add.on_conflict_do_nothing(index_elements=["scan_id", "digest"]), self.conflicts)
        recounts.ask(connection, self.subjects)


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


def _claim_of(desk: Desk, arrival: Arrival) -> Claim | None:
    return reading.read(desk.programme.event, desk.keys, arrival.scan.token) if arrival.scan else None


def _judgement(desk: Desk, scan: Scan, found: Found | None, holder: Holder) -> Judgement:
    if found is None:
        place = policy.place_of(desk.programme.event, scan)
        return Judgement(
            verdict=Verdict.REFUSED, reason=Reason.MALFORMED, day=place.day, zone=place.zone, direction=place.direction
        )
    day = desk.programme.event.day_of(scan.scanned_at)
    passages = holder.passages.get(day, ()) if found.scanned else ()
    return policy.judge(
        desk.programme, scan, Facts(reading=found.reading, badge=found.scanned, days=found.days, passages=passages)
    )


def _row(desk: Desk, arrival: Arrival, scan: Scan, judgement: Judgement, found: Found | None) -> dict[str, Any]:
    """What the table `scan` keeps of it."""
    item: SentScan | None = arrival.scan
    badge, newest = (found.scanned, found.newest) if found else (None, None)
    first, previous = judgement.first, judgement.previous
    return {
        "id": scan.id,
        "device_id": desk.device.id,
        "received_at": desk.now,
        "scanned_at": scan.scanned_at,
        "sent": arrival.sent,
        "clock": item.clock if item else Clock.UNSURE,
        "source": item.source if item else Source.CAMERA,
        "gate": scan.gate,
        "direction": judgement.direction,
        "day": judgement.day,
        "zone": judgement.zone,
        "visitor_id": badge.visitor_id if badge else None,
        "number": found.number if found and newest else None,
        "issue": badge.issue if badge else None,
        "told_issue": newest.issue if newest else None,
        "verdict": judgement.verdict,
        "reason": judgement.reason,
        "check": judgement.check,
        "note": judgement.note,
        "message": judgement.message,
        "first_at": first.at if first else None,
        "first_gate": first.gate if first else None,
        "previous_at": previous.at if previous else None,
        "previous_gate": previous.gate if previous else None,
        "previous_direction": previous.direction if previous else None,
        "staff": item.staff if item else None,
        **_shown(arrival.shown),
    }


def _shown(shown: Shown | None) -> dict[str, Any]:
    if shown is None:
        return {"shown_verdict": None, "shown_reason": None, "shown_confirmed": None}
    return {"shown_verdict": shown.verdict, "shown_reason": shown.reason, "shown_confirmed": shown.confirmed}


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
