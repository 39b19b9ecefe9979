"""An evening code, as organisers make and show it; and gate cards."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from checkin import clock
from checkin.badges.gatecard import GateCard, read_gate_card
from checkin.badges.service import next_key
from checkin.database import Database
from checkin.devices import service
from checkin.event.model import Direction, Event
from tests.checkin.organise.test_devices import read_qr
from tests.checkin.staff.people import csrf_of
from tests.factories import KEYS

PAGE = "/organise/devices"
FORM = {"set-most": "2", "set-name": "Tablet", "set-gate": "gate-2", "set-hours": "12"}


def open_set(client: FlaskClient, **changed: str) -> str:
    """The address of a new set's page."""
    answer = client.post(f"{PAGE}/sets", data={"csrf_token": csrf_of(client, PAGE), **FORM, **changed})
    assert 303 == answer.status_code, answer.text
    return answer.headers["Location"]


def code_of(page: str) -> str:
    found = re.search(r"#pair=(\w+)", html.unescape(page))
    assert found is not None
    return found[1]


def pair(database: Database, event: Event, code: str) -> str | None:
    with database.transaction() as session:
        paired = service.pair(session, event, code, app="tests", now=clock.now())
    return paired and paired[1].name


def test_the_page_of_a_set_shows_its_code_again_and_how_many_have_paired(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    path = open_set(organiser)
    page = organiser.get(path).text
    code = code_of(page)
    assert f"http://localhost/gate/#pair={code}" == read_qr(page)
    assert "0 of 2 paired" in page
    assert "Parking gate" in page
    assert re.search(r"until 22:3\d", page)
    assert code not in path
    assert "Tablet 1" == pair(database, event, code)
    page = organiser.get(path).text
    assert ("1 of 2 paired" in page, code) == (True, code_of(page))
    listed = organiser.get(PAGE).text
    assert "1 of 2 paired" in listed
    assert f'href="{path}"' in listed
    assert "Tablet 2" == pair(database, event, code)
    page = organiser.get(path).text
    assert "All are paired" in page
    assert "#pair=" not in page
    assert "Codes that pair a set now" not in organiser.get(PAGE).text


def test_end_the_code_now(organiser: FlaskClient, database: Database, event: Event) -> None:
    path = open_set(organiser)
    code = code_of(organiser.get(path).text)
    ended = organiser.post(f"{path}/end", data={"csrf_token": csrf_of(organiser, path)}, follow_redirects=True)
    assert "The code has ended." in ended.text
    page = organiser.get(path).text
    assert "Make a new one" in page
    assert "#pair=" not in page
    assert pair(database, event, code) is None


def test_a_set_of_spares_has_no_gate(organiser: FlaskClient, database: Database, event: Event) -> None:
    page = organiser.get(open_set(organiser, **{"set-gate": "(spare)"})).text
    assert ">spare<" in page
    pair(database, event, code_of(page))
    with database.snapshot() as session:
        assert [""] == [device.gate for device in service.all_devices(session)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"set-most": "0"}, "a number from 1 to 200"),
        ({"set-most": "201"}, "a number from 1 to 200"),
        ({"set-most": ""}, "a number from 1 to 200"),
        ({"set-most": "many"}, "Not a valid integer value"),
        ({"set-hours": "25"}, "a number from 1 to 24"),
        ({"set-hours": "0"}, "a number from 1 to 24"),
        ({"set-name": " \x00"}, "give the tablet a name"),
        ({"set-name": "x" * 71}, "70 characters at most"),
        ({"set-gate": "gate-9"}, "Not a valid choice"),
    ],
)
def test_a_form_with_mistakes_keeps_what_was_typed(
    organiser: FlaskClient, database: Database, data: dict[str, str], words: str
) -> None:
    answer = organiser.post(f"{PAGE}/sets", data={"csrf_token": csrf_of(organiser, PAGE), **FORM, **data})
    assert (422, True) == (answer.status_code, words in html.unescape(answer.text))
    assert "Please give the tablet a name." not in answer.text or "set-name" in data
    with database.snapshot() as session:
        assert () == service.all_sets(session)


def test_a_set_that_is_none_is_404(organiser: FlaskClient) -> None:
    for number in ("1", "9" * 40):
        assert 404 == organiser.get(f"{PAGE}/sets/{number}").status_code
    data = {"csrf_token": csrf_of(organiser, PAGE)}
    assert 404 == organiser.post(f"{PAGE}/sets/1/end", data=data).status_code


def test_there_is_a_card_for_each_gate_and_way_under_the_newest_key(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        assert 1 == next_key(session, now=clock.now(), actor="tests")
    assert "/organise/gate-cards" in organiser.get(PAGE).text
    page = organiser.get("/organise/gate-cards").text
    cards = page.split('<li class="gate-card">')[1:]
    gates = [gate.slug for gate in event.gates]
    found = [read_gate_card(read_qr(card), event=event.slug, keys={1: KEYS.key(1)}, gates=gates) for card in cards]
    expected = [
        GateCard(gate.slug, way)
        for gate in event.gates
        for way in (Direction.IN, Direction.OUT)
        if gate.direction in {way, Direction.BOTH}
    ]
    assert expected == found
    for words in ("Gate 1 · Main gate", "گیٹ 1 · مرکزی دروازہ", "Show this card to a tablet", "ٹیبلٹ کو اس گیٹ پر"):
        assert words in cards[0], words
