"""Webhooks on their pages: added with a secret shown once, tested, looked at, turned off, removed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect

from checkin import clock
from checkin.database import Database
from checkin.event.model import Event
from checkin.journal.queries import latest
from checkin.launch.serve import site_of
from checkin.organise.payloads import PAYLOADS
from checkin.settings import Settings
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from checkin.web import Site
from checkin.webhooks import service
from checkin.webhooks.model import Topic
from checkin.webhooks.policy import MOST_WEBHOOKS
from checkin.webhooks.tasks import send_due
from tests.checkin.organise.test_badge_page import SIZES, assert_readable
from tests.checkin.staff.people import add_staff, csrf_of, post
from tests.checkin.webhooks.hooks import add_webhook, deliveries, states, tell
from tests.checkin.webhooks.receiver import Receiver, receiving, resolve
from tests.factories import make_badge
from tests.installed import installed

PAGE = "/organise/webhooks"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    resolve(monkeypatch, "127.0.0.1")
    with receiving(tmp_path) as receiver:
        yield receiver


@pytest.fixture
def app(settings: Settings, receiver: Receiver) -> Iterator[Flask]:
    with installed(replace(settings, webhook_trial=receiver.authority)) as app:
        yield app


@pytest.fixture
def site(app: Flask) -> Site:
    return site_of(app)


def secret_in(text: str) -> str:
    (found,) = set(SECRET.findall(html.unescape(text)))
    return str(found)


def add(client: FlaskClient, address: str) -> str:
    """Add one by the form; its secret."""
    answer = post(client, PAGE, address=address, topics="badge.revoked")
    assert 200 == answer.status_code, answer.text
    return secret_in(answer.text)


def test_the_secret_that_is_shown_once_proves_the_messages(
    organiser: FlaskClient, site: Site, database: Database, receiver: Receiver
) -> None:
    secret = add(organiser, receiver.address)
    for path in (PAGE, f"{PAGE}/1"):
        assert not SECRET.search(html.unescape(organiser.get(path).text))
    tell(database)
    send_due(site)
    assert receiver.taken[0].is_signed_with(secret)
    fresh = secret_in(post(organiser, f"{PAGE}/1/secret").text)
    tell(database)
    send_due(site)
    assert (True, False) == (receiver.taken[1].is_signed_with(fresh), receiver.taken[1].is_signed_with(secret))


def test_there_is_none_at_first(organiser: FlaskClient, database: Database) -> None:
    assert "There is none: nothing leaves this system by itself." in organiser.get(PAGE).text
    tell(database)
    assert [] == deliveries(database)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Please give the address."),
        ("http://hooks.example.org/", "begins with https://"),
        ("https://user:secret@hooks.example.org/", "leave out the user name"),
        ("https://127.0.0.1/", "private network"),
        ("https://[::ffff:10.0.0.1]/", "private network"),
        ("https://localhost:8000/", "private network"),
        ("https://hooks.example.org/\r\nHost: x", "This is no address"),
        ("https://" + "x" * 600, "too long"),
        ("javascript:alert(1)", "begins with https://"),
    ],
)
def test_an_address_that_may_not_be_is_refused_and_stays_in_the_form(
    organiser: FlaskClient, database: Database, address: str, words: str
) -> None:
    answer = post(organiser, PAGE, address=address, topics="badge.revoked")
    assert (422, True) == (answer.status_code, words in html.unescape(answer.text))
    with database.snapshot() as session:
        assert () == service.all_webhooks(session)


@pytest.mark.parametrize("topic", ["", "test", "everything"])
def test_a_topic_that_is_none_is_refused(organiser: FlaskClient, receiver: Receiver, topic: str) -> None:
    assert 422 == post(organiser, PAGE, address=receiver.address, topics=topic).status_code
    add(organiser, receiver.address)
    assert 422 == post(organiser, f"{PAGE}/1", topics=topic).status_code


def test_there_are_never_too_many(organiser: FlaskClient, database: Database, receiver: Receiver) -> None:
    for _ in range(MOST_WEBHOOKS):
        add_webhook(database, receiver.address)
    answer = post(organiser, PAGE, address=receiver.address, topics="badge.revoked")
    assert (422, True) == (answer.status_code, "remove one first" in answer.text)


def test_a_test_is_sent_at_once_and_shown_with_its_answer(
    organiser: FlaskClient, site: Site, database: Database, receiver: Receiver
) -> None:
    add(organiser, receiver.address)
    post(organiser, f"{PAGE}/1/test", f"{PAGE}/1")
    send_due(site)
    assert {"webhook": 1} == receiver.taken[0].said["data"]
    PAYLOADS[Topic.TEST].model_validate(receiver.taken[0].said["data"])
    row = organiser.get(f"{PAGE}/1").text.partition('data-state="delivered"')[2].partition("</tr>")[0]
    for words in ("A test", "Arrived", "204", "One try"):
        assert words in row, words


def test_what_fails_is_told_with_the_reason_and_the_next_try(
    organiser: FlaskClient, site: Site, database: Database, receiver: Receiver
) -> None:
    add(organiser, receiver.address)
    receiver.answers = [503]
    tell(database)
    send_due(site)
    row = organiser.get(f"{PAGE}/1").text.partition('data-state="waiting"')[2].partition("</tr>")[0]
    for words in ("Waits", "503", "It refused the message.", "Next try: 10:31"):
        assert words in row, words
    assert "It refused the message." in organiser.get(PAGE).text


def test_it_is_changed_turned_off_and_on_and_removed_and_the_journal_says_so(
    organiser: FlaskClient, site: Site, database: Database, receiver: Receiver
) -> None:
    add(organiser, receiver.address)
    one = f"{PAGE}/1"
    assert 303 == post(organiser, one, topics="device.silent").status_code
    tell(database)
    assert [] == states(database)
    assert 303 == post(organiser, one, topics="badge.revoked").status_code
    assert 303 == post(organiser, f"{one}/turn", one, on="no").status_code
    tell(database)
    assert [] == states(database)
    assert "Off: it is told nothing." in organiser.get(one).text
    assert 303 == post(organiser, f"{one}/turn", one, on="yes").status_code
    tell(database)
    assert ["waiting"] == states(database)
    assert 303 == post(organiser, f"{one}/remove").status_code
    assert ["dropped"] == states(database)
    assert 404 == organiser.get(one).status_code
    with database.snapshot() as session:
        done = [entry.action for entry in reversed(latest(session, 99)) if entry.subject == "webhook:1"]
    changes = ["webhook.change", "webhook.change", "webhook.turn_off", "webhook.turn_on"]
    assert ["webhook.add", *changes, "webhook.remove"] == done


def test_an_organiser_who_revokes_a_badge_wakes_a_worker(
    organiser: FlaskClient, database: Database, event: Event, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr("checkin.webhooks.tasks.enqueue", lambda _settings, kind, _job: woken.append(kind))
    add_webhook(database, receiver.address)
    with database.transaction() as session:
        make_badge(session, event)
    assert 303 == post(organiser, "/organise/people/1/revoke", issue="0", reason="lost").status_code
    assert (["webhook"], ["waiting"]) == (woken, states(database))


def test_one_that_is_none_is_404(organiser: FlaskClient) -> None:
    data = {"csrf_token": csrf_of(organiser, PAGE), "topics": "badge.revoked"}
    ways = ("", "/test", "/turn", "/secret", "/remove")
    assert [404] * 5 == [organiser.post(f"{PAGE}/9{way}", data=data).status_code for way in ways]
    assert [404] * 3 == [organiser.get(f"{PAGE}/9{way}").status_code for way in ("", "/secret", "/remove")]


@pytest.fixture(params=SIZES)
def context(request: pytest.FixtureRequest, browser: Browser, url: str, database: Database) -> Iterator[BrowserContext]:
    with database.transaction() as session:
        token = staff.open_session(session, add_staff(session), clock.now())
    width, height = SIZES[request.param]
    made = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    made.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    yield made
    made.close()


def test_an_organiser_adds_a_webhook_tests_it_and_removes_it(
    page: Page, url: str, site: Site, receiver: Receiver
) -> None:
    page.goto(f"{url}{PAGE}")
    page.get_by_label("Address", exact=True).fill("http://hooks.example.org/")
    page.get_by_label("A badge was revoked").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("[role=alert]")).to_contain_text("begins with https://")
    assert_readable(page)
    page.get_by_label("Address", exact=True).fill(receiver.address)
    page.get_by_role("button", name="Add it").click()
    secret = page.locator("#secret").input_value()
    assert_readable(page)
    page.get_by_role("button", name="Send a test").click()
    expect(page.locator("[role=status]")).to_contain_text("on its way")
    send_due(site)
    page.reload()
    expect(page.locator("#messages")).to_contain_text("Arrived")
    assert receiver.taken[0].is_signed_with(secret)
    for language in ("ur", "en"):
        for path in (PAGE, f"{PAGE}/1", f"{PAGE}/1/secret", f"{PAGE}/1/remove"):
            page.goto(f"{url}{path}?lang={language}")
            assert_readable(page)
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator("main")).to_contain_text("nothing leaves this system")
