"""Undo and override: new facts about a stored scan, never changes to it. Both idempotent."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from checkin.admission import recounts
from checkin.admission.model import Verdict
from checkin.admission.queries import entries, lock_badges, lock_people
from checkin.admission.service import admit
from checkin.admission.tables import AdmissionRow, OverrideRow, ScanRow, UndoRow
from checkin.database import changed, insert, table_of
from checkin.devices.model import Device
from checkin.event.model import Direction
from checkin.visitors import service as visitors

UNDO_WITHIN = timedelta(minutes=5)


class Outcome(Enum):
    """What became of an undo or an override."""

    DONE = auto()
    NOT_YET = auto()  # the scan has not arrived: the tablet tries again behind it
    NOT_YOURS = auto()
    TOO_LATE = auto()
    CONFLICT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One undo or override as it was sent. `device` None: an organiser did it, not a tablet."""

    id: str
    scan_id: str
    at: datetime
    reason: str
    by: str
    device: Device | None
    now: datetime


def undo(session: Session, correction: Correction) -> Outcome:
    """Take a scan back; its admission moves to the next earliest entry, or ends."""
    known = _known(session, UndoRow, correction)
    if known is not None:
        return known
    scan = session.get(ScanRow, correction.scan_id)
    if scan is None:
        return Outcome.NOT_YET
    if correction.device is not None:
        if scan.device_id != correction.device.id:
            return Outcome.NOT_YOURS
        if correction.at - scan.scanned_at > UNDO_WITHIN:
            return Outcome.TOO_LATE
    _hold(session, scan)
    if not _keep(session, UndoRow, correction):
        return _known(session, UndoRow, correction) or Outcome.CONFLICT
    _settle(session, scan)
    return Outcome.DONE


def find_override(session: Session, override_id: str) -> bool:
    """Whether this override is stored already: a resend needs no PIN again."""
    return session.get(OverrideRow, override_id) is not None


def receipt_of(secret: str, correction: Correction) -> str:
    """Proof that the PIN was right once: a server put back knows its secret, and not the override that it let be."""
    said = f"override{correction.id}{correction.scan_id}"  # both are UUIDs: always of one length
    return hmac.new(secret.encode(), said.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def is_receipt(secret: str, correction: Correction, receipt: str | None) -> bool:
    """Whether this is the receipt of this override; takes the same time either way."""
    return receipt is not None and hmac.compare_digest(receipt, receipt_of(secret, correction))


def override(session: Session, correction: Correction) -> Outcome:
    """Let a refused person in; counts as an entry when the scan led in. Whoever calls has checked the PIN."""
    known = _known(session, OverrideRow, correction)
    if known is not None:
        return known
    scan = session.get(ScanRow, correction.scan_id)
    if scan is None:
        return Outcome.NOT_YET
    _hold(session, scan)
    if not _keep(session, OverrideRow, correction):
        return _known(session, OverrideRow, correction) or Outcome.CONFLICT
    if scan.verdict == Verdict.REFUSED:
        _settle(session, scan)
    return Outcome.DONE


def _known(session: Session, kind: type[UndoRow | OverrideRow], correction: Correction) -> Outcome | None:
    """What a resend is answered; None for a correction that is not stored."""
    scan_id = session.scalar(select(kind.scan_id).where(kind.id == correction.id))
    if scan_id is None:
        return None
    return Outcome.DONE if scan_id == correction.scan_id else Outcome.CONFLICT


def _keep(session: Session, kind: type[UndoRow | OverrideRow], correction: Correction) -> bool:
    """Store it; False if it came twice at once and the other was quicker."""
    fact = {
        "id": correction.id,
        "scan_id": correction.scan_id,
        "at": correction.at,
        "received_at": correction.now,
        "by": correction.by,
        "reason": correction.reason,
    }
    new = insert(session, table_of(kind)).values(fact).on_conflict_do_nothing(index_elements=["id"])
    return changed(session.execute(new)) > 0


def _hold(session: Session, scan: ScanRow) -> None:
    """Let no other process judge scans of this person meanwhile: their admission is worked out anew."""
    if scan.number is not None:
        lock_badges(session.connection(), [scan.number])
    if scan.visitor_id is not None:
        person, *doubles = visitors.whole(session, scan.visitor_id)
        if doubles:
            lock_people(session.connection(), [person])


def _settle(session: Session, scan: ScanRow) -> None:
    """Work the admission of the scan's person, day and zone out anew from the facts."""
    everyone = () if scan.visitor_id is None else visitors.whole(session, scan.visitor_id)
    person = everyone[0] if everyone else None
    recounts.ask(session.connection(), [(person, scan.id)])
    if person is None or scan.direction != Direction.IN:
        return
    session.execute(
        delete(AdmissionRow).where(
            AdmissionRow.visitor_id == person, AdmissionRow.day == scan.day, AdmissionRow.zone == scan.zone
        )
    )
    earliest = session.scalar(
        select(ScanRow)
        .where(ScanRow.visitor_id.in_(everyone), ScanRow.day == scan.day, ScanRow.zone == scan.zone, entries())
        .order_by(ScanRow.scanned_at, ScanRow.id)
        .limit(1)
    )
    if earliest is not None:
        admit(session.connection(), [(person, earliest)])
