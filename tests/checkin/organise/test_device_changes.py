"""Tablets from a page: what needs care comes first; renamed, sent to another gate; who was late is told."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin import clock
from checkin.database import Database
from checkin.devices import service
from checkin.devices.model import Health
from checkin.devices.views import current_shell
from checkin.event.model import Direction, Event
from checkin.journal.queries import latest
from checkin.staff.model import Role
from tests.checkin.admission.tablet import Tablet
from tests.checkin.staff.people import carry_session, csrf_of, let_pass, make_staff, post
from tests.factories import make_device

PAGE = "/organise/devices"


def told(client: FlaskClient) -> str:
    return re.sub("[\u2068\u2069]", "", html.unescape(client.get(PAGE).text))


def change(client: FlaskClient, number: int, **data: str) -> tuple[int, str]:
    """Fill in the tablet's own form as it stands."""
    path = f"{PAGE}/{number}/change"
    page = client.get(path).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    answer = client.post(path, data=hidden | data)
    return answer.status_code, html.unescape(answer.text)


def greet(tablet: Tablet, **health: object) -> dict[str, object]:
    answer = tablet.client.put("/api/v1/devices/self", json=health, headers=tablet.headers)
    assert 200 == answer.status_code, answer.text
    return dict(answer.json)


def test_what_needs_care_comes_first_and_says_what_to_do(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        made = {
            name: make_device(session, event, name=name)[1] for name in ("A fine", "B weak", "C off", "D owes", "E old")
        }
        _, gone = make_device(session, event, "gate-99", "F gone")
        make_device(session, event, "", "G spare")
    let_pass(timedelta(minutes=20))
    now = clock.now()
    with database.transaction() as session:
        fresh = {"roster_age_s": 3, "battery": 0.9, "app": f"2026.1 {current_shell().version}"}
        service.note_health(session, made["A fine"], Health(**fresh), now=now)
        service.note_health(session, made["B weak"], Health(**fresh | {"battery": 0.19}), now=now)
        service.note_health(session, made["C off"], Health(**fresh, offset_ms=121_000), now=now)
        service.note_health(session, made["D owes"], Health(**fresh, outbox=31), now=now - timedelta(minutes=2))
        service.note_health(session, made["E old"], Health(**fresh | {"app": "2026.1 0badcafe"}), now=now)
        service.note_health(session, gone, Health(**fresh), now=now)
    page = told(organiser)
    names = re.findall(r'<th scope="row" role="rowheader"><bdi>([^<]+)', page)
    assert ["F gone", "D owes", "B weak", "C off", "E old", "A fine", "G spare"] == names
    assert "5 of 7 tablets need care." in page
    for words in (
        "its gate is closed: send it to another",
        "owes 31 scans: bring it nearer to the Wi-Fi",
        "battery low: plug it in",
        "set its clock",
        "an older version of the app: load its page again",
    ):
        assert words in page, words
    let_pass(timedelta(minutes=20))
    page = told(organiser)
    assert 6 == page.count("not heard since")  # all but the spare, which may sleep
    assert 6 == page.count("its list of badges is old")


def test_nobody_misses_a_tablet_while_no_day_runs(organiser: FlaskClient, database: Database, event: Event) -> None:
    with database.transaction() as session:
        make_device(session, event)
    let_pass(timedelta(hours=10))
    assert "No tablet needs care." in told(organiser)


def test_the_page_is_not_sent_again_while_no_tablet_says_anything_else(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        _, tablet = make_device(session, event)

    def ask(tag: str) -> int:
        return organiser.get(PAGE, headers={"If-None-Match": f'W/"{tag}"'}).status_code

    tag = re.search(r'data-tag="(\w+)"', told(organiser))
    assert tag is not None
    assert [304, 200] == [ask(tag[1]), ask("x")]
    with database.transaction() as session:
        service.note_health(session, tablet, Health(battery=0.5), now=clock.now())
    assert 200 == ask(tag[1])


def test_a_tablet_is_renamed_and_hears_it_with_its_next_sync(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event)
    assert 303 == change(organiser, tablet.device.id, name=" Gate 1,  tablet B ", place="(stay)")[0]
    assert "Gate 1, tablet B is saved." in told(organiser)
    answer = greet(tablet)
    assert ("Gate 1, tablet B", None) == (answer["device"]["name"], answer["move"])  # type: ignore[index]
    with database.snapshot() as session:
        assert ["device.rename"] == [one.action for one in latest(session, 1)]


def test_a_tablet_that_is_sent_elsewhere_hears_so_until_it_says_that_it_knows(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event)
    assert 303 == change(organiser, tablet.device.id, name="Tablet", place="gate-3 out")[0]
    assert "goes to Gate 3 · Metro gate · Out with its next sync" in told(organiser)
    heard = greet(tablet, gate="gate-1", direction="in")["move"]
    assert heard == greet(tablet, gate="gate-1", direction="in")["move"]
    assert {"gate": "gate-3", "direction": "out"}.items() <= heard.items()  # type: ignore[attr-defined]
    number = int(heard["number"])  # type: ignore[index]
    assert heard == greet(tablet, gate="gate-1", moved=number - 1)["move"]
    assert None is greet(tablet, gate="gate-3", direction="out", moved=number)["move"]
    with database.snapshot() as session:
        (found,) = service.all_devices(session)
        (entry,) = latest(session, 1)
    assert ("gate-3", Direction.OUT) == (found.gate, found.direction)
    assert ("device.move", {"gate": "gate-3", "direction": "out"}) == (entry.action, entry.detail)
    assert "goes to" not in told(organiser)
    assert None is greet(tablet, gate="gate-1", direction="in", moved=number)["move"]  # moved on by its own staff


def test_a_move_to_a_gate_that_is_closed_meanwhile_is_not_told(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event)
    change(organiser, tablet.device.id, name="Tablet", place="gate-2 in")
    post(organiser, "/organise/gates/gate/gate-2/close", seen="0")
    assert None is greet(tablet, gate="gate-1")["move"]


def test_a_move_is_called_off_while_the_tablet_does_not_know(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event)
    path = f"{PAGE}/{tablet.device.id}/change"
    change(organiser, tablet.device.id, name="Tablet", place="gate-2 in")
    (stay,) = re.findall(r'action="([^"]+/stay/\d+)"', organiser.get(path).text)
    data = {"csrf_token": csrf_of(organiser, path)}
    assert 303 == organiser.post(stay, data=data).status_code
    assert "The tablet stays where it is." in told(organiser)
    assert None is greet(tablet, gate="gate-1")["move"]
    organiser.post(stay, data=data)
    assert "the tablet knows already" in told(organiser)


def test_a_retired_tablet_is_wanted_nowhere_and_cannot_be_changed(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event)
    number = tablet.device.id
    change(organiser, number, name="Tablet", place="gate-2 in")
    with database.transaction() as session:
        service.retire(session, number, now=clock.now(), by="tests")
        assert {} == service.moves(session)
    assert [404, 404] == [organiser.get(f"{PAGE}/{one}/change").status_code for one in (number, 999)]


@pytest.mark.parametrize("first", [{"name": "Theirs", "place": "(stay)"}, {"name": "Tablet", "place": "gate-3 in"}])
def test_the_second_of_two_who_change_a_tablet_is_told_and_nothing_is_overwritten(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, first: dict[str, str]
) -> None:
    tablet = Tablet(app, database, event)
    path = f"{PAGE}/{tablet.device.id}/change"
    late = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', organiser.get(path).text))
    assert 303 == change(organiser, tablet.device.id, **first)[0]
    answer = organiser.post(path, data=late | {"name": "Mine", "place": "gate-2 in"})
    assert 409 == answer.status_code
    for words in ("Somebody changed this tablet meanwhile.", 'value="Mine"'):
        assert words in answer.text, words
    with database.snapshot() as session:
        (found,), moves = service.all_devices(session), service.moves(session)
    assert first["name"] == found.name
    assert ([] if first["place"] == "(stay)" else ["gate-3"]) == [one.gate for one in moves.values()]
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    assert 303 == organiser.post(path, data=again | {"name": "Mine", "place": "gate-2 in"}).status_code


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": " "}, "Please give the tablet a name."),
        ({"name": "x" * 81}, "80 characters at most"),
        ({"place": "gate-1 out"}, "Not a valid choice"),
        ({"place": "gate-99 in"}, "Not a valid choice"),
    ],
)
def test_what_will_not_do_is_refused_in_clear_words(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, data: dict[str, str], words: str
) -> None:
    tablet = Tablet(app, database, event)
    status, page = change(organiser, tablet.device.id, **{"name": "Tablet", "place": "(stay)"} | data)
    assert (422, True) == (status, words in page)


@pytest.mark.parametrize("moved", [-1, 2**60, 1.5, "1", True])
def test_a_number_that_is_none_is_refused(app: Flask, database: Database, event: Event, moved: object) -> None:
    tablet = Tablet(app, database, event)
    answer = tablet.client.put("/api/v1/devices/self", json={"moved": moved}, headers=tablet.headers)
    assert 400 == answer.status_code


def test_other_roles_change_no_tablet(client: FlaskClient, database: Database) -> None:
    carry_session(client, database, make_staff(database, "desk@example.com", Role.DESK))
    data = {"csrf_token": csrf_of(client, "/desk/"), "name": "A", "place": "(stay)"}
    assert {403} == {client.post(f"{PAGE}/1/{path}", data=data).status_code for path in ("change", "stay/1")}
