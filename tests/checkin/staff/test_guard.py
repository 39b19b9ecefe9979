from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from checkin import clock
from checkin.database import Database
from checkin.staff import guard, service
from checkin.staff.guard import EVERYONE, ROLES_ATTRIBUTE, SESSION_COOKIE, current_staff, local_path, public, required
from checkin.staff.model import Role
from checkin.staff.views import bp
from tests.checkin.staff.people import carry_session, let_pass, make_staff, sign_in


@required(Role.ORGANISER, Role.DESK)
def hall() -> str:
    return f"{current_staff().role} in"


@public
def street() -> str:
    return render_template_string("{{ staff.name if staff else 'a stranger' }}")


@pytest.fixture
def hall_client(app: Flask) -> FlaskClient:
    app.add_url_rule("/desk/hall", "hall", hall, methods=["GET", "POST"])
    app.add_url_rule("/api/v1/hall", "api_hall", hall)
    app.add_url_rule("/street", "street", street)
    return app.test_client()


@pytest.mark.parametrize(
    ("good", "path"),
    [
        (True, "/"),
        (True, "/organise/?day=2026-01-24&lang=ur"),
        (True, "/desk/find?q=%C3%A9"),
        (False, ""),
        (False, None),
        (False, "//evil.example"),
        (False, "///evil.example"),
        (False, "/\\evil.example"),
        (False, "\\\\evil.example"),
        (False, "/\t/evil.example"),
        (False, "/\n/evil.example"),
        (False, " //evil.example"),
        (False, "/desk\r\nSet-Cookie: a=b"),
        (False, "https://evil.example"),
        (False, "javascript:alert(1)"),
        (False, "evil.example"),
        (False, "@evil.example"),
    ],
)
def test_only_a_path_of_this_site_is_followed(good: bool, path: str | None) -> None:  # noqa: FBT001
    assert (path if good else None) == local_path(path)


@pytest.mark.parametrize(
    ("lands", "goes"),
    [
        ("/desk/hall?a=1", "/desk/hall%3Fa%3D1"),
        ("/organise/", "//evil.example"),
        ("/organise/", "/%09/evil.example"),
        ("/organise/", "/%5Cevil.example"),
        ("/organise/", "https%3A//evil.example"),
    ],
)
def test_signing_in_leads_back_to_our_own_pages_alone(
    client: FlaskClient, database: Database, lands: str, goes: str
) -> None:
    make_staff(database)
    assert sign_in(client, path=f"/sign-in?next={goes}").location == lands


def test_a_stranger_is_sent_to_sign_in_and_back(hall_client: FlaskClient) -> None:
    answer = hall_client.get("/desk/hall?a=1")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/desk/hall?a%3D1")


def test_a_stranger_of_the_api_gets_401_as_json(hall_client: FlaskClient) -> None:
    answer = hall_client.get("/api/v1/hall")
    assert answer.status_code == 401
    request = answer.headers["X-Request-ID"]
    assert answer.json == {"error": {"status": 401, "message": "Please sign in first.", "request": request}}


@pytest.mark.parametrize(("status", "role"), [(200, "organiser"), (200, "desk"), (403, "gate")])
def test_each_role_sees_what_is_its_own(hall_client: FlaskClient, database: Database, status: int, role: str) -> None:
    carry_session(hall_client, database, make_staff(database, role=Role(role)))
    assert hall_client.get("/desk/hall").status_code == status
    assert hall_client.get("/api/v1/hall").status_code == status


@pytest.mark.parametrize("cookie", ["", "nonsense", "x" * 4000, "é'\"; DROP"])
def test_a_made_up_cookie_is_nobody(hall_client: FlaskClient, cookie: str) -> None:
    hall_client.set_cookie(SESSION_COOKIE, cookie)
    assert hall_client.get("/desk/hall").status_code == 303


def test_an_ended_session_is_refused_at_once(hall_client: FlaskClient, database: Database) -> None:
    staff = make_staff(database)
    carry_session(hall_client, database, staff)
    assert hall_client.get("/desk/hall").status_code == 200
    with database.transaction() as session:
        service.end_sessions(session, staff.id, clock.now())
    assert hall_client.get("/desk/hall").status_code == 303


def test_a_session_in_use_lives_through_a_day_and_an_idle_one_does_not(
    hall_client: FlaskClient, database: Database
) -> None:
    carry_session(hall_client, database, make_staff(database))
    for _ in range(2):
        let_pass(timedelta(hours=11))
        assert hall_client.get("/desk/hall").status_code == 200
    let_pass(timedelta(hours=2))
    assert hall_client.get("/desk/hall").status_code == 303


def test_a_session_is_noted_once_a_minute(
    hall_client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_session(hall_client, database, make_staff(database))
    touched: list[bool] = []
    monkeypatch.setattr(guard, "touch_session", lambda *_: touched.append(True))
    hall_client.get("/desk/hall")
    assert not touched
    let_pass(timedelta(seconds=61))
    hall_client.get("/desk/hall")
    assert len(touched) == 1


def test_a_database_that_cannot_write_keeps_nobody_from_reading(
    hall_client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_session(hall_client, database, make_staff(database))
    let_pass(timedelta(minutes=2))

    def full(*_: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database or disk is full"))

    monkeypatch.setattr(guard, "touch_session", full)
    assert hall_client.get("/desk/hall").status_code == 200


def test_templates_know_who_is_signed_in(hall_client: FlaskClient, database: Database) -> None:
    assert hall_client.get("/street").text == "a stranger"
    carry_session(hall_client, database, make_staff(database))
    assert hall_client.get("/street").text == "Sana Iqbal"


def test_each_view_says_who_may_see_it(app: Flask) -> None:
    assert getattr(hall, ROLES_ATTRIBUTE) == frozenset({Role.ORGANISER, Role.DESK})
    assert getattr(street, ROLES_ATTRIBUTE) == EVERYONE
    ours = {name: view for name, view in app.view_functions.items() if name.startswith(f"{bp.name}.")}
    open_to_all = {name for name, view in ours.items() if getattr(view, ROLES_ATTRIBUTE) == EVERYONE}
    assert open_to_all == {"staff.sign_in", "staff.sign_out", "staff.invitation"}
    assert {getattr(ours[name], ROLES_ATTRIBUTE) for name in ours.keys() - open_to_all} == {frozenset({Role.ORGANISER})}
