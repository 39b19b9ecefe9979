"""Badges by mail, for organisers: what went, what did not and why, and sending again with open eyes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect

from checkin import clock
from checkin.launch.serve import site_of
from checkin.mail.tasks import send_due
from checkin.settings import Settings, SmtpServer
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from checkin.web import Site
from tests.checkin.mail.conftest import MAIL
from tests.checkin.mail.people import register, states
from tests.checkin.mail.post import Post, open_post
from tests.checkin.organise.test_badge_page import SIZES, assert_readable
from tests.checkin.staff.people import add_staff, csrf_of
from tests.installed import installed

PAGE = "/organise/mail"


@pytest.fixture
def post() -> Iterator[Post]:
    controller, post = open_post()
    yield post
    controller.stop()


@pytest.fixture
def app(settings: Settings, post: Post) -> Iterator[Flask]:
    with settings.event_file.open("a", encoding="utf-8") as file:
        file.write(MAIL)
    with installed(replace(settings, smtp=SmtpServer.parse(f"smtp://127.0.0.1:{post.port}"))) as app:
        yield app


@pytest.fixture
def site(app: Flask) -> Site:
    return site_of(app)


def send_with_troubles(site: Site, post: Post) -> None:
    """One sent, one unsure, one refused, one put off."""
    register(site)
    send_due(site)
    for name, answers in (("Unsure", "at_content"), ("Muhammad Abdul Rehman Khan Durrani", "at_recipient")):
        register(site, name, f"{name.replace(' ', '.').lower()}@example.com")
        setattr(post, answers, ["hang up"] if answers == "at_content" else ["550 5.1.1 <no@example.com>"])
        send_due(site)
    post.at_recipient = ["451 4.7.1 later"]
    register(site, "Put off", "later@example.com")
    send_due(site)
    assert ["sent", "unsure", "given_up", "waiting"] == states(site)


def test_what_needs_care_stands_first_with_its_reason_and_the_servers_code(
    organiser: FlaskClient, site: Site, post: Post
) -> None:
    send_with_troubles(site, post)
    troubled = organiser.get(PAGE).text.partition('id="troubled"')[2].partition("</section>")[0]
    places = [troubled.index(name) for name in ("Muhammad Abdul", "Unsure", "Put off")]
    assert sorted(places) == places
    assert "There is no such address, or it takes no mail." in troubled
    assert ("550 5.1.1" in troubled, "no@example.com" in troubled) == (True, False)
    assert "Next try: 10:31" in troubled
    assert "Ayesha" not in troubled


def test_what_was_refused_is_sent_again_at_one_press(organiser: FlaskClient, site: Site, post: Post) -> None:
    post.at_recipient = ["550 5.1.1 no"]
    register(site)
    send_due(site)
    data = {"csrf_token": csrf_of(organiser, PAGE)}
    assert "sent again in a moment" in organiser.post(f"{PAGE}/1/again", data=data, follow_redirects=True).text
    send_due(site)
    assert (["sent"], 1) == (states(site), len(post.taken))


def test_what_may_have_arrived_is_asked_about_first(organiser: FlaskClient, site: Site, post: Post) -> None:
    register(site)
    send_due(site)
    data = {"csrf_token": csrf_of(organiser, f"{PAGE}/1/again")}
    answer = organiser.post(f"{PAGE}/1/again", data=data)
    assert (303, f"{PAGE}/1/again", ["sent"]) == (answer.status_code, answer.location, states(site))
    asked = organiser.get(f"{PAGE}/1/again").text
    assert ("ayesha@example.com" in asked, "they get it twice" in asked) == (True, True)
    organiser.post(f"{PAGE}/1/again", data=data | {"double": "yes"})
    send_due(site)
    assert (["sent"], 2) == (states(site), len(post.taken))


def test_a_mail_that_is_none_is_404(organiser: FlaskClient) -> None:
    assert 404 == organiser.get(f"{PAGE}/9/again").status_code
    assert 404 == organiser.post(f"{PAGE}/9/again", data={"csrf_token": csrf_of(organiser, "/desk/")}).status_code


def test_the_page_says_what_keeps_mails_from_going(organiser: FlaskClient, settings: Settings) -> None:
    page = organiser.get(PAGE).text
    assert ("No mail yet." in page, "CHECKIN_SMTP_URL" in page, "[mail]" in page) == (True, False, False)


@pytest.mark.parametrize("missing", ["server", "sender"])
def test_without_server_or_sender_the_page_says_which(settings: Settings, missing: str) -> None:
    if missing == "server":
        with settings.event_file.open("a", encoding="utf-8") as file:
            file.write(MAIL)
    with installed(settings) as app:
        client = app.test_client()
        with site_of(app).database.transaction() as session:
            client.set_cookie(SESSION_COOKIE, staff.open_session(session, add_staff(session), clock.now()))
        page = client.get(PAGE).text
    assert (missing == "server", missing == "sender") == ("CHECKIN_SMTP_URL" in page, "sends no mails" in page)


@pytest.fixture(params=SIZES)
def context(request: pytest.FixtureRequest, browser: Browser, url: str, site: Site) -> Iterator[BrowserContext]:
    with site.database.transaction() as session:
        token = staff.open_session(session, add_staff(session), clock.now())
    width, height = SIZES[request.param]
    made = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB")
    made.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    yield made
    made.close()


def test_an_organiser_finds_the_mail_that_did_not_go_and_sends_it_again(
    page: Page, url: str, site: Site, post: Post
) -> None:
    send_with_troubles(site, post)
    for language in ("ur", "en"):
        page.goto(f"{url}{PAGE}?lang={language}")
        assert_readable(page)
    page.locator("#troubled [data-mail='3'] button").click()
    expect(page.locator("[role=status]")).to_contain_text("sent again")
    page.locator("#troubled [data-mail='2'] a", has_text="Send again").click()
    expect(page.locator("main")).to_contain_text("they get it twice")
    assert_readable(page)
    page.locator("main button[type=submit]").click()
    expect(page.locator("[role=status]")).to_contain_text("sent again")
    send_due(site)
    assert ["sent", "sent", "sent", "waiting"] == states(site)
