"""Where the queue is kept: a SQLite file for one machine, PostgreSQL or Redis for several."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from contextlib import suppress
from typing import Any, Final

import psycopg
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer
from psycopg.errors import DuplicateTable, UniqueViolation
from redis import ConnectionPool, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from checkin.engines import POOLER, url_of
from checkin.jobs.model import QUEUE_TABLES
from checkin.settings import JOBS_ON_SQLITE, Settings

DOWN: Final = (sqlite3.Error, psycopg.Error, RedisError, OSError)
"""What using a queue raises that cannot be reached or written."""
_PATIENCE_S: Final = 3
"""A request waits so long for a queue that does not answer. Redis must be let wait longer than Huey asks it to: 1 s."""


def open_storage(settings: Settings) -> Huey:
    """Huey on this installation's queue. Raises one of DOWN.

    Messages are pickled, so they are signed: whoever may write to the queue runs nothing here for that.
    """
    url = settings.queue_url
    signed = {"results": False, "serializer": SignedSerializer(settings.secret_key)}
    if url.startswith(JOBS_ON_SQLITE):
        return SqliteHuey("checkin", filename=url.removeprefix(JOBS_ON_SQLITE), fsync=True, **signed)
    # Two expos may share a server: their jobs have the same numbers, and must not meet.
    name = "checkin" + hmac.digest(settings.secret_key.encode(), b"queue-v1", hashlib.sha256).hex()[:8]
    if url.startswith("postgres"):
        return _on_postgresql(url, name, signed)
    waits = {"socket_connect_timeout": _PATIENCE_S, "socket_timeout": _PATIENCE_S}
    pool = ConnectionPool.from_url(url, retry=Retry(NoBackoff(), 1), health_check_interval=30, **waits)
    huey = RedisHuey(name, connection_pool=pool, **signed)
    try:
        huey.storage.conn.ping()
    except RedisError:
        pool.disconnect()
        raise
    return huey


def close_storage(huey: Huey) -> None:
    """Give back what the queue holds open."""
    huey.storage.close()
    if isinstance(huey, RedisHuey):
        huey.storage.pool.disconnect()


def _on_postgresql(url: str, name: str, signed: dict[str, Any]) -> Huey:
    given = url_of(url).difference_update_query([POOLER])
    _, words = given.get_dialect()().create_connect_args(given)
    asked = {"connect_timeout": _PATIENCE_S, "tcp_user_timeout": 20_000, "application_name": "checkin jobs", **words}

    def connect() -> psycopg.Connection:
        # A statement prepared in one session is unknown in the next one that pgbouncer gives us.
        return psycopg.connect(**asked, prepare_threshold=None)

    # Not `blocking`: it LISTENs, which pgbouncer does not carry; so a worker asks once a second, as on SQLite.
    huey = PostgresHuey(
        name, connection=connect, blocking=False, table_prefix=QUEUE_TABLES, create_tables=False, **signed
    )
    try:
        if huey.storage.sql(f"SELECT to_regclass('{QUEUE_TABLES}_counter')", results=True) == [(None,)]:
            with suppress(DuplicateTable, UniqueViolation):  # another machine made them at this very moment
                huey.storage.initialize_schema()
    except psycopg.Error:
        huey.storage.close()
        raise
    return huey
