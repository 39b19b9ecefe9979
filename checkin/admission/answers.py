"""Stored judgements as the JSON of the contract (section 5)."""

from __future__ import annotations

from datetime import datetime

from checkin.admission.model import Reason, StoredScan, Verdict
from checkin.admission.service import Told
from checkin.badges.model import Badge
from checkin.event.model import Event


def judgement_json(event: Event, told: Told) -> dict[str, object]:
    """One judgement. Times are local with offset; `visitor` and `badge` are null where nobody is known."""
    row, badge = told.row, told.badge
    if told.conflict:
        return {**_nobody(row), "verdict": Verdict.REFUSED, "reason": Reason.CONFLICT, "repeated": False}
    return {
        "id": row.id,
        "verdict": row.verdict,
        "reason": row.reason,
        "check": row.check,
        "note": row.note,
        "message": row.message,
        "day": row.day.isoformat(),
        "visitor": visitor_json(event, badge),
        "badge": badge_json(event, badge),
        "first": _seen(event, row.first_at, row.first_gate),
        "previous": _seen(event, row.previous_at, row.previous_gate, direction=row.previous_direction),
        "repeated": told.repeated,
    }


def visitor_json(event: Event, badge: Badge | None) -> dict[str, object] | None:
    """Who wears the badge, as printed; without names where the event keeps them off tablets."""
    if badge is None:
        return None
    category = event.category_by_number.get(badge.category)
    named = event.names_on_tablets
    return {
        "name": badge.name if named else "",
        "name_ur": badge.name_ur if named else "",
        "organisation": badge.organisation if named else "",
        "category": category.slug if category else "",
        "category_name": category.name if category else "",
        "category_name_ur": category.name_ur if category else "",
    }


def badge_json(event: Event, badge: Badge | None) -> dict[str, object] | None:
    """Which issue should be worn, and where it was printed."""
    if badge is None:
        return None
    return {"issue": badge.issue, "issued_at": local_text(event, badge.issued_at), "issued_by": badge.issued_by}


def local_text(event: Event, moment: datetime) -> str:
    """A moment on the venue's wall clock, ISO 8601 with offset and milliseconds."""
    return event.local(moment).isoformat(timespec="milliseconds")


def _seen(event: Event, at: datetime | None, gate: str | None, **more: object) -> dict[str, object] | None:
    return None if at is None else {"at": local_text(event, at), "gate": gate, **more}


def _nobody(row: StoredScan) -> dict[str, object]:
    empty = ("check", "note", "visitor", "badge", "first", "previous")
    return {"id": row.id, "message": "", "day": row.day.isoformat(), **dict.fromkeys(empty)}
