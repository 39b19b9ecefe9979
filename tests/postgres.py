"""Real PostgreSQL for the tests: an own database for whoever asks, on a server that goes with the tests.

`CHECKIN_TEST_DATABASE_URL` names another server; the databases of the tests have random names there and are dropped.
"""

from __future__ import annotations

import atexit
import functools
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from checkin.database import Database
from checkin.migrations.upgrade import upgrade
from tests.postgres_server import Server, shared_server

__all__ = ["Server", "fresh_database", "server_url"]


@contextmanager
def fresh_database(*, migrated: bool = True, durable: bool = False, on: Server | None = None) -> Iterator[str]:
    """The address of a database of its own, dropped at the end: without a row, its schema ready if `migrated`.

    `durable` brings a server of its own whose commits survive a kill; `on` names a server that the caller holds.
    """
    with ExitStack() as stack:
        if durable and on is None:
            on = stack.enter_context(Server(durable=True))
        server = on.url if on else server_url()
        name = f"checkin_test_{secrets.token_hex(6)}"
        create(server, name, _template(server) if migrated else None)
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            drop(server, name)


@functools.cache
def server_url() -> str:
    """A database of the server for tests, from which others are made. RuntimeError says why there is none."""
    named = os.environ.get("CHECKIN_TEST_DATABASE_URL")
    if named:
        return make_url(named).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    return _ours().url


@functools.cache
def _ours() -> Server:
    """The server of this run of the tests; held for as long as this process lives."""
    return shared_server(os.environ.get("PYTEST_XDIST_TESTRUNUID") or secrets.token_hex(8))


def create(server: str, name: str, template: str | None) -> None:
    """Make a database: a copy of `template`, or an empty one that sorts by code point, as SQLite does."""
    with _connect(server) as connection:
        if template is not None:
            more = " STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""  # half of WAL_LOG's time
        elif connection.info.server_version >= 170000:
            more = " ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
        else:
            more = " ENCODING 'UTF8' LOCALE 'C'"
        names = sql.Identifier(name), sql.Identifier(template or "template0")
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}" + more).format(*names))


def drop(server: str, name: str) -> None:
    """Drop a database, whoever is still connected; harmless when the server was killed."""
    try:
        with _connect(server) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    except psycopg.OperationalError:
        if os.environ.get("CHECKIN_TEST_DATABASE_URL"):
            raise


@functools.cache
def _template(server: str) -> str:
    """A migrated database without a row, made once a process and server; dropped with the process."""
    name = f"checkin_test_template_{secrets.token_hex(6)}"
    create(server, name, None)
    atexit.register(drop, server, name)
    database = Database(make_url(server).set(database=name).render_as_string(hide_password=False))
    upgrade(database)
    database.close()  # a template must have no connections
    return name


def _connect(server: str) -> psycopg.Connection:
    plain = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)
