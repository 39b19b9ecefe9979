"""What can be done with badges: issue, replace, revoke; and with the keys that sign them: move to the next."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from checkin.badges import promises
from checkin.badges.keys import MOST_KEYS, KeyRing
from checkin.badges.model import Badge
from checkin.badges.queries import (
    badge_of,
    find_badge,
    find_newest,
    find_number,
    issues_of,
    latest,
    newest_key_number,
    newest_of,
    numbers_of,
    revision,
    whose,
)
from checkin.badges.shortcode import short_code
from checkin.badges.tables import BadgeKeyRow, BadgeNumberRow, BadgeRevisionRow, BadgeRow
from checkin.badges.token import MOST_ISSUE, NUMBER_BITS, IssueOutOfRangeError, make_token
from checkin.database import changed, insert, table_of
from checkin.event.model import Event
from checkin.journal import service as journal
from checkin.visitors import service as visitors
from checkin.visitors.model import Visitor
from checkin.webhooks import service as webhooks
from checkin.webhooks.model import Topic

__all__ = [
    "announce",
    "current_badge",
    "find_badge",
    "find_newest",
    "issue",
    "issue_first",
    "issues_of",
    "latest",
    "newest_key_number",
    "newest_of",
    "next_key",
    "numbers_of",
    "replace",
    "revision",
    "revoke",
    "whose",
]


class NoBadgeError(LookupError):
    """This visitor has no badge yet."""


class NoMoreKeysError(Exception):
    """All sixteen keys that a token can name were taken into use."""

    def __init__(self) -> None:
        super().__init__(f"All {MOST_KEYS} badge keys are in use: badges go on being signed with the last one.")


def issue(session: Session, event: Event, visitor: Visitor, *, now: datetime, by: str) -> Badge:
    """Give a visitor the next issue of their badge, a snapshot of them as they are now.

    The first issue gives them their number for life; a later one replaces the issue before it at `now`.
    Raises IssueOutOfRangeError after 254 reprints.
    """
    visitors.hold(session, visitor.id)
    number = find_number(session, visitor.id)
    if number is None:
        return issue_first(session, event, [visitor], now=now, by=by)[0]
    before = _newest_row(session, number)
    if before.issue >= MOST_ISSUE:
        raise IssueOutOfRangeError(before.issue + 1)
    before.replaced_at = now
    before.revision = _next_revisions(session, 1)[0]
    promises.remember_printed(session, event, event.category_by_slug[visitor.details.category])
    row = _row(event, visitor, number, issue=before.issue + 1, now=now, by=by)
    row.key_number, row.revision = newest_key_number(session), _next_revisions(session, 1)[0]
    session.add(row)
    session.flush()
    return badge_of(row)


def issue_first(
    session: Session, event: Event, people: Sequence[Visitor], *, now: datetime, by: str
) -> tuple[Badge, ...]:
    """Give each of these visitors, none of whom has a number, one and its first issue: a few statements for all.

    They were added in this transaction, or are held by it.
    """
    if not people:
        return ()
    numbers = _new_numbers(session, [visitor.id for visitor in people])
    for slug in sorted({visitor.details.category for visitor in people}):
        promises.remember_printed(session, event, event.category_by_slug[slug])
    rows = [
        _row(event, visitor, number, issue=0, now=now, by=by) for visitor, number in zip(people, numbers, strict=True)
    ]
    key_number = newest_key_number(session)
    for row, change in zip(rows, _next_revisions(session, len(rows)), strict=True):
        row.key_number, row.revision = key_number, change
    session.add_all(rows)
    session.flush()
    return tuple(badge_of(row) for row in rows)


def replace(session: Session, event: Event, visitor: Visitor, *, now: datetime, by: str, actor: str) -> Badge:
    """Print a visitor's badge anew: from `now` on the old one is refused. Journalled. Raises NoBadgeError.

    `by` is what a gate shows of where it was printed (`Desk 2`), `actor` is for the journal (`staff:3`).
    """
    visitors.hold(session, visitor.id)
    old = current_badge(session, visitor.id)
    badge = issue(session, event, visitor, now=now, by=by)
    subject, detail = f"visitor:{visitor.id}", {"issue": old.issue}
    journal.record(session, now=now, actor=actor, action="badge.replace", subject=subject, detail=detail)
    return badge


def revoke(session: Session, visitor_id: int, *, now: datetime, actor: str, reason: str) -> Badge:
    """Refuse a visitor's current badge from `now` on, and say why. Journalled. Raises NoBadgeError."""
    visitors.hold(session, visitor_id)
    row = _newest_row(session, current_badge(session, visitor_id).number)
    row.revoked_at = now
    row.revoked_because = reason
    row.revision = _next_revisions(session, 1)[0]
    session.flush()
    journal.record(session, now=now, actor=actor, action="badge.revoke", subject=f"visitor:{visitor_id}")
    told = {"visitor": visitor_id, "badge": short_code(row.number), "issue": row.issue}
    webhooks.tell(session, Topic.BADGE_REVOKED, told, now=now)
    return badge_of(row)


def announce(session: Session, visitor_ids: Sequence[int]) -> None:
    """Let tablets hear anew what they know of these visitors' badges, which stay as they are: hold the visitors."""
    rows = session.scalars(
        select(BadgeRow).where(BadgeRow.visitor_id.in_(visitor_ids), BadgeRow.replaced_at.is_(None))
    ).all()
    for row, change in zip(rows, _next_revisions(session, len(rows)), strict=True):
        row.revision = change
    session.flush()


def next_key(session: Session, *, now: datetime, actor: str) -> int:
    """Sign with the next key from now on; badges printed before stay good. Its number. Journalled.

    Raises NoMoreKeysError after sixteen.
    """
    number = _take_key(session, now)
    journal.record(session, now=now, actor=actor, action="badge.next_key", detail={"key": number})
    return number


def current_badge(session: Session, visitor_id: int) -> Badge:
    """The newest issue of a visitor's badge. Raises NoBadgeError."""
    number = find_number(session, visitor_id)
    badge = None if number is None else find_newest(session, number)
    if badge is None:
        raise NoBadgeError(visitor_id)
    return badge


def token_of(event: Event, keys: KeyRing, badge: Badge) -> str:
    """What the QR of this badge holds."""
    return make_token(
        event=event.slug,
        key=keys.key(badge.key_number),
        key_number=badge.key_number,
        number=badge.number,
        issue=badge.issue,
        category=badge.category,
    )


def _newest_row(session: Session, number: int) -> BadgeRow:
    return session.scalars(
        select(BadgeRow).where(BadgeRow.number == number).order_by(BadgeRow.issue.desc()).limit(1)
    ).one()


def _row(event: Event, visitor: Visitor, number: int, *, issue: int, now: datetime, by: str) -> BadgeRow:
    """What the badge says; key and revision are filled in when it is stored."""
    details = visitor.details
    category = event.category_by_slug[details.category]
    return BadgeRow(
        visitor_id=visitor.id,
        number=number,
        issue=issue,
        category=category.number,
        days=event.days_of(category, details.days),
        name=details.name,
        name_ur=details.name_ur,
        organisation=details.organisation,
        designation=details.designation,
        city=details.city,
        country=details.country,
        issued_at=now,
        issued_by=by,
        revoked_because="",
    )


def _new_numbers(session: Session, visitor_ids: Sequence[int]) -> tuple[int, ...]:
    """Random numbers that were nobody's, one for each: two alike are likely once a million badges are out."""
    table, given = table_of(BadgeNumberRow), dict[int, int]()
    while missing := [one for one in visitor_ids if one not in given]:
        rows = [{"number": secrets.randbits(NUMBER_BITS), "visitor_id": one} for one in missing]
        new = insert(session, table).on_conflict_do_nothing(index_elements=["number"])
        given |= {visitor: number for number, visitor in session.execute(new.returning(*table.c), rows)}
    return tuple(given[one] for one in visitor_ids)


def _take_key(session: Session, now: datetime) -> int:
    """The next key; of two who move on at once, each takes one of their own."""
    table = table_of(BadgeKeyRow)
    while True:
        number = newest_key_number(session) + 1
        if number >= MOST_KEYS:
            raise NoMoreKeysError
        row = insert(session, table).values(number=number, since=now).on_conflict_do_nothing(index_elements=["number"])
        if changed(session.execute(row)):
            return number


def _next_revisions(session: Session, count: int) -> range:
    """So many revisions, in order, that are nobody else's."""
    table = table_of(BadgeRevisionRow)
    step = insert(session, table).values(id=1, revision=count)
    step = step.on_conflict_do_update(index_elements=["id"], set_={"revision": table.c.revision + count})
    last = int(session.execute(step.returning(table.c.revision)).scalar_one())
    return range(last - count + 1, last + 1)
