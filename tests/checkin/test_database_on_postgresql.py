"""What only PostgreSQL can do to us: connections that die, servers that are weak or away, locks that wait."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime

import psycopg
import pytest
from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from checkin import clock
from checkin.database import AbortedError, Database, is_serialization_failure
from checkin.launch.serve import site_of
from checkin.programme.tables import HoldRow
from checkin.settings import Settings
from tests.installed import installed
from tests.postgres import Server, fresh_database

pytestmark = pytest.mark.postgresql("of PostgreSQL")


@contextmanager
def opened(url: str, read_url: str = "") -> Iterator[Database]:
    database = Database(url, read_url)
    yield database
    database.close()


def hold(slug: str) -> HoldRow:
    return HoldRow(kind="gate", slug=slug, message="", since=clock.now())


def held(database: Database, way: str = "snapshot") -> list[str]:
    with getattr(database, way)() as session:
        return sorted(session.execute(text("SELECT slug FROM hold")).scalars())


def said(database: Database, words: str, way: str = "transaction") -> object:
    with getattr(database, way)() as session:
        return session.execute(text(words)).scalar()


def administrator(url: str | URL) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def alter(url: str, words: str) -> None:
    """Change a default of the database, as its administrator may."""
    address = make_url(url)
    with administrator(url) as connection:
        connection.execute(f'ALTER DATABASE "{address.database}" SET {words}'.encode())


def end_connections(database: Database) -> int:
    """As a server does that is started anew."""
    ended = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE application_name LIKE 'checkin%'"
    with administrator(database.url) as connection:
        row = connection.execute(f"{ended} AND datname = current_database()".encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_connections_that_died_in_the_pool_are_noticed_by_nobody(database: Database) -> None:
    for _ in range(2):
        with database.transaction() as session:
            session.add(hold(clock.now().isoformat()[-12:]))
        assert 0 < len(held(database))
        assert 1 < end_connections(database)
    with database.transaction() as session:
        session.add(hold("gate-1"))
    assert 3 == len(held(database))


def test_a_connection_that_dies_in_a_transaction_fails_it_and_not_the_next_one(database: Database) -> None:
    def lose_it() -> None:
        with database.transaction() as session:
            session.add(hold("gate-1"))
            session.flush()
            end_connections(database)

    with pytest.raises(OperationalError):
        lose_it()
    with database.transaction() as session:
        session.add(hold("gate-2"))
    assert ["gate-2"] == held(database)


def test_a_transaction_that_postgresql_gave_up_is_never_told_to_be_stored(database: Database) -> None:
    def pass_over_an_error() -> None:
        with database.transaction() as session:
            session.execute(text("INSERT INTO hold VALUES ('gate', 'gate-1', '', now())"))
            with suppress(IntegrityError):
                session.execute(text("INSERT INTO hold VALUES ('gate', 'gate-1', '', now())"))

    with pytest.raises(AbortedError):
        pass_over_an_error()
    assert [] == held(database)


@pytest.mark.parametrize(
    ("weak", "ours"), [("off", "on"), ("local", "on"), ("remote_write", "on"), ("on", "on"), ("remote_apply",) * 2]
)
def test_a_commit_waits_for_the_disk_whatever_the_servers_default(database_url: str, weak: str, ours: str) -> None:
    alter(database_url, f"synchronous_commit = {weak}")
    with opened(database_url) as database:
        assert ours == said(database, "SHOW synchronous_commit")


def test_an_error_tells_the_constraint_and_nothing_of_the_row(database: Database) -> None:
    words = ("INSERT INTO hold VALUES ('gate', 'Ayesha', '', now())",) * 2, ("INSERT INTO hold VALUES ('Ayesha')",)
    for statements, constraint in zip(words, ("pk_hold", '"slug"'), strict=True):
        with pytest.raises(IntegrityError) as told, database.transaction() as session:
            session.execute(text(";".join(statements)))
        everything = "".join(traceback.format_exception(told.value)).replace(str(words[0]), "")
        assert constraint in everything
        assert "DETAIL" not in everything
        assert "Key (" not in everything
        assert "Failing row" not in everything


def test_through_a_pooler_a_weak_default_is_refused_in_words(database_url: str) -> None:
    with opened(f"{database_url}&pgbouncer=true") as database:
        assert "on" == said(database, "SHOW synchronous_commit")
    alter(database_url, "synchronous_commit = off")
    with opened(f"{database_url}&pgbouncer=true") as database, pytest.raises(OperationalError, match="ALTER ROLE"):
        said(database, "SELECT 1")


@pytest.mark.parametrize(("more", "expected"), [("", True), ("&pgbouncer=true", False)])
def test_statements_are_prepared_but_not_through_a_pooler(database_url: str, more: str, *, expected: bool) -> None:
    with opened(database_url + more) as database:
        for _ in range(10):
            said(database, "SELECT count(*) FROM hold")
        assert expected == bool(said(database, "SELECT count(*) FROM pg_prepared_statements"))


@pytest.mark.parametrize("way", ["transaction", "snapshot"])
def test_moments_are_utc_whatever_the_servers_time_zone(database_url: str, way: str) -> None:
    alter(database_url, "timezone = 'Asia/Karachi'")
    with opened(database_url) as database:
        moment = said(database, "SELECT timestamptz '2026-01-24 05:30:00+00'", way)
        assert isinstance(moment, datetime)
        assert "2026-01-24T05:30:00+00:00" == moment.isoformat()
        assert "05" == said(database, "SELECT to_char(timestamptz '2026-01-24 05:30:00+00', 'HH24')", way)


def test_who_waits_too_long_for_a_lock_is_told_to_come_back(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checkin.engines.PATIENCE_S", 0.2)
    with opened(database_url) as other, database.transaction() as session:
        session.execute(text("LOCK TABLE hold"))
        with pytest.raises(OperationalError) as told, other.transaction() as waiting:
            waiting.execute(text("DELETE FROM hold"))
    assert not is_serialization_failure(told.value)


def test_of_two_that_lock_each_other_out_one_is_told_to_try_again(database: Database) -> None:
    with database.transaction() as session:
        session.add_all([hold("gate-1"), hold("gate-2")])
    both_hold_one, failures = threading.Barrier(2), []

    def take(*slugs: str) -> None:
        try:
            with database.transaction() as session:
                for slug in slugs:
                    session.execute(text("UPDATE hold SET message = 'x' WHERE slug = :slug"), {"slug": slug})
                    if slug == slugs[0]:
                        both_hold_one.wait(30)
        except DBAPIError as error:
            failures.append(error)

    threads = [threading.Thread(target=take, args=order) for order in (("gate-1", "gate-2"), ("gate-2", "gate-1"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [True] == [is_serialization_failure(error) for error in failures]


def test_while_the_server_is_down_the_answer_is_503_and_afterwards_all_is_there(settings: Settings) -> None:
    with (
        Server(durable=True) as server,
        fresh_database(on=server) as url,
        installed(replace(settings, database_url=url)) as app,
    ):
        database, client = site_of(app).database, app.test_client()
        with database.transaction() as session:
            session.add(hold("gate-1"))
        tablet = {"Authorization": "Bearer of nobody"}
        assert 401 == client.get("/api/v1/roster", headers=tablet).status_code
        server.kill()
        read = client.get("/api/v1/roster", headers=tablet)
        written = client.post("/api/v1/devices", json={"code": "ABCD", "app": "1"})
        assert (503, 503) == (read.status_code, written.status_code)
        assert int(written.headers["Retry-After"]) > 0
        server.start()
        assert 404 == client.post("/api/v1/devices", json={"code": "ABCD", "app": "1"}).status_code
        assert ["gate-1"] == held(database)


def test_reports_come_from_the_replica_and_nothing_else_does(database_url: str) -> None:
    with fresh_database() as replica_url, opened(replica_url) as replica, opened(database_url, replica_url) as database:
        with replica.transaction() as session:
            session.add(hold("as-of-a-second-ago"))
        with database.transaction() as session:
            session.add(hold("now"))
        assert ["as-of-a-second-ago"] == held(database, "reports")
        assert ["now"] == held(database)
        assert ["as-of-a-second-ago"] == held(replica)
        with pytest.raises(DBAPIError), database.reports() as session:
            session.execute(text("DELETE FROM hold"))


def test_a_replica_that_is_away_is_passed_over_and_asked_again_later(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fresh_database(migrated=False) as replica_url, opened(database_url, replica_url) as database:
        with database.transaction() as session:
            session.add(hold("now"))
        # Away: nobody may connect to it.
        with administrator(database_url) as connection:
            name = make_url(replica_url).database
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
            assert ["now"] == held(database, "reports")
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
        assert ["now"] == held(database, "reports"), "it is not asked again at once"
        monkeypatch.setattr("time.monotonic", lambda: 1e9)
        with pytest.raises(DBAPIError):  # there it is again: it has no table
            held(database, "reports")
