from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html import escape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from checkin.badges.tables import BadgeRow
from checkin.database import Database
from checkin.event.model import Event
from checkin.registration.tables import SubmissionRow
from checkin.visitors.tables import VisitorRow

from .conftest import at_event, filled


def count(database: Database, row: type) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def test_the_event_page_tells_when_where_and_how(client: FlaskClient) -> None:
    page = client.get("/?lang=en")
    assert page.status_code == 200
    for words in ("Expo of Tests", "24–26 January 2026", "10 am to 6:30 pm", "Sports goods", 'href="/register"'):
        assert words in page.text


def test_urdu_runs_from_right_to_left_and_is_remembered(client: FlaskClient) -> None:
    page = client.get("/?lang=ur").text
    assert '<html lang="ur" dir="rtl"' in page
    assert "آزمائشی ایکسپو" in page
    assert "رجسٹر کیجیے" in page
    assert '<html lang="ur" dir="rtl"' in client.get("/register").text
    assert '<html lang="en" dir="ltr"' in client.get("/register?lang=en").text


def test_no_page_holds_inline_style_or_script(client: FlaskClient) -> None:
    for path in ("/", "/register", "/badge/unknown"):
        page = client.get(path).text
        assert "style=" not in page
        assert "<style" not in page
        assert page.count("<script") == page.count('<script type="module" src="/static/')


def test_registering_makes_one_visitor_with_a_badge_and_leads_to_their_page(
    client: FlaskClient, database: Database
) -> None:
    answer = client.post("/register", data=filled(client, name_ur="عائشہ صدیقی"))
    assert answer.status_code == 303
    assert answer.location.startswith("/badge/")
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "Ayesha Siddiqui" in page.text
    assert count(database, VisitorRow) == count(database, BadgeRow) == 1


def test_errors_come_with_422_beside_their_fields_and_what_was_typed_stays(
    client: FlaskClient, database: Database
) -> None:
    sent = filled(client, name="", city="Sialkot", phone="12", sectors=["gems"], days=["2026-01-25"], consent_news="y")
    answer = client.post("/register?lang=en", data=sent)
    assert answer.status_code == 422
    page = answer.text
    assert '<a href="#name">Full name: Please write your name.</a>' in page
    assert 'id="phone-error"' in page
    assert 'aria-describedby="phone-error phone-hint"' in page
    for kept in ('value="Sialkot"', 'value="12"', 'value="gems" checked', 'value="2026-01-25" checked'):
        assert kept in page
    assert sent["form_id"] in page
    assert count(database, VisitorRow) == 0


def test_eight_submits_of_one_form_at_once_make_one_visitor(
    app: Flask, client: FlaskClient, database: Database
) -> None:
    sent = filled(client)
    cookie = client.get_cookie("session")
    assert cookie is not None

    def submit(_: int) -> str:
        browser = app.test_client()
        browser.set_cookie("session", cookie.value)
        answer = browser.post("/register", data=sent)
        assert answer.status_code == 303
        return str(answer.location)

    with ThreadPoolExecutor(8) as threads:
        links = set(threads.map(submit, range(8)))
    assert len(links) == 1
    assert count(database, VisitorRow) == count(database, BadgeRow) == count(database, SubmissionRow) == 1


def test_another_person_on_the_same_form_is_another_visitor(client: FlaskClient, database: Database) -> None:
    sent = filled(client)
    first = client.post("/register", data=sent).location
    second = client.post("/register", data={**sent, "name": "Bilal Siddiqui"}).location
    assert first != second
    assert count(database, VisitorRow) == 2


def test_a_registration_that_fails_halfway_leaves_nothing(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no badge")

    sent = filled(client)
    monkeypatch.setattr("checkin.registration.service.badges.issue_first", fail)
    with pytest.raises(RuntimeError, match="no badge"):
        client.post("/register", data=sent)
    assert count(database, VisitorRow) == count(database, SubmissionRow) == 0


def test_a_form_without_its_token_is_refused(client: FlaskClient, database: Database) -> None:
    sent = filled(client)
    assert client.post("/register", data={**sent, "csrf_token": "made up"}).status_code == 400
    del sent["csrf_token"]
    assert client.post("/register", data=sent).status_code == 400
    assert count(database, VisitorRow) == 0


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "{x} {{ 7*7 }}", "A)>> /OpenAction", "A\" b='c", "👩‍👩‍👧 Ali"]
)
def test_a_hostile_name_is_shown_as_text_and_printed(client: FlaskClient, name: str) -> None:
    answer = client.post("/register", data=filled(client, name=name, organisation=name))
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert str(escape(name)).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in page
    assert "<img" not in page
    assert client.get(f"{answer.location}.pdf").data.startswith(b"%PDF")


def test_hidden_characters_are_dropped_from_a_name(client: FlaskClient, database: Database) -> None:
    client.post("/register", data=filled(client, name="A\0li\u202e Re\u200bza\r\n"))
    with database.snapshot() as session:
        assert session.scalar(select(VisitorRow.name)) == "Ali Reza"


def test_without_a_public_category_the_page_sends_to_the_desk(app: Flask, client: FlaskClient, expo: Event) -> None:
    at_event(app, replace(expo, categories=expo.categories[2:]))
    assert "desks in the entrance hall" in client.get("/register?lang=en").text
    assert 'href="/register"' not in client.get("/").text


def test_the_categories_bring_their_colours(client: FlaskClient) -> None:
    sheet = client.get("/event.css")
    assert sheet.mimetype == "text/css"
    assert "--category:#e3a92b" in sheet.text
