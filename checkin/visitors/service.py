"""What can be done with visitors."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from checkin.visitors.links import link_hash, private_link
from checkin.visitors.model import Details, Source, Visitor
from checkin.visitors.queries import find_by_link_hash, get_visitor, search, visitor_of
from checkin.visitors.tables import VisitorRow, VisitorSectorRow

__all__ = ["add", "find_by_link", "get_visitor", "search"]


def add(session: Session, details: Details, *, source: Source, secret: str, now: datetime) -> Visitor:
    """Register a person who has consented at `now`, private link included."""
    fields = asdict(details)
    sectors = [VisitorSectorRow(sector=slug) for slug in fields.pop("sectors")]
    row = VisitorRow(registered_at=now, consented_at=now, source=source, link_version=0, sectors=sectors, **fields)
    session.add(row)
    session.flush()
    row.link_hash = link_hash(private_link(secret, row.id, row.link_version))
    session.flush()
    return visitor_of(row)


def find_by_link(session: Session, link: str) -> Visitor | None:
    """Whose page this private link opens, if anyone's."""
    return find_by_link_hash(session, link_hash(link))
