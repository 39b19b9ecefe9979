"""What an API key opens: what its scopes say, while it lives, at a pace; and what whoever has none is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin import clock
from checkin.apikeys import service
from checkin.apikeys.model import Scope
from checkin.apikeys.policy import MOST_A_MINUTE
from checkin.apikeys.tables import ApiKeyRow
from checkin.database import Database
from checkin.event.model import Event
from checkin.launch.serve import site_of
from checkin.settings import Settings
from tests.checkin.sight.conftest import Log
from tests.checkin.staff.people import let_pass
from tests.factories import make_device
from tests.installed import installed

from .keys import bearer, make_key

API = "/api/v1/attendance"


def asked(client: FlaskClient, text: str, path: str = API) -> tuple[int, str]:
    answer = client.get(path, headers=bearer(text))
    return answer.status_code, "" if answer.status_code == 200 else answer.json["error"].get("reason", "")


def test_a_key_opens_the_attendance_and_nobody_needs_to_sign_in(client: FlaskClient, database: Database) -> None:
    answer = client.get(API, headers=bearer(make_key(database).text))
    assert (200, 0) == (answer.status_code, answer.json["visitors"])
    assert (
        304
        == client.get(
            API, headers=bearer(make_key(database).text) | {"If-None-Match": answer.headers["ETag"]}
        ).status_code
    )


def test_a_key_of_another_scope_is_403_and_says_which_it_lacks(client: FlaskClient, database: Database) -> None:
    answer = client.get(API, headers=bearer(make_key(database, Scope.METRICS_READ).text))
    assert (403, "scope") == (answer.status_code, answer.json["error"]["reason"])
    assert "attendance:read" in answer.json["error"]["message"]


@pytest.mark.parametrize("text", ["", "no key", "checkin_00000000_" + "x" * 43, "کلید", "x" * 5_000])
def test_what_is_no_key_is_401_in_json(client: FlaskClient, text: str) -> None:
    answer = client.get(API, headers={"Authorization": f"Bearer {text}".encode().decode("latin-1")})
    assert (401, "unknown") == (answer.status_code, answer.json["error"]["reason"])
    assert "Bearer" == answer.headers["WWW-Authenticate"]


def test_other_ways_to_say_a_key_do_not_count(client: FlaskClient, database: Database) -> None:
    text = make_key(database).text
    assert 401 == client.get(API, headers={"Authorization": f"Basic {text}"}).status_code
    assert 401 == client.get(f"{API}?key={text}").status_code
    assert 401 == client.get(API, headers=bearer(f"{text}x")).status_code


def test_a_tablets_token_is_no_key(client: FlaskClient, database: Database, event: Event) -> None:
    with database.transaction() as session:
        token, _ = make_device(session, event)
    assert (401, "unknown") == asked(client, token)


def test_a_revoked_key_is_refused_at_once_by_every_process(
    settings: Settings, client: FlaskClient, database: Database
) -> None:
    made = make_key(database)
    with installed(settings) as other:
        assert [200, 200] == [asked(one, made.text)[0] for one in (client, other.test_client())]
        with database.transaction() as session:
            assert service.revoke(session, made.key.id, actor="tests", now=clock.now())
        assert [(401, "revoked")] * 2 == [asked(one, made.text) for one in (client, other.test_client())]


def test_a_key_opens_until_its_last_day_is_over(client: FlaskClient, database: Database) -> None:
    made = make_key(database, days=7)
    let_pass(timedelta(days=7, seconds=-60))
    assert 200 == asked(client, made.text)[0]
    let_pass(timedelta(seconds=61))
    assert (401, "expired") == asked(client, made.text)


def test_its_last_use_is_noted_once_a_minute(client: FlaskClient, database: Database) -> None:
    made = make_key(database)

    def used() -> object:
        with database.snapshot() as session:
            return service.get_key(session, made.key.id).last_used_at

    assert used() is None
    asked(client, made.text)
    first = used()
    assert first is not None
    let_pass(timedelta(seconds=30))
    asked(client, made.text)
    assert first == used()
    let_pass(timedelta(seconds=31))
    asked(client, made.text)
    assert first != used()


def test_a_key_may_not_ask_faster_than_its_pace_and_is_told_how_long_to_wait(
    client: FlaskClient, database: Database
) -> None:
    eager, calm = make_key(database), make_key(database)
    assert {200} == {asked(client, eager.text)[0] for _ in range(MOST_A_MINUTE)}
    answer = client.get(API, headers=bearer(eager.text))
    assert (429, "too_often") == (answer.status_code, answer.json["error"]["reason"])
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert 200 == asked(client, calm.text)[0]
    let_pass(timedelta(seconds=61))
    assert 200 == asked(client, eager.text)[0]


def test_who_guesses_is_held_up_and_the_right_key_is_not(client: FlaskClient, database: Database) -> None:
    made = make_key(database)
    wrong = made.text[:-43] + "x" * 43
    assert [401] * 4 + [429] * 2 == [asked(client, wrong)[0] for _ in range(6)]
    answer = client.get(API, headers=bearer(wrong))
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert 200 == asked(client, made.text)[0]


def test_strangers_keys_are_counted_together(client: FlaskClient, database: Database) -> None:
    texts = [f"checkin_{number:08x}_{'x' * 43}" for number in range(6)]
    assert [401] * 4 + [429] * 2 == [asked(client, text)[0] for text in texts]
    assert (401, "unknown") == asked(client, "what is no key at all costs no write")


def test_of_a_key_only_a_hash_is_stored(database: Database) -> None:
    made = make_key(database)
    with database.snapshot() as session:
        row = session.get(ApiKeyRow, made.key.id)
        assert row is not None
        kept = " ".join(str(getattr(row, column.name)) for column in ApiKeyRow.__table__.columns)
    secret = made.text.rsplit("_", 1)[1]
    assert made.text.startswith(f"checkin_{made.key.handle}_")
    assert secret not in kept


@pytest.fixture
def talkative(settings: Settings) -> Iterator[Flask]:
    """An installation that logs each request and each statement."""
    with installed(replace(settings, slow_ms=0)) as app:
        yield app


def test_the_log_tells_a_keys_number_and_never_the_key(talkative: Flask, log: Log) -> None:
    made, client = make_key(site_of(talkative).database), talkative.test_client()
    assert 200 == asked(client, made.text)[0]
    assert 401 == asked(client, made.text[:-1])[0]
    assert made.key.id in {line.get("key") for line in log.lines("request")}
    assert made.text[-43:-1] not in log.getvalue()


def test_a_browser_that_is_signed_out_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert 401 == client.get(API).status_code
