"""The board, as the server draws it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from checkin import clock
from checkin.attendance import queries
from checkin.attendance.model import HourCount
from checkin.database import Database
from checkin.devices.model import Health
from checkin.devices.service import note_health
from checkin.event.model import Event
from checkin.organise.chart import TALLEST, bars
from checkin.staff.model import Role
from tests.checkin.staff.people import carry_session, let_pass, make_staff
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, send, token_of


def let_in(database: Database, event: Event, **details: object) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event, **details)
        _, tablet = make_device(session, event)
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))


def figure(page: str, key: str) -> str | None:
    found = re.search(rf'data-figure="{key}">([^<]*)<', page)
    return found and found[1]


def test_it_opens_on_today_with_figures_gates_zones_hours_and_days(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    let_in(database, event)
    let_in(database, event, category="exhibitor")
    page = organiser.get("/organise/").text
    assert "Saturday 24 January" in page
    assert "Sat 24 · today" in page
    assert re.search(r"As of 10:3\d:\d\d", page)
    told = [figure(page, key) for key in ("visitors", "visits", "entries", "inside", "everyone")]
    assert ["1", "1", "1", "2", "2"] == told
    assert "Gate 1 · Main gate" in page
    assert "Women Entrepreneurs&#39; Pavilion" in page
    assert {"hours", "gates", "zones", "days"} == set(re.findall(r'data-table="(\w+)"', page))
    assert "style=" not in page
    assert "/organise/reports/2026-01-24.pdf" in page
    assert 'href="/organise/reports"' in page


def test_other_days_and_all_days_have_their_tab(organiser: FlaskClient, database: Database, event: Event) -> None:
    let_in(database, event)
    assert "0" == figure(organiser.get("/organise/?day=2026-01-25").text, "visitors")
    everything = organiser.get("/organise/?day=all").text
    assert "1" == figure(everything, "visits")
    assert figure(everything, "inside") is None
    assert re.search(r'aria-current="?true"?>All days', everything)
    assert 'data-source="/api/v1/attendance"' in everything


def test_outside_the_event_it_opens_on_all_days(organiser: FlaskClient, database: Database) -> None:
    carry_session(organiser, database, make_staff(database, "later@example.com"))
    let_pass(timedelta(days=-30))
    carry_session(organiser, database, make_staff(database, "earlier@example.com"))
    page = organiser.get("/organise/").text
    assert re.search(r'aria-current="?true"?>All days', page)
    assert "today" not in page


def test_before_the_first_scan_it_says_what_to_do(organiser: FlaskClient, database: Database, event: Event) -> None:
    page = organiser.get("/organise/").text
    assert "Nobody has been scanned yet" in page
    assert 'href="/register"' in page
    assert "0" == figure(page, "visitors")
    assert "<svg" not in page
    let_in(database, event)
    assert "Nobody has been scanned yet" not in organiser.get("/organise/").text


def test_the_capacity_stands_beside_who_is_inside(organiser: FlaskClient, database: Database, event: Event) -> None:
    let_in(database, event)
    assert "an estimate, never for evacuation" in organiser.get("/organise/").text


def test_one_sentence_names_the_tablet_that_needs_care_and_not_one_that_just_scans(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        _, tablet = make_device(session, event, name="Gate 3 <b>, tablet B")
        note_health(session, tablet, Health(outbox=1200), now=clock.now())
    page = organiser.get("/organise/").text
    assert "provisional" in page
    assert "notice care" not in page
    let_pass(timedelta(minutes=4))
    page = organiser.get("/organise/").text
    assert "Gate 3 &lt;b&gt;, tablet B" in page
    assert re.search(r"has 1,200 scans waiting since 10:3\d", page)
    with database.transaction() as session:
        note_health(session, tablet, Health(outbox=0), now=clock.now())
        make_device(session, event, name="Gate 2")
    let_pass(timedelta(minutes=6))
    page = organiser.get("/organise/").text
    assert "has not been heard since 10:3" in page
    assert "One more tablet waits." in page


def test_figures_that_are_behind_say_so_and_of_when_they_are(
    organiser: FlaskClient, database: Database, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_in(database, event)
    assert 'id="behind"' not in organiser.get("/organise/").text
    monkeypatch.setattr(queries, "MOST_ON_THE_WAY", 0)
    page = organiser.get("/organise/").text
    assert re.search(r'id="behind"><span>Many stored scans .* These figures are of 10:3\d:\d\d ', page)
    assert "provisional" in page
    assert "Nobody has been scanned yet" not in page


def test_it_reads_in_urdu(organiser: FlaskClient, database: Database, event: Event) -> None:
    let_in(database, event)
    page = organiser.get("/organise/?lang=ur").text
    assert 'dir="rtl"' in page
    assert "گیٹ 1 · مرکزی دروازہ" in page


def test_only_organisers_see_it(client: FlaskClient, database: Database) -> None:
    pages = ("/organise/", "/organise/devices")
    assert [303, 303] == [client.get(page).status_code for page in pages]
    for role in (Role.DESK, Role.GATE):
        carry_session(client, database, make_staff(database, f"{role}@example.com", role))
        assert [403, 403] == [client.get(page).status_code for page in pages]


@pytest.mark.parametrize("is_rtl", [False, True])
def test_bars_fill_the_width_from_the_readers_side_and_the_running_hour_is_marked(*, is_rtl: bool) -> None:
    hours = [HourCount(10, 40, 50), HourCount(11, 80, 90), HourCount(12, 0, 0)]
    drawn = bars(hours, running=11, is_rtl=is_rtl)
    assert [TALLEST // 2, TALLEST, 2] == [bar.height for bar in drawn]
    assert [False, True, False] == [bar.is_running for bar in drawn]
    middles = [round(bar.middle) for bar in drawn]
    assert ([83, 50, 17] if is_rtl else [17, 50, 83]) == middles


def test_bars_of_nobody_are_a_base_line() -> None:
    assert [2] == [bar.height for bar in bars([HourCount(10, 0, 0)], running=None, is_rtl=False)]


def test_the_api_is_described(client: FlaskClient) -> None:
    said = client.get("/api/v1/openapi.json").get_json()
    assert "/api/v1/attendance" in said["paths"]
