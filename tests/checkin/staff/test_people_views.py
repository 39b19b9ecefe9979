"""Invitations, and the organisers' page of staff."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin.database import Database
from checkin.journal.queries import latest
from checkin.staff import service
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


def test_an_invited_person_chooses_a_password_and_is_in(client: FlaskClient, database: Database) -> None:
    invited = make_invitation(database)
    path = f"/invitation/{invited.code}"
    page = client.get(path)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "Bilal Khan" in page.text
    answer = post(client, path, password=PASSWORD, password_again=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/desk/")
    again = client.get(path)
    assert again.status_code == 410
    assert "new link" in again.text


def test_an_old_link_and_an_unknown_one_say_what_to_do(client: FlaskClient, database: Database) -> None:
    invited = make_invitation(database)
    let_pass(timedelta(days=7))
    old = client.get(f"/invitation/{invited.code}")
    unknown = client.get("/invitation/never-made")
    assert (old.status_code, unknown.status_code) == (410, 404)
    for page in (old, unknown):
        assert "Ask an organiser" in page.text or "ask an organiser" in page.text
        assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("says", "password", "again"),
    [
        ("at least 10 characters", "short", "short"),
        ("two passwords differ", PASSWORD, PASSWORD + "!"),
        ("name or e-mail address", "bilal@example.com", "bilal@example.com"),
    ],
)
def test_a_poor_password_is_refused_beside_its_field_and_never_shown(
    client: FlaskClient, database: Database, says: str, password: str, again: str
) -> None:
    path = f"/invitation/{make_invitation(database).code}"
    answer = post(client, path, password=password, password_again=again, name="Else", email="else@example.com")
    assert answer.status_code == 422
    assert says in answer.text
    assert not re.search(r'type="password"[^>]*value="[^"]', answer.text)
    assert post(client, path, password=PASSWORD, password_again=PASSWORD).status_code == 303


def test_of_eight_browsers_with_one_invitation_one_gets_in(app: Flask, database: Database) -> None:
    path = f"/invitation/{make_invitation(database).code}"
    browsers = [app.test_client() for _ in range(8)]
    tokens = [csrf_of(browser, path) for browser in browsers]

    def send(number: int) -> int:
        form = {"csrf_token": tokens[number], "password": PASSWORD, "password_again": PASSWORD}
        return browsers[number].post(path, data=form).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(send, range(8)))
    assert sorted(statuses) == [303] + [410] * 7


def test_the_first_organiser_begins_with_a_link(client: FlaskClient, database: Database) -> None:
    make_staff(database, "bilal@example.com", Role.DESK)
    with database.transaction() as session:
        path = f"/invitation/{service.first_organiser_invitation(session, NOW)}"
    words = {"password": PASSWORD, "password_again": PASSWORD, "name": "Sana Iqbal"}
    taken = post(client, path, email="Bilal@example.com", **words)
    assert taken.status_code == 422
    assert "already signs in" in taken.text
    assert 'value="Sana Iqbal"' in taken.text
    answer = post(client, path, email="sana@example.com", **words)
    assert (answer.status_code, answer.location) == (303, "/organise/")
    assert "Sana Iqbal" in client.get("/organise/staff").text


def test_an_organiser_invites_ends_and_sees_the_staff(app: Flask, client: FlaskClient, database: Database) -> None:
    carry_session(client, database, make_staff(database))
    page = "/organise/staff"
    answer = post(client, page, name="Bilal <b>Khan</b>", email="bilal@example.com", role="gate")
    assert answer.status_code == 200
    assert "Bilal &lt;b&gt;Khan" in answer.text
    link = re.search(r'id="link" value="([^"]+)"', answer.text)
    assert link is not None
    assert link[1] not in client.get(page).text
    path = "/invitation/" + link[1].rpartition("/")[2]
    other = app.test_client()
    assert post(other, path, password=PASSWORD, password_again=PASSWORD).location == "/gate/"
    assert other.get(page).status_code == 403

    asked = client.get("/organise/staff/2/end")
    assert "End the access of" in asked.text
    assert post(client, "/organise/staff/2/end").location == page
    assert other.get(page).location.startswith("/sign-in")  # refused at once
    shown = client.get(page).text
    assert "The access has ended" in shown
    assert "access has ended" in shown
    assert sign_in(app.test_client(), "bilal@example.com").status_code == 422


def test_an_organiser_makes_a_new_link_for_who_forgot(client: FlaskClient, database: Database) -> None:
    carry_session(client, database, make_staff(database))
    bilal = make_staff(database, "bilal@example.com", Role.DESK)
    answer = post(client, f"/organise/staff/{bilal.id}/link", "/organise/staff")
    assert answer.status_code == 200
    assert "/invitation/" in answer.text


def test_what_does_not_fit_is_told_beside_its_field(client: FlaskClient, database: Database) -> None:
    carry_session(client, database, make_staff(database))
    empty = post(client, "/organise/staff", name="", email="bilal", role="")
    assert empty.status_code == 422
    for words in ("Please write a name", "Please write an e-mail address", "Please choose a role"):
        assert words in empty.text
    assert "Please choose a PIN" not in empty.text
    taken = post(client, "/organise/staff", name="S", email="SANA@example.com", role="desk")
    assert taken.status_code == 422
    assert "already signs in" in taken.text
    forged = post(client, "/organise/staff", name="S", email="s@example.com", role="emperor")
    assert forged.status_code == 422


def test_nobody_ends_their_own_access_nor_one_that_is_unknown(client: FlaskClient, database: Database) -> None:
    me = make_staff(database)
    carry_session(client, database, me)
    assert "cannot end your own" in client.get(f"/organise/staff/{me.id}/end").text
    assert post(client, f"/organise/staff/{me.id}/end").status_code == 409
    assert client.get("/organise/staff").status_code == 200
    assert client.get("/organise/staff/99/end").status_code == 404
    assert post(client, "/organise/staff/99/link", "/organise/staff").status_code == 404


def test_an_organiser_sets_the_supervisors_pin(client: FlaskClient, database: Database) -> None:
    carry_session(client, database, make_staff(database))
    assert "None is set yet" in client.get("/organise/staff").text
    easy = post(client, "/organise/staff/pin", "/organise/staff", pin="123456", pin_again="123456")
    assert easy.status_code == 422
    assert "guessed easily" in easy.text
    differ = post(client, "/organise/staff/pin", "/organise/staff", pin="482915", pin_again="482916")
    assert "PINs differ" in differ.text
    assert "482915" not in differ.text
    good = post(client, "/organise/staff/pin", "/organise/staff", pin="482915", pin_again="482915")
    assert (good.status_code, good.location) == (303, "/organise/staff")
    assert "The new PIN holds" in client.get("/organise/staff").text
    with database.snapshot() as session:
        assert service.check_supervisor_pin(session, "482915")
        assert "482915" not in str(latest(session, 10))
