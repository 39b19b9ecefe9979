"""How the two databases are opened: SQLite for one machine, PostgreSQL for several. No other is taken."""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from checkin.settings import SettingsError

if TYPE_CHECKING:
    import psycopg  # 10 MB that a server on SQLite does without

PATIENCE_S = 10  # how long a writer waits for another one before it is told to come back
AWAY_S = 30
DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
READS = "checkin reads"  # as PostgreSQL's lists name a connection that only reads
COUNTED = {"preserve_rowcount": True}  # of an INSERT too: otherwise only SQLite tells
TOLD = "checkin_told"  # an execution option: who is told of each statement that goes past SQLAlchemy's events
POOLER = "pgbouncer"  # our own word in an address: `?pgbouncer=true`
_log = logging.getLogger(__name__)
_SHAPE = "It looks like postgresql://user:password@host:5432/name or sqlite:////var/lib/checkin/checkin.sqlite3."


def url_of(address: str) -> URL:
    """A database's address, `postgres://` and `postgresql://` for the driver that we have.

    Raises SettingsError, which never repeats the address: it holds a password.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise SettingsError(f"The database's address cannot be read. {_SHAPE}") from None
    driver = DRIVERS.get(url.drivername)
    if driver is None:
        raise SettingsError(f"The database's address names {url.drivername}, which is not one of ours. {_SHAPE}")
    return url.set(drivername=driver)


def engine_of(url: URL, *, read_only: bool) -> Engine:
    """An engine whose transactions begin as ours do, to write or only to read. Nothing connects yet."""
    make = _sqlite if url.get_backend_name() == "sqlite" else _postgresql
    engine = make(url, read_only=read_only)

    @event.listens_for(engine, "connect")
    def _note(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info["process"] = os.getpid()

    @event.listens_for(engine, "checkout")
    def _check(_connection: DBAPIConnection, entry: ConnectionPoolEntry, checked_out: PoolProxiedConnection) -> None:
        # A server that forks hands its connections down; two processes on one would read each other's answers.
        if entry.info["process"] != os.getpid():
            entry.dbapi_connection = checked_out.dbapi_connection = None  # type: ignore[misc]
            raise DisconnectionError("this connection is another process's")

    return engine


def _sqlite(url: URL, *, read_only: bool) -> Engine:
    patience = {} if "timeout" in url.query else {"timeout": PATIENCE_S}
    # An error's text goes to the log, and its parameters are people's names: hide them.
    arguments = {"check_same_thread": False, **patience}
    engine = create_engine(url, connect_args=arguments, hide_parameters=True, execution_options=COUNTED)

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        # FULL: NORMAL lost acknowledged commits in 387 of 400 simulated power cuts, FULL in none.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"query_only={int(read_only)}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    # A deferred BEGIN fails with "database is locked" when it upgrades to writing.
    _begin_with(engine, "BEGIN" if read_only else "BEGIN IMMEDIATE")
    return engine


def _postgresql(url: URL, *, read_only: bool) -> Engine:
    is_pooled = str(url.query.get(POOLER, "")).lower() in {"1", "true", "yes"}
    given = url.difference_update_query([POOLER])
    wanted: dict[str, Any] = {
        "application_name": READS if read_only else "checkin",
        "connect_timeout": 5,
        # A machine that vanishes says nothing: find out within a minute when idle, within 20 s when we wait for it.
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }
    options: dict[str, Any] = {name: value for name, value in wanted.items() if name not in given.query}
    if is_pooled:
        options["prepare_threshold"] = None  # the next transaction may run on another of the pooler's connections
    engine = create_engine(
        given,
        connect_args=options,
        hide_parameters=True,
        execution_options=COUNTED,
        isolation_level="AUTOCOMMIT",  # the driver begins nothing: we say BEGIN ourselves, below
        # Two engines a process, so 16 connections stay and 32 is the most. A request needs one for milliseconds.
        pool_size=8,
        max_overflow=8,
        pool_timeout=PATIENCE_S,
        pool_use_lifo=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: psycopg.Connection, _entry: object) -> None:
        connection.execute("SET TIME ZONE 'UTC'")
        if read_only:
            return
        # Whoever waits for a lock, or leaves one behind by hanging, does not take everyone along.
        connection.execute(f"SET lock_timeout = '{PATIENCE_S}s'")
        connection.execute("SET idle_in_transaction_session_timeout = '60s'")
        _insist_on_durability(connection, is_pooled=is_pooled)

    @event.listens_for(engine, "handle_error")
    def _say_less(context: ExceptionContext) -> None:
        said, told = context.original_exception, context.sqlalchemy_exception
        if say_less(said) and told is not None:
            told.args = (f"({type(said).__name__}) {said}",)

    level = "REPEATABLE READ READ ONLY" if read_only else "READ COMMITTED READ WRITE"
    _begin_with(engine, f"BEGIN ISOLATION LEVEL {level}")
    return engine


def say_less(error: BaseException) -> bool:
    """Take from an error of PostgreSQL its DETAIL, which quotes values and whole rows; False for any other."""
    words = getattr(getattr(error, "diag", None), "message_primary", None)  # the constraint stands before it
    if words:
        error.args = (words,)
    return bool(words)


def _insist_on_durability(connection: psycopg.Connection, *, is_pooled: bool) -> None:
    """With `synchronous_commit=off` a kill lost 41 of 4,262 acknowledged scans (docs/decisions.md)."""
    said = connection.execute("SELECT current_setting('synchronous_commit')").fetchone()
    if said in {("on",), ("remote_apply",)}:
        return
    if is_pooled:  # what is set here would hold for one of the pooler's connections, and we use them all
        import psycopg  # noqa: PLC0415

        raise psycopg.OperationalError(
            "synchronous_commit is too weak for this user: run ALTER ROLE … SET synchronous_commit = on"
        )
    connection.execute("SET synchronous_commit = on")


def _begin_with(engine: Engine, words: str) -> None:
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(words)


def begun(engine: Engine, **options: bool) -> Session:
    """A session whose transaction has begun, over a connection that is alive.

    BEGIN is the first thing said in any case, so that trying it costs nothing: no ping before each use.
    """
    session = Session(engine, **options)  # type: ignore[arg-type]
    try:
        try:
            session.connection()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            session.rollback()  # the pool has dropped every connection of that age: the next one is new
            session.connection()
    except BaseException:
        session.close()
        raise
    return session


def connected(engine: Engine) -> Connection:
    """As `begun`, without a session."""
    connection = engine.connect()
    try:
        connection.begin()
    except DBAPIError as error:
        connection.close()
        if not error.connection_invalidated:
            raise
        connection = engine.connect()
        connection.begin()
    return connection


class Replica:
    """A copy of the database that others write, perhaps seconds behind; passed over for a while when it is away."""

    def __init__(self, url: URL) -> None:
        self.engine = engine_of(url, read_only=True)
        self._away_until = 0.0

    def find_session(self) -> Session | None:
        """A session that has begun; None while the replica is away, so that nobody waits for it again and again."""
        if time.monotonic() < self._away_until:
            return None
        try:
            return begun(self.engine, autoflush=False)
        except (DBAPIError, NoConnectionError) as error:
            self._away_until = time.monotonic() + AWAY_S
            _log.warning("the replica for reports is away, the primary answers: %s", type(error).__name__)
            return None
