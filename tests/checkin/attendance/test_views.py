"""The counts over HTTP: who may see them, what they look like, when they are worth sending again."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from checkin import clock
from checkin.attendance.views import LASTS
from checkin.database import Database
from checkin.devices.model import Health
from checkin.devices.service import note_health
from checkin.event.model import Event
from checkin.staff.model import Role
from tests.checkin.staff.people import carry_session, let_pass, make_staff
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, send, token_of

API = "/api/v1/attendance"


@pytest.fixture
def organiser(client: FlaskClient, database: Database) -> FlaskClient:
    carry_session(client, database, make_staff(database))
    return client


def let_in(database: Database, event: Event, **details: object) -> None:
    """One visitor enters twice, through gate 1, at half past ten."""
    with database.transaction() as session:
        badge = make_badge(session, event, **details)
        _, tablet = make_device(session, event, name=str(details.get("name", "Tablet")))
    token = token_of(event, badge)
    send(database, event, tablet, make_item(token, DAY_ONE), make_item(token, DAY_ONE + timedelta(minutes=40)))


def test_the_json_says_what_the_contract_says(organiser: FlaskClient, database: Database, event: Event) -> None:
    let_in(database, event, country="AZ", city=" Lahore", sectors=("textiles",))
    said = organiser.get(f"{API}?day=2026-01-24").get_json()
    assert said.pop("as_of").startswith("2026-01-24T10:3")
    assert {"gate": "gate-1", "visitors": 1, "entries": 2} == said.pop("by_gate")[0]
    assert {"hour": 10, "first": 1, "entries": 1} == said.pop("by_hour")[0]
    assert {"category": "trade-visitor", "people": 1, "entries": 2} == said.pop("by_category")[0]
    assert {"cluster": event.clusters[0].slug, "people": 0} == said.pop("by_cluster")[0]
    assert said == {
        "day": "2026-01-24",
        "provisional": False,
        "waiting": [],
        "visitors": 1,
        "trade": 1,
        "public": 0,
        "visits": 1,
        "entries": 2,
        "inside": 1,
        "first_time": 1,
        "everyone": {"people": 1, "entries": 2},
        "registered": {"visitors": 1, "trade": 1, "public": 0, "everyone": 1},
        "by_zone": [
            {"zone": "expo", "visitors": 1, "entries": 2},
            {"zone": "women", "visitors": 0, "entries": 0},
        ],
        "by_country": [{"country": "AZ", "visitors": 1}],
        "by_sector": [{"sector": "textiles", "visitors": 1}],
        "pace": {"minutes": 5, "entries": 1, "by_gate": {"gate-1": 1}},
        "by_gender": [{"gender": "undisclosed", "visitors": 1}],
        "by_city": [{"city": "lahore", "visitors": 1}],
        "by_day": [
            {"day": "2026-01-24", "visitors": 1, "entries": 2},
            {"day": "2026-01-25", "visitors": 0, "entries": 0},
            {"day": "2026-01-26", "visitors": 0, "entries": 0},
        ],
    }
    whole = organiser.get(API).get_json()
    assert (None, 1, None) == (whole["day"], whole["visitors"], whole["inside"])


def test_the_same_figures_are_304_whatever_the_time_and_new_ones_are_not(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    url = f"{API}?day=2026-01-24"
    tag = organiser.get(url).headers["ETag"]
    let_pass(timedelta(minutes=1))
    assert 304 == organiser.get(url, headers={"If-None-Match": tag}).status_code
    let_in(database, event)
    answer = organiser.get(url, headers={"If-None-Match": tag})
    assert (200, 1) == (answer.status_code, answer.get_json()["visitors"])


def test_one_count_is_handed_to_all_who_ask_while_it_lasts_json_and_page(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    organiser.application.config[LASTS] = 60
    url = f"{API}?day=2026-01-24"
    first = organiser.get(url)
    let_in(database, event)
    let_pass(timedelta(seconds=50))
    assert first.data == organiser.get(url).data  # `as_of` too: it is of when it was counted
    assert re.search(r'data-figure="visitors"><a [^>]*>0<', organiser.get("/organise/?day=2026-01-24").text)
    assert 1 == organiser.get(API).get_json()["visitors"]  # nobody had asked for the whole event
    let_pass(timedelta(seconds=20))
    assert 1 == organiser.get(url).get_json()["visitors"]


def test_the_page_has_the_tag_of_its_figures_and_a_discrepancy_is_worth_a_new_one(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    url = f"{API}?day=2026-01-24"

    def tag_of_page() -> str:
        found = re.search(r'data-tag="(\w+)"', organiser.get("/organise/?day=2026-01-24").text)
        assert found
        return f'W/"{found[1]}"'

    before = organiser.get(url)
    assert before.headers["ETag"] == tag_of_page()
    with database.transaction() as session:
        _, tablet = make_device(session, event)
    send(database, event, tablet, make_item("x", DAY_ONE, shown={"verdict": "admitted", "confirmed": False}))
    after = organiser.get(url)
    assert after.headers["ETag"] == tag_of_page() != before.headers["ETag"]


def test_the_figures_are_counted_over_the_connection_for_reports(
    organiser: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def reports() -> AbstractContextManager[Session]:
        asked.append(1)
        return database.snapshot()

    monkeypatch.setattr(database, "reports", reports)
    assert 200 == organiser.get(API).status_code
    assert [1] == asked


def test_a_tablet_that_owes_scans_makes_the_figures_provisional_and_is_named(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        _, tablet = make_device(session, event, name="Gate 3, tablet B")
        note_health(session, tablet, Health(outbox=37), now=clock.now())
    said = organiser.get(f"{API}?day=2026-01-24").get_json()
    assert said["provisional"]
    assert ["Gate 3, tablet B"] == [one["device"] for one in said["waiting"]]
    assert "+05:00" in said["waiting"][0]["since"]


@pytest.mark.parametrize("day", ["", "today", "2026-02-30", "2026-02-01", "20260124", "2026-W04-6", "2026-01-24x", "٢"])
def test_a_day_that_is_none_is_400_and_says_which_there_are(organiser: FlaskClient, day: str) -> None:
    answer = organiser.get(API, query_string={"day": day})
    assert 400 == answer.status_code
    assert "2026-01-24" in answer.get_json()["error"]["days"]
    answer = organiser.get("/organise/", query_string={"day": day})
    assert 400 == answer.status_code
    assert "2026-01-24" in answer.text


def test_strangers_are_401_and_other_roles_403(client: FlaskClient, database: Database) -> None:
    assert (401, "application/json") == (client.get(API).status_code, client.get(API).mimetype)
    for role in (Role.DESK, Role.GATE):
        carry_session(client, database, make_staff(database, f"{role}@example.com", role))
        assert 403 == client.get(API).status_code
        assert "error" in client.get(API).get_json()


def test_a_tablets_token_opens_no_counts(client: FlaskClient, database: Database, event: Event) -> None:
    with database.transaction() as session:
        token, _ = make_device(session, event)
    assert 401 == client.get(API, headers={"Authorization": f"Bearer {token}"}).status_code
