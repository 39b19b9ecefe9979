"""The words that visitors are found by: kept beside them, and looked up by their beginnings."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, false, or_, select

from checkin.among import among
from checkin.database import add_many, table_of
from checkin.visitors.folding import beginnings, words_of
from checkin.visitors.tables import VisitorRow, VisitorWordRow

FEWEST_LETTERS = 2
_WORD = table_of(VisitorWordRow)
_FORGET = delete(_WORD).where(among(_WORD.c.visitor_id, "visitors"))
_LAST = "\U0010ffff"  # stands after every letter


def keep(connection: Connection, visitors: Iterable[VisitorRow], *, are_new: bool = False) -> None:
    """Let these visitors be found by what is written of them now; in the transaction that writes them."""
    rows = list(visitors)
    if not are_new:
        connection.execute(_FORGET, {"visitors": [row.id for row in rows]})
    texts = ((row.id, words_of((row.name, row.name_ur, row.organisation), row.phone)) for row in rows)
    add_many(connection, _WORD, [{"word": word, "visitor_id": id_} for id_, words in texts for word in sorted(words)])


def meant_by(typed: str) -> ColumnElement[bool]:
    """That a visitor is meant: each word typed begins a word of their names or organisation, or ends their phone."""
    wanted = beginnings(typed)
    if not wanted or len(typed.strip()) < FEWEST_LETTERS:
        return false()
    return and_(*(is_of(_having(one)) for one in wanted))


def is_of(visitors: Select[int]) -> ColumnElement[bool]:
    """That a visitor is one of these."""
    return VisitorRow.id.in_(visitors)


def _having(starts: Iterable[str]) -> Select[int]:
    some = (and_(_WORD.c.word >= start, _WORD.c.word < start + _LAST) for start in starts)
    return select(_WORD.c.visitor_id).where(or_(*some))
