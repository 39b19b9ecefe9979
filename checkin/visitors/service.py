"""What can be done with visitors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from checkin.database import insert, table_of
from checkin.visitors import words
from checkin.visitors.links import link_hash, private_link
from checkin.visitors.merges import NoSuchMergeError, get_merge, merge, merges_of, separate
from checkin.visitors.model import Details, Source, Visitor
from checkin.visitors.persons import doubles_among, doubles_of, find_kept, whole
from checkin.visitors.queries import (
    alike,
    by_ids,
    contacts,
    corrections_of,
    find_by_link_hash,
    find_leader,
    get_visitor,
    party_of,
    party_size,
    search,
    visitor_of,
)
from checkin.visitors.tables import CorrectionRow, PartyMemberRow, VisitorRow, VisitorSectorRow

__all__ = [
    "MOST_OF_A_PARTY",
    "NoSuchMergeError",
    "add",
    "add_all",
    "alike",
    "by_ids",
    "contacts",
    "correct",
    "corrections_of",
    "doubles_among",
    "doubles_of",
    "find_by_link",
    "find_kept",
    "find_leader",
    "get_merge",
    "get_visitor",
    "hold",
    "join_party",
    "merge",
    "merges_of",
    "party_of",
    "search",
    "separate",
    "whole",
]

MOST_OF_A_PARTY = 50  # a page that is swiped through; greater delegations are imported from a list


class PartyFullError(Exception):
    """This page shows as many badges as one page may."""


def add(session: Session, details: Details, *, source: Source, secret: str, now: datetime) -> Visitor:
    """Register a person who has consented at `now`, private link included."""
    return add_all(session, [details], source=source, secret=secret, now=now)[0]


def add_all(
    session: Session, people: Sequence[Details], *, source: Source, secret: str, now: datetime
) -> tuple[Visitor, ...]:
    """As `add` for each, in their order, with a few statements for all."""
    rows = [_row(details, source, now) for details in people]
    session.add_all(rows)
    session.flush()
    for row in rows:
        row.link_hash = link_hash(private_link(secret, row.id, row.link_version))
    session.flush()
    words.keep(session.connection(), rows, are_new=True)
    return tuple(visitor_of(row) for row in rows)


def correct(
    session: Session, visitor_id: int, details: Details, *, now: datetime, by: str, undoes: int | None = None
) -> frozenset[str]:
    """Write other details of a visitor, and what they were before; the names of the fields that changed.

    `undoes`: the correction that is taken back. Hold the visitor first. Raises NoSuchVisitorError.
    """
    before, after = get_visitor(session, visitor_id).details.plain(), details.plain()
    changed = sorted(name for name, told in after.items() if told != before[name])
    if not changed:
        return frozenset()
    row = session.get_one(VisitorRow, visitor_id)
    for name in changed:
        if name == "sectors":
            row.sectors = [VisitorSectorRow(sector=slug) for slug in details.sectors]
        else:
            setattr(row, name, getattr(details, name))
    told = {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}
    session.add(CorrectionRow(visitor_id=visitor_id, at=now, by=by, undoes=undoes, **told))
    session.flush()
    words.keep(session.connection(), [row])
    return frozenset(changed)


def find_by_link(session: Session, link: str) -> Visitor | None:
    """Whose page this private link opens, if anyone's."""
    return find_by_link_hash(session, link_hash(link))


def hold(session: Session, visitor_id: int) -> None:
    """Let whoever else would change this visitor's badge or party wait until this transaction ends.

    First in a transaction, so that no two wait for each other. Scans do not wait.
    """
    session.execute(select(VisitorRow.id).where(VisitorRow.id == visitor_id).with_for_update(key_share=True))


def join_party(session: Session, leader_id: int, visitor_id: int) -> None:
    """Show `visitor_id` on the leader's page too; harmless where they are of a party. Raises PartyFullError."""
    if visitor_id == leader_id or session.get(PartyMemberRow, visitor_id) is not None:
        return
    hold(session, leader_id)
    if party_size(session, leader_id) >= MOST_OF_A_PARTY:
        raise PartyFullError
    row = insert(session, table_of(PartyMemberRow)).values(visitor_id=visitor_id, leader_id=leader_id)
    # The same form sent twice at once: the first has done it.
    session.execute(row.on_conflict_do_nothing(index_elements=["visitor_id"]))


def _row(details: Details, source: Source, now: datetime) -> VisitorRow:
    told = {one.name: getattr(details, one.name) for one in fields(details)}
    sectors = [VisitorSectorRow(sector=slug) for slug in told.pop("sectors")]
    return VisitorRow(registered_at=now, consented_at=now, source=source, link_version=0, sectors=sectors, **told)
