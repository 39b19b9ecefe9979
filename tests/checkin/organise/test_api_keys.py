"""API keys on their page: shown once, listed with their use, revoked after a question."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect

from checkin import clock
from checkin.apikeys import service
from checkin.apikeys.model import Scope
from checkin.database import Database
from checkin.journal.queries import latest
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from checkin.staff.model import Role
from tests.checkin.apikeys.keys import bearer, make_key
from tests.checkin.organise.test_badge_page import SIZES, assert_readable
from tests.checkin.staff.people import add_staff, carry_session, csrf_of, let_pass, make_staff, post

PAGE = "/organise/api-keys"
KEY = re.compile(r"checkin_[0-9a-f]{8}_[\w-]{43}")
GOOD = {"name": "Ministry’s dashboard", "scopes": "attendance:read", "days": "7"}


def test_a_key_is_shown_once_and_opens_what_was_ticked(app: Flask, organiser: FlaskClient, database: Database) -> None:
    answer = post(organiser, PAGE, **GOOD)
    (text,) = KEY.findall(answer.text)
    assert (200, "no-store") == (answer.status_code, answer.headers["Cache-Control"])
    assert [] == KEY.findall(organiser.get(PAGE).text)
    stranger = app.test_client()
    assert 200 == stranger.get("/api/v1/attendance", headers=bearer(text)).status_code
    with database.snapshot() as session:
        (key,) = service.all_keys(session)
        (entry, *_) = latest(session, 5)
    assert ({Scope.ATTENDANCE_READ}, "Sana Iqbal") == (set(key.scopes), key.made_by)
    assert timedelta(days=7) == key.expires_at - key.made_at
    assert ("key.make", f"key:{key.id}") == (entry.action, entry.subject)
    assert {"scopes": ["attendance:read"], "days": 7} == entry.detail


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Please write who will use the key"),
        ({"name": " \u200b "}, "Please write who will use the key"),
        ({"name": "x" * 81}, "This is too long"),
        ({"scopes": ""}, "Please tick at least one."),
        ({"scopes": "everything"}, "none of the choices"),
        ({"days": "9999"}, "none of the choices"),
        ({"days": "-1"}, "none of the choices"),
        ({"days": "۷"}, "none of the choices"),
    ],
)
def test_what_cannot_be_is_said_and_makes_no_key(
    organiser: FlaskClient, database: Database, change: dict[str, str], words: str
) -> None:
    answer = post(organiser, PAGE, **(GOOD | change))
    assert (422, True) == (answer.status_code, words in html.unescape(answer.text))
    with database.snapshot() as session:
        assert () == service.all_keys(session)


def test_nothing_ticked_makes_no_key(organiser: FlaskClient, database: Database) -> None:
    answer = organiser.post(PAGE, data={"csrf_token": csrf_of(organiser, PAGE), "name": "Ministry", "days": "7"})
    assert (422, True) == (answer.status_code, "Please tick at least one." in answer.text)


def test_revoking_asks_first_and_holds_at_once(app: Flask, organiser: FlaskClient, database: Database) -> None:
    made, stranger = make_key(database), app.test_client()
    asked = organiser.get(f"{PAGE}/1/revoke").text
    assert ("Revoke the key of Ministry?" in asked, made.key.handle in asked) == (True, True)
    assert 200 == stranger.get("/api/v1/attendance", headers=bearer(made.text)).status_code
    csrf = csrf_of(organiser, f"{PAGE}/1/revoke")
    assert 303 == organiser.post(f"{PAGE}/1/revoke", data={"csrf_token": csrf}).status_code
    assert 401 == stranger.get("/api/v1/attendance", headers=bearer(made.text)).status_code
    page = organiser.get(PAGE).text
    assert ("opens nothing any more" in page, "One key that has ended" in page) == (True, True)
    again = organiser.post(f"{PAGE}/1/revoke", data={"csrf_token": csrf}, follow_redirects=True)
    assert "this key was revoked before" in again.text
    assert "this key was revoked before" in organiser.get(f"{PAGE}/1/revoke", follow_redirects=True).text
    with database.snapshot() as session:
        assert ["key.revoke"] == [one.action for one in latest(session, 9) if one.action == "key.revoke"]


def test_the_list_tells_last_use_and_end(app: Flask, organiser: FlaskClient, database: Database) -> None:
    made = make_key(database, days=7)
    assert "never" in organiser.get(PAGE).text
    app.test_client().get("/api/v1/attendance", headers=bearer(made.text))
    let_pass(timedelta(hours=3))
    page = organiser.get(PAGE).text
    assert ("3 hours ago" in page, "31 January 2026" in page) == (True, True)


def test_a_key_that_is_none_is_404_and_a_browser_without_the_form_changes_nothing(
    organiser: FlaskClient, database: Database
) -> None:
    make_key(database)
    assert [404, 404] == [organiser.get(f"{PAGE}/{number}/revoke").status_code for number in (9, 10**30)]
    assert 400 == organiser.post(f"{PAGE}/1/revoke").status_code
    with database.snapshot() as session:
        assert service.get_key(session, 1).revoked_at is None


def test_other_roles_may_not(client: FlaskClient, database: Database) -> None:
    carry_session(client, database, make_staff(database, "desk@example.com", Role.DESK))
    assert [403, 403] == [client.get(PAGE).status_code, client.get("/organise/webhooks").status_code]


@pytest.fixture(params=SIZES)
def context(request: pytest.FixtureRequest, browser: Browser, url: str, database: Database) -> Iterator[BrowserContext]:
    with database.transaction() as session:
        token = staff.open_session(session, add_staff(session), clock.now())
    width, height = SIZES[request.param]
    made = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    made.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    yield made
    made.close()


def test_an_organiser_makes_a_key_copies_it_and_revokes_it(
    page: Page, url: str, app: Flask, database: Database
) -> None:
    page.goto(f"{url}{PAGE}")
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("[role=alert]")).to_contain_text("2 things need your care")
    assert_readable(page)
    page.get_by_label("Who will use it").fill("Ministry’s dashboard")
    page.get_by_label("Read the figures of attendance").check()
    page.get_by_role("button", name="Make the key").click()
    text = page.locator("#key").input_value()
    assert KEY.fullmatch(text)
    assert_readable(page)
    assert 200 == app.test_client().get("/api/v1/attendance", headers=bearer(text)).status_code
    page.goto(f"{url}{PAGE}")
    expect(page.locator("#live")).to_contain_text("just now")
    page.get_by_role("link", name="Revoke the key of Ministry’s dashboard").click()
    assert_readable(page)
    page.get_by_role("button", name="Revoke it").click()
    expect(page.locator("[role=status]")).to_contain_text("opens nothing any more")
    assert 401 == app.test_client().get("/api/v1/attendance", headers=bearer(text)).status_code
