"""Reading visitors."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from checkin.visitors.model import Contact, Correction, Details, Gender, Source, Visitor
from checkin.visitors.persons import is_double, person
from checkin.visitors.tables import CorrectionRow, DoubleRow, PartyMemberRow, VisitorRow
from checkin.visitors.words import meant_by


class NoSuchVisitorError(LookupError):
    """No visitor has this id."""


def get_visitor(session: Session, visitor_id: int) -> Visitor:
    """The visitor with this id. Raises NoSuchVisitorError."""
    row = session.get(VisitorRow, visitor_id)
    if row is None:
        raise NoSuchVisitorError(visitor_id)
    return visitor_of(row)


def by_ids(session: Session, ids: Collection[int]) -> dict[int, Details]:
    """What these visitors told us, by id; who is nobody's is left out."""
    rows = session.scalars(select(VisitorRow).where(VisitorRow.id.in_(ids)))
    return {row.id: visitor_of(row).details for row in rows}


def contacts(session: Session) -> Iterator[Contact]:
    """Everyone, as far as it tells them from others: some hundred thousand, never all in memory.

    Of a person with doubles each registration, under the one number that they are counted by.
    """
    row = VisitorRow
    asked = select(person(row.id).label("id"), row.name, row.organisation, row.phone, row.email, row.group)
    asked = asked.select_from(row).outerjoin(DoubleRow, DoubleRow.visitor_id == row.id)
    for one in session.execute(asked.execution_options(yield_per=2000)):
        yield Contact(**one._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def find_by_link_hash(session: Session, link_hash: str) -> Visitor | None:
    """The visitor whose private link has this SHA-256, if any."""
    row = session.scalar(select(VisitorRow).where(VisitorRow.link_hash == link_hash))
    return None if row is None else visitor_of(row)


def search(session: Session, who: ColumnElement[bool], *, most: int = 30) -> tuple[Visitor, ...]:
    """The visitors of whom this holds (`words.meant_by`), newest first, at most `most`."""
    rows = session.scalars(select(VisitorRow).where(who).order_by(VisitorRow.id.desc()).limit(most))
    return tuple(visitor_of(row) for row in rows)


def alike(session: Session, visitor: Visitor, *, most: int = 20) -> tuple[Visitor, ...]:
    """Who may be the same person: with the same phone or e-mail, or found by the same name; newest first."""
    details = visitor.details
    same = [meant_by(details.name)]
    same += [VisitorRow.phone == details.phone] if details.phone else []
    same += [func.lower(VisitorRow.email) == details.email.lower()] if details.email else []
    return search(session, and_(VisitorRow.id != visitor.id, ~is_double(VisitorRow.id), or_(*same)), most=most)


def find_leader(session: Session, visitor_id: int) -> int | None:
    """Whose page shows this visitor too, if another's does."""
    return session.scalar(select(PartyMemberRow.leader_id).where(PartyMemberRow.visitor_id == visitor_id))


def corrections_of(session: Session, visitor_id: int) -> tuple[Correction, ...]:
    """What was corrected of a visitor, newest first."""
    rows = session.scalars(
        select(CorrectionRow).where(CorrectionRow.visitor_id == visitor_id).order_by(CorrectionRow.id.desc())
    )
    return tuple(
        Correction(
            id=row.id,
            visitor_id=row.visitor_id,
            at=row.at,
            by=row.by,
            before=row.before,
            after=row.after,
            undoes=row.undoes,
        )
        for row in rows
    )


def party_of(session: Session, leader_id: int) -> tuple[Visitor, ...]:
    """Whom this visitor's page shows: themselves first, then those who joined them, in the order of registration."""
    members = select(PartyMemberRow.visitor_id).where(PartyMemberRow.leader_id == leader_id)
    rows = session.scalars(
        select(VisitorRow)
        .where(or_(VisitorRow.id == leader_id, VisitorRow.id.in_(members)))
        .order_by(VisitorRow.id != leader_id, VisitorRow.id)
    )
    return tuple(visitor_of(row) for row in rows)


def party_size(session: Session, leader_id: int) -> int:
    """How many badges this visitor's page shows, their own included."""
    members = select(func.count()).select_from(PartyMemberRow).where(PartyMemberRow.leader_id == leader_id)
    return 1 + (session.scalar(members) or 0)


def visitor_of(row: VisitorRow) -> Visitor:
    """The row as a visitor."""
    return Visitor(
        id=row.id,
        registered_at=row.registered_at,
        consented_at=row.consented_at,
        source=Source(row.source),
        link_version=row.link_version,
        details=Details(
            name=row.name,
            name_ur=row.name_ur,
            organisation=row.organisation,
            designation=row.designation,
            category=row.category,
            country=row.country,
            city=row.city,
            phone=row.phone,
            email=row.email,
            gender=Gender(row.gender),
            sectors=tuple(sorted(entry.sector for entry in row.sectors)),
            cluster=row.cluster,
            stand=row.stand,
            days=row.days,
            language=row.language,
            group=row.group,
            consent_exhibitors=row.consent_exhibitors,
            consent_news=row.consent_news,
            consent_photo=row.consent_photo,
        ),
    )
