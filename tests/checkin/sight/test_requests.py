"""Each request has an id that answer, error page and log share; the log tells the requests that are worth a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from checkin import clock
from checkin.database import Database
from checkin.event.model import Event
from checkin.settings import Settings
from checkin.sight import requests
from checkin.staff.model import Role
from tests.checkin.sight.conftest import Log
from tests.checkin.staff.people import carry_session, make_staff
from tests.factories import make_badge, make_device, make_item, token_of
from tests.installed import installed

HEADER = "X-Request-ID"
GIVEN = "f3a9-of-the-proxy"


@pytest.fixture
def behind_proxy(settings: Settings) -> Iterator[FlaskClient]:
    with installed(replace(settings, proxies=1)) as app:
        yield app.test_client()


def requested(log: Log) -> list[dict[str, object]]:
    return [line for line in log.lines() if line["event"] in {"request", "slow request"}]


def test_answer_error_page_and_log_share_an_id_that_no_other_request_has(client: FlaskClient, log: Log) -> None:
    page, said, page_again = client.get("/nowhere"), client.get("/api/v1/nowhere"), client.get("/nowhere")
    ids = [answer.headers[HEADER] for answer in (page, said, page_again)]
    assert 3 == len(set(ids))
    assert ids == [line["request"] for line in requested(log)]
    assert f"If you report this, say: {ids[0]}" in page.text
    assert ids[1] == said.json["error"]["request"]


def test_a_proxys_id_is_kept_and_nobody_elses(client: FlaskClient, behind_proxy: FlaskClient) -> None:
    asked = {HEADER: GIVEN}
    assert GIVEN == behind_proxy.get("/healthz", headers=asked).headers[HEADER]
    assert GIVEN != client.get("/healthz", headers=asked).headers[HEADER]


@pytest.mark.parametrize("odd", ["short", "x" * 65, "eight la", "a\tb-12345", "<script>1", "عائشہعائشہ", ""])
def test_an_id_that_could_do_harm_in_a_log_is_replaced(behind_proxy: FlaskClient, odd: str) -> None:
    kept = behind_proxy.get("/healthz", headers={HEADER: odd.encode().decode("latin-1")}).headers[HEADER]
    assert odd != kept
    assert 16 == len(kept)


def test_a_page_is_told_by_its_rule_with_status_time_and_size(client: FlaskClient, log: Log) -> None:
    answer = client.get("/badge/a-private-link?lang=en")
    (line,) = requested(log)
    assert ("/badge/<link>", "GET", 404) == (line["page"], line["method"], line["status"])
    assert len(answer.data) == line["bytes"]
    assert 0 < line["ms"]
    assert "private-link" not in log.getvalue()


def test_who_asked_is_told_as_a_device_or_as_a_role(
    client: FlaskClient, database: Database, event: Event, log: Log
) -> None:
    with database.transaction() as session:
        token, device = make_device(session, event)
    client.put("/api/v1/devices/self", json={}, headers={"Authorization": f"Bearer {token}"})
    carry_session(client, database, make_staff(database, role=Role.DESK))
    client.get("/desk/")
    by_device, by_staff = requested(log)
    assert (device.id, None) == (by_device["device"], by_device.get("role"))
    assert ("desk", None) == (by_staff["role"], by_staff.get("device"))


def send_scan(client: FlaskClient, database: Database, event: Event) -> TestResponse:
    with database.transaction() as session:
        token, _ = make_device(session, event)
        scan = make_item(token_of(event, make_badge(session, event)), clock.now())
    return client.post("/api/v1/scans", json={"scans": [scan]}, headers={"Authorization": f"Bearer {token}"})


def test_what_tablets_and_machines_ask_all_day_is_not_told_while_all_is_well(
    client: FlaskClient, database: Database, event: Event, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "SLOW_S", 60)
    for path in ("/healthz", "/readyz", "/metrics", "/static/site.css"):
        client.get(path).close()
    assert 200 == send_scan(client, database, event).status_code
    assert [] == requested(log)


def test_a_slow_scan_and_one_that_fails_are_told_all_the_same(
    app: Flask, database: Database, event: Event, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.testing, client = False, app.test_client()
    monkeypatch.setattr(requests, "SLOW_S", 0)
    assert 200 == send_scan(client, database, event).status_code
    monkeypatch.setattr(requests, "SLOW_S", 60)
    monkeypatch.setattr("checkin.admission.wire.read_batch", None)
    assert 500 == send_scan(client, database, event).status_code
    slow, failed = requested(log)
    assert ("slow request", "warning", 200) == (slow["event"], slow["level"], slow["status"])
    assert ("request", "error", 500) == (failed["event"], failed["level"], failed["status"])
