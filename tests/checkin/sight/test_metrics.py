"""Metrics: for whoever has the key, of all processes together, in Prometheus's own format."""

from __future__ import annotations

import os
import signal
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from checkin import clock
from checkin.database import Database
from checkin.devices import service as devices
from checkin.devices.model import Health
from checkin.event.model import Event
from checkin.jobs import service as jobs
from checkin.settings import Settings
from checkin.sight import metrics
from checkin.sight.views import sight_of
from tests.checkin.launch.test_server import serving
from tests.checkin.printruns.workers import wait_until
from tests.checkin.sight.conftest import Log
from tests.factories import make_badge, make_device, make_item, token_of
from tests.installed import installed
from tests.journeys.hall import Hall, make_hall

KEY = "a key of the tests"
BEARER = {"Authorization": f"Bearer {KEY}"}
Labels = tuple[tuple[str, str], ...]


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    with installed(replace(settings, metrics_key=KEY)) as app:
        yield app


def read(text: str) -> dict[tuple[str, Labels], float]:
    families = text_string_to_metric_families(text)
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def scraped(client: FlaskClient) -> dict[tuple[str, Labels], float]:
    answer = client.get("/metrics", headers=BEARER)
    assert 200 == answer.status_code
    return read(answer.text)


def of(found: dict[tuple[str, Labels], float], name: str, **labels: str) -> float:
    return found.get((f"checkin_{name}", tuple(sorted(labels.items()))), 0)


def test_without_a_key_there_are_no_metrics(settings: Settings) -> None:
    with installed(settings) as app:
        client = app.test_client()
        assert 404 == client.get("/metrics").status_code
        assert 404 == client.get("/metrics", headers={"Authorization": "Bearer "}).status_code


def test_the_key_is_a_bearer_token_or_a_password_and_nothing_else_opens(client: FlaskClient) -> None:
    for wrong in ({}, {"Authorization": "Bearer no"}, {"Authorization": "Bearer"}, {"Authorization": f"Other {KEY}"}):
        answer = client.get("/metrics", headers=wrong)
        assert 401 == answer.status_code
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert "checkin_" not in answer.text
    assert 401 == client.get("/metrics", auth=("prometheus", "کلید")).status_code
    assert 200 == client.get("/metrics", auth=("prometheus", KEY)).status_code
    assert 200 == client.get("/metrics", headers=BEARER).status_code


def test_every_metric_is_ours_and_told_once(client: FlaskClient) -> None:
    families = list(text_string_to_metric_families(client.get("/metrics", headers=BEARER).text))
    names = [family.name for family in families]
    assert len(names) == len(set(names)) > 10
    assert [] == [
        family.name for family in families if not family.name.startswith("checkin_") or not family.documentation
    ]


def test_requests_are_counted_and_timed_by_rule_method_and_kind_of_status(client: FlaskClient) -> None:
    labels = {"page": "/badge/<link>", "method": "GET", "status": "4xx"}
    before = scraped(client)
    client.get("/badge/a-private-link")
    client.get("/badge/another")
    after = scraped(client)
    assert 2 == of(after, "http_requests_total", **labels) - of(before, "http_requests_total", **labels)
    timed = ("http_request_duration_seconds_count", "/badge/<link>")
    assert 2 == of(after, timed[0], page=timed[1]) - of(before, timed[0], page=timed[1])
    assert not any("private" in str(key) for key in after)


def test_addresses_and_methods_that_are_the_clients_own_make_no_new_series(client: FlaskClient) -> None:
    client.open("/nowhere/1", method="GET")
    client.open("/nowhere/2", method="BREW")
    client.open("/nowhere/3", method="COFFEE")
    found = {labels for name, labels in scraped(client) if name == "checkin_http_requests_total"}
    assert {"none"} == {dict(labels)["page"] for labels in found if "nowhere" in str(labels) or "other" in str(labels)}


def test_the_writers_batches_are_counted(client: FlaskClient, database: Database, event: Event) -> None:
    with database.transaction() as session:
        token, _ = make_device(session, event)
        scan = make_item(token_of(event, make_badge(session, event)), clock.now())
    before = scraped(client)
    for _ in range(2):
        client.post("/api/v1/scans", json={"scans": [scan]}, headers={"Authorization": f"Bearer {token}"})
    after = scraped(client)
    for name in ("writer_batch_scans_sum", "writer_batch_duration_seconds_count"):
        assert 2 == of(after, name) - of(before, name)
    assert 0 == of(after, "writer_waiting_scans")


def test_scans_are_counted_by_gate_and_verdict(client: FlaskClient) -> None:
    before = scraped(client)
    metrics.count_scans([("gate-1", "admitted"), ("gate-1", "admitted"), ("gate-2", "refused")])
    after = scraped(client)
    for gate, verdict, count in (("gate-1", "admitted", 2), ("gate-2", "refused", 1)):
        labels = {"gate": gate, "verdict": verdict}
        assert count == of(after, "scans_total", **labels) - of(before, "scans_total", **labels)


def test_jobs_and_tablets_are_looked_up_when_somebody_asks(
    client: FlaskClient, database: Database, event: Event
) -> None:
    now = clock.now()
    with database.transaction() as session:
        jobs.make(session, kind="count", total=1, now=now.replace(minute=0), by="tests")
        _, owing = make_device(session, event, name="One")
        make_device(session, event, name="Two")
        devices.note_health(session, owing, Health(outbox=3), now=now)
    found = scraped(client)
    assert (1, 0) == (of(found, "jobs", state="waiting"), of(found, "jobs", state="failed"))
    assert 1_700 < of(found, "jobs_oldest_waiting_seconds") < 1_900
    assert (2, 1) == (of(found, "tablets", state="paired"), of(found, "tablets", state="owing"))
    assert 3 == of(found, "tablets_owed_scans")


def test_the_machine_is_looked_at_too(client: FlaskClient) -> None:
    found = scraped(client)
    assert of(found, "disk_free_bytes", folder="instance") > 0
    assert 1 == of(found, "clock_plausible")
    assert 1 == sum(value for (name, _), value in found.items() if name == "checkin_build_info")


def test_what_cannot_be_looked_up_keeps_nobody_from_the_rest(app: Flask, client: FlaskClient, log: Log) -> None:
    def fail() -> NoReturn:
        raise RuntimeError("Ayesha")

    sight_of(app).looks.insert(0, fail)
    assert 1 == of(scraped(client), "clock_plausible")
    (line,) = log.lines("figures cannot be looked up: RuntimeError")
    assert "Ayesha" not in str(line)


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    """A server of two processes, with a folder of its own for what is temporary."""
    (tmp_path / "temporary").mkdir()
    for name, value in (("WEB_PROCESSES", "2"), ("METRICS_KEY", KEY)):
        monkeypatch.setenv(f"CHECKIN_{name}", value)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    hall = make_hall(tmp_path / "instance")
    hall.start()
    yield hall
    hall.stop()
    hall.database.close()


def fetched(hall: Hall) -> dict[tuple[str, Labels], float]:
    asked = urllib.request.Request(f"{hall.url}/metrics", headers=BEARER)  # noqa: S310 - our own server
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
        return read(answer.read().decode())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's children in files")
def test_processes_count_together_and_what_a_dead_one_counted_stays(hall: Hall, tmp_path: Path) -> None:
    asked = {"page": "/healthz", "method": "GET", "status": "2xx"}
    for _ in range(40):
        urllib.request.urlopen(f"{hall.url}/healthz", timeout=60).close()  # noqa: S310 - our own server
    folder = next((tmp_path / "temporary").glob("checkin-metrics-*"))
    assert {40} == {of(fetched(hall), "http_requests_total", **asked) for _ in range(6)}
    first, second = serving(hall)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: {first, second} != set(serving(hall)) and len(serving(hall)) == 2)
    wait_until(lambda: not list(folder.glob(f"gauge_live*_{first}.db")))
    assert 40 == of(fetched(hall), "http_requests_total", **asked)
    hall.stop()
    assert not folder.exists()
