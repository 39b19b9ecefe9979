"""Suspected doubles among those who are registered: each visitor is compared once, and again after a correction.

By the same rules as a list that is imported (`imports.doubles`). Who is on one private page is a family, not a double.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Final

from sqlalchemy import bindparam, delete, exists, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ClauseElement

from checkin.among import among
from checkin.database import add_many, insert_rows, table_of, write_rows
from checkin.event.model import Event
from checkin.imports.doubles import Who, share, who
from checkin.imports.model import Likeness
from checkin.oddities.model import Kind, Oddity
from checkin.oddities.tables import ComparedRow, LikenessRow, OddityRow
from checkin.visitors.tables import CorrectionRow, PartyMemberRow, VisitorRow

MOST: Final = 40  # visitors a transaction: it is over in some 10 ms, so that no scan waits long
RECENT: Final = 5_000  # numbers among which one may commit late; all before them were compared in their order
_LOCK: Final = (0x7461, 2)  # of PostgreSQL: one process compares at a time
_CLOSEST: Final = tuple(Likeness)
_ODDITY, _LIKENESS, _COMPARED, _VISITOR = (table_of(row) for row in (OddityRow, LikenessRow, ComparedRow, VisitorRow))
_CORRECTION, _PARTY = table_of(CorrectionRow).c, table_of(PartyMemberRow).c
_TOLD = ("name", "organisation", "phone", "email", "group")
# Statements are made once: compiling one costs more than running it.
_NEW = (
    select(_VISITOR.c.id)
    .where(
        _VISITOR.c.id > select(func.coalesce(func.max(_COMPARED.c.visitor_id), 0) - RECENT).scalar_subquery(),
        ~exists().where(_COMPARED.c.visitor_id == _VISITOR.c.id),
    )
    .order_by(_VISITOR.c.id)
    .limit(bindparam("most"))
)
_CORRECTED = (
    select(_COMPARED.c.visitor_id)
    .join(_CORRECTION.id.table, _CORRECTION.visitor_id == _COMPARED.c.visitor_id)
    .where(
        _CORRECTION.id > select(func.max(_CORRECTION.id) - RECENT).scalar_subquery(),
        _CORRECTION.id > _COMPARED.c.correction_id,
    )
    .distinct()
    .order_by(_COMPARED.c.visitor_id)
    .limit(bindparam("most"))
)
_PEOPLE = (
    select(_VISITOR.c.id, _VISITOR.c.registered_at, _PARTY.leader_id, *(_VISITOR.c[name] for name in _TOLD))
    .outerjoin(_PARTY.leader_id.table, _PARTY.visitor_id == _VISITOR.c.id)
    .where(among(_VISITOR.c.id, "ids"))
)
_CORRECTIONS = (
    select(_CORRECTION.visitor_id, func.max(_CORRECTION.id))
    .where(among(_CORRECTION.visitor_id, "ids"))
    .group_by(_CORRECTION.visitor_id)
)
_HAVING = (
    select(_LIKENESS.c.digest, _LIKENESS.c.visitor_id)
    .where(among(_LIKENESS.c.digest, "digests"))
    .order_by(_LIKENESS.c.visitor_id)
)
_FORGET = delete(_LIKENESS).where(among(_LIKENESS.c.visitor_id, "ids"))
_UNTELL = delete(_ODDITY).where(among(_ODDITY.c.subject, "subjects"))
_HAS_TURN = select(func.pg_try_advisory_xact_lock(*_LOCK))


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    registered_at: datetime
    party: int
    who: Who
    digests: tuple[str, ...]


def compare_some(session: Session, event: Event, most: int = MOST) -> bool:
    """Compare at most `most` of those who wait for it; whether there may be more."""
    if session.get_bind().dialect.name == "postgresql" and not session.scalar(_HAS_TURN):
        return False
    new, corrected = _ids(session, _NEW, most), _ids(session, _CORRECTED, most)
    if not new and not corrected:
        return False
    people = _people(session, {*new, *corrected})
    _note(session, people.values())
    people |= _people(session, _later(session, people, corrected) - people.keys())
    _tell(session, event, people)
    return most in {len(new), len(corrected)}


def is_due(session: Session) -> bool:
    """Whether anybody waits to be compared. Reads only, and little."""
    return bool(_ids(session, _NEW, 1) or _ids(session, _CORRECTED, 1))


def _ids(session: Session, asked: ClauseElement, most: int) -> list[int]:
    return list(session.scalars(asked, {"most": most}))  # type: ignore[call-overload]


def _people(session: Session, ids: Collection[int]) -> dict[int, _Person]:
    found = {}
    for id_, registered_at, leader, *told in session.execute(_PEOPLE, {"ids": list(ids)}) if ids else ():
        person = who(*told)
        digests = tuple(_digest(likeness, text) for likeness, text in person.keys)
        found[id_] = _Person(id_, registered_at, leader or id_, person, digests)
    return found


def _digest(likeness: Likeness, text: str) -> str:
    return f"{likeness} {hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"


def _likeness(digest: str) -> Likeness:
    return Likeness(digest.partition(" ")[0])


def _note(session: Session, people: Iterable[_Person]) -> None:
    """What each could be known by again, and that they are compared as they are now."""
    by_id, connection = {one.id: one for one in people}, session.connection()
    connection.execute(_FORGET, {"ids": list(by_id)})
    rows = [{"visitor_id": one.id, "digest": digest} for one in by_id.values() for digest in one.digests]
    add_many(connection, _LIKENESS, rows)
    corrections: dict[int, int] = dict(iter(connection.execute(_CORRECTIONS, {"ids": list(by_id)})))
    compared = [{"visitor_id": id_, "correction_id": corrections.get(id_, 0)} for id_ in by_id]
    write_rows(connection, _comparing(connection.dialect.name), compared)


def _later(session: Session, people: Mapping[int, _Person], corrected: Collection[int]) -> set[int]:
    """Who was told to be like one who was corrected, or is like them now: they are compared anew."""
    if not corrected:
        return set()
    digests = {digest for id_ in corrected for digest in people[id_].digests}
    alike = {id_ for _, id_ in session.execute(_HAVING, {"digests": sorted(digests)})}
    told = select(OddityRow.visitor_id).where(
        OddityRow.kind == Kind.DOUBLE, or_(*(OddityRow.other.startswith(f"{one} ") for one in corrected))
    )
    return alike | {one for one in session.scalars(told) if one is not None}


def _tell(session: Session, event: Event, people: Mapping[int, _Person]) -> None:
    """Store with whom each of these is alike who was registered before: the closest likeness, then the earliest."""
    having: defaultdict[str, list[int]] = defaultdict(list)
    digests = {digest for one in people.values() for digest in one.digests}
    for digest, visitor_id in session.execute(_HAVING, {"digests": sorted(digests)}):
        having[digest].append(visitor_id)
    alike = {id_ for some in having.values() if len(some) > 1 for id_ in some}
    others = dict(people) | _people(session, alike - people.keys())
    session.execute(_UNTELL, {"subjects": [_subject(id_) for id_ in people]})
    found = [(one, twin) for one in people.values() if (twin := _twin(one, having, others))]
    rows = [
        {**asdict(_oddity(event, one, *twin)), "kind": Kind.DOUBLE.value, "subject": _subject(one.id)}
        for one, twin in found
    ]
    add_many(session.connection(), _ODDITY, rows)


def _twin(one: _Person, having: Mapping[str, list[int]], others: Mapping[int, _Person]) -> tuple[int, Likeness] | None:
    for digest in sorted(one.digests, key=lambda digest: _CLOSEST.index(_likeness(digest))):
        for id_ in having[digest]:
            if id_ >= one.id:
                break  # they are told in the order of registration
            other = others[id_]
            if other.party != one.party and not share(one.who, other.who, _likeness(digest)):
                return id_, _likeness(digest)
    return None


def _oddity(event: Event, one: _Person, twin_id: int, likeness: Likeness) -> Oddity:
    return Oddity(
        kind=Kind.DOUBLE,
        key=f"{one.id} {twin_id}",
        at=one.registered_at,
        day=event.day_of(one.registered_at),
        visitor_id=one.id,
        other=f"{twin_id} {likeness.value}",
    )


def _subject(visitor_id: int) -> str:
    return f"double {visitor_id}"


@cache
def _comparing(dialect: str) -> ClauseElement:
    add = insert_rows(dialect, _COMPARED, ("visitor_id", "correction_id"))
    told = {"correction_id": add.excluded.correction_id}
    return add.on_conflict_do_update(index_elements=["visitor_id"], set_=told)
