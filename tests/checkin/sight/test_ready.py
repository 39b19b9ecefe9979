"""Ready: each check's state for whoever asks, 503 when one of them fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin import clock
from checkin.launch.serve import site_of
from checkin.settings import Settings
from checkin.sight import ready
from checkin.sight.views import sight_of
from tests.installed import installed

WELL = {"state": "ok"}


def raising() -> NoReturn:
    raise RuntimeError("Ayesha")


def test_an_installation_that_is_well_says_so_of_each_check(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert 200 == answer.status_code
    assert {"status": "ready", "checks": dict.fromkeys(("clock", "database", "disk", "writer"), WELL)} == answer.json


@pytest.mark.parametrize(
    ("check", "message"),
    [(lambda: "the writer has stopped", "the writer has stopped"), (raising, "cannot be looked at: RuntimeError")],
    ids=["problem", "error"],
)
def test_one_check_that_fails_makes_it_not_ready_and_the_others_are_told_too(
    app: Flask, check: Callable[[], str | None], message: str
) -> None:
    sight_of(app).checks["writer"] = check
    answer = app.test_client().get("/readyz")
    assert (503, "not ready") == (answer.status_code, answer.json["status"])
    assert {"state": "failing", "message": message} == answer.json["checks"]["writer"]
    assert WELL == answer.json["checks"]["database"]


@pytest.mark.sqlite("another process holds the file's lock")
def test_a_database_that_cannot_be_written_is_not_ready_but_alive(settings: Settings) -> None:
    with installed(replace(settings, database_url=settings.database_url + "?timeout=0.1")) as app:
        client = app.test_client()
        assert 200 == client.get("/readyz").status_code
        with closing(sqlite3.connect(settings.instance / "checkin.sqlite3")) as another_process:
            another_process.execute("BEGIN IMMEDIATE")
            answer = client.get("/readyz")
            assert (503, 200) == (answer.status_code, client.get("/healthz").status_code)
    assert "failing" == answer.json["checks"]["database"]["state"]
    assert str(settings.instance) not in answer.text


def test_a_clock_that_is_wrong_by_years_is_not_ready(client: FlaskClient) -> None:
    clock.shift(timedelta(days=-20_000))
    answer = client.get("/readyz")
    assert (503, "failing") == (answer.status_code, answer.json["checks"]["clock"]["state"])


def test_a_disk_that_fills_is_a_warning_first(app: Flask, tmp_path: Path) -> None:
    client, all_there_is = app.test_client(), 10**12
    for among, status, state in ((sight_of(app).warnings, 200, "warning"), (sight_of(app).checks, 503, "failing")):
        among["disk"] = lambda: ready.is_full({"database": tmp_path}, all_there_is)
        answer = client.get("/readyz")
        assert (status, state) == (answer.status_code, answer.json["checks"]["disk"]["state"])
        assert "MB are left on the disk of the database" in answer.json["checks"]["disk"]["message"]
    assert ready.is_full({"database": tmp_path}, 0) is None


@pytest.mark.sqlite("the file's folder")
def test_the_disk_of_a_database_elsewhere_is_looked_at_too(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    elsewhere = replace(settings, database_url=f"sqlite:///{tmp_path / 'elsewhere' / 'checkin.sqlite3'}")
    folders = {"instance": settings.instance, "database": tmp_path / "elsewhere"}
    with installed(elsewhere) as app:
        assert folders == ready.folders_of(elsewhere, site_of(app).database)
