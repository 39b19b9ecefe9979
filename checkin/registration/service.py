"""Register a person and issue their badge, once for each form that was sent."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from checkin.badges import service as badges
from checkin.badges.model import Badge, BadgeState
from checkin.database import insert, table_of
from checkin.event.model import Event
from checkin.mail import service as mail
from checkin.registration.tables import SubmissionRow
from checkin.visitors import service as visitors
from checkin.visitors.model import Details, Source, Visitor


def new_form_id() -> str:
    """128 random bits that mark one form on one screen."""
    return secrets.token_hex(16)


def submission_id(form_id: str, details: Details) -> str:
    """What makes two submits *the same*: one form with one content.

    With other content it is another person (a family that goes back in the browser), so nobody is lost.
    """
    return hashlib.sha256(f"{form_id}\0{details!r}".encode()).hexdigest()


def register(
    session: Session,
    event: Event,
    details: Details,
    *,
    form_id: str,
    source: Source,
    secret: str,
    now: datetime,
    by: str,
) -> Visitor:
    """Add this visitor with a badge; a form that was sent before gives the visitor of that time."""
    submission = submission_id(form_id, details)
    table = table_of(SubmissionRow)
    claim = insert(session, table).values(id=submission).on_conflict_do_nothing(index_elements=["id"])
    if session.execute(claim.returning(table.c.id)).first() is None:
        return visitors.get_visitor(session, _visitor_of(session, submission))
    visitor = visitors.add(session, details, source=source, secret=secret, now=now)
    badge = badges.issue(session, event, visitor, now=now, by=by)
    mail.note_badge(session, event, visitor, badge, now=now)
    session.execute(update(table).where(table.c.id == submission).values(visitor_id=visitor.id))
    return visitor


def reprint(
    session: Session,
    event: Event,
    visitor: Visitor,
    *,
    lost: int | None,
    now: datetime,
    by: str,
    actor: str,
    even_if_revoked: bool = False,
) -> Badge:
    """The badge of this visitor after issue `lost` of it was given up (None: they have no badge yet).

    Changes nothing if another issue is current already, so that two presses make one badge, and
    nothing if it was revoked: only an organiser lets such a person in again (`even_if_revoked`).
    """
    visitors.hold(session, visitor.id)
    badge = find_current_badge(session, visitor.id)
    if badge is None:
        return badges.issue(session, event, visitor, now=now, by=by)
    is_revoked = badge.state_at(now) is BadgeState.REVOKED
    if badge.issue != lost or (is_revoked and not even_if_revoked):
        return badge
    return badges.replace(session, event, visitor, now=now, by=by, actor=actor)


def find_current_badge(session: Session, visitor_id: int) -> Badge | None:
    """The newest issue of a visitor's badge, if they have one."""
    try:
        return badges.current_badge(session, visitor_id)
    except badges.NoBadgeError:
        return None


def _visitor_of(session: Session, submission: str) -> int:
    row = session.get_one(SubmissionRow, submission)
    if row.visitor_id is None:
        raise AssertionError("a submission without its visitor was committed")
    return row.visitor_id
