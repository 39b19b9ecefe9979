"""Take everything of one database over into another, empty one, and prove that it is the same.

Table by table in the order of what refers to what, a part after the other, in one transaction of the new database and
from one state of the old one. What was stored is read back before it is committed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, Table, delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from checkin.database import Database, table_of
from checkin.migrations.upgrade import newest, revision_of, upgrade
from checkin.programme.epoch import renew_epoch
from checkin.programme.tables import EpochRow
from checkin.schema import metadata

PART = 1_000  # rows in memory at once
TABLES: tuple[Table, ...] = tuple(metadata.sorted_tables)
Progress = Callable[[int], None]


class CannotCopyError(Exception):
    """Nothing was copied; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What was taken over of one table."""

    table: str
    rows: int


def rows_of(database: Database) -> int:
    """How many rows there are to copy. Raises CannotCopyError for a database that has not this code's schema."""
    if revision_of(database) != newest():
        raise CannotCopyError("The old database has not the schema of this code: run `database upgrade` on it first.")
    with database.snapshot() as session:
        return sum(_count(session, table) for table in TABLES)


def copy(source: Database, target: Database, now: datetime, progress: Progress) -> list[Copied]:
    """Copy every table of ours; `progress` hears of each part. `target` begins a new epoch. Raises CannotCopyError.

    The epoch is new since tablets may have sent something to the old database after its state was read: they offer it
    again to the new one.
    """
    if source.url == target.url:
        raise CannotCopyError("These are the same database.")
    upgrade(target)
    with source.snapshot() as old, target.transaction() as new:
        _take_alone(new)
        full = [table.name for table in TABLES if table is not table_of(EpochRow) and _count(new, table)]
        if full:
            raise CannotCopyError(f"The new database is not empty: there is something in {', '.join(full)}.")
        new.execute(delete(EpochRow))  # its first one, which the upgrade has made
        copied = [Copied(table.name, _copy(old, new, table, progress)) for table in TABLES]
        for table in TABLES:
            _go_on_counting(old, new, table)
        renew_epoch(new, now)
    return copied


def _take_alone(session: Session) -> None:
    """Nobody else writes before this is committed. On SQLite nobody can."""
    if session.get_bind().dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in TABLES)
        session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _copy(old: Session, new: Session, table: Table, progress: Progress) -> int:
    """How many rows; they were read back and are the same."""
    sent = _Sum()
    for part in _parts(old, table):
        sent.add(part)
        try:
            new.execute(insert(table), [row._asdict() for row in part])
        except (DBAPIError, ValueError) as error:
            kind = type(error.orig if isinstance(error, DBAPIError) else error).__name__  # its text may hold a name
            first, last = (_key(table, part[place]) for place in (0, -1))
            raise CannotCopyError(
                f"The new database takes no row of {table.name} between {first} and {last}: {kind}."
            ) from None
        progress(len(part))
    stored = _Sum()
    for part in _parts(new, table):
        stored.add(part)
    if sent != stored:
        raise CannotCopyError(f"What was stored of {table.name} is not what was read: {stored.rows} of {sent.rows}.")
    return sent.rows


def _parts(session: Session, table: Table) -> Iterator[list[Row[Any]]]:
    """All rows in the order of the primary key (an undo follows what it undoes), a part after the other."""
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=PART)
    for part in session.execute(query).partitions():
        yield list(part)


class _Sum:
    """How many rows, and the sum of their digests: the same for the same rows, in whatever order a database sorts."""

    def __init__(self) -> None:
        self.rows, self._digest = 0, 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Sum) and (self.rows, self._digest) == (other.rows, other._digest)

    __hash__ = None  # type: ignore[assignment]

    def add(self, part: list[Row[Any]]) -> None:
        for row in part:
            content = json.dumps(list(row), default=repr, sort_keys=True).encode("utf-8", "surrogatepass")
            self._digest = (self._digest + int.from_bytes(hashlib.sha256(content).digest())) % (1 << 256)
        self.rows += len(part)


def _go_on_counting(old: Session, new: Session, table: Table) -> None:
    """The next id is one that the old database has never given, to a deleted row neither: links were made of it."""
    column = table.autoincrement_column
    if column is None or not isinstance(column.type, Integer):
        return
    last = max(_given(old, table, column.name), new.scalar(select(func.max(column))) or 0)
    if new.get_bind().dialect.name == "postgresql":
        next_one = text("SELECT setval(pg_get_serial_sequence(:table, :column), :next, false)")
        new.execute(next_one, {"table": f'"{table.name}"', "column": column.name, "next": last + 1})
    elif table.dialect_options["sqlite"]["autoincrement"] and last:
        new.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table.name})
        new.execute(text("INSERT INTO sqlite_sequence VALUES (:table, :last)"), {"table": table.name, "last": last})


def _given(session: Session, table: Table, column: str) -> int:
    """The last id that was given to a row of this table, as far as the database remembers."""
    if session.get_bind().dialect.name == "postgresql":
        last = func.pg_sequence_last_value(func.pg_get_serial_sequence(f'"{table.name}"', column).cast(REGCLASS))
        return int(session.scalar(select(last)) or 0)
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return 0
    kept = session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :table"), {"table": table.name})
    return int(kept or 0)


def _count(session: Session, table: Table) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _key(table: Table, row: Row[Any]) -> str:
    return "/".join(str(getattr(row, column.name)) for column in table.primary_key.columns)
