"""Merging two registrations and setting a person's days: what the pages propose, ask, do and refuse."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from checkin import clock
from checkin.badges import service as badges
from checkin.badges.model import BadgeState
from checkin.database import Database
from checkin.event.model import Event
from checkin.visitors import service as visitors

from .one_person import badge, correct, details
from .people import PEOPLE, did, hidden, make_person, names, search
from .two_people import MERGE, two

__all__ = ["two"]  # a fixture

SATURDAY, SUNDAY = date(2026, 1, 24), date(2026, 1, 25)


def posted(client: FlaskClient, page: str, path: str = MERGE, **more: str) -> TestResponse:
    """Press the button of a page as a browser would: every hidden field, and what is ticked."""
    form = page.partition("novalidate")[2].partition("</form>")[0]
    told = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if given.get("type") not in {"checkbox", "radio"} or " checked" in tag:
            told[given["name"]] = unescape(given.get("value", ""))
    return client.post(f"{path}?lang=en", data=told | more)


def merged(client: FlaskClient, **more: str) -> str:
    """Look, go on, say yes: the page of the merge."""
    asked = posted(client, client.get(MERGE).text, **more)
    assert asked.status_code == 200, asked.text
    done = posted(client, asked.text)
    assert done.status_code == 303, done.text
    return str(done.location)


def test_what_differs_is_shown_and_the_fuller_and_newer_is_proposed(
    organiser: FlaskClient, database: Database, two: tuple[int, int]
) -> None:
    page = organiser.get(f"{MERGE}?lang=en").text
    picked = dict(re.findall(r'name="keep-(\w+)" value="(\w+)"[^>]* checked', page))
    assert {"name": "double", "name_ur": "kept", "organisation": "double", "city": "double"} == picked
    assert "Counted twice until now, and once from now on: Sat 24" in page
    with database.snapshot() as session:
        assert [f"visitor:{one}" for one in two] == [who for _, what, who in did(session) if what == "visitor.compare"]


def test_nothing_is_done_before_the_question_is_answered_then_both_are_one_and_can_be_separated(
    organiser: FlaskClient, database: Database, two: tuple[int, int]
) -> None:
    before = details(database)
    asked = posted(organiser, organiser.get(MERGE).text, reason="same phone", **{"keep-name": "kept"})
    assert "Merge these two?" in asked.text
    assert before == details(database)
    done = posted(organiser, asked.text)
    page = organiser.get(f"{done.location}?lang=en").text
    assert "same phone" in page
    assert ("Ayesha Siddiqui", "Sialkot Sports", "Sialkot") == (
        details(database).name,
        details(database).organisation,
        details(database).city,
    )
    assert 0 == badge(database).issue
    leads = organiser.get(f"{PEOPLE}/2")
    assert (303, f"{PEOPLE}/1") == (leads.status_code, leads.location)
    person = organiser.get(f"{PEOPLE}/1?lang=en").text
    assert "registered twice" in person
    assert 2 == person.partition('id="scans"')[2].count('<tr role="row">') - 1
    assert ["Ayesha Siddiqui"] == names(search(organiser, "Aisha").text)
    for way in ("correct", "days", "reissue", "revoke", "double", "merge/1"):
        assert organiser.get(f"{PEOPLE}/2/{way}").location == f"{PEOPLE}/1"
    assert organiser.get("/desk/people/2").location == "/desk/people/1"
    token = hidden(page, "csrf_token")
    for words in ("Separated: each", "separated already"):
        answer = organiser.post(f"{done.location}/separate", data={"csrf_token": token})
        assert words in organiser.get(f"{answer.location}?lang=en").text
    assert before == details(database)
    assert 200 == organiser.get(f"{PEOPLE}/2").status_code
    with database.snapshot() as session:
        assert {"visitor.merge", "visitor.separate"} <= {what for _, what, _ in did(session)}
        assert not any("Aisha" in str(one) for one in did(session))


def test_a_badge_that_says_another_category_cannot_be_the_one_that_stays(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        make_person(session, event, "Ayesha Siddiqui")
        make_person(session, event, "Aisha Siddiqi", category="exhibitor")
    page = organiser.get(MERGE).text
    assert ["kept", "new"] == re.findall(r'name="good" value="(\w+)"', page)
    refused = posted(organiser, page, **{"keep-category": "double"})
    assert 422 == refused.status_code
    assert ["new"] == re.findall(r'name="good" value="(\w+)"', refused.text)
    asked = posted(organiser, refused.text, good="new")
    assert 303 == posted(organiser, asked.text).status_code
    assert ("exhibitor", 1) == (details(database).category, badge(database).issue)
    assert BadgeState.REVOKED is badge(database, 2).state_at(clock.now())


def test_whoever_is_second_is_told_and_nothing_is_overwritten(
    organiser: FlaskClient, database: Database, two: tuple[int, int]
) -> None:
    page = organiser.get(MERGE).text
    asked = posted(organiser, page).text
    correct(organiser, 2, city="Gujrat")
    for opened in (page, asked):
        answer = posted(organiser, opened)
        assert 409 == answer.status_code
        assert "Nothing was done" in answer.text
    assert ("", "Gujrat") == (details(database).city, details(database, 2).city)
    merged(organiser)
    assert 409 == organiser.get(f"{PEOPLE}/1/merge/2").status_code
    assert 409 == organiser.get(f"{PEOPLE}/1/merge/1").status_code


def test_what_was_signed_for_another_page_is_no_form_of_this_one(organiser: FlaskClient, two: tuple[int, int]) -> None:
    page = organiser.get(MERGE).text
    assert 400 == posted(organiser, page, seen="made-up").status_code
    assert 404 == organiser.get(f"{PEOPLE}/1/merge/99").status_code
    assert 404 == organiser.get(f"{PEOPLE}/merges/99").status_code


def test_the_other_one_is_proposed_searched_or_ticked_in_the_list(
    organiser: FlaskClient, database: Database, event: Event, two: tuple[int, int]
) -> None:
    with database.transaction() as session:
        make_person(session, event, "Bilal Khan")
    page = organiser.get(f"{PEOPLE}/1/double?lang=en").text
    assert f"{PEOPLE}/1/merge/2" in page
    assert f"{PEOPLE}/1/merge/3" not in page
    token = hidden(page, "csrf_token")
    assert (
        f"{PEOPLE}/1/merge/3" in organiser.post(f"{PEOPLE}/1/double", data={"csrf_token": token, "words": "Bilal"}).text
    )
    ways = {"?of=2&of=1": f"{PEOPLE}/1/merge/2", "?of=2": f"{PEOPLE}/2/double"}
    for asked, way in ways.items():
        assert way == organiser.get(f"{PEOPLE}/compare{asked}").location
    for asked in ("", "?of=1&of=2&of=3", "?of=x", "?of=-1&of=0"):
        assert 400 == organiser.get(f"{PEOPLE}/compare{asked}").status_code


def test_days_are_set_without_a_new_badge_and_tablets_hear_of_it(
    organiser: FlaskClient, database: Database, two: tuple[int, int]
) -> None:
    with database.snapshot() as session:
        before = badges.revision(session)
    page = organiser.get(f"{PEOPLE}/1/days?lang=en").text
    done = posted(organiser, page, f"{PEOPLE}/1/days", days="2026-01-25")
    assert "the badge stays good" in organiser.get(f"{done.location}?lang=en").text
    assert ((SUNDAY,), 0) == (details(database).days, badge(database).issue)
    with database.snapshot() as session:
        assert badges.revision(session) > before
    page = organiser.get(f"{PEOPLE}/1/days?lang=en").text
    assert ["2026-01-25"] == re.findall(r'name="days" value="([^"]*)" checked', page)
    done = posted(organiser, page, f"{PEOPLE}/1/days", badge="new", days="2026-01-24")
    assert "a new badge is made" in organiser.get(f"{done.location}?lang=en").text
    assert ((SATURDAY,), 1) == (details(database).days, badge(database).issue)
    with database.transaction() as session:
        first = visitors.corrections_of(session, 1)[0]
    token = hidden(page, "csrf_token")
    organiser.post(f"{PEOPLE}/1/corrections/{first.id}/undo", data={"csrf_token": token})
    assert (SUNDAY,) == details(database).days


def test_days_that_somebody_changed_meanwhile_are_not_overwritten(
    organiser: FlaskClient, database: Database, two: tuple[int, int]
) -> None:
    page = organiser.get(f"{PEOPLE}/1/days").text
    correct(organiser, 1, city="Gujrat")
    answer = posted(organiser, page, f"{PEOPLE}/1/days", days="2026-01-25")
    assert (409, ()) == (answer.status_code, details(database).days)
    assert 422 == posted(organiser, page, f"{PEOPLE}/1/days", days="2027-01-25").status_code
