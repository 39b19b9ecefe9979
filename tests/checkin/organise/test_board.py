"""The board, as the server draws it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from checkin import clock
from checkin.attendance import queries
from checkin.database import Database
from checkin.devices.model import Health
from checkin.devices.service import note_health
from checkin.event.model import Event
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
    found = re.search(rf'data-figure="{key}">(?:<a [^>]*>)?([^<]*)<', page)
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
    keys = ("visitors", "entries", "inside", "pace", "busiest", "everyone")
    assert ["1", "1", "2", "0.4", "10–11", "2"] == [figure(page, key) for key in keys]
    assert "of 1 registered" in page
    assert "Gate 1 · Main gate" in page
    assert "Women Entrepreneurs&#39; Pavilion" in page
    tables = {"hours", "gates", "zones", "days", "categories", "countries", "cities", "genders"}
    assert tables == set(re.findall(r'data-table="(\w+)"', page))
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
    assert "<canvas" not in page
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
    assert '<p class="notice care">' not in page
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


def test_each_figure_leads_to_the_people_or_scans_behind_it(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    let_in(database, event, name="Grace Wanjiku", country="KE", city="LAHORE", sectors=("textiles",))
    let_in(database, event, name="Bilal Khan", category="exhibitor", cluster="gujrat-fans")
    page = organiser.get("/organise/?day=2026-01-24").text
    ways = [unescape(way) for way in re.findall(r'<a href="(/organise/(?:people|scans)[?][^"]+)"', page)]
    found = {way: organiser.get(way) for way in ways}
    assert {200} == {answer.status_code for answer in found.values()}
    exhibitors = [way for way in ways if "category=exhibitor" in way or "cluster=" in way]
    assert 2 == len(exhibitors)
    for way in ways:
        names = re.findall(r'href="/organise/people/\d+"><bdi>([^<]*)</bdi>', found[way].text)
        assert (["Bilal Khan"] if way in exhibitors else ["Grace Wanjiku"]) == names, way
    keys = {"city=lahore", "country=KE", "gender=undisclosed", "sector=textiles", "gate=gate-1", "zone=expo", "hour=10"}
    assert keys <= {part for way in ways for part in way.partition("?")[2].split("&")}


def test_a_category_alone_is_shown_with_its_name_and_stays_in_every_way(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    let_in(database, event)
    let_in(database, event, category="exhibitor")
    page = organiser.get("/organise/?category=exhibitor").text
    assert ("1", "2") == (figure(page, "visitors"), figure(page, "everyone"))
    assert re.search(r"<dt>Exhibitor</dt>", page)
    assert 'data-source="/api/v1/attendance?day=2026-01-24&amp;category=exhibitor"' in page
    assert "/organise/?day=2026-01-25&amp;category=exhibitor" in page
    wrong = organiser.get("/organise/?category=nobody")
    assert (400, True) == (wrong.status_code, "That is no category of this event" in wrong.text)


def test_all_days_are_compared_hour_by_hour(organiser: FlaskClient, database: Database, event: Event) -> None:
    let_in(database, event)
    page = organiser.get("/organise/?day=all").text
    table = page.partition('data-table="compared"')[2].partition("</table>")[0]
    assert ["Hour", "Sat 24", "Sun 25", "Mon 26"] == re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', table)
    row = table.partition('<th scope="row">10</th>')[2].partition("</tr>")[0]
    assert ["1", "0", "0"] == re.findall(r'data-value="(\d+)"', row)
    assert 'data-table="compared"' not in organiser.get("/organise/?day=2026-01-24").text


def test_the_wall_tells_figures_and_no_names_of_anyone(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    let_in(database, event, name="Grace Wanjiku")
    page = organiser.get("/organise/wall").text
    assert "1" == figure(page, "visitors")
    assert "Grace" not in page
    with database.transaction() as session:
        make_device(session, event, name="Silent tablet")
    let_pass(timedelta(minutes=6))
    assert "Silent tablet" not in organiser.get("/organise/wall").text


def test_long_tables_are_folded_and_nothing_is_left_out(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    cities = [f"City {letter}" for letter in "ABCDEFGHIJKL"]
    for city in cities:
        let_in(database, event, city=city)
    page = organiser.get("/organise/").text
    table = page.partition('data-table="cities"')[2].partition("</table>")[0]
    assert cities == re.findall(r'<th scope="row">(City [^<]*)</th>', table)
    assert 2 == table.partition('class="rest"')[2].count("<tr>")
    assert "2 lines more" in page
