"""What every page shares: headers, error answers, health, and files with their right types."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin.app import create_app
from checkin.launch.serve import site_of
from checkin.settings import ROOT, Settings

VENDOR = ROOT / "static" / "vendor"


@pytest.mark.parametrize("path", ["/", "/gate/", "/sign-in", "/nowhere", "/api/v1/openapi.json"])
def test_every_answer_carries_the_headers_that_protect_it(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    headers = answer.headers
    answer.close()
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe-inline" not in policy
    assert ("nosniff", "same-origin") == (headers["X-Content-Type-Options"], headers["Referrer-Policy"])


def test_errors_are_pages_for_people_and_json_for_machines(client: FlaskClient) -> None:
    page, said = client.get("/nowhere"), client.get("/api/v1/nowhere")
    assert (404, 404) == (page.status_code, said.status_code)
    assert "<html" in page.text
    assert 404 == said.json["error"]["status"]


@pytest.mark.parametrize(
    ("ending", "kind"), [("*.wasm", "application/wasm"), ("*.woff2", "font/woff2"), ("*/*.js", "text/javascript")]
)
def test_vendored_files_have_the_types_that_browsers_demand(client: FlaskClient, ending: str, kind: str) -> None:
    found = next(VENDOR.rglob(ending)).relative_to(ROOT).as_posix()
    answer = client.get(f"/{found}")
    assert (200, kind) == (answer.status_code, answer.mimetype)
    answer.close()


def test_vendored_files_are_what_their_checksums_say() -> None:
    lines = (VENDOR / "checksums.txt").read_text("utf-8").split("\n")
    told = dict(reversed(line.split(maxsplit=1)) for line in lines if line.strip())
    assert len(told) > 5
    for name, checksum in told.items():
        assert checksum == hashlib.sha256((VENDOR / name).read_bytes()).hexdigest(), name


def test_readiness_fails_while_the_database_cannot_be_written(settings: Settings) -> None:
    app = create_app(replace(settings, database_url=settings.database_url + "?timeout=0.1"))
    client = app.test_client()
    assert 200 == client.get("/readyz").status_code
    with closing(sqlite3.connect(settings.instance / "checkin.sqlite3")) as another_process:
        another_process.execute("BEGIN IMMEDIATE")
        assert (503, 200) == (client.get("/readyz").status_code, client.get("/healthz").status_code)
    site_of(app).database.close()


def test_a_log_never_holds_a_private_link(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    app.testing = False
    monkeypatch.setattr("checkin.badges.views._find_by_link", fail)
    with caplog.at_level(logging.DEBUG):
        answer = app.test_client().get("/badge/a-very-private-link")
    assert 500 == answer.status_code
    assert "broken on purpose" in caplog.text
    assert "very-private" not in caplog.text
