"""Correct what is known of a person; their badge follows, since it is a snapshot of them. Revoke a badge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from checkin.admission import recounts
from checkin.badges import service as badges
from checkin.badges.model import Badge, BadgeState
from checkin.event.model import Event
from checkin.journal import service as journal
from checkin.mail import service as mail
from checkin.registration.service import find_current_badge, give_up, reprint
from checkin.visitors import service as visitors
from checkin.visitors.model import Correction, Details, Visitor

COUNTED = frozenset({"category", "city", "cluster", "country", "gender", "sectors"})
"""What figures count of a visitor."""
_PRINTED = ("name", "name_ur", "organisation", "designation", "city", "country")


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Who corrects, and when: `by` is for pages, `actor` for the journal."""

    by: str
    actor: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Corrected:
    """The fields that changed, and the new issue of the badge if it had to be replaced."""

    fields: frozenset[str]
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody else changed the person meanwhile: nothing was done. Who they are now."""

    visitor: Visitor


def correct(
    session: Session,
    event: Event,
    visitor_id: int,
    *,
    seen: Details,
    wanted: Details,
    editor: Editor,
    keeps_badge: bool = False,
) -> Corrected | Overtaken:
    """Write `wanted` over what was `seen`, unless it is not so any more; replace the badge where it says otherwise.

    `keeps_badge`: it stays all the same. Journalled. Raises NoSuchVisitorError, IssueOutOfRangeError.
    """
    visitors.hold(session, visitor_id)
    visitor = visitors.get_visitor(session, visitor_id)
    if visitor.details != seen:
        return Overtaken(visitor)
    return write(session, event, visitor_id, wanted, editor, keeps_badge=keeps_badge)


def undo(session: Session, event: Event, correction: Correction, editor: Editor) -> Corrected | Overtaken:
    """Write back what a correction changed, as long as all of it still stands. Journalled. Raises as `correct`."""
    visitors.hold(session, correction.visitor_id)
    visitor = visitors.get_visitor(session, correction.visitor_id)
    if not can_be_undone(correction, visitor, visitors.corrections_of(session, visitor.id)):
        return Overtaken(visitor)
    wanted = visitor.details.with_plain(correction.before)
    return write(session, event, visitor.id, wanted, editor, undoes=correction.id)


def can_be_undone(correction: Correction, visitor: Visitor, among: tuple[Correction, ...]) -> bool:
    """Whether what it wrote is still written, and nobody took it back yet. `among`: the visitor's corrections."""
    now = visitor.details.plain()
    stands = all(now[name] == told for name, told in correction.after.items())
    return stands and all(one.undoes != correction.id for one in among)


def revoke(session: Session, visitor_id: int, *, issue: int, reason: str, editor: Editor) -> bool:
    """Refuse this issue of a badge from now on, and every other one that opens a gate for this person. Journalled.

    False if it is not the current one, or none of them is good.
    """
    visitors.hold(session, visitor_id)
    badge = find_current_badge(session, visitor_id)
    if badge is None or badge.issue != issue:
        return False
    everyone = visitors.whole(session, visitor_id)
    return sum(give_up(session, one, now=editor.now, actor=editor.actor, reason=reason) for one in everyone) > 0


def write(
    session: Session,
    event: Event,
    visitor_id: int,
    wanted: Details,
    editor: Editor,
    *,
    undoes: int | None = None,
    keeps_badge: bool = False,
) -> Corrected:
    """As `correct`, whatever was seen; hold the visitor first. `undoes`: the correction that is taken back."""
    fields = visitors.correct(session, visitor_id, wanted, now=editor.now, by=editor.by, undoes=undoes)
    if not fields:
        return Corrected(fields)
    if fields & COUNTED:
        recounts.ask(session.connection(), [(visitor_id, "")])
    new = None if keeps_badge else _replace(session, event, visitor_id, fields, editor)
    if new is None and "days" in fields:  # the badge stays, and tablets judge by the days that they were told with it
        badges.announce(session, visitors.whole(session, visitor_id))
    journal.record(
        session,
        now=editor.now,
        actor=editor.actor,
        action="visitor.correct" if undoes is None else "visitor.undo_correction",
        subject=f"visitor:{visitor_id}",
        detail={"fields": sorted(fields)},
    )
    return Corrected(fields, new)


def _replace(session: Session, event: Event, visitor_id: int, fields: frozenset[str], editor: Editor) -> Badge | None:
    """The new badge of a person, where a good one says something else of these fields than is known now."""
    visitor = visitors.get_visitor(session, visitor_id)
    found = (find_current_badge(session, one) for one in visitors.whole(session, visitor_id))
    good = [badge for badge in found if badge is not None and badge.state_at(editor.now) is BadgeState.LIVE]
    if not any(_says_otherwise(event, badge, visitor.details, fields) for badge in good):
        return None
    own = find_current_badge(session, visitor_id)
    new = reprint(
        session,
        event,
        visitor,
        lost=own.issue if own else None,
        now=editor.now,
        by=editor.by,
        actor=editor.actor,
        even_if_revoked=True,
    )
    # Whoever printed the old one at home is stopped at the gate with it.
    mail.note_badge(session, event, visitor, new, now=editor.now)
    return new


def _says_otherwise(event: Event, badge: Badge, details: Details, fields: frozenset[str]) -> bool:
    """Whether of these fields this badge, printed from what was known, is not what would be printed now."""
    category = event.category_by_slug[details.category]
    if "category" in fields and badge.category != category.number:
        return True
    if fields & {"category", "days"} and badge.days != event.days_of(category, details.days):
        return True
    return any(getattr(badge, name) != getattr(details, name) for name in _PRINTED if name in fields)
