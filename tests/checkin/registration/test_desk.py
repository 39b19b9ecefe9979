from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from checkin import clock
from checkin.badges import service as badges
from checkin.badges.shortcode import short_code
from checkin.database import Database
from checkin.visitors.tables import VisitorRow

from .conftest import filled, hidden


def walk_in(desk: FlaskClient, **more: object) -> str:
    answer = desk.post("/desk/register", data=filled(desk, "/desk/register", category="exhibitor", **more))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def search(desk: FlaskClient, words: str) -> str:
    token = hidden(desk.get("/desk/").text, "csrf_token")
    return desk.post("/desk/?lang=en", data={"csrf_token": token, "words": words}).text


@pytest.mark.parametrize("path", ["/desk/", "/desk/register", "/desk/people/1", "/desk/people/1/reprint"])
def test_a_stranger_is_sent_to_sign_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


def test_a_walk_in_of_any_category_gets_a_badge_to_print(desk: FlaskClient, database: Database) -> None:
    person = walk_in(desk)
    page = desk.get(person)
    assert "Ayesha Siddiqui" in page.text
    assert "Desk 2" in page.text
    for paper in ("", "?paper=a4-fold"):
        assert desk.get(f"{person}/badge.pdf{paper}").data.startswith(b"%PDF")
    with database.snapshot() as session:
        assert session.scalars(select(VisitorRow.source)).all() == ["desk"]


@pytest.mark.parametrize("words", ["ayesha", "SIDDIQ", "Sialkot", "0300 1234567", "234567"])
def test_people_are_found_by_what_they_can_say(desk: FlaskClient, words: str) -> None:
    person = walk_in(desk, organisation="Sialkot Sports")
    assert f'href="{person}"' in search(desk, words)


def test_people_are_found_by_their_badge(desk: FlaskClient, database: Database) -> None:
    person = walk_in(desk)
    with database.snapshot() as session:
        badge = badges.current_badge(session, 1)
    assert f'href="{person}"' in search(desk, short_code(badge.number).lower().replace("0", "o"))


def test_who_is_not_found_is_said_so_and_one_letter_finds_nobody(desk: FlaskClient) -> None:
    person = walk_in(desk)
    for words in ("Zulfiqar", "a", "%", "__"):
        page = search(desk, words)
        assert person not in page
        assert "Nobody found" in page


def test_a_lost_badge_is_replaced_once_after_a_question(desk: FlaskClient, database: Database) -> None:
    person = walk_in(desk)
    asked = desk.get(f"{person}/reprint?lang=en").text
    assert "the gates refuse the old badge" in asked
    sent = {"csrf_token": hidden(asked, "csrf_token"), "lost": hidden(asked, "lost")}
    for _ in range(2):  # pressed twice
        assert desk.post(f"{person}/reprint", data=sent).status_code == 303
    with database.snapshot() as session:
        assert badges.current_badge(session, 1).issue == 1


def test_a_revoked_badge_is_not_made_anew_at_the_desk(desk: FlaskClient, database: Database) -> None:
    person = walk_in(desk)
    with database.transaction() as session:
        badges.revoke(session, 1, now=clock.now(), actor="organiser", reason="sold")
    assert "revoked" in desk.get(f"{person}?lang=en").text
    asked = desk.get(f"{person}/reprint").text
    desk.post(f"{person}/reprint", data={"csrf_token": hidden(asked, "csrf_token"), "lost": "0"})
    with database.snapshot() as session:
        assert badges.current_badge(session, 1).issue == 0
    assert desk.get(f"{person}/badge.pdf").status_code == 404


def test_an_unknown_person_is_404(desk: FlaskClient) -> None:
    for path in ("/desk/people/99", "/desk/people/99/reprint", "/desk/people/99/badge.pdf"):
        assert desk.get(path).status_code == 404
