"""Suspected doubles among those who are registered: each visitor is compared once, and again after a correction.

By the same rules as a list that is imported (`imports.doubles`). Who is on one private page is a family, not a double.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from checkin.database import add_many, insert, table_of
from checkin.event.model import Event
from checkin.imports.doubles import Who, share, who
from checkin.imports.model import Likeness
from checkin.oddities.model import Kind, Oddity
from checkin.oddities.tables import ComparedRow, LikenessRow, OddityRow
from checkin.visitors.tables import CorrectionRow, PartyMemberRow, VisitorRow

MOST: Final = 100  # visitors a transaction
_LOCK: Final = (0x7461, 2)  # of PostgreSQL: one process compares at a time
_CLOSEST: Final = tuple(Likeness)
_ODDITY, _LIKENESS, _COMPARED = (table_of(row) for row in (OddityRow, LikenessRow, ComparedRow))
Key = tuple[str, str]  # likeness, digest


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    registered_at: datetime
    party: int
    who: Who


def compare_some(session: Session, event: Event, most: int = MOST) -> bool:
    """Compare at most `most` of those who wait for it; whether there may be more."""
    if session.get_bind().dialect.name == "postgresql" and not session.scalar(
        select(func.pg_try_advisory_xact_lock(*_LOCK))
    ):
        return False
    new, corrected = _new(session, most), _corrected(session, most)
    people = _people(session, {*new, *corrected})
    _note(session, people.values())
    later = _later(session, corrected) - people.keys()
    people |= _people(session, later)
    _tell(session, event, people)
    return most in {len(new), len(corrected)}


def is_due(session: Session) -> bool:
    """Whether anybody waits to be compared. Reads only."""
    return bool(_new(session, 1) or _corrected(session, 1))


def _new(session: Session, most: int) -> list[int]:
    compared = exists().where(ComparedRow.visitor_id == VisitorRow.id)
    return list(session.scalars(select(VisitorRow.id).where(~compared).order_by(VisitorRow.id).limit(most)))


def _corrected(session: Session, most: int) -> list[int]:
    row = ComparedRow
    since = select(row.visitor_id).join(CorrectionRow, CorrectionRow.visitor_id == row.visitor_id)
    asked = since.where(CorrectionRow.id > row.correction_id).distinct().order_by(row.visitor_id).limit(most)
    return list(session.scalars(asked))


def _people(session: Session, ids: Collection[int]) -> dict[int, _Person]:
    row, party = VisitorRow, PartyMemberRow
    asked = (
        select(row.id, row.registered_at, party.leader_id, row.name, row.organisation, row.phone, row.email, row.group)
        .outerjoin(party, party.visitor_id == row.id)
        .where(row.id.in_(ids))
    )
    return {
        id_: _Person(id_, registered_at, leader or id_, who(*told))
        for id_, registered_at, leader, *told in session.execute(asked)
    }


def _note(session: Session, people: Iterable[_Person]) -> None:
    """What each could be known by again, and that they are compared as they are now."""
    by_id = {one.id: one for one in people}
    session.execute(delete(_LIKENESS).where(_LIKENESS.c.visitor_id.in_(by_id)))
    keys = [(id_, *key) for id_, one in by_id.items() for key in _keys(one)]
    rows = [{"visitor_id": id_, "likeness": likeness, "digest": digest} for id_, likeness, digest in keys]
    add_many(session.connection(), _LIKENESS, rows)
    latest = select(CorrectionRow.visitor_id, func.max(CorrectionRow.id)).where(CorrectionRow.visitor_id.in_(by_id))
    corrections = dict(iter(session.execute(latest.group_by(CorrectionRow.visitor_id))))
    for id_ in by_id:
        row = insert(session, _COMPARED).values(visitor_id=id_, correction_id=corrections.get(id_, 0))
        told = {"correction_id": row.excluded.correction_id}
        session.execute(row.on_conflict_do_update(index_elements=["visitor_id"], set_=told))


def _later(session: Session, corrected: Collection[int]) -> set[int]:
    """Who was told to be like one of these, or is now: they are compared anew with whom is left."""
    if not corrected:
        return set()
    mine, other = LikenessRow.__table__.alias(), LikenessRow.__table__.alias()
    same = (mine.c.likeness == other.c.likeness) & (mine.c.digest == other.c.digest)
    alike = select(other.c.visitor_id).join(mine, same).where(mine.c.visitor_id.in_(corrected))
    told = select(OddityRow.visitor_id).where(
        OddityRow.kind == Kind.DOUBLE, or_(*(OddityRow.other.startswith(f"{one} ") for one in corrected))
    )
    return {one for one in (*session.scalars(alike), *session.scalars(told)) if one is not None}


def _tell(session: Session, event: Event, people: dict[int, _Person]) -> None:
    """Store with whom each of these is alike who was registered before: the closest likeness, then the earliest."""
    keys = {key for one in people.values() for key in _keys(one)}
    row = LikenessRow
    having: defaultdict[Key, list[int]] = defaultdict(list)
    if keys:
        asked = select(row.likeness, row.digest, row.visitor_id).where(tuple_(row.likeness, row.digest).in_(keys))
        for likeness, digest, visitor_id in session.execute(asked.order_by(row.visitor_id)):
            having[likeness, digest].append(visitor_id)
    others = people | _people(session, {id_ for some in having.values() for id_ in some} - people.keys())
    session.execute(delete(_ODDITY).where(_ODDITY.c.subject.in_([_subject(id_) for id_ in people])))
    found = [(one, twin) for one in people.values() if (twin := _twin(one, having, others))]
    rows = [
        {**asdict(_oddity(event, one, *twin)), "kind": Kind.DOUBLE.value, "subject": _subject(one.id)}
        for one, twin in found
    ]
    add_many(session.connection(), _ODDITY, rows)


def _twin(one: _Person, having: dict[Key, list[int]], others: dict[int, _Person]) -> tuple[int, Likeness] | None:
    for likeness, digest in sorted(_keys(one), key=lambda key: _CLOSEST.index(Likeness(key[0]))):
        for id_ in having[likeness, digest]:
            other = others.get(id_)
            if id_ >= one.id or other is None:
                break  # they are told in the order of registration
            if other.party != one.party and not share(one.who, other.who, Likeness(likeness)):
                return id_, Likeness(likeness)
    return None


def _keys(one: _Person) -> list[Key]:
    return [
        (likeness.value, hashlib.blake2b(text.encode(), digest_size=16).hexdigest()) for likeness, text in one.who.keys
    ]


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
