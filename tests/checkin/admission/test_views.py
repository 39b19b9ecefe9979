"""The tablet's API, as the contract's section 5 says it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from checkin import clock
from checkin.admission.tables import QuarantineRow, ScanRow
from checkin.database import Database
from checkin.devices import service as devices
from checkin.devices.guard import ALLOWED
from checkin.devices.model import Kind
from checkin.event.model import Event
from checkin.launch.serve import site_of
from checkin.settings import Settings
from checkin.web import Site
from tests.checkin.admission.tablet import Tablet, count
from tests.conftest import DAY_ONE
from tests.factories import make_item
from tests.installed import installed


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


@pytest.mark.sqlite("another process holds the lock of the file")
def test_a_database_that_cannot_write_is_503_and_says_come_back(settings: Settings, event: Event) -> None:
    with installed(replace(settings, database_url=settings.database_url + "?timeout=0.1")) as app:
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


def test_the_roster_and_its_end_are_kept_with_the_tablets_health(tablet: Tablet, database: Database) -> None:
    def put(**health: object) -> tuple[int, object, object]:
        answer = tablet.client.put("/api/v1/devices/self", json=health, headers=tablet.headers)
        with database.snapshot() as session:
            (kept,) = devices.all_devices(session)
        age = kept.roster_at and round((clock.now() - kept.roster_at).total_seconds())
        return answer.status_code, age, kept.erased_at is not None

    assert (200, None, False) == put()
    assert (200, 12, False) == put(roster_age_s=12)
    assert (200, 12, False) == put(roster_age_s=None, erased=False)
    assert (200, None, True) == put(erased=True)
    assert (200, None, True) == put()
    assert (200, 0, False) == put(roster_age_s=0)
    assert (200, 366 * 86_400, False) == put(roster_age_s=10**30)
    for bad in ({"roster_age_s": -1}, {"roster_age_s": "12"}, {"roster_age_s": 1.5}, {"erased": "yes"}):
        assert 400 == put(**bad)[0]


def test_a_retired_tablet_may_still_tell_that_it_has_erased_itself_and_no_more(
    tablet: Tablet, database: Database
) -> None:
    with database.transaction() as session:
        devices.retire(session, tablet.device.id, now=DAY_ONE, by="tests")
    for health, is_erased in (({"battery": 0.5, "roster_age_s": 1}, False), ({"erased": True}, True), ({}, True)):
        answer = tablet.client.put("/api/v1/devices/self", json=health, headers=tablet.headers)
        assert (403, "retired") == (answer.status_code, answer.json["error"]["reason"])
        with database.snapshot() as session:
            (kept,) = devices.all_devices(session)
        assert (is_erased, None, None) == (kept.erased_at is not None, kept.battery, kept.roster_at)


def test_an_endpoint_that_the_devices_kind_does_not_list_is_denied(
    tablet: Tablet, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ALLOWED, Kind.GATE, ALLOWED[Kind.GATE] - {"admission.post_look_up"})
    assert 403 == tablet.post("look-up", token=token).status_code
    assert 200 == tablet.post("scans", scans=[make_item(token, DAY_ONE)]).status_code


def test_quarantine_keeps_all_that_a_scan_can_say_and_each_content(
    tablet: Tablet, database: Database, token: str
) -> None:
    with database.transaction() as session:
        devices.retire(session, tablet.device.id, now=DAY_ONE, by="tests")
    shown = {"verdict": "admitted", "reason": None, "confirmed": False}
    item = make_item(token, DAY_ONE, clock="unsure", shown=shown)
    tablet.post("scans", scans=[item, item | {"source": "typed"}, item])
    with database.snapshot() as session:
        kept = [json.loads(content) for content in session.scalars(select(QuarantineRow.content))]
    assert {"camera", "typed"} == {content["source"] for content in kept}
    assert [("unsure", token)] * 2 == [(content["clock"], content["token"]) for content in kept]
    assert all('"admitted"' in content["shown"] for content in kept)


def test_a_text_of_full_length_is_compared_to_its_end(tablet: Tablet) -> None:
    item = make_item("\N{SMILING FACE WITH OPEN MOUTH}" * 511 + "a", DAY_ONE)
    tablet.scan(item)
    (answer,) = tablet.scan(item | {"token": item["token"][:-1] + "b"})
    assert "conflict" == answer["reason"]


def test_an_id_is_read_in_either_case_and_in_no_other_shape(tablet: Tablet) -> None:
    item = make_item("any", DAY_ONE)
    tablet.scan(item)
    assert tablet.scan(item | {"id": str(item["id"]).upper()})[0]["repeated"]
    dashless = str(item["id"]).replace("-", "") + "----"
    assert 400 == tablet.post("scans", scans=[item | {"id": dashless}]).status_code


def test_a_clock_off_by_decades_is_told_as_far_as_the_database_can_count(tablet: Tablet, database: Database) -> None:
    health = {"offset_ms": 10**30, "outbox": 10**30, "roster_age_s": 10**30}
    answer = tablet.client.put("/api/v1/devices/self", json=health, headers=tablet.headers)
    assert 200 == answer.status_code
    with database.snapshot() as session:
        (device,) = devices.all_devices(session)
    assert (2**31 - 1, 2**31 - 1) == (device.offset_ms, device.outbox)
