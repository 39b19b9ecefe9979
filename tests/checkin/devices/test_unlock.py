"""`POST /api/v1/devices/self/unlock`: the supervisor's PIN before a tablet changes its gate."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from checkin.database import Database
from checkin.devices import service
from checkin.event.model import Event
from checkin.staff.supervisor import set_supervisor_pin
from tests.checkin.admission.tablet import Tablet
from tests.checkin.staff.people import let_pass
from tests.conftest import DAY_ONE
from tests.factories import make_item

PIN = "402917"


@pytest.fixture
def tablet(app: Flask, database: Database, event: Event) -> Tablet:
    return Tablet(app, database, event)


@pytest.fixture
def pin(database: Database) -> str:
    with database.transaction() as session:
        assert set_supervisor_pin(session, PIN, actor="tests", now=DAY_ONE) is None
    return PIN


def unlock(tablet: Tablet, pin: object) -> TestResponse:
    return tablet.post("devices/self/unlock", pin=pin)


def test_while_no_pin_is_set_none_is_asked(tablet: Tablet) -> None:
    answer = unlock(tablet, "")
    assert (200, {"unset": True}) == (answer.status_code, answer.json)


def test_the_right_pin_opens_in_whichever_digits(tablet: Tablet, pin: str) -> None:
    for typed in (pin, "۴۰۲۹۱۷"):
        answer = unlock(tablet, typed)
        assert (200, {}) == (answer.status_code, answer.json)


def test_wrong_pins_are_refused_and_then_locked_with_overrides_for_a_while(tablet: Tablet, pin: str) -> None:
    item = make_item("forged", DAY_ONE)
    tablet.scan(item)
    override = {"id": str(uuid.uuid4()), "at": DAY_ONE.isoformat(), "reason": "guest", "pin": "1"}
    assert [403] * 2 == [tablet.post(f"scans/{item['id']}/override", **override).status_code for _ in range(2)]
    assert "pin" == unlock(tablet, "111222").json["error"]["reason"]
    assert [403, 429] == [unlock(tablet, "111222").status_code for _ in range(2)]
    locked = unlock(tablet, pin)
    assert (429, "pin") == (locked.status_code, locked.json["error"]["reason"])
    assert 0 < int(locked.headers["Retry-After"]) <= 60
    assert 429 == tablet.post(f"scans/{item['id']}/override", **override | {"pin": pin}).status_code
    let_pass(timedelta(minutes=2))
    assert 200 == unlock(tablet, pin).status_code


def test_one_tablets_lock_is_not_anothers(app: Flask, database: Database, event: Event, pin: str) -> None:
    one, other = Tablet(app, database, event), Tablet(app, database, event)
    for _ in range(6):
        unlock(one, "111222")
    assert (429, 200) == (unlock(one, pin).status_code, unlock(other, pin).status_code)


@pytest.mark.parametrize("pin", [None, 402917, ["1"], "1" * 17])
def test_what_is_no_pin_is_400(tablet: Tablet, pin: object) -> None:
    assert 400 == unlock(tablet, pin).status_code


def test_a_stranger_and_a_retired_tablet_are_turned_away(app: Flask, tablet: Tablet, database: Database) -> None:
    assert 401 == app.test_client().post("/api/v1/devices/self/unlock", json={"pin": ""}).status_code
    with database.transaction() as session:
        service.retire(session, tablet.device.id, now=DAY_ONE, by="tests")
    assert 403 == unlock(tablet, "").status_code
