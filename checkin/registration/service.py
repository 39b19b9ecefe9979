"""Register a person and issue their badge, once for each form that was sent."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from checkin.among import among
from checkin.badges import service as badges
from checkin.badges.model import Badge, BadgeState
from checkin.database import insert, table_of
from checkin.event.model import Event
from checkin.mail import service as mail
from checkin.registration.tables import SubmissionRow
from checkin.visitors import service as visitors
from checkin.visitors.model import Details, Source, Visitor

REPLACED = "one person, one badge: a new one was made"


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
    people = {submission_id(form_id, details): details}
    (visitor,) = register_all(session, event, people, source=source, secret=secret, now=now, by=by).values()
    return visitor


def register_all(
    session: Session,
    event: Event,
    people: Mapping[str, Details],
    *,
    source: Source,
    secret: str,
    now: datetime,
    by: str,
) -> dict[str, Visitor]:
    """As `register`, for each of these by their submission's id: a few statements for all."""
    table = table_of(SubmissionRow)
    claim = insert(session, table).on_conflict_do_nothing(index_elements=["id"]).returning(table.c.id)
    # In one order, so that no two wait for each other.
    claimed = set(session.scalars(claim, [{"id": one} for one in sorted(people)]))
    new = [one for one in people if one in claimed]
    added = visitors.add_all(session, [people[one] for one in new], source=source, secret=secret, now=now)
    for visitor, badge in zip(added, badges.issue_first(session, event, added, now=now, by=by), strict=True):
        mail.note_badge(session, event, visitor, badge, now=now)
    made = dict(zip(new, added, strict=True))
    if made:
        of = update(table).where(table.c.id == bindparam("one")).values(visitor_id=bindparam("visitor"))
        whose = [{"one": one, "visitor": visitor.id} for one, visitor in made.items()]
        session.connection().execute(of, whose)
    before = {one: visitors.get_visitor(session, _visitor_of(session, one)) for one in people if one not in claimed}
    return {one: made.get(one) or before[one] for one in people}


def known(session: Session, submissions: Sequence[str]) -> dict[str, int]:
    """Which of these were sent before, and the visitor that each of them made."""
    asked = select(SubmissionRow.id, SubmissionRow.visitor_id).where(among(table_of(SubmissionRow).c.id, "some"))
    rows = session.execute(asked, {"some": list(submissions)})
    return {one: visitor for one, visitor in rows if visitor is not None}


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
    nothing if it was revoked: only an organiser lets such a person in again (`even_if_revoked`). Badges that are good
    of who was merged into the visitor are given up too, since nobody knows which of them was lost.
    """
    visitors.hold(session, visitor.id)
    badge = find_current_badge(session, visitor.id)
    if badge is None:
        made = badges.issue(session, event, visitor, now=now, by=by)
    else:
        is_revoked = badge.state_at(now) is BadgeState.REVOKED
        if badge.issue != lost or (is_revoked and not even_if_revoked):
            return badge
        made = badges.replace(session, event, visitor, now=now, by=by, actor=actor)
    for double in visitors.doubles_of(session, visitor.id):
        give_up(session, double, now=now, actor=actor, reason=REPLACED)
    return made


def give_up(session: Session, visitor_id: int, *, now: datetime, actor: str, reason: str) -> bool:
    """Revoke a visitor's badge if they have a good one; whether they had."""
    badge = find_current_badge(session, visitor_id)
    if badge is None or badge.state_at(now) is not BadgeState.LIVE:
        return False
    badges.revoke(session, visitor_id, now=now, actor=actor, reason=reason)
    return True


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
