"""An API key opens the metrics beside the key of the settings, which goes on as before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin import clock
from checkin.apikeys import service
from checkin.apikeys.model import Scope
from checkin.database import Database
from checkin.settings import Settings
from tests.installed import installed

from .keys import bearer, make_key

OWN = "the key of the settings"


@pytest.fixture(params=["", OWN], ids=["no key set", "key set"])
def app(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    with installed(replace(settings, metrics_key=request.param)) as app:
        yield app


def status(client: FlaskClient, text: str) -> int:
    return client.get("/metrics", headers=bearer(text)).status_code


def test_a_key_of_the_scope_opens_them_as_bearer_or_password(client: FlaskClient, database: Database) -> None:
    text = make_key(database, Scope.METRICS_READ).text
    answer = client.get("/metrics", headers=bearer(text))
    assert (200, True) == (answer.status_code, "checkin_jobs" in answer.text)
    assert 200 == client.get("/metrics", auth=("prometheus", text)).status_code


def test_other_keys_do_not_and_say_why(client: FlaskClient, database: Database) -> None:
    assert 403 == status(client, make_key(database, Scope.ATTENDANCE_READ).text)
    made = make_key(database, Scope.METRICS_READ)
    with database.transaction() as session:
        service.revoke(session, made.key.id, actor="tests", now=clock.now())
    answer = client.get("/metrics", headers=bearer(made.text))
    assert (401, True) == (answer.status_code, "revoked" in answer.json["error"]["message"])


def test_the_setting_means_what_it_meant(app: Flask, client: FlaskClient) -> None:
    has_key = bool(site_key(app))
    assert [200 if has_key else 404, 401 if has_key else 404, 401 if has_key else 404] == [
        status(client, OWN),
        status(client, "another"),
        client.get("/metrics").status_code,
    ]


def site_key(app: Flask) -> str:
    return str(app.extensions["checkin"].settings.metrics_key)
