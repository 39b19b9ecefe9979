"""Where a simulation may play, and what its made-up people and tablets are there."""

from __future__ import annotations

import pytest
from flask import Flask

from checkin import clock
from checkin.admission.model import Reading
from checkin.admission.reading import find
from checkin.badges import service as badges
from checkin.badges.keys import KeyRing
from checkin.database import Database
from checkin.devices.service import all_devices
from checkin.event.model import Event
from checkin.launch.serve import site_of
from checkin.programme.model import HoldKind
from checkin.programme.service import hold
from checkin.staff.supervisor import check_supervisor_pin, set_supervisor_pin
from checkin.venue.simulation.model import Code, Held, Scenario, Size
from checkin.venue.simulation.play import made_up_here
from checkin.venue.simulation.scenario import build
from checkin.venue.simulation.stage import NotHereError, Stage, clear, set_up, sign_in
from tests.factories import make_badge, make_device, make_item, send, token_of


@pytest.fixture(scope="module")
def played(event: Event) -> Scenario:
    return build(event, Size(visitors=150, scans=300), 1)


def staged(app: Flask, played: Scenario, pin: str = "") -> Stage:
    return set_up(site_of(app), played, clock.now(), pin=pin, progress=lambda *_: None)


def test_it_never_plays_among_real_people(app: Flask, database: Database, event: Event, played: Scenario) -> None:
    assert 0 == made_up_here(site_of(app), played)
    with database.transaction() as session:
        make_badge(session, event)
    with pytest.raises(NotHereError, match="1 real people are registered here"):
        made_up_here(site_of(app), played)


def test_it_never_plays_where_real_tablets_have_scanned(
    app: Flask, database: Database, event: Event, played: Scenario
) -> None:
    with database.transaction() as session:
        _, device = make_device(session, event)
    send(database, event, device, make_item("rubbish", clock.now()))
    with pytest.raises(NotHereError, match="Tablets have scanned here"):
        made_up_here(site_of(app), played)


def test_it_plays_again_among_made_up_people_but_nothing_twice(
    app: Flask, database: Database, event: Event, played: Scenario
) -> None:
    staged(app, played)
    assert 150 == made_up_here(site_of(app), played)
    with database.snapshot() as session:
        device = all_devices(session)[0]
    send(database, event, device, make_item("rubbish", clock.now()) | {"id": played.scans[3].id})
    with pytest.raises(NotHereError, match="--seed"):
        made_up_here(site_of(app), played)
    assert 150 == made_up_here(site_of(app), build(event, played.size, 2))


def test_a_hall_that_is_held_is_no_place_to_count(app: Flask, database: Database, played: Scenario) -> None:
    with database.transaction() as session:
        hold(session, HoldKind.GATE, "gate-1", message="Wait", now=clock.now())
    with pytest.raises(NotHereError, match="held"):
        made_up_here(site_of(app), played)


def test_a_pin_that_holds_must_be_told_and_stays(app: Flask, database: Database, played: Scenario) -> None:
    with database.transaction() as session:
        assert set_supervisor_pin(session, "482915", actor="tests", now=clock.now()) is None
    for wrong in ("", "482916"):
        with pytest.raises(NotHereError, match="--pin"):
            staged(app, played, wrong)
    assert "482915" == staged(app, played, "482915").pin


def test_where_no_pin_is_set_there_is_one_then(app: Flask, database: Database, played: Scenario) -> None:
    stage = staged(app, played)
    with database.snapshot() as session:
        assert check_supervisor_pin(session, stage.pin)


def test_what_is_held_up_is_read_as_what_it_is(app: Flask, database: Database, event: Event, played: Scenario) -> None:
    stage, site = staged(app, played), site_of(app)
    reprinted = next(guest for guest in played.guests if guest.reprinted_at)
    cases = [
        (Code(held=Held.BADGE, guest=5), Reading.GENUINE, 0),
        (Code(held=Held.BADGE, guest=reprinted.place, issue=0), Reading.GENUINE, 0),
        (Code(held=Held.BADGE, guest=reprinted.place, issue=1), Reading.GENUINE, 1),
        (Code(held=Held.SHORT_CODE, guest=reprinted.place), Reading.SHORT_CODE, 1),
        (Code(held=Held.MISTYPED, guest=5), Reading.SHORT_CODE, None),
        (Code(held=Held.NOBODYS, number=77), Reading.GENUINE, None),
        (Code(held=Held.NEVER_PRINTED, guest=5, issue=9), Reading.GENUINE, None),
        (Code(held=Held.FORGED, text="hello"), Reading.FORGED, None),
    ]
    for code, reading, issue in cases:
        with database.snapshot() as session:
            found = find(session, event, KeyRing(site.settings.token_master), stage.text(code, played.guests))
        assert (reading, issue) == (found.reading, found.scanned and found.scanned.issue), code
        if issue is not None and found.scanned is not None:
            assert stage.visitors[code.guest or 0] == found.scanned.visitor_id
    with database.snapshot() as session:
        badge = badges.find_badge(session, stage.numbers[reprinted.place], 0)
    assert badge is not None
    assert reprinted.reprinted_at == badge.replaced_at


def test_its_texts_are_those_of_printed_badges(app: Flask, database: Database, event: Event, played: Scenario) -> None:
    stage = staged(app, played)
    with database.snapshot() as session:
        badge = badges.find_badge(session, stage.numbers[3], 0)
    assert badge is not None
    assert token_of(event, badge) == stage.text(Code(held=Held.BADGE, guest=3), played.guests)


def test_afterwards_its_tablets_are_put_away_and_nobody_is_signed_in(
    app: Flask, database: Database, played: Scenario
) -> None:
    stage = staged(app, played)
    token = sign_in(site_of(app), clock.now())
    client = app.test_client()
    client.set_cookie("staff_session", token)
    assert 200 == client.get("/api/v1/attendance").status_code
    clear(site_of(app), stage, clock.now())
    assert 401 == client.get("/api/v1/attendance").status_code
    with database.snapshot() as session:
        assert all(device.is_retired for device in all_devices(session))
