"""Undo and override, as the contract's sections 4 and 5 say them."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from checkin.admission.model import Reason
from checkin.admission.tables import AdmissionRow, OverrideRow, ScanRow, UndoRow
from checkin.database import Database
from checkin.event.model import Event
from checkin.staff.supervisor import set_supervisor_pin
from tests.checkin.admission.tablet import Tablet, count
from tests.checkin.staff.people import carry_session, make_staff
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_item, make_visitor, token_of

PIN = "402917"


def test_undo_moves_the_admission_to_the_next_entry_then_ends_it(
    tablet: Tablet, database: Database, token: str
) -> None:
    one, two = make_item(token, DAY_ONE - timedelta(minutes=3)), make_item(token, DAY_ONE - timedelta(minutes=1))
    tablet.scan(one, two)
    for scan, left in ((one, [two["id"]]), (two, [])):
        undo = {"id": str(uuid.uuid4()), "at": DAY_ONE.isoformat(), "reason": "wrong person"}
        for _ in range(2):
            assert 200 == tablet.post(f"scans/{scan['id']}/undo", **undo).status_code
        with database.snapshot() as session:
            assert left == list(session.scalars(select(AdmissionRow.scan_id)))
    assert (2, 2) == (count(database, ScanRow), count(database, UndoRow))


def test_undo_of_a_scan_that_has_not_arrived_is_404_for_a_retry(tablet: Tablet) -> None:
    undo = {"id": str(uuid.uuid4()), "at": DAY_ONE.isoformat(), "reason": ""}
    assert 404 == tablet.post(f"scans/{uuid.uuid4()}/undo", **undo).status_code


def test_a_tablet_may_not_undo_after_five_minutes_nor_for_another(
    app: Flask, tablet: Tablet, database: Database, event: Event, token: str
) -> None:
    item = make_item(token, DAY_ONE)
    tablet.scan(item)
    late = {"id": str(uuid.uuid4()), "at": (DAY_ONE + timedelta(minutes=5, seconds=1)).isoformat(), "reason": ""}
    assert 409 == tablet.post(f"scans/{item['id']}/undo", **late).status_code
    soon = late | {"at": (DAY_ONE + timedelta(minutes=5)).isoformat()}
    assert 403 == Tablet(app, database, event).post(f"scans/{item['id']}/undo", **soon).status_code
    assert 200 == tablet.post(f"scans/{item['id']}/undo", **soon).status_code


def test_an_override_under_the_pin_counts_as_an_entry_and_is_kept_apart(
    tablet: Tablet, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        assert set_supervisor_pin(session, PIN, actor="tests", now=DAY_ONE) is None
        badge = make_badge(session, event, make_visitor(session, days=(event.show_days[1].date,)))
    item = make_item(token_of(event, badge), DAY_ONE)
    assert Reason.NOT_TODAY == tablet.scan(item)[0]["reason"]
    override = {"id": str(uuid.uuid4()), "at": DAY_ONE.isoformat(), "reason": "minister's guest", "pin": "111222"}
    path = f"scans/{item['id']}/override"
    wrong = tablet.post(path, **override)
    assert (403, "pin") == (wrong.status_code, wrong.json["error"]["reason"])
    assert (0, 0) == (count(database, OverrideRow), count(database, AdmissionRow))
    done = tablet.post(path, **override | {"pin": PIN})
    assert (200, 1) == (done.status_code, done.json["gate_today"])
    assert 200 == tablet.post(path, **override | {"pin": "no longer asked"}).status_code
    assert (1, 1) == (count(database, OverrideRow), count(database, AdmissionRow))
    assert "refused" == tablet.scan(item)[0]["verdict"]


def test_a_receipt_stands_for_the_pin_at_a_server_that_lost_the_override(
    app: Flask, tablet: Tablet, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        set_supervisor_pin(session, PIN, actor="tests", now=DAY_ONE)
    item = make_item("forged", DAY_ONE)
    tablet.scan(item)
    override = {"id": str(uuid.uuid4()), "at": DAY_ONE.isoformat(), "reason": "guest"}
    path = f"scans/{item['id']}/override"
    assert 400 == tablet.post(path, **override).status_code
    receipt = tablet.post(path, **override, pin=PIN).json["receipt"]
    assert receipt == tablet.post(path, **override, receipt="00").json["receipt"]
    with database.transaction() as session:
        session.execute(delete(OverrideRow))
    other = override | {"id": str(uuid.uuid4())}
    for wrong in (override | {"receipt": "0" * 64}, override | {"receipt": ""}, other | {"receipt": receipt}):
        refused = tablet.post(path, **wrong)
        assert (403, "pin") == (refused.status_code, refused.json["error"]["reason"])
    assert 400 == tablet.post(path, **override, receipt="ز").status_code
    assert 0 == count(database, OverrideRow)
    # Ten wrong receipts are no guess at the PIN: it still opens, and the receipt needs none.
    assert {403} == {tablet.post(path, **override, receipt="0" * 64).status_code for _ in range(7)}
    other_tablet = Tablet(app, database, event)  # the same tablet, paired again
    assert (200, receipt) == (
        (again := other_tablet.post(path, **override, receipt=receipt)).status_code,
        again.json["receipt"],
    )
    assert 200 == tablet.post(path, **other, pin=PIN, receipt="0" * 64).status_code
    assert 2 == count(database, OverrideRow)


def test_too_many_wrong_pins_lock_even_the_right_one(tablet: Tablet, database: Database, token: str) -> None:
    with database.transaction() as session:
        set_supervisor_pin(session, PIN, actor="tests", now=DAY_ONE)
    item = make_item("forged", DAY_ONE)
    tablet.scan(item)
    ask = {"at": DAY_ONE.isoformat(), "reason": "guest"}
    answers = [
        tablet.post(f"scans/{item['id']}/override", id=str(uuid.uuid4()), pin=pin, **ask).status_code
        for pin in ("1", "2", "3", "4", "5", PIN)
    ]
    assert 429 == answers[-1]
    assert 0 == count(database, OverrideRow)


def test_an_organiser_undoes_at_any_time_with_the_csrf_token_of_their_page(
    client: FlaskClient, tablet: Tablet, database: Database, token: str
) -> None:
    item = make_item(token, DAY_ONE - timedelta(minutes=20))
    tablet.scan(item)
    carry_session(client, database, make_staff(database))
    undo = {"id": str(uuid.uuid4()), "at": DAY_ONE.isoformat(), "reason": "the wrong person"}
    path = f"/api/v1/scans/{item['id']}/undo"
    assert 400 == client.post(path, json=undo).status_code
    page = client.get("/organise/devices").text
    proof = re.search(r'name="csrf_token" value="([^"]+)"', page) or re.search(r'value="([^"]+)"[^>]*name="csrf', page)
    assert proof is not None
    assert 200 == client.post(path, json=undo, headers={"X-CSRFToken": proof[1]}).status_code
    with database.snapshot() as session:
        assert [] == session.scalars(select(AdmissionRow)).all()
        assert ["staff:1"] == list(session.scalars(select(UndoRow.by)))
