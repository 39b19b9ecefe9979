"""Two registrations turn out to be one person, or two people after all. No scan and no judgement is touched by it.

Both badges may stay good: whoever stands in the queue holds one of them, and nobody knows which. A gate judges either
of them as the one person's, so a second entry is a second entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from checkin.admission import settling as admissions
from checkin.badges import service as badges
from checkin.badges.model import Badge, BadgeState
from checkin.event.model import Event
from checkin.journal import service as journal
from checkin.mail import service as mail
from checkin.registration import corrections
from checkin.registration.corrections import Editor
from checkin.registration.service import find_current_badge, give_up, reprint
from checkin.visitors import service as visitors
from checkin.visitors.model import Details, Merge, Visitor

MERGED = "merged with another registration"


class Good(StrEnum):
    """Which badges open the gates after a merge."""

    BOTH = "both"
    KEPT = "kept"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two, as an organiser saw them."""

    visitor: Visitor
    badge: Badge | None

    @property
    def as_seen(self) -> list[object]:
        """What may not have changed since, as JSON can hold it."""
        badge = self.badge
        return [self.visitor.details.plain(), badge and [badge.issue, badge.revoked_at is not None]]


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody else changed one of them meanwhile, or merged one: nothing was done."""


def side(session: Session, visitor_id: int) -> Side:
    """A person as they are now. Raises NoSuchVisitorError."""
    return Side(visitor=visitors.get_visitor(session, visitor_id), badge=find_current_badge(session, visitor_id))


def may_stay(event: Event, one: Side, wanted: Details, now: datetime) -> bool:
    """Whether the badge of one of them can go on being good: of the category that is kept, since gates go by it."""
    if one.badge is None or one.badge.state_at(now) is not BadgeState.LIVE:
        return False
    return one.badge.category == event.category_by_slug[wanted.category].number


def merge(  # noqa: PLR0913 - what an organiser decided
    session: Session,
    event: Event,
    kept_id: int,
    double_id: int,
    *,
    seen: list[list[object]],
    wanted: Details,
    good: Good,
    reason: str,
    editor: Editor,
) -> Merge | Changed:
    """Count the double as the kept one, who is `wanted` from now on. `seen`: both sides' `as_seen`, the kept one first.

    Journalled. Raises NoSuchVisitorError, IssueOutOfRangeError.
    """
    for one in sorted({kept_id, double_id}):
        visitors.hold(session, one)
    sides = [side(session, kept_id), side(session, double_id)]
    is_known = any(visitors.find_kept(session, one) is not None for one in (kept_id, double_id))
    if kept_id == double_id or is_known or [one.as_seen for one in sides] != seen:
        return Changed()
    mine, theirs = visitors.whole(session, kept_id), visitors.whole(session, double_id)
    admissions.hold(session, [*mine, *theirs])
    done = corrections.write(session, event, kept_id, wanted, editor, keeps_badge=True)
    correction_id = visitors.corrections_of(session, kept_id)[0].id if done.fields else None
    revoked = good is not Good.BOTH and _give_up(session, theirs, editor)
    if good is Good.NEW:
        _print(session, event, kept_id, editor)
    made = visitors.merge(
        session,
        double_id,
        kept_id,
        reason=reason,
        correction_id=correction_id,
        revoked=revoked,
        now=editor.now,
        by=editor.by,
    )
    _follow(session, [*mine, *theirs])
    detail = {"double": double_id, "good": good.value, "fields": sorted(done.fields)}
    _journal(session, "visitor.merge", kept_id, detail, editor)
    return made


def separate(session: Session, event: Event, merge_id: int, editor: Editor) -> bool:
    """Two people after all: each has their own scans again. False if that was said before. Journalled.

    What was written into the kept one is taken back where it still stands, and who lost a badge by it gets a new one.
    Raises NoSuchMergeError, IssueOutOfRangeError.
    """
    merge = visitors.get_merge(session, merge_id)
    root = visitors.find_kept(session, merge.kept_id) or merge.kept_id
    for one in sorted({merge.double_id, merge.kept_id, root}):
        visitors.hold(session, one)
    everyone = visitors.whole(session, merge.kept_id)
    admissions.hold(session, everyone)
    if not visitors.separate(session, merge_id, now=editor.now, by=editor.by):
        return False
    known = {one.id: one for one in visitors.corrections_of(session, merge.kept_id)}
    if merge.correction_id in known:
        corrections.undo(session, event, known[merge.correction_id], editor)
    if merge.revoked:
        _print(session, event, merge.double_id, editor)
    _follow(session, everyone)
    _journal(session, "visitor.separate", merge.kept_id, {"double": merge.double_id}, editor)
    return True


def _give_up(session: Session, visitor_ids: tuple[int, ...], editor: Editor) -> bool:
    return sum(give_up(session, one, now=editor.now, actor=editor.actor, reason=MERGED) for one in visitor_ids) > 0


def _print(session: Session, event: Event, visitor_id: int, editor: Editor) -> None:
    """A badge that says what is known now, for whoever lost theirs too."""
    visitor, badge = visitors.get_visitor(session, visitor_id), find_current_badge(session, visitor_id)
    lost = badge.issue if badge else None
    who = {"now": editor.now, "by": editor.by, "actor": editor.actor}
    new = reprint(session, event, visitor, lost=lost, even_if_revoked=True, **who)  # type: ignore[arg-type]
    mail.note_badge(session, event, visitor, new, now=editor.now)


def _follow(session: Session, everyone: tuple[int, ...] | list[int]) -> None:
    """Admissions, figures and tablets hear of it."""
    admissions.settle(session, everyone)
    badges.announce(session, everyone)


def _journal(session: Session, action: str, kept_id: int, detail: Mapping[str, object], editor: Editor) -> None:
    subject = f"visitor:{kept_id}"
    journal.record(session, now=editor.now, actor=editor.actor, action=action, subject=subject, detail=detail)
