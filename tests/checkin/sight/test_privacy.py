"""Every way into trouble that we know, walked with a name that is easily found again: the log has it nowhere."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, text

from checkin import clock
from checkin.admission import service as admission
from checkin.badges import service as badges
from checkin.badges.keys import KeyRing
from checkin.badges.shortcode import short_code
from checkin.jobs import service as jobs
from checkin.jobs.registry import Registry
from checkin.jobs.worker import Worker
from checkin.launch.serve import site_of
from checkin.settings import Settings
from checkin.visitors.links import private_link
from checkin.visitors.tables import VisitorRow
from tests.checkin.registration.conftest import filled
from tests.checkin.sight.conftest import Log
from tests.checkin.staff.people import carry_session, make_staff, sign_in
from tests.factories import make_badge, make_device, make_item, make_visitor
from tests.installed import installed

NAME = "Zarqa"
FOUND = re.compile(NAME, re.IGNORECASE)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """An installation as it is served, that tells of each request and each statement."""
    with installed(replace(settings, slow_ms=0)) as app:
        app.testing = False
        yield app


def raising(*_: object, **__: object) -> NoReturn:
    raise ValueError(f"{NAME} Siddiqui, 0300 1234567")


def full_of_it(app: Flask) -> Callable[..., NoReturn]:
    """What breaks a rule of the database with her name in hand."""

    def store(*_: object, **__: object) -> NoReturn:
        with site_of(app).database.transaction() as session:
            session.execute(insert(VisitorRow).values(id=1, name=NAME, category=None))
        raise AssertionError("no visitor is without a category")

    return store


def asking_wrongly(app: Flask) -> Callable[..., NoReturn]:
    """What asks the database for something that it does not have, for her."""

    def ask(*_: object, **__: object) -> NoReturn:
        with site_of(app).database.snapshot() as session:
            session.execute(text("SELECT nothing FROM visitor WHERE name = :name"), {"name": NAME})
        raise AssertionError("there is no such column")

    return ask


@pytest.mark.parametrize("trouble", [lambda _: raising, full_of_it, asking_wrongly], ids=["bug", "rule", "column"])
@pytest.mark.parametrize("place", ["checkin.visitors.service.find_by_link", "checkin.registration.views.register_from"])
def test_a_page_that_fails_tells_its_rule_and_the_place(
    app: Flask,
    client: FlaskClient,
    log: Log,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    trouble: Callable[[Flask], Callable[..., NoReturn]],
) -> None:
    sent = filled(client, category="trade-visitor", name=NAME)
    monkeypatch.setattr(place, trouble(app))
    asked = client.get(f"/badge/{NAME}?q={NAME}") if "find" in place else client.post("/register", data=sent)
    told = [line for line in log.lines() if line["level"] == "error"]
    assert asked.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    assert {"/badge/<link>" if "find" in place else "/register"} == {line["page"] for line in told}
    assert not FOUND.search(log.getvalue())


def test_forms_addresses_and_headers_that_are_refused_are_not_told(client: FlaskClient, log: Log) -> None:
    wrong = {"consent": "", "email": f"{NAME}@", "phone": NAME}
    sent = filled(client, category="trade-visitor", name=NAME, **wrong)
    assert 422 == client.post("/register", data=sent).status_code
    assert 422 == sign_in(client, email=f"{NAME}@expo.example", password=NAME).status_code
    for path in (f"/{NAME}", f"/badge/{NAME}.pdf?lang={NAME}", f"/invitation/{NAME}", f"/sign-in?next={NAME}"):
        client.get(path, headers={"X-Request-ID": NAME * 3, "User-Agent": NAME, "Referer": f"https://{NAME}/"})
    client.open("/register", method=NAME.upper())
    client.post("/register", data={"csrf_token": NAME})
    assert {"other", "GET", "POST"} <= {line.get("method") for line in log.lines()}
    assert not FOUND.search(log.getvalue())


def test_one_who_registers_prints_and_comes_in_is_not_told(app: Flask, client: FlaskClient, log: Log) -> None:
    site = site_of(app)
    sent = filled(client, category="trade-visitor", name=NAME, email=f"{NAME}@expo.example")
    link = client.post("/register", data=sent).headers["Location"].rsplit("/", 1)[1]
    for ending in ("", ".pdf", ".png", ".ics"):
        assert 200 == client.get(f"/badge/{link}{ending}").status_code
    with site.database.transaction() as session:
        visitor = make_visitor(session, NAME)
        badge = make_badge(session, site.event, visitor)
        device, _ = make_device(session, site.event)
    token = badges.token_of(site.event, KeyRing(site.settings.token_master), badge)
    bearer, code = {"Authorization": f"Bearer {device}"}, short_code(badge.number)
    scan = make_item(token, clock.now())
    assert 200 == client.post("/api/v1/scans", json={"scans": [scan]}, headers=bearer).status_code
    assert 200 == client.post("/api/v1/look-up", json={"token": code}, headers=bearer).status_code
    carry_session(client, site.database, make_staff(site.database))
    client.get(f"/desk/?q={NAME}")
    secrets = (link, token, code, device, private_link(site.settings.secret_key, visitor.id, 0))
    assert [] == [secret for secret in secrets if secret in log.getvalue()]
    assert not FOUND.search(log.getvalue())


ODD = (
    {"token": NAME},
    {"token": f"2{NAME}" * 40},
    {"scanned_at": NAME},
    {"gate": NAME},
    {"id": NAME},
    {NAME: NAME},
    {"shown": {"verdict": NAME}},
)


def test_scans_that_nobody_can_read_or_store_are_not_told(
    app: Flask, client: FlaskClient, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = site_of(app)
    with site.database.transaction() as session:
        device, _ = make_device(session, site.event)
    bearer = {"Authorization": f"Bearer {device}"}
    for odd in ODD:
        scan = make_item("2ABC", clock.now()) | {"id": str(uuid.uuid4())} | odd
        assert client.post("/api/v1/scans", json={"scans": [scan]}, headers=bearer).status_code in {200, 400}
    client.post("/api/v1/scans", data=f"[{NAME}", headers=bearer, content_type="application/json")
    client.post("/api/v1/scans", json={NAME: []}, headers={"Authorization": f"Bearer {NAME}"})
    monkeypatch.setattr(admission, "record_all", raising)
    scans = [make_item(NAME, clock.now()) for _ in range(2)]
    assert 400 == client.post("/api/v1/scans", json={"scans": scans}, headers=bearer).status_code
    assert any("cannot be stored" in line["event"] for line in log.lines())
    assert not FOUND.search(log.getvalue())


def test_a_job_that_fails_tells_its_number_and_its_kind(app: Flask, log: Log) -> None:
    site = site_of(app)
    registry = Registry(tasks={"count": raising}, every_minute={"look": raising})
    worker = Worker(app, site, registry)
    with site.database.transaction() as session:
        job = jobs.make(session, kind="count", total=1, now=clock.now(), by=NAME)
    assert not worker.work_on("count", job.id)
    worker.close()
    (told,) = (line for line in log.lines() if line["level"] == "error")
    assert (job.id, "count") == (told["job"], told["kind"])
    assert not FOUND.search(log.getvalue())
