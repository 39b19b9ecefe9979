"""One person, ready to show: the prints of their badge, what became of them, and when they came to which gate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from checkin.admission.history import Scanned, scans_of
from checkin.admission.model import Check
from checkin.badges import service as badges
from checkin.badges.model import Badge, BadgeState
from checkin.badges.shortcode import short_code
from checkin.event.model import Direction, Event
from checkin.mail import service as mails
from checkin.organise import mails as mail_lines
from checkin.organise.discrepancies import said
from checkin.organise.merging import Told, told
from checkin.organise.tablets import gate_name
from checkin.organise.words import moment
from checkin.people.queries import days_here
from checkin.printruns import service as printruns
from checkin.printruns.model import Mark
from checkin.registration.calendar import short_day
from checkin.registration.correction_form import CorrectionForm
from checkin.registration.corrections import can_be_undone
from checkin.registration.countries import FIRST, countries
from checkin.visitors import service as visitors
from checkin.visitors.model import Correction, Details, Visitor

MOST_SCANS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One print of the badge. `notes`: what became of it."""

    issue: int
    made: str
    by: str
    state: BadgeState
    notes: tuple[str, ...]
    printed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """One scan of one of their badges. `code`: which badge, where they have several."""

    at: str
    gate: str
    tablet: str
    way: str
    verdict: str
    issue: int | None
    code: str
    notes: tuple[str, ...]
    is_refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One correction. `fields`: what it was of, as it was, as it became."""

    id: int
    at: str
    by: str
    fields: list[tuple[str, str, str]]
    is_undo: bool
    can_be_undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """All that the page of a person shows. `badge`: the newest issue; `leader`: whose page shows theirs too."""

    visitor: Visitor
    badge: Badge | None
    code: str
    is_revoked: bool
    place: str
    days: str
    came: str
    registered: str
    issues: tuple[Issue, ...]
    passings: tuple[Passing, ...]
    has_more: bool
    mails: list[mail_lines.Line]
    can_mail: bool
    changes: tuple[Change, ...]
    leader: Visitor | None
    party: tuple[Visitor, ...]
    merges: tuple[Told, ...]


def person(session: Session, event: Event, visitor_id: int, form: CorrectionForm, now: datetime) -> Shown:
    """Everything of one person. `form` lends its words for fields. Raises NoSuchVisitorError."""
    language = form.page_language
    visitor, issues = visitors.get_visitor(session, visitor_id), badges.issues_of(session, visitor_id)
    everyone = visitors.whole(session, visitor_id)
    scans = scans_of(session, everyone, most=MOST_SCANS + 1)
    leader_id, sent = visitors.find_leader(session, visitor_id), mails.mails_of(session, visitor_id)
    badge = issues[0] if issues else None
    is_revoked = badge is not None and badge.state_at(now) is BadgeState.REVOKED
    is_mailed = badge is not None and any(one.issue == badge.issue for one in sent)
    days = event.days_of(event.category_by_slug[visitor.details.category], visitor.details.days)
    corrections = visitors.corrections_of(session, visitor_id)
    return Shown(
        visitor=visitor,
        badge=badge,
        code=short_code(badge.number) if badge else "",
        is_revoked=is_revoked,
        place=place_of(visitor.details, language),
        days=", ".join(short_day(day, language) for day in days),
        came=", ".join(short_day(day, language) for day in days_here(session, [visitor_id]).get(visitor_id, ())),
        registered=moment(event, visitor.registered_at, now, language),
        issues=tuple(_issue(event, one, printruns.find_mark(session, one), now, language) for one in issues),
        passings=tuple(passing(event, one, now, language, is_several=len(everyone) > 1) for one in scans[:MOST_SCANS]),
        has_more=len(scans) > MOST_SCANS,
        mails=mail_lines.lines(session, sent),
        can_mail=bool(event.mailing and visitor.details.email and badge and not is_revoked and not is_mailed),
        changes=tuple(_change(event, form, one, visitor, corrections, now) for one in corrections),
        leader=None if leader_id is None else visitors.get_visitor(session, leader_id),
        party=visitors.party_of(session, visitor_id)[1:],
        merges=tuple(told(session, event, one, now, language) for one in visitors.merges_of(session, everyone)),
    )


def place_of(details: Details, language: str) -> str:
    """Where they live or work; the country only where it is another one."""
    if details.city and details.country == FIRST:
        return details.city
    country = dict(countries(language)).get(details.country, details.country)
    return ", ".join(part for part in (details.city, country) if part)


def _issue(event: Event, badge: Badge, mark: Mark | None, now: datetime, language: str) -> Issue:
    notes = []
    if badge.revoked_at is not None:
        at = moment(event, badge.revoked_at, now, language)
        notes.append(gettext("Revoked %(moment)s: %(reason)s", moment=at, reason=badge.revoked_because or "–"))
    if badge.replaced_at is not None:
        notes.append(gettext("Replaced %(moment)s", moment=moment(event, badge.replaced_at, now, language)))
    return Issue(
        issue=badge.issue,
        made=moment(event, badge.issued_at, now, language),
        by=badge.issued_by,
        state=badge.state_at(now),
        notes=tuple(notes),
        printed=f"{moment(event, mark.at, now, language)} · {mark.by}" if mark else "",
    )


def passing(event: Event, scan: Scanned, now: datetime, language: str, *, is_several: bool = False) -> Passing:
    notes = [gettext("Check name: used a few minutes before")] if scan.check is Check.TOO_SOON else []
    for fact, words in (
        (scan.undone, gettext("undone")),
        (scan.overridden, gettext("let in by a supervisor")),
    ):
        if fact is not None:
            told = f"{words}, {moment(event, fact.at, now, language)}"
            notes.append(f"{told}: {fact.reason}" if fact.reason else told)
    return Passing(
        at=moment(event, scan.at, now, language),
        gate=gate_name(event, scan.gate, language) if scan.gate else gettext("no gate"),
        tablet=scan.tablet,
        way=gettext("in") if scan.direction is Direction.IN else gettext("out"),
        verdict=said(scan.verdict, scan.reason),
        issue=scan.issue,
        code=short_code(scan.number) if is_several and scan.number is not None else "",
        notes=tuple(notes),
        is_refused=scan.reason is not None and scan.overridden is None,
    )


def _change(
    event: Event,
    form: CorrectionForm,
    correction: Correction,
    visitor: Visitor,
    among: tuple[Correction, ...],
    now: datetime,
) -> Change:
    return Change(
        id=correction.id,
        at=moment(event, correction.at, now, form.page_language),
        by=correction.by,
        fields=form.differences(correction.before, correction.after),
        is_undo=correction.undoes is not None,
        can_be_undone=can_be_undone(correction, visitor, among),
    )
