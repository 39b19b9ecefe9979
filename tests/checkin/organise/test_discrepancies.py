"""Discrepancies, as organisers read them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin.badges.shortcode import short_code
from checkin.database import Database
from checkin.event.model import Event
from checkin.organise import discrepancy_views
from tests.checkin.admission.tablet import Tablet
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_item, make_visitor, token_of

PAGE = "/organise/discrepancies"
WELCOME = {"verdict": "admitted", "reason": None, "confirmed": False}


def cells(page: str) -> list[list[str]]:
    """The texts of the table, line by line."""
    rows = re.findall(r"<tr role=\"row\">\s*<th scope=\"row\".*?</tr>", page, re.DOTALL)
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in rows
    ]


def let_in_twice(app: Flask, database: Database, event: Event) -> str:
    """Two tablets, offline, let the same badge in; its short code."""
    with database.transaction() as session:
        badge = make_badge(session, event, make_visitor(session, name_ur="عائشہ صدیقی"))
    token = token_of(event, badge)
    for gate, minutes in (("gate-1", 20), ("gate-2", 5)):
        item = make_item(token, DAY_ONE - timedelta(minutes=minutes), shown=WELCOME)
        Tablet(app, database, event, gate).scan(item)
    return short_code(badge.number)


def test_while_there_are_none_it_says_so_and_the_board_is_silent(organiser: FlaskClient) -> None:
    assert "every gate has shown what holds" in organiser.get(PAGE).text
    assert PAGE not in organiser.get("/organise/").text


def test_a_badge_that_two_gates_let_in_is_told_with_both_gates(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    code = let_in_twice(app, database, event)
    board = organiser.get("/organise/").text
    assert "One discrepancy: a gate showed something else" in board
    assert f'href="{PAGE}"' in board
    (line,) = cells(organiser.get(PAGE).text)
    time, gate, visitor, shown, judged, other = line
    assert "10:25" == time
    assert "Gate 2 · Parking gate Tablet" == gate
    assert f"Ayesha Siddiqui {code}" == visitor
    assert ("let in", "let in again") == (shown, judged)
    assert "Gate 1 · Main gate, 10:10" == other


def test_in_urdu_it_is_all_urdu(app: Flask, organiser: FlaskClient, database: Database, event: Event) -> None:
    let_in_twice(app, database, event)
    (line,) = cells(organiser.get(f"{PAGE}?lang=ur").text)
    assert "عائشہ صدیقی" in line[2]
    assert ("داخل کیا گیا", "دوبارہ داخل کیا گیا") == (line[3], line[4])
    assert "مرکزی دروازہ" in line[5]


def test_a_scan_of_nobody_and_its_reason_are_told(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    Tablet(app, database, event).scan(make_item("FORGED", DAY_ONE, shown=WELCOME))
    (line,) = cells(organiser.get(PAGE).text)
    assert ["nobody known", "let in", "refused: not a badge of this expo", "–"] == line[2:]


def test_a_long_list_has_pages(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discrepancy_views, "PAGE", 2)
    items = [make_item(f"FORGED{n}", DAY_ONE - timedelta(minutes=n), shown=WELCOME) for n in range(5)]
    Tablet(app, database, event).scan(*items)
    seen, path = [], PAGE
    for expected in (2, 2, 1):
        page = organiser.get(path).text
        seen += [line[0] for line in cells(page)]
        assert expected == len(cells(page))
        older = re.search(r'href="([^"]*before=[^"]+)">Older ones', page)
        path = older[1] if older else ""
    assert path == ""
    assert ["10:26", "10:27", "10:28", "10:29", "10:30"] == sorted(seen)


@pytest.mark.parametrize("key", ["", "x", "2026-01-24_x", "2026-01-24T10:00:00_" + "0" * 32, "%00_%00"])
def test_a_key_that_is_none_begins_at_the_beginning(organiser: FlaskClient, key: str) -> None:
    assert 200 == organiser.get(f"{PAGE}?before={key}").status_code
