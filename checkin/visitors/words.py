"""The words that visitors are found by: kept beside them, and looked up by their beginnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, false, or_, select

from checkin.among import among
from checkin.database import add_many, table_of
from checkin.visitors.folding import beginnings, words_of
from checkin.visitors.persons import doubles_among
from checkin.visitors.tables import VisitorRow, VisitorWordRow

FEWEST_LETTERS = 2
_WORD = table_of(VisitorWordRow)
_FORGET = delete(_WORD).where(among(_WORD.c.visitor_id, "visitors"))
_VISITOR = table_of(VisitorRow).c
_DOUBLES = select(_VISITOR.id, _VISITOR.name, _VISITOR.name_ur, _VISITOR.organisation, _VISITOR.phone).where(
    among(_VISITOR.id, "doubles")
)
_LAST = "\U0010ffff"  # stands after every letter


def keep(connection: Connection, visitors: Iterable[VisitorRow], *, are_new: bool = False) -> None:
    """Let these visitors be found by what is written of them now; in the transaction that writes them.

    A double's words are those of whom they are counted as: whoever looks for one finds the other.
    """
    words: defaultdict[int, set[str]] = defaultdict(set)
    rows: list[Any] = list(visitors)
    if not are_new:
        ids = [row.id for row in rows]
        connection.execute(_FORGET, {"visitors": ids})
        kept = doubles_among(connection, ids)
        rows = [row for row in rows if row.id not in kept]
        doubles = [double for double, person in kept.items() if person in {row.id for row in rows}]
        for row in connection.execute(_DOUBLES, {"doubles": doubles}) if doubles else ():
            words[kept[row.id]] |= _words_of(row)
    for row in rows:
        words[row.id] |= _words_of(row)
    found = [{"word": word, "visitor_id": id_} for id_, some in words.items() for word in sorted(some)]
    add_many(connection, _WORD, found)


def meant_by(typed: str) -> ColumnElement[bool]:
    """That a visitor is meant: each word typed begins a word of their names or organisation, or ends their phone."""
    wanted = beginnings(typed)
    if not wanted or len(typed.strip()) < FEWEST_LETTERS:
        return false()
    return and_(*(is_of(_having(one)) for one in wanted))


def is_of(visitors: Select[int]) -> ColumnElement[bool]:
    """That a visitor is one of these."""
    return VisitorRow.id.in_(visitors)


def _words_of(row: Any) -> set[str]:  # noqa: ANN401 - a visitor's row, or the columns of one
    return words_of((row.name, row.name_ur, row.organisation), row.phone)


def _having(starts: Iterable[str]) -> Select[int]:
    some = (and_(_WORD.c.word >= start, _WORD.c.word < start + _LAST) for start in starts)
    return select(_WORD.c.visitor_id).where(or_(*some))
