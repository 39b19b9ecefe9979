"""The list of people: searched, filtered, leafed through and exported; and what the journal says of it."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from checkin import clock
from checkin.badges import service as badges
from checkin.badges.shortcode import short_code
from checkin.database import Database
from checkin.event.model import Event
from checkin.journal.queries import latest
from checkin.organise import people_views
from checkin.printruns import service as printruns
from checkin.visitors.model import Gender
from tests.factories import make_device, make_item, make_visitor, send
from tests.factories import token_of as qr_of

from .people import PEOPLE, did, hidden, make_person, names, search


@pytest.fixture
def crowd(database: Database, event: Event) -> dict[str, int]:
    """Five people who differ in everything that can be filtered; by name, their number."""
    with database.transaction() as session:
        made = [
            make_person(
                session,
                event,
                "Ayesha Siddiqui",
                name_ur="عائشہ صدیقی",
                country="PK",
                phone="+923001234567",
                city="Lahore",
                gender=Gender.FEMALE,
                sectors=("textiles", "cutlery"),
            ),
            make_person(
                session,
                event,
                "Bilal Khan",
                category="exhibitor",
                country="PK",
                organisation="Ünal Çelik",
                city="  LAHORE",
                cluster="sialkot-sports-goods",
            ),
            make_person(session, event, "Əli Əliyev", category="delegate", country="AZ"),
            make_person(session, event, "Grace Wanjiku", category="delegate", country="KE"),
            make_visitor(session, "Nobody's Badge", country=""),
        ]
        badges.revoke(session, made[3].id, now=clock.now(), actor="tests", reason="sold")
        badge = badges.current_badge(session, made[1].id)
        printruns.mark_one(session, badge, now=clock.now(), by="tests", actor="tests")
        _, device = make_device(session, event)
        token = qr_of(event, badges.current_badge(session, made[0].id))
    send(database, event, device, make_item(token, clock.now()))
    return {one.details.name: one.id for one in made}


EVERYBODY = ["Nobody's Badge", "Grace Wanjiku", "Əli Əliyev", "Bilal Khan", "Ayesha Siddiqui"]


def test_the_list_shows_everybody_newest_first(organiser: FlaskClient, crowd: dict[str, int]) -> None:
    assert EVERYBODY == names(organiser.get(PEOPLE).text)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("category=delegate", ["Grace Wanjiku", "Əli Əliyev"]),
        ("country=AZ", ["Əli Əliyev"]),
        ("country=-", ["Nobody's Badge"]),
        ("day=2026-01-24", ["Ayesha Siddiqui"]),
        ("day=2026-01-25", []),
        ("printed=yes", ["Bilal Khan"]),
        ("printed=no", ["Əli Əliyev", "Ayesha Siddiqui"]),
        ("state=live", ["Əli Əliyev", "Bilal Khan", "Ayesha Siddiqui"]),
        ("state=revoked", ["Grace Wanjiku"]),
        ("state=none", ["Nobody's Badge"]),
        ("category=delegate&state=live", ["Əli Əliyev"]),
        ("category=visitors&day=any", ["Ayesha Siddiqui"]),
        ("category=visitors", ["Nobody's Badge", "Grace Wanjiku", "Əli Əliyev", "Ayesha Siddiqui"]),
        ("city=lahore", ["Bilal Khan", "Ayesha Siddiqui"]),
        ("gender=female&sector=textiles", ["Ayesha Siddiqui"]),
        ("cluster=sialkot-sports-goods", ["Bilal Khan"]),
    ],
)
def test_filters_stand_in_the_address(
    organiser: FlaskClient, crowd: dict[str, int], address: str, expected: list[str]
) -> None:
    answer = organiser.get(f"{PEOPLE}?{address}")
    assert (200, expected) == (answer.status_code, names(answer.text))
    chosen = re.findall(r'<option value="([^"]+)" selected>', answer.text)
    assert [part.split("=")[1] for part in address.split("&")] == chosen


@pytest.mark.parametrize(
    "address",
    [
        "category=x",
        "country=XX",
        "day=2026-02-31",
        "day=tomorrow",
        "printed=maybe",
        "gender=x",
        "sector=x",
        "cluster=x",
        "city=" + 65 * "x",
        "state=%00",
        "day=%D9",
    ],
)
def test_a_filter_that_is_none_is_told_and_nothing_is_exported_by_it(
    organiser: FlaskClient, crowd: dict[str, int], address: str
) -> None:
    answer = organiser.get(f"{PEOPLE}?{address}&lang=en")
    assert 400 == answer.status_code
    assert "could not be understood and is left out" in answer.text
    assert EVERYBODY == names(answer.text)
    token = hidden(answer.text, "csrf_token")
    assert 400 == organiser.post(f"{PEOPLE}/export?{address}", data={"csrf_token": token}).status_code


@pytest.mark.parametrize("words", ["ayesha", "عايشه", "4567", "0300 1234567", "siddiqui AY"])
def test_people_are_found_as_they_are_typed(organiser: FlaskClient, crowd: dict[str, int], words: str) -> None:
    assert ["Ayesha Siddiqui"] == names(search(organiser, words).text)


def test_a_badge_is_found_by_its_code_while_it_is_typed_and_by_its_qr(
    organiser: FlaskClient, database: Database, event: Event, crowd: dict[str, int]
) -> None:
    with database.snapshot() as session:
        badge = badges.current_badge(session, crowd["Bilal Khan"])
    code = short_code(badge.number)
    for words in (code, code.lower().replace("-", ""), code[:6], code[:9], qr_of(event, badge)):
        assert ["Bilal Khan"] == names(search(organiser, words).text), words


def test_words_and_filters_hold_together_and_words_never_stand_in_an_address(
    organiser: FlaskClient, crowd: dict[str, int]
) -> None:
    answer = search(organiser, "eli", category="delegate")
    assert ["Əli Əliyev"] == names(answer.text)
    assert f"{PEOPLE}?category=delegate" == answer.request.full_path
    assert 'value="eli"' in answer.text
    assert [] == names(search(organiser, "eli", category="exhibitor").text)
    assert "Nobody found" in search(organiser, "zulfiqar", lang="en").text


def test_filters_without_words_become_an_address_to_keep(organiser: FlaskClient, crowd: dict[str, int]) -> None:
    answer = search(organiser, "", country="KE", state="")
    assert (["Grace Wanjiku"], f"{PEOPLE}?country=KE") == (names(answer.text), answer.request.full_path)


@pytest.mark.parametrize("words", ["", "person"])
def test_a_long_list_is_leafed_through_and_nobody_is_left_out_or_shown_twice(
    organiser: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setattr(people_views, "PAGE", 3)
    with database.transaction() as session:
        for number in range(8):
            make_visitor(session, f"Person {number}", category="exhibitor" if number == 5 else "trade-visitor")
    page = (search(organiser, words, category="trade-visitor")).text
    seen = names(page)
    while further := re.search(r'action="([^"]*before=[^"]*)"', page):
        with database.transaction() as session:  # whoever registers meanwhile moves nobody
            make_visitor(session, "Person later")
        data = {"csrf_token": hidden(page, "csrf_token"), "words": words}
        page = organiser.post(unescape(further[1]), data=data).text
        seen += names(page)
    assert [f"Person {number}" for number in (7, 6, 4, 3, 2, 1, 0)] == seen


@pytest.mark.parametrize("before", ["x", "-1", "0", "99999999999999999999", "²"])
def test_a_place_that_is_none_begins_at_the_beginning(
    organiser: FlaskClient, crowd: dict[str, int], before: str
) -> None:
    assert EVERYBODY == names(organiser.get(f"{PEOPLE}?before={before}").text)


def exported(organiser: FlaskClient, address: str = "", words: str = "") -> tuple[str, list[dict[str, str]]]:
    token = hidden(organiser.get(PEOPLE).text, "csrf_token")
    answer = organiser.post(f"{PEOPLE}/export?{address}", data={"csrf_token": token, "words": words})
    assert ("text/csv", 200) == (answer.mimetype, answer.status_code)
    assert answer.is_streamed
    text = answer.data.decode()
    return text, list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_export_holds_whom_the_list_shows_and_says_all_of_them(
    organiser: FlaskClient, database: Database, crowd: dict[str, int]
) -> None:
    text, everybody = exported(organiser)
    assert text.startswith("\ufeffname,name_ur,")
    assert EVERYBODY == [one["name"] for one in everybody]
    _, (ayesha,) = exported(organiser, "category=trade-visitor&state=live", "ayesha")
    assert ("عائشہ صدیقی", "PK", "live", "0", "no") == tuple(
        ayesha[name] for name in ("name_ur", "country", "badge", "issue", "printed")
    )
    assert ("2026-01-24", "2026-01-24T10:30") == (ayesha["came"], ayesha["registered_at"][:16])
    assert ayesha["registered_at"].endswith("+05:00")


def test_no_cell_of_the_export_is_taken_for_a_formula(organiser: FlaskClient, database: Database) -> None:
    evil = '=HYPERLINK("http://evil.example")'
    with database.transaction() as session:
        make_visitor(session, evil, organisation="@SUM(1)", city="-1", phone="+923001234567", group="\ttab")
    _, (one,) = exported(organiser)
    assert (f"'{evil}", "'@SUM(1)", "'-1", "'+923001234567") == (
        one["name"],
        one["organisation"],
        one["city"],
        one["phone"],
    )
    assert one["group"].startswith("'")


def test_the_export_is_read_in_pieces(
    organiser: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_views, "CHUNK", 2)
    with database.transaction() as session:
        for number in range(6):
            make_visitor(session, f"Person {number}")
    _, found = exported(organiser, words="person")
    assert [f"Person {number}" for number in (5, 4, 3, 2, 1, 0)] == [one["name"] for one in found]


def test_who_looked_and_who_exported_is_journalled_without_words_or_names(
    organiser: FlaskClient, database: Database, crowd: dict[str, int]
) -> None:
    with database.snapshot() as session:
        earlier = len(did(session))
    for words in ("a", "ay", "aye"):  # as somebody types
        search(organiser, words, category="trade-visitor")
    exported(organiser, "country=PK", "ayesha")
    with database.snapshot() as session:
        entries = list(reversed(latest(session, 100)))[-3:]
        assert earlier + 3 == len(did(session))
    assert ["people.list", "people.search", "people.export"] == [one.action for one in entries]
    assert {"category": "trade-visitor"} == entries[1].detail
    assert {"country": "PK", "searched": True} == entries[2].detail
    assert all(one.actor.startswith("staff:") for one in entries)
