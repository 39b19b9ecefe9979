"""Reading lists of people; for speed it reads the tables of visitors, badges and admissions, as printing does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from checkin.admission.tables import AdmissionRow
from checkin.attendance.policy import city_key
from checkin.badges.queries import newest_of
from checkin.badges.tables import BadgeRow
from checkin.people.model import UNDECLARED, Filters, Listed, Standing
from checkin.printruns.queries import is_marked
from checkin.registration.queries import who
from checkin.visitors.persons import is_double
from checkin.visitors.queries import visitor_of
from checkin.visitors.tables import VisitorRow, VisitorSectorRow


def people(
    session: Session, filters: Filters, typed: str = "", *, before: int | None = None, most: int
) -> tuple[Listed, ...]:
    """Whom the filters let through and the words mean, newest first, at most `most`; `before`: where to go on."""
    wanted = list(_conditions(session, filters))
    if typed:
        wanted.append(who(typed))
    if before is not None:
        wanted.append(VisitorRow.id < before)
    rows = session.scalars(select(VisitorRow).where(*wanted).order_by(VisitorRow.id.desc()).limit(most)).all()
    ids = [row.id for row in rows]
    badges, printed, came = newest_of(session, ids), _printed(session, ids), days_here(session, ids)
    return tuple(
        Listed(
            visitor=visitor_of(row),
            badge=badges.get(row.id),
            is_printed=row.id in printed,
            came=came.get(row.id, ()),
        )
        for row in rows
    )


def days_here(session: Session, visitors: Collection[int]) -> dict[int, tuple[date, ...]]:
    """On which days each of these visitors was let in, to whatever zone."""
    found: defaultdict[int, list[date]] = defaultdict(list)
    mine = AdmissionRow.visitor_id.in_(visitors)
    days = select(AdmissionRow.visitor_id, AdmissionRow.day).where(mine).distinct().order_by(AdmissionRow.day)
    for visitor, day in session.execute(days):
        found[visitor].append(day)
    return {visitor: tuple(came) for visitor, came in found.items()}


def _conditions(session: Session, filters: Filters) -> Iterator[ColumnElement[bool]]:
    yield ~is_double(VisitorRow.id)
    yield from _declared(session, filters)
    if filters.days:
        yield exists().where(AdmissionRow.visitor_id == VisitorRow.id, AdmissionRow.day.in_(filters.days))
    if filters.printed is not None:
        marked = is_marked(BadgeRow.id)
        yield exists().where(*_newest(Standing.LIVE), marked if filters.printed else ~marked)
    if filters.state is Standing.NONE:
        yield ~exists().where(BadgeRow.visitor_id == VisitorRow.id)
    elif filters.state is not None:
        yield exists().where(*_newest(filters.state))


def _declared(session: Session, filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.categories:
        yield VisitorRow.category.in_(filters.categories)
    if filters.country:
        yield VisitorRow.country == ("" if filters.country == UNDECLARED else filters.country)
    if filters.city:
        yield VisitorRow.city.in_(_spellings(session, filters.city))
    if filters.gender:
        yield VisitorRow.gender == filters.gender
    if filters.sector:
        of_visitor = VisitorSectorRow.visitor_id == VisitorRow.id
        yield exists().where(of_visitor, VisitorSectorRow.sector == filters.sector)
    if filters.cluster:
        yield VisitorRow.cluster == filters.cluster


def _spellings(session: Session, city: str) -> list[str]:
    """How people wrote a city: what a count has under one name."""
    key = "" if city == UNDECLARED else city
    return [one for one in session.scalars(select(VisitorRow.city).distinct()) if city_key(one) == key]


def _newest(state: Standing) -> tuple[ColumnElement[bool], ...]:
    """Of the newest issue of a visitor's badge, that it is good or that it was revoked."""
    revoked = BadgeRow.revoked_at.is_(None) if state is Standing.LIVE else BadgeRow.revoked_at.is_not(None)
    return (BadgeRow.visitor_id == VisitorRow.id, BadgeRow.replaced_at.is_(None), revoked)


def _printed(session: Session, visitors: Collection[int]) -> frozenset[int]:
    """Whose newest issue is on paper, of these."""
    newest = (BadgeRow.visitor_id.in_(visitors), BadgeRow.replaced_at.is_(None))
    return frozenset(session.scalars(select(BadgeRow.visitor_id).where(*newest, is_marked(BadgeRow.id))))
