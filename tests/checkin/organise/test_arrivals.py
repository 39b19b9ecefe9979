"""Arrivals: who of the watch list came through which gate; and the list itself."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin.arrivals import service
from checkin.database import Database
from checkin.event.model import Event
from checkin.journal.queries import latest
from tests.checkin.admission.tablet import Tablet
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_item, make_visitor, token_of

from .people import hidden

PAGE = "/organise/arrivals"
NEWS = "/api/v1/arrivals"
GUESTS = ("Əli Əliyev", "Leyla Əliyeva", "Orxan Həsənov")


@pytest.fixture
def tokens(database: Database, event: Event) -> dict[str, str]:
    """A delegation of three, a minister, and somebody nobody waits for; by name, their token."""
    with database.transaction() as session:
        people = [make_visitor(session, name, category="delegate", country="AZ", group="Azerbaijan") for name in GUESTS]
        people.append(make_visitor(session, "The Minister", category="organiser", name_ur="وزیر صاحب"))
        people.append(make_visitor(session, "Bilal Khan", days=(date(2026, 1, 25),)))
        return {one.details.name: token_of(event, make_badge(session, event, one)) for one in people}


def put_on(client: FlaskClient, kind: str, which: str) -> str:
    """Put somebody on the list; the page that follows."""
    data = {"csrf_token": hidden(client.get(PAGE).text, "csrf_token"), "kind": kind, "which": which}
    answer = client.post(f"{PAGE}/watch", data=data)
    assert answer.status_code == 303
    return client.get(f"{answer.location}").text


def press(client: FlaskClient, page: str, action: str) -> str:
    """Press the button of the first form whose address ends so."""
    address = re.search(rf'action="([^"]*/{action})"', page)
    assert address is not None
    answer = client.post(address[1], data={"csrf_token": hidden(page, "csrf_token")})
    assert answer.status_code == 303
    return client.get(answer.location).text


def came(page: str) -> list[str]:
    return [unescape(words) for words in re.findall(r'data-news="([^"]*)"', page)]


def awaited(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'data-awaited="\d+">.*?<bdi>(.*?)</bdi>', page)]


def on_list(page: str) -> list[str]:
    """Each line of the list with how many are here."""
    lines = re.findall(r"<li data-line.*?<form", page, re.DOTALL)
    return [unescape(" ".join(re.sub(r"<[^>]+>", " ", line.removesuffix("<form")).split())) for line in lines]


def test_an_empty_list_says_what_to_do(organiser: FlaskClient) -> None:
    assert "Nobody is on the watch list yet" in organiser.get(PAGE).text


def test_a_delegation_is_told_with_gate_and_time_the_newest_first_and_who_is_still_awaited(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, tokens: dict[str, str]
) -> None:
    page = put_on(organiser, "group", "Azerbaijan")
    assert ["Azerbaijan 0 of 3 here"] == on_list(page)
    assert sorted(GUESTS) == sorted(awaited(page))
    for gate, name, minutes in (("gate-1", GUESTS[1], 9), ("gate-2", GUESTS[0], 3), ("gate-2", "Bilal Khan", 2)):
        Tablet(app, database, event, gate).scan(make_item(tokens[name], DAY_ONE - timedelta(minutes=minutes)))
    Tablet(app, database, event, "gate-2").scan(make_item(tokens[GUESTS[1]], DAY_ONE))  # again: no news
    page = organiser.get(PAGE).text
    assert [
        "\u2068Əli Əliyev, Azerbaijan\u2069 came in: Gate 2 · Parking gate, 10:27",
        "\u2068Leyla Əliyeva, Azerbaijan\u2069 came in: Gate 1 · Main gate, 10:21",
    ] == came(page)
    assert [GUESTS[2]] == awaited(page)
    assert ["Azerbaijan 2 of 3 here"] == on_list(page)


def test_who_came_to_a_pavilion_first_is_here_too_and_yesterday_does_not_count(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, tokens: dict[str, str]
) -> None:
    put_on(organiser, "group", "Azerbaijan")
    pavilion = next(gate.slug for gate in event.gates if gate.zone != event.first_zone)
    Tablet(app, database, event, pavilion).scan(make_item(tokens[GUESTS[0]], DAY_ONE - timedelta(minutes=5)))
    Tablet(app, database, event).scan(make_item(tokens[GUESTS[0]], DAY_ONE))
    (news,) = came(organiser.get(PAGE).text)
    assert news.endswith("10:25")
    assert [] == came(organiser.get(f"{PAGE}?day=2026-01-25").text)
    assert 3 == len(awaited(organiser.get(f"{PAGE}?day=2026-01-25").text))


def test_a_category_and_a_single_person_are_watched_too(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, tokens: dict[str, str]
) -> None:
    put_on(organiser, "category", "delegate")
    put_on(organiser, "visitor", "4")
    page = put_on(organiser, "visitor", "5")
    assert [
        "Delegate 0 of 3 here",
        "The Minister awaited",
        "Bilal Khan not expected that day",
    ] == on_list(page)
    Tablet(app, database, event).scan(make_item(tokens["The Minister"], DAY_ONE))
    page = organiser.get(f"{PAGE}?lang=ur").text
    assert "وزیر صاحب" in came(page)[0]
    assert 3 == len(awaited(page))


def test_whoever_is_on_two_lines_is_told_once(organiser: FlaskClient, tokens: dict[str, str]) -> None:
    for kind, which in (("group", "Azerbaijan"), ("category", "delegate"), ("visitor", "1")):
        page = put_on(organiser, kind, which)
    assert 3 == len(awaited(page))


def test_taking_off_and_putting_on_are_taken_back(organiser: FlaskClient, tokens: dict[str, str]) -> None:
    page = put_on(organiser, "group", "Azerbaijan")
    assert "On the watch list:" in page
    page = press(organiser, page, "end")
    assert [] == on_list(page)
    page = press(organiser, page, "again")
    assert ["Azerbaijan 0 of 3 here"] == on_list(page)
    press(organiser, page, "end")
    assert ["Azerbaijan 0 of 3 here"] == on_list(put_on(organiser, "group", "Azerbaijan"))
    assert ["Azerbaijan 0 of 3 here"] == on_list(put_on(organiser, "group", "Azerbaijan"))


def test_a_persons_own_page_puts_them_on_and_takes_them_off(organiser: FlaskClient, tokens: dict[str, str]) -> None:
    page = organiser.get("/organise/people/4").text
    form = re.search(r'<form[^>]*id="watch".*?</form>', page, re.DOTALL)
    assert form is not None
    data = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    answer = organiser.post(f"{PAGE}/watch", data=data)
    assert "/organise/people/4" == answer.location
    page = organiser.get(answer.location).text
    assert "Take off the watch list" in page
    assert ["The Minister awaited"] == on_list(organiser.get(PAGE).text)
    press(organiser, page, "end")
    assert "Put on the watch list" in organiser.get(answer.location).text


@pytest.mark.parametrize(
    ("kind", "which"),
    [
        ("group", "Atlantis"),
        ("group", ""),
        ("group", "x" * 200),
        ("category", "\0"),
        ("visitor", "99"),
        ("visitor", "9" * 30),
    ],
)
def test_a_line_that_names_nobody_is_not_put_on(
    organiser: FlaskClient, tokens: dict[str, str], kind: str, which: str
) -> None:
    page = put_on(organiser, kind, which)
    assert "nobody is registered with it" in page
    assert [] == on_list(page)


def test_a_line_that_names_too_many_is_not_put_on(
    organiser: FlaskClient, tokens: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_OF_A_LINE", 2)
    assert "more than 2 people" in put_on(organiser, "group", "Azerbaijan")


@pytest.mark.parametrize("data", [{}, {"kind": "planet", "which": "x"}, {"kind": "visitor", "which": "x"}])
def test_a_form_that_none_of_ours_sends_is_turned_away(organiser: FlaskClient, data: dict[str, str]) -> None:
    token = hidden(organiser.get(PAGE).text, "csrf_token")
    assert 400 == organiser.post(f"{PAGE}/watch", data={"csrf_token": token, **data}).status_code


@pytest.mark.parametrize("path", [PAGE, NEWS])
@pytest.mark.parametrize("day", ["2026-01-32", "2026-03-01", "x"])
def test_a_day_that_is_none_is_turned_away(organiser: FlaskClient, path: str, day: str) -> None:
    assert 400 == organiser.get(f"{path}?day={day}").status_code


def test_the_news_are_304_until_somebody_of_the_list_comes_and_name_nobody(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, tokens: dict[str, str]
) -> None:
    page = put_on(organiser, "group", "Azerbaijan")
    tag = re.search(r'data-tag="(\w+)"', page)[1]  # type: ignore[index]
    asked = {"If-None-Match": f'W/"{tag}"'}
    assert 304 == organiser.get(NEWS, headers=asked).status_code
    tablet = Tablet(app, database, event)
    tablet.scan(make_item(tokens["Bilal Khan"], DAY_ONE))
    assert 304 == organiser.get(NEWS, headers=asked).status_code
    tablet.scan(make_item(tokens[GUESTS[0]], DAY_ONE))
    answer = organiser.get(NEWS, headers=asked)
    assert {
        "day": "2026-01-24",
        "here": 1,
        "awaited": 2,
        "arrivals": [{"visitor": 1, "gate": "gate-1", "at": "2026-01-24T10:30:00+05:00"}],
    } == answer.json
    assert "liyev" not in answer.text
    asked = {"If-None-Match": answer.headers["ETag"]}
    assert 304 == organiser.get(NEWS, headers=asked).status_code
    earlier = make_item(tokens[GUESTS[0]], DAY_ONE - timedelta(minutes=9))
    Tablet(app, database, event, "gate-2").scan(earlier)  # it was offline, and tells late
    assert "gate-2" == organiser.get(NEWS, headers=asked).json["arrivals"][0]["gate"]


def test_looking_and_changes_are_journalled_once_a_minute_and_without_names(
    organiser: FlaskClient, database: Database, tokens: dict[str, str]
) -> None:
    put_on(organiser, "group", "Azerbaijan")
    press(organiser, put_on(organiser, "visitor", "4"), "end")
    with database.snapshot() as session:
        entries = [one for one in reversed(latest(session, 100)) if one.action.startswith("arrivals.")]
    assert [
        ("arrivals.view", "", {"day": "2026-01-24"}),
        ("arrivals.watch", "watch:1", {"kind": "group"}),
        ("arrivals.watch", "visitor:4", {"kind": "visitor"}),
        ("arrivals.unwatch", "visitor:4", {"kind": "visitor"}),
    ] == [(one.action, one.subject, dict(one.detail)) for one in entries]
