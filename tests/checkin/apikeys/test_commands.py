"""`flask keys …`."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from checkin.database import Database
from checkin.journal.queries import latest

from .keys import bearer


def run(app: Flask, *words: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["keys", *words])
    return result.exit_code, result.stdout, result.stderr


def test_a_key_is_printed_alone_works_is_listed_and_ends(app: Flask, client: FlaskClient, database: Database) -> None:
    code, text, told = run(app, "add", "Ministry", "--scope", "attendance:read", "--days", "7")
    assert (0, True) == (code, bool(re.fullmatch(r"checkin_[0-9a-f]{8}_[\w-]{43}\n", text)))
    assert "2026-01-31" in told
    assert 200 == client.get("/api/v1/attendance", headers=bearer(text.strip())).status_code
    _, listed, _ = run(app, "list")
    assert ("live" in listed, "Ministry" in listed, text.strip() in listed) == (True, True, False)
    beginning = listed.split()[0]
    assert (0, "Ministry is revoked.\n") == run(app, "revoke", beginning)[:2]
    assert (0, "Ministry was revoked before.\n") == run(app, "revoke", beginning)[:2]
    assert 401 == client.get("/api/v1/attendance", headers=bearer(text.strip())).status_code
    with database.snapshot() as session:
        entries = latest(session, 5)
    assert [("key.revoke", "command line"), ("key.make", "command line")] == [
        (one.action, one.actor) for one in entries
    ]


def test_what_cannot_be_is_refused_with_words(app: Flask) -> None:
    assert "There is no API key yet." in run(app, "list")[1]
    assert 2 == run(app, "add", " \x07 ", "--scope", "attendance:read")[0]
    assert 2 == run(app, "add", "Ministry", "--scope", "everything")[0]
    assert 2 == run(app, "add", "Ministry", "--scope", "attendance:read", "--days", "0")[0]
    code, _, told = run(app, "revoke", "checkin_12345678")
    assert (2, True) == (code, "No API key begins like this" in told)
