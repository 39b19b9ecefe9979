"""The tablet's API, as the contract's section 5 says it."""

from __future__ import annotations

import json
import re
import sqlite3
import uuid
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from checkin import clock
from checkin.admission.model import Reason
from checkin.admission.tables import AdmissionRow, OverrideRow, QuarantineRow, ScanRow, UndoRow
from checkin.app import create_app
from checkin.database import Database
from checkin.devices import service as devices
from checkin.devices.guard import ALLOWED
from checkin.devices.model import Kind
from checkin.event.model import Event
from checkin.launch.serve import site_of
from checkin.settings import Settings
from checkin.staff.supervisor import set_supervisor_pin
from checkin.web import Site
from tests.checkin.staff.people import carry_session, make_staff
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, make_visitor, token_of

PIN = "402917"


class Tablet:
    """A paired tablet that speaks HTTP."""

    def __init__(self, app: Flask, database: Database, event: Event, gate: str = "gate-1") -> None:
        with database.transaction() as session:
            token, self.device = make_device(session, event, gate)
        self.headers = {"Authorization": f"Bearer {token}"}
        self.client = app.test_client()

    def post(self, path: str, **body: Any) -> TestResponse:
        return self.client.post(f"/api/v1/{path}", json=body, headers=self.headers)

    def scan(self, *items: dict[str, object]) -> list[dict[str, Any]]:
        answer = self.post("scans", scans=list(items))
        assert answer.status_code == 200, answer.text
        return list(answer.json["judgements"])


@pytest.fixture
def tablet(app: Flask, database: Database, event: Event) -> Tablet:
    return Tablet(app, database, event)


@pytest.fixture
def token(database: Database, event: Event) -> str:
    with database.transaction() as session:
        return token_of(event, make_badge(session, event, make_visitor(session, organisation="Sialkot Sports")))


def count(database: Database, table: type) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_one_scan_is_answered_with_all_that_the_contract_names(tablet: Tablet, token: str) -> None:
    item = make_item(token, DAY_ONE)
    answer = tablet.post("scans", scans=[item]).json
    (judgement,) = answer.pop("judgements")
    assert {"gate_today", "revision", "server_time", "clock_ok"} == set(answer)
    assert (1, True) == (answer["gate_today"], answer["clock_ok"])
    assert "2026-01-24T10:30:00.000+05:00" == judgement["first"]["at"]
    assert {"issue": 0, "issued_by": "online"} == {k: judgement["badge"][k] for k in ("issue", "issued_by")}
    assert ("Ayesha Siddiqui", "Sialkot Sports", "trade-visitor") == tuple(
        judgement["visitor"][k] for k in ("name", "organisation", "category")
    )
    expected = {"id": item["id"], "verdict": "admitted", "reason": None, "check": None, "day": "2026-01-24"}
    assert expected.items() <= judgement.items()
    assert (None, False) == (judgement["previous"], judgement["repeated"])


def test_a_lost_answer_and_a_resend_give_the_same_judgement(tablet: Tablet, token: str) -> None:
    item = make_item(token, DAY_ONE)
    (first,), (again,) = tablet.scan(item), tablet.scan(item)
    assert first | {"repeated": True} == again


def test_a_photographed_badge_is_told_too_soon(tablet: Tablet, token: str) -> None:
    _, second = tablet.scan(make_item(token, DAY_ONE), make_item(token, DAY_ONE + timedelta(minutes=2)))
    assert ("re-entry", "too_soon", "gate-1") == (second["verdict"], second["check"], second["previous"]["gate"])


def test_a_conflict_changes_nothing(tablet: Tablet, token: str) -> None:
    item = make_item(token, DAY_ONE)
    tablet.scan(item)
    (answer,) = tablet.scan(item | {"source": "typed"})
    assert ("refused", "conflict") == (answer["verdict"], answer["reason"])
    assert tablet.scan(item)[0]["verdict"] == "admitted"


def test_names_stay_off_tablets_where_the_event_says_so(app: Flask, tablet: Tablet, token: str) -> None:
    site = app.extensions["checkin"]
    quiet = replace(site.event, names_on_tablets=False)
    app.extensions["checkin"] = Site(site.settings, site.database, quiet)
    (answer,) = tablet.scan(make_item(token, DAY_ONE))
    assert ("", "", "trade-visitor") == tuple(answer["visitor"][k] for k in ("name", "organisation", "category"))


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"", None),
        (b"{", None),
        (b"[" * 100_000, None),
        (b"7", "body"),
        (b"{}", "scans"),
        (b'{"scans": []}', "scans"),
        (b'{"scans": [{"id": "x"}]}', "scans[0].id"),
        (json.dumps({"scans": [{"id": "6464e0fb-83f4-4604-91d0-f6704c86fda1"}, 5]}).encode(), "scans[1].id"),
        (json.dumps({"scans": [{}] * 1001}).encode(), "scans"),
    ],
)
def test_json_that_is_no_batch_is_400_with_the_place_and_nothing_is_stored(
    tablet: Tablet, database: Database, body: bytes, place: str | None
) -> None:
    answer = tablet.client.post("/api/v1/scans", data=body, content_type="application/json", headers=tablet.headers)
    assert 400 == answer.status_code
    assert place == answer.json["error"].get("place")
    assert 0 == count(database, ScanRow)


def test_hostile_text_is_stored_and_refused(tablet: Tablet, database: Database) -> None:
    texts = ["\0", "\ud800", "x" * 5000, "<img onerror=alert(1)>", "{x}", "'; DROP TABLE scan; --", "\u202eabc"]
    answers = tablet.scan(*(make_item(text, DAY_ONE) for text in texts))
    assert ["forged"] * len(texts) == [answer["reason"] for answer in answers]
    with database.snapshot() as session:
        assert all("\\u0000" not in sent and len(sent) < 5000 for sent in session.scalars(select(ScanRow.sent)))


def test_a_body_over_two_megabytes_is_413(tablet: Tablet) -> None:
    assert 413 == tablet.post("scans", scans=["x" * 2_100_000]).status_code


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nobody"}, {"Authorization": "Basic eA=="}])
def test_an_unknown_device_is_401(client: FlaskClient, headers: dict[str, str]) -> None:
    assert 401 == client.post("/api/v1/scans", json={"scans": []}, headers=headers).status_code


def test_a_retired_device_has_its_scans_quarantined_once(
    tablet: Tablet, database: Database, event: Event, token: str
) -> None:
    with database.transaction() as session:
        devices.retire(session, tablet.device.id, now=DAY_ONE, by="tests")
    item = make_item(token, DAY_ONE)
    for _ in range(2):
        answer = tablet.post("scans", scans=[item])
        assert (403, [item["id"]]) == (answer.status_code, answer.json["quarantined"])
    assert (0, 1) == (count(database, ScanRow), count(database, QuarantineRow))
    assert 403 == tablet.post("look-up", token=token).status_code


def test_a_database_that_cannot_write_is_503_and_says_come_back(settings: Settings, event: Event) -> None:
    app = create_app(replace(settings, database_url=settings.database_url + "?timeout=0.1"))
    database = site_of(app).database
    tablet = Tablet(app, database, event)
    item = make_item("any badge", DAY_ONE)
    with closing(sqlite3.connect(settings.instance / "checkin.sqlite3")) as another_process:
        another_process.execute("BEGIN IMMEDIATE")
        answer = tablet.post("scans", scans=[item])
    assert 503 == answer.status_code
    assert int(answer.headers["Retry-After"]) > 0
    assert 0 == count(database, ScanRow)
    assert "forged" == tablet.scan(item)[0]["reason"]
    database.close()


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


def test_look_up_tells_who_and_admits_nobody(tablet: Tablet, database: Database, token: str) -> None:
    tablet.scan(make_item(token, DAY_ONE))
    answer = tablet.post("look-up", token=token).json
    assert ("Ayesha Siddiqui", "live") == (answer["visitor"]["name"], answer["badge"]["state"])
    assert ["admitted"] == [scan["verdict"] for scan in answer["scans"]]
    assert 1 == count(database, ScanRow)
    nobody = tablet.post("look-up", token="7K3M").json
    assert (None, []) == (nobody["visitor"], nobody["scans"])


def test_pairing_works_once_and_ends_after_ten_minutes(client: FlaskClient, database: Database, event: Event) -> None:
    with database.transaction() as session:
        code = devices.open_pairing(session, name="A", gate="gate-1", now=clock.now(), by="tests")
        old = devices.open_pairing(
            session, name="B", gate="gate-1", now=clock.now() - timedelta(minutes=10), by="tests"
        )
    paired = client.post("/api/v1/devices", json={"code": code.lower(), "app": "1"})
    assert (201, "gate-1") == (paired.status_code, paired.json["device"]["gate"])
    assert 404 == client.post("/api/v1/devices", json={"code": code, "app": "1"}).status_code
    assert 404 == client.post("/api/v1/devices", json={"code": old, "app": "1"}).status_code
    with database.snapshot() as session:
        assert devices.find_by_token(session, paired.json["token"]) is not None


def test_health_is_kept_and_answers_where_the_tablet_stands(tablet: Tablet) -> None:
    health = {"gate": "gate-2", "direction": "in", "battery": 0.5, "outbox": 3, "app": "1", "offset_ms": -20}
    answer = tablet.client.put("/api/v1/devices/self", json=health, headers=tablet.headers)
    assert ("gate-2", 0) == (answer.json["device"]["gate"], answer.json["gate_today"])
    assert 400 == tablet.client.put("/api/v1/devices/self", json={"gate": "x"}, headers=tablet.headers).status_code


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


def test_an_endpoint_that_the_devices_kind_does_not_list_is_denied(
    tablet: Tablet, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ALLOWED, Kind.GATE, ALLOWED[Kind.GATE] - {"admission.post_look_up"})
    assert 403 == tablet.post("look-up", token=token).status_code
    assert 200 == tablet.post("scans", scans=[make_item(token, DAY_ONE)]).status_code
