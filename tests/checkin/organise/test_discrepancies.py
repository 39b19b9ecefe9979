"""Discrepancies and oddities, as organisers read and settle them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from checkin import clock
from checkin.attendance import tallies
from checkin.badges.shortcode import short_code
from checkin.database import Database
from checkin.devices.tables import DeviceRow
from checkin.event.model import Event
from checkin.journal.queries import latest
from checkin.oddities import twins
from checkin.oddities.model import Kind
from checkin.organise import discrepancy_views
from checkin.organise.oddities import open_counts
from checkin.programme import service as programme
from checkin.programme.model import HoldKind
from tests.checkin.admission.tablet import Tablet
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_item, make_visitor, token_of

from .people import hidden

PAGE = "/organise/discrepancies"
WELCOME = {"verdict": "admitted", "reason": None, "confirmed": False}


def cells(page: str) -> list[list[str]]:
    """The texts of the tables, line by line, without what it is settled with."""
    rows = re.findall(r"<tr role=\"row\" data-key.*?</tr>", page, re.DOTALL)
    return [
        [
            unescape(" ".join(re.sub(r"<[^>]+>", " ", cell).split()))
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ][:-1]
        for row in rows
    ]


def kinds(page: str) -> list[str]:
    return re.findall(r'data-kind="(\w+)"', page)


def counts(database: Database, event: Event) -> dict[Kind, int]:
    with database.snapshot() as session:
        return dict(open_counts(session, event, clock.now()))


def let_in_twice(app: Flask, database: Database, event: Event) -> str:
    """Two tablets, offline, let the same badge in; its short code."""
    with database.transaction() as session:
        badge = make_badge(session, event, make_visitor(session, name_ur="عائشہ صدیقی"))
    token = token_of(event, badge)
    for gate, minutes in (("gate-1", 9), ("gate-2", 5)):
        item = make_item(token, DAY_ONE - timedelta(minutes=minutes), shown=WELCOME)
        Tablet(app, database, event, gate).scan(item)
    return short_code(badge.number)


def forge(app: Flask, database: Database, event: Event, number: int = 1) -> None:
    """So many discrepancies of nobody known, a minute apart."""
    items = [make_item(f"FORGED{n}", DAY_ONE - timedelta(minutes=n), shown=WELCOME) for n in range(number)]
    Tablet(app, database, event).scan(*items)


def settle(client: FlaskClient, note: str, address: str = PAGE, place: int = 0) -> str:
    """Settle one of those on the page, as its button does; the page that follows."""
    page = client.get(address).text
    form = re.findall(r'<form method="post" action="([^"]*settle[^"]*)".*?name="key" value="([^"]*)"', page, re.DOTALL)
    kind = re.findall(r'name="kind" value="(\w+)"', page)
    data = {
        "csrf_token": hidden(page, "csrf_token"),
        "kind": kind[place],
        "key": unescape(form[place][1]),
        "note": note,
    }
    answer = client.post(unescape(form[place][0]), data=data)
    assert answer.status_code == 303
    return client.get(answer.location).text


def press(client: FlaskClient, page: str, action: str) -> str:
    """Press the button of the first form that leads there."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if action in one)
    address = unescape(re.search(r'action="([^"]*)"', form)[1])  # type: ignore[index]
    data = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}
    answer = client.post(address, data=data)
    assert answer.status_code == 303
    return client.get(answer.location).text


def test_while_there_are_none_it_says_so_and_the_board_is_silent(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    assert "every gate has shown what holds" in organiser.get(PAGE).text
    assert PAGE not in organiser.get("/organise/").text
    assert {} == counts(database, event)


def test_a_badge_that_two_gates_let_in_is_told_with_both_gates(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    code = let_in_twice(app, database, event)
    board = organiser.get("/organise/").text
    assert "The gate showed something else than what holds: 1</a>" in board
    assert f'href="{PAGE}?kind=shown"' in board
    page = organiser.get(f"{PAGE}?kind=shown").text
    (line,) = cells(page)
    assert ["10:25", "Gate 2 · Parking gate Tablet", f"Ayesha Siddiqui {code}"] == line[:3]
    told = "the gate showed: let in what holds: let in again entry before it: Gate 1 · Main gate, 10:21"
    assert told == line[3]
    assert 'href="/organise/people/1"' in page
    assert ["too_soon", "shown"] == kinds(organiser.get(PAGE).text)


def test_in_urdu_it_is_all_urdu(app: Flask, organiser: FlaskClient, database: Database, event: Event) -> None:
    let_in_twice(app, database, event)
    (line,) = cells(organiser.get(f"{PAGE}?lang=ur&kind=shown").text)
    assert "عائشہ صدیقی" in line[2]
    assert "دوبارہ داخل کیا گیا" in line[3]
    assert "مرکزی دروازہ" in line[3]


def test_a_scan_of_nobody_and_its_reason_are_told(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    forge(app, database, event)
    (line,) = cells(organiser.get(PAGE).text)
    assert ["nobody known", "the gate showed: let in what holds: refused: not a badge of this expo"] == line[2:]


def test_a_long_list_has_pages(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discrepancy_views, "PAGE", 2)
    forge(app, database, event, 5)
    overview = organiser.get(PAGE).text
    assert 3 == len(cells(overview))
    assert "Show all 5" in overview
    seen, path = [], f"{PAGE}?kind=shown"
    for expected in (2, 2, 1):
        page = organiser.get(path).text
        seen += [line[0] for line in cells(page)]
        assert expected == len(cells(page))
        older = re.search(r'href="([^"]*before=[^"]+)">Older ones', page)
        path = unescape(older[1]) if older else ""
    assert path == ""
    assert ["10:30", "10:29", "10:28", "10:27", "10:26"] == seen


@pytest.mark.parametrize("key", ["", "x", "2026-01-24_x", "2026-01-24T10:00:00_" + "0" * 32, "%00_%00"])
def test_a_key_that_is_none_begins_at_the_beginning(organiser: FlaskClient, key: str) -> None:
    assert 200 == organiser.get(f"{PAGE}?kind=shown&before={key}").status_code


@pytest.mark.parametrize("filters", ["kind=ghosts", "day=2026-02-31", "day=2026-03-01", "settled=maybe", "kind=%00"])
def test_a_filter_that_cannot_be_understood_is_said(organiser: FlaskClient, filters: str) -> None:
    answer = organiser.get(f"{PAGE}?{filters}")
    assert 400 == answer.status_code
    assert "could not be understood" in answer.text


def test_filters_that_leave_nothing_out_leave_the_address(organiser: FlaskClient) -> None:
    answer = organiser.get(f"{PAGE}?kind=shown&day=&settled=")
    assert (303, f"{PAGE}?kind=shown") == (answer.status_code, answer.location)


def test_a_day_shows_what_was_of_that_day(app: Flask, organiser: FlaskClient, database: Database, event: Event) -> None:
    forge(app, database, event)
    assert 1 == len(cells(organiser.get(f"{PAGE}?day=2026-01-24").text))
    assert [] == kinds(organiser.get(f"{PAGE}?day=2026-01-25").text)


@pytest.mark.parametrize("is_counted", [False, True])
def test_what_is_settled_is_gone_from_the_list_and_stands_behind_a_filter_with_its_note(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, *, is_counted: bool
) -> None:
    forge(app, database, event, 2)
    if is_counted:
        with database.transaction() as session:
            tallies.count_some(session, event, clock.now())
    page = settle(organiser, "Bilal showed a poster", f"{PAGE}?kind=shown")
    assert "Settled." in page
    assert ["10:29"] == [line[0] for line in cells(page)]
    assert {Kind.SHOWN: 1} == counts(database, event)
    settled = organiser.get(f"{PAGE}?settled=yes").text
    assert ["10:30"] == [line[0] for line in cells(settled)]
    assert "Bilal showed a poster" in settled
    assert re.search(r"10:3\d · <bdi>\w+ Iqbal</bdi>", settled)


def test_settling_is_taken_back_at_once_or_later(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    forge(app, database, event)
    page = press(organiser, settle(organiser, "a poster"), "reopen")
    assert "It is open again." in page
    assert 1 == len(cells(page))
    settle(organiser, "a poster after all")
    page = press(organiser, organiser.get(f"{PAGE}?settled=yes").text, "Open again")
    assert [] == cells(page)
    assert {Kind.SHOWN: 1} == counts(database, event)


@pytest.mark.parametrize("note", ["", "   ", "x" * 301])
def test_nothing_is_settled_without_a_note(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, note: str
) -> None:
    forge(app, database, event)
    assert "please write a note" in settle(organiser, note)
    assert {Kind.SHOWN: 1} == counts(database, event)


def test_of_two_organisers_the_second_is_told(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    forge(app, database, event)
    page = organiser.get(PAGE).text
    key = re.search(r'name="key" value="([^"]*)"', page)[1]  # type: ignore[index]
    data = {"csrf_token": hidden(page, "csrf_token"), "kind": "shown", "key": key, "note": "one"}
    for said in ("Settled.", "somebody else was quicker"):
        answer = organiser.post(f"{PAGE}/settle", data=data)
        assert said in organiser.get(answer.location).text
        data["note"] = "two"
    assert '<q dir="auto">one</q>' in organiser.get(f"{PAGE}?settled=yes").text


@pytest.mark.parametrize("name", [{"kind": "ghosts", "key": "x"}, {"kind": "shown", "key": "\0"}, {}])
def test_a_name_that_is_none_is_turned_away(organiser: FlaskClient, name: dict[str, str]) -> None:
    token = hidden(
        organiser.get(f"{PAGE}?kind=shown&settled=yes").text + organiser.get("/organise/people").text, "csrf_token"
    )
    assert 400 == organiser.post(f"{PAGE}/settle", data={"csrf_token": token, "note": "x", **name}).status_code


def test_looking_and_settling_are_journalled_without_the_note(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    let_in_twice(app, database, event)
    press(organiser, settle(organiser, "Ayesha has two", f"{PAGE}?kind=shown"), "reopen")
    with database.snapshot() as session:
        entries = [one for one in latest(session, 100) if one.action.startswith("oddity.")]
    told = [(one.action, one.subject, dict(one.detail)) for one in reversed(entries)]
    kind = {"kind": "shown"}
    assert [
        ("oddity.view", "", kind),
        ("oddity.settle", "visitor:1", kind),
        ("oddity.reopen", "visitor:1", kind),
    ] == told


def test_what_is_so_at_this_moment_is_told_until_it_ends_by_itself(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event)

    def tablet_says(**more: object) -> None:
        with database.transaction() as session:
            session.execute(update(DeviceRow).values(**more))

    now = clock.now()
    tablet_says(last_seen_at=now - timedelta(minutes=6), offset_ms=-400_000)
    page = organiser.get(PAGE).text
    assert ["silent", "quiet_gate", "clock"] == kinds(page)
    assert {Kind.SILENT: 1, Kind.QUIET_GATE: 1, Kind.CLOCK: 1} == counts(database, event)
    silent, quiet, clock_ = cells(page)
    assert ["10:24", "Tablet", "not heard since then"] == silent
    assert ["10:00", "Gate 1 · Main gate", "no scan since then"] == quiet
    assert "more than two minutes off" == clock_[-1]
    tablet_says(last_seen_at=now, outbox=12, first_owed_at=now - timedelta(minutes=5), offset_ms=90_000)
    assert "owes 12 scans" == cells(organiser.get(f"{PAGE}?kind=silent").text)[0][-1]
    tablet_says(outbox=1, first_owed_at=now - timedelta(minutes=4))
    assert [Kind.QUIET_GATE] == list(counts(database, event))
    with database.transaction() as session:
        programme.hold(session, HoldKind.GATE, "gate-1", message="Lunch", now=now)
    assert {} == counts(database, event)
    with database.transaction() as session:
        (held,) = programme.holds(session)
        programme.release(session, held)
    tablet.scan(make_item("FORGED", now - timedelta(minutes=9)))
    assert {} == counts(database, event)


def test_a_gate_that_is_quiet_again_after_it_was_settled_is_told_again(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event)
    with database.transaction() as session:
        session.execute(update(DeviceRow).values(last_seen_at=clock.now()))
    assert [] == cells(settle(organiser, "prayer break"))
    tablet.scan(make_item("FORGED", DAY_ONE - timedelta(minutes=20)))
    assert ["10:10"] == [line[0] for line in cells(organiser.get(PAGE).text)]
    assert ["10:00"] == [line[0] for line in cells(organiser.get(f"{PAGE}?settled=yes").text)]


def test_scans_of_a_retired_tablet_are_told_with_the_way_to_release_them(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event)
    with database.transaction() as session:
        session.execute(update(DeviceRow).values(retired_at=clock.now(), retired_as="put_away"))
    assert 403 == tablet.post("scans", scans=[make_item("FORGED", DAY_ONE)]).status_code
    page = organiser.get(PAGE).text
    assert ["one scan waits"] == [line[-1] for line in cells(page)]
    assert 'href="/organise/devices"' in page.partition('id="quarantine"')[2]


def test_people_who_may_be_registered_twice_stand_side_by_side(
    organiser: FlaskClient, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        for name in ("Ayesha Siddiqui", "A. Siddiqui"):
            make_badge(session, event, make_visitor(session, name, phone="+923001234567"))
        twins.compare_some(session, event)
    page = organiser.get(PAGE).text
    (line,) = cells(page)
    assert line[1].startswith("A. Siddiqui")
    assert "The same phone as Ayesha Siddiqui Compare" == line[2]
    (compare,) = re.findall(r'href="([^"]+/compare[^"]+)"', page)
    assert "/organise/people/1/merge/2" == organiser.get(unescape(compare)).location
    assert {'href="/organise/people/1"', 'href="/organise/people/2"'} <= set(re.findall(r'href="[^"]*people/\d"', page))
    assert [] == cells(settle(organiser, "mother and daughter"))
