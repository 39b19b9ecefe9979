"""What every page shares: headers, error answers, health, and files with their right types."""

from __future__ import annotations

import hashlib
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from checkin.launch.serve import site_of
from checkin.settings import ROOT

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


def test_an_error_of_the_database_tells_no_parameters(app: Flask) -> None:
    with pytest.raises(DatabaseError) as told, site_of(app).database.snapshot() as session:
        session.execute(text("SELECT * FROM visitor WHERE no_such_column = :name"), {"name": "Ayesha Siddiqui"})
    assert "Ayesha" not in str(told.value)


def test_a_form_without_a_referrer_is_taken_over_https(app: Flask) -> None:
    client, https = app.test_client(), "https://expo.example"
    page = client.get("/sign-in", base_url=https).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    sent = {"csrf_token": token[1], "email": "nobody@expo.example", "password": "not a password"}
    assert 422 == client.post("/sign-in", base_url=https, data=sent).status_code
    assert 400 == client.post("/sign-in", base_url=https, data=sent | {"csrf_token": "made up"}).status_code
