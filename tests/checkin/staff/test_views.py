"""Signing in and out."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin.database import Database
from checkin.journal.queries import latest
from checkin.staff import passwords, service
from checkin.staff.guard import SESSION_COOKIE
from checkin.staff.model import Role
from tests.checkin.staff.people import (
    NOW,
    PASSWORD,
    carry_session,
    csrf_of,
    let_pass,
    make_invitation,
    make_staff,
    post,
    sign_in,
)


def same_text(page: str, email: str) -> str:
    """A page without what differs in any case: the CSRF token, and the address that was typed."""
    return re.sub(r'(?<=name="csrf_token" value=")[^"]+', "", page).replace(email, "")


@pytest.mark.parametrize(("role", "path"), [("organiser", "/organise/"), ("desk", "/desk/"), ("gate", "/gate/")])
def test_each_role_lands_where_it_works(client: FlaskClient, database: Database, role: str, path: str) -> None:
    make_staff(database, role=Role(role))
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (303, path)


def test_the_cookie_is_for_this_site_alone_and_no_script_reads_it(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    make_staff(database)
    cookies = [line for line in sign_in(client).headers.getlist("Set-Cookie") if line.startswith(SESSION_COOKIE)]
    assert len(cookies) == 1
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookies[0].split("; "))
    assert "Secure" not in cookies[0]
    app.config["SESSION_COOKIE_SECURE"] = True  # as create_app says for https
    answer = app.test_client().get("/sign-in", base_url="https://localhost")
    assert answer.status_code == 200
    secure = app.test_client()
    token = re.search(r'csrf_token" value="([^"]+)', secure.get("/sign-in", base_url="https://localhost").text)
    assert token is not None
    answer = secure.post(
        "/sign-in",
        base_url="https://localhost",
        headers={"Referer": "https://localhost/sign-in"},
        data={"csrf_token": token[1], "email": "sana@example.com", "password": PASSWORD},
    )
    assert any("Secure" in line for line in answer.headers.getlist("Set-Cookie") if SESSION_COOKIE in line)


def test_signing_in_changes_the_session_and_the_csrf_token(client: FlaskClient, database: Database) -> None:
    make_staff(database)
    sign_in(client)
    first = client.get_cookie(SESSION_COOKIE)
    before = csrf_of(client, "/organise/staff")
    answer = client.post("/sign-in", data={"csrf_token": before, "email": "sana@example.com", "password": PASSWORD})
    second = client.get_cookie(SESSION_COOKIE)
    assert answer.status_code == 303
    assert first is not None
    assert second is not None
    assert first.value != second.value
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 400
    client.set_cookie(SESSION_COOKIE, first.value)
    assert client.get("/organise/staff").location.startswith("/sign-in")


def test_a_stranger_and_a_wrong_password_get_the_same_page_and_the_same_work(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_staff(database)
    proved: list[bool] = []
    prove = passwords.prove

    def counted(*args: object) -> object:
        proved.append(True)
        return prove(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(passwords, "prove", counted)
    for status in (422, 422, 422, 422, 429, 429):
        friend = sign_in(client, "sana@example.com", "wrong password")
        stranger = sign_in(client, "nobody@example.com", "wrong password")
        assert friend.status_code == stranger.status_code == status
        assert same_text(friend.text, "sana@example.com") == same_text(stranger.text, "nobody@example.com")
    assert len(proved) == 10  # the sixth of each met the lock


def test_a_lock_says_how_long_and_ends(client: FlaskClient, database: Database) -> None:
    make_staff(database)
    for _ in range(5):
        locked = sign_in(client, password="wrong password")
    assert locked.status_code == 429
    assert 0 < int(locked.headers["Retry-After"]) <= 60
    assert "wait one minute" in locked.text
    assert sign_in(client).status_code == 429
    let_pass(timedelta(minutes=1))
    assert sign_in(client).status_code == 303


def test_what_was_typed_stays_but_for_the_password(client: FlaskClient) -> None:
    page = sign_in(client, "someone@example.com", "a wrong password").text
    assert 'value="someone@example.com"' in page
    assert "a wrong password" not in page
    empty = post(client, "/sign-in", email="nonsense", password="")
    assert empty.status_code == 422
    assert "Please write an e-mail address" in empty.text
    assert "Please write your password" in empty.text


def test_a_form_without_csrf_is_refused(client: FlaskClient, database: Database) -> None:
    make_staff(database)
    answer = client.post("/sign-in", data={"email": "sana@example.com", "password": PASSWORD})
    assert answer.status_code == 400
    assert client.get_cookie(SESSION_COOKIE) is None
    carry_session(client, database, make_staff(database, "bilal@example.com"))
    for path in (
        "/sign-out",
        "/organise/staff",
        "/organise/staff/1/end",
        "/organise/staff/1/link",
        "/organise/staff/pin",
    ):
        assert client.post(path).status_code == 400, path


def test_signing_out_ends_the_session_for_good(client: FlaskClient, database: Database) -> None:
    token = carry_session(client, database, make_staff(database))
    answer = post(client, "/sign-out", "/organise/staff")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert client.get_cookie(SESSION_COOKIE) is None
    client.set_cookie(SESSION_COOKIE, token)
    assert client.get("/organise/staff").location.startswith("/sign-in")


def test_who_is_signed_in_is_sent_on(client: FlaskClient, database: Database) -> None:
    carry_session(client, database, make_staff(database, role=Role.DESK))
    assert client.get("/sign-in").location == "/desk/"
    assert client.get("/sign-in?next=/desk/find").location == "/desk/find"
    assert client.get("/sign-in?next=//evil.example").location == "/desk/"


def test_a_crowd_at_the_door_is_told_to_come_back(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_staff(database)

    def busy(*_: object) -> object:
        raise passwords.TooBusyError

    monkeypatch.setattr(passwords, "prove", busy)
    answer = sign_in(client)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_a_password_is_in_no_log_no_journal_and_no_page(
    app: Flask, client: FlaskClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = f"/invitation/{make_invitation(database, role=Role.ORGANISER).code}"
    pages = [
        post(client, path, password=PASSWORD, password_again="another one").text,
        post(client, path, password=PASSWORD, password_again=PASSWORD).text,
        sign_in(app.test_client(), "bilal@example.com", PASSWORD + "x").text,
        sign_in(app.test_client(), "bilal@example.com").text,
        client.get("/organise/staff").text,
    ]
    with database.snapshot() as session:
        entries = latest(session, 50)
    assert entries
    for place in (*pages, caplog.text, str(entries)):
        assert PASSWORD not in place


def test_a_name_cannot_become_markup(client: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        service.invite(session, name="<img onerror=x>", email="x@example.com", role=Role.DESK, actor="tests", now=NOW)
    carry_session(client, database, make_staff(database))
    page = client.get("/organise/staff").text
    assert "&lt;img onerror=x&gt;" in page
    assert "<img onerror" not in page
