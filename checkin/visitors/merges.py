"""Merging two registrations of one person, and taking it back: facts, and whom each double is counted as by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from checkin.visitors import persons, words
from checkin.visitors.model import Merge
from checkin.visitors.tables import DoubleRow, MergeRow, SeparationRow, VisitorRow


class NoSuchMergeError(LookupError):
    """No merge has this id."""


def merge(
    session: Session,
    double_id: int,
    kept_id: int,
    *,
    reason: str,
    correction_id: int | None,
    revoked: bool,
    now: datetime,
    by: str,
) -> Merge:
    """Say that the double is the kept one, with whoever was merged into either. Hold both first; neither is a double.

    `correction_id`: what was written into the kept one with it; `revoked`: the double's badge was revoked with it.
    """
    row = MergeRow(
        double_id=double_id,
        kept_id=kept_id,
        at=now,
        by=by,
        reason=reason,
        correction_id=correction_id,
        revoked=revoked,
    )
    session.add(row)
    session.flush()
    _follow(session, [*persons.whole(session, double_id), *persons.whole(session, kept_id)])
    return get_merge(session, row.id)


def separate(session: Session, merge_id: int, *, now: datetime, by: str) -> bool:
    """Take a merge back: those who were merged into the double go with them. False if it is taken back already."""
    merge = get_merge(session, merge_id)
    if merge.separated_at is not None:
        return False
    everyone = persons.whole(session, merge.kept_id)
    session.add(SeparationRow(merge_id=merge_id, at=now, by=by))
    session.flush()
    _follow(session, everyone)
    return True


def get_merge(session: Session, merge_id: int) -> Merge:
    """The merge with this id. Raises NoSuchMergeError."""
    found = _merges(session, _told().where(MergeRow.id == merge_id))
    if not found:
        raise NoSuchMergeError(merge_id)
    return found[0]


def merges_of(session: Session, visitor_ids: Sequence[int]) -> tuple[Merge, ...]:
    """Every merge of these visitors, whichever side they were, the newest first."""
    sides = or_(MergeRow.double_id.in_(visitor_ids), MergeRow.kept_id.in_(visitor_ids))
    return _merges(session, _told().where(sides).order_by(MergeRow.id.desc()))


def _told() -> Select[MergeRow, SeparationRow | None]:
    return select(MergeRow, SeparationRow).outerjoin(SeparationRow, SeparationRow.merge_id == MergeRow.id)


def _merges(session: Session, asked: Select[MergeRow, SeparationRow | None]) -> tuple[Merge, ...]:
    return tuple(
        Merge(
            id=row.id,
            double_id=row.double_id,
            kept_id=row.kept_id,
            at=row.at,
            by=row.by,
            reason=row.reason,
            correction_id=row.correction_id,
            revoked=row.revoked,
            separated_at=back.at if back else None,
            separated_by=back.by if back else "",
        )
        for row, back in session.execute(asked)
    )


def _follow(session: Session, everyone: Sequence[int]) -> None:
    """Write anew as whom each of these is counted, from the merges of them that stand; and what they are found by."""
    stands = ~exists().where(SeparationRow.merge_id == MergeRow.id)
    mine = select(MergeRow.double_id, MergeRow.kept_id).where(MergeRow.double_id.in_(everyone), stands)
    into = dict(session.execute(mine).all())
    session.execute(delete(DoubleRow).where(DoubleRow.visitor_id.in_(everyone)))
    for double in into:
        kept = double
        while kept in into:
            kept = into[kept]
        session.add(DoubleRow(visitor_id=double, kept_id=kept))
    session.flush()
    words.keep(session.connection(), session.scalars(select(VisitorRow).where(VisitorRow.id.in_(everyone))).all())
