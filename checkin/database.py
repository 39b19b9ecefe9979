"""The database: transactions, snapshots, types. The only place that commits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    String,
    Table,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeDecorator

from checkin.engines import READS, Replica, begun, connected, engine_of, url_of
from checkin.prepared import run, run_for_each
from checkin.turn import Turn

# Named constraints, so that a later migration can name what it changes, on both databases.
_NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every `…Row`."""

    metadata = MetaData(naming_convention=_NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database. A naive moment is a mistake and raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Dates(TypeDecorator[tuple[date, ...]]):
    """A few dates, kept as `2026-01-24;2026-01-25`."""

    impl = String(400)
    cache_ok = True

    def process_bind_param(self, value: tuple[date, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ";".join(day.isoformat() for day in value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[date, ...] | None:
        return None if value is None else tuple(date.fromisoformat(day) for day in value.split(";") if day)


# Another user's transactions have no beginning here: all processes of an installation are one user of PostgreSQL.
_OPEN_FOR = text(
    "SELECT extract(epoch FROM clock_timestamp() - min(xact_start)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name <> :reads"
).bindparams(reads=READS)


class AbortedError(Exception):
    """PostgreSQL had given this transaction up after an error that was passed over: nothing of it is stored."""


class Database:
    """One database, one engine to write and one that can only read; perhaps a replica to report from."""

    def __init__(self, url: str, read_url: str = "") -> None:
        self.url = url_of(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = engine_of(self.url, read_only=False)
        self._reader = engine_of(self.url, read_only=True)
        self._replica = Replica(url_of(read_url)) if read_url else None
        self._turn = Turn(self.url)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Write: commits when the block ends, rolls back when it raises. Nobody commits but this and `writing`."""
        with self._turn.taken(), begun(self.engine, expire_on_commit=False) as session:
            yield session
            if not self.is_sqlite and _is_aborted(session.connection()):
                raise AbortedError
            session.commit()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """As `transaction`, without a session: for what happens with every scan."""
        with self._turn.taken(), connected(self.engine) as connection:
            yield connection
            if not self.is_sqlite and _is_aborted(connection):
                raise AbortedError
            connection.commit()

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """Read one consistent state; writing in it is an error."""
        with begun(self._reader, autoflush=False) as session:
            yield session

    @contextmanager
    def reports(self) -> Iterator[Session]:
        """As `snapshot`, from the replica where there is one: for figures and exports, which may be seconds old.

        A replica that cannot be reached is passed over for half a minute.
        """
        session = self._replica and self._replica.find_session()
        with session or begun(self._reader, autoflush=False) as reading:
            yield reading

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Every engine: to write, to read, and of the replica if there is one."""
        return (self.engine, self._reader, *([self._replica.engine] if self._replica else []))

    def open_for(self) -> timedelta:
        """How long the oldest transaction that may still commit has been under way; nothing when there is none.

        Ask before a snapshot: what it does not see has begun since then, or is counted in. SQLite has one writer at a
        time, whose transactions are short: nothing is told there.
        """
        if self.is_sqlite:
            return timedelta()
        with begun(self._reader) as session:
            return timedelta(seconds=float(session.scalar(_OPEN_FOR) or 0))

    def close(self) -> None:
        """Give back every connection."""
        for engine in self.engines:
            engine.dispose()


def insert(on: Session | Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """INSERT that can say ON CONFLICT, in the dialect of where it runs."""
    return insert_in((on if isinstance(on, Connection) else on.get_bind()).dialect.name, table)


def insert_in(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """As `insert`, for a statement that is made once and kept for each dialect."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_rows(dialect: str, table: Table, names: tuple[str, ...]) -> sqlite.Insert | postgresql.Insert:
    """INSERT of many rows with these columns, to be run by `write_rows`; its text is the same for any number.

    SQLite prepares it once and runs it for each row. PostgreSQL gets an array for each column: a statement for each
    row costs its server four times as much, and many VALUES cost the driver more than the rest of a scan.
    """
    add = insert_in(dialect, table)
    if dialect == "sqlite":
        return add
    columns = [table.c[name] for name in names]
    arrays = (bindparam(column.name, type_=postgresql.ARRAY(column.type)) for column in columns)
    rows = func.unnest(*arrays).table_valued(*(column.name for column in columns)).render_derived("new")
    return add.from_select(names, select(*rows.c))


def write_rows(connection: Connection, add: ClauseElement, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run a statement of `insert_rows` for these rows, at least one, each with the same columns."""
    if connection.dialect.name == "sqlite":
        run_for_each(connection, add, rows)
    else:
        run(connection, add, {name: [row[name] for row in rows] for name in rows[0]})


def add_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, each with the same columns, in one statement; nothing to do when there are none."""
    if rows:
        write_rows(connection, _many(connection.dialect.name, table, tuple(rows[0])), rows)


@cache
def _many(dialect: str, table: Table, names: tuple[str, ...]) -> sqlite.Insert | postgresql.Insert:
    return insert_rows(dialect, table, names)


def changed(result: object) -> int:
    """How many rows an INSERT, UPDATE or DELETE changed: of two that race for one row, the later gets 0.

    Raises ValueError for what was no such statement.
    """
    if not isinstance(result, CursorResult) or result.rowcount < 0:
        raise ValueError("nobody counted what was changed")
    return result.rowcount


def is_serialization_failure(error: DBAPIError) -> bool:
    """Whether PostgreSQL gave up one of two transactions that stood in each other's way: try again."""
    return getattr(error.orig, "sqlstate", None) in {"40001", "40P01"}


def table_of(row: type[Base]) -> Table:
    """The table behind a `…Row`, typed."""
    table = row.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{row.__name__} has no table of its own")
    return table


def _is_aborted(connection: Connection) -> bool:
    """PostgreSQL answers COMMIT with a silent ROLLBACK then."""
    driver: Any = connection.connection.driver_connection
    return bool(driver.info.transaction_status.name == "INERROR")
