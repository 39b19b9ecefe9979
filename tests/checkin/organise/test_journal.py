"""The journal's page: what it shows, leaves out, leafs through and hands out; and that it is journalled itself."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from checkin import clock
from checkin.database import Database
from checkin.event.model import Event
from checkin.journal.queries import latest
from checkin.journal.service import record
from checkin.organise import journal_views
from tests.checkin.staff.people import csrf_of, let_pass

from .people import make_person

JOURNAL = "/organise/journal"


@pytest.fixture
def entries(database: Database) -> None:
    """Six, oldest first, each a minute after the one before; the first of them yesterday."""
    now = clock.now()
    done = [
        ("server", "epoch.renew", ""),
        ("command line", "import.run", "import:4"),
        ("staff:1", "visitor.view", "visitor:17"),
        ("staff:1", "badge.replace", "visitor:17"),
        ("device:9", "device.pair", "gate:gate-1"),
        ("staff:1", "print.mark", "print:17"),
    ]
    with database.transaction() as session:
        for minute, (actor, action, subject) in enumerate(done):
            at = now + timedelta(minutes=minute) - (timedelta(days=1) if action == "epoch.renew" else timedelta())
            record(session, now=at, actor=actor, action=action, subject=subject, detail={"issue": minute})


def shown(page: str) -> list[str]:
    """What was done, in the order of the page."""
    cells = re.findall(r'data-label="What they did"><span>([^<]*)', page)
    return [
        words.strip() for words in cells if words.strip() not in {"Looked at the journal", "Added a member of staff"}
    ]


EVERYTHING = [
    "Marked a print run as printed",
    "Paired a tablet",
    "Made a new badge; the old one is refused",
    "Looked at a person&#39;s page",
    "Started an import",
    "Began anew after the database was put back",
]


@pytest.mark.usefixtures("entries")
def test_the_newest_stands_first_at_the_time_of_the_venue(organiser: FlaskClient) -> None:
    page = organiser.get(JOURNAL).text
    assert EVERYTHING == shown(page)
    assert "<bdi>10:35:" in page
    assert page.index("Saturday 24 January") < page.index("Friday 23 January")


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("who=staff:1", [0, 2, 3]),
        ("who=command+line", [4]),
        ("what=badge.replace", [2]),
        ("what=personal", [3]),
        ("day=2026-01-23", [5]),
        ("day=2026-01-24", [0, 1, 2, 3, 4]),
        ("day=2026-01-25", []),
        ("about=visitor", [2, 3]),
        ("about=visitor&number=17", [2, 3]),
        ("about=visitor&number=1", []),
        ("number=17", [0, 2, 3]),
        ("number=۱۷", [0, 2, 3]),
        ("about=gate&number=gate-1", [1]),
        ("who=staff:1&what=visitor.view&day=2026-01-24&about=visitor", [3]),
    ],
)
def test_an_address_says_what_is_wanted(organiser: FlaskClient, address: str, expected: list[int]) -> None:
    answer = organiser.get(f"{JOURNAL}?{address}")
    assert answer.status_code == 200
    assert [EVERYTHING[one] for one in expected] == shown(answer.text)


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("who=staff:999", "Who"),
        ("what=badge.eat", "What they did"),
        ("day=2026-02-30", "Day"),
        ("day=0001-01-01", "Day"),
        ("day=9999-12-31", "Day"),
        ("about=ayesha", "About"),
        ("number=Ayesha+Siddiqui", "Its number"),
        ("number=9999999999999", "Its number"),
    ],
)
def test_what_cannot_be_understood_is_said_and_leaves_nothing_out(
    organiser: FlaskClient, database: Database, address: str, label: str
) -> None:
    answer = organiser.get(f"{JOURNAL}?{address}")
    assert answer.status_code == 400
    assert f"left out: {label}" in answer.text
    assert EVERYTHING == shown(answer.text)
    with database.snapshot() as session:
        assert {} == latest(session, 1)[0].detail
    token = csrf_of(organiser, JOURNAL)
    assert organiser.post(f"{JOURNAL}/export?{address}", data={"csrf_token": token}).status_code == 400


def test_a_half_filled_form_becomes_a_short_address(organiser: FlaskClient) -> None:
    answer = organiser.get(f"{JOURNAL}?who=&what=personal&day=&about=&number=")
    assert (303, f"{JOURNAL}?what=personal") == (answer.status_code, answer.location)


@pytest.mark.usefixtures("entries")
def test_leafing_shows_everything_once(organiser: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_views, "PAGE", 2)
    found, address = [], f"{JOURNAL}?who=staff:1"
    while address:
        page = organiser.get(address).text
        found += shown(page)
        further = re.search(r'href="([^"]+)">Further down', page)
        address = further[1].replace("&amp;", "&") if further else ""
    assert [EVERYTHING[one] for one in (0, 2, 3)] == found
    assert "nothing further down" in organiser.get(f"{JOURNAL}?before=1").text


def test_nothing_found_is_said(organiser: FlaskClient) -> None:
    assert "Nothing of this kind" in organiser.get(f"{JOURNAL}?what=badge.revoke").text


@pytest.mark.usefixtures("entries")
def test_an_entry_leads_to_what_it_is_about(organiser: FlaskClient) -> None:
    page = organiser.get(JOURNAL).text
    for address in ("/organise/people/17", "/organise/print/17", "/organise/import/4", "/organise/gates"):
        assert f'<a href="{address}"><bdi>' in page
    assert f'href="{JOURNAL}?about=visitor&amp;number=17"' in page


def test_what_shows_or_takes_personal_data_is_marked(organiser: FlaskClient, database: Database, event: Event) -> None:
    with database.transaction() as session:
        visitor = make_person(session, event, "Ayesha Siddiqui")
    organiser.get(f"/organise/people/{visitor.id}")
    page = organiser.get(JOURNAL).text
    line = page[page.rindex("Looked at a person") :].partition("</tr>")[0]
    assert "Personal data" in line
    assert 1 == page.count('class="personal"')
    assert "Ayesha" not in page


@pytest.mark.usefixtures("entries")
def test_the_file_holds_what_the_address_lets_through_and_is_journalled(
    organiser: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_views, "CHUNK", 2)
    token = csrf_of(organiser, JOURNAL)
    answer = organiser.post(f"{JOURNAL}/export?who=staff:1&about=visitor", data={"csrf_token": token})
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [("badge.replace", "no"), ("visitor.view", "yes")] == [(row["action"], row["personal_data"]) for row in rows]
    assert ("staff:1", "visitor:17", '{"issue": 3}') == (rows[0]["who"], rows[0]["about"], rows[0]["detail"])
    assert re.fullmatch(r"2026-01-24T10:33:\d\d\+05:00", rows[0]["at"])
    assert "attachment" in answer.headers["Content-Disposition"]
    with database.snapshot() as session:
        newest = latest(session, 1)[0]
    assert ("journal.export", {"who": "staff:1", "about": "visitor"}) == (newest.action, newest.detail)


def test_the_file_of_everything_is_whole(
    organiser: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_views, "CHUNK", 3)
    with database.transaction() as session:
        for number in range(9):
            record(session, now=clock.now(), actor="server", action="=HYPERLINK(1)", subject=f"visitor:{number}")
    token = csrf_of(organiser, JOURNAL)
    text = organiser.post(f"{JOURNAL}/export", data={"csrf_token": token}).data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    numbers = [int(row["number"]) for row in rows]
    assert list(range(numbers[0], 0, -1)) == numbers
    assert "'=HYPERLINK(1)" in {row["action"] for row in rows}


def test_looking_is_journalled_once_a_minute_for_each_person(organiser: FlaskClient, database: Database) -> None:
    def looks() -> int:
        with database.snapshot() as session:
            return [entry.action for entry in latest(session, 100)].count("journal.view")

    for _ in range(3):
        organiser.get(JOURNAL)
    assert 1 == looks()
    let_pass(timedelta(minutes=1, seconds=1))
    organiser.get(f"{JOURNAL}?what=personal")
    assert 2 == looks()
    with database.snapshot() as session:
        assert {"what": "personal"} == latest(session, 1)[0].detail


def test_the_way_there_stands_in_every_room(organiser: FlaskClient) -> None:
    assert f'href="{JOURNAL}"' in organiser.get("/organise/people").text


def test_it_speaks_urdu(organiser: FlaskClient) -> None:
    page = organiser.get(f"{JOURNAL}?lang=ur").text
    assert "روزنامچہ" in page
    assert "Looked at" not in organiser.get(f"{JOURNAL}?lang=ur").text


def test_a_day_begins_and_ends_at_the_midnight_of_the_venue(organiser: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        half_past_midnight = clock.now().replace(day=23, hour=19, minute=30)
        record(session, now=half_past_midnight, actor="server", action="epoch.renew")
    assert [EVERYTHING[5]] == shown(organiser.get(f"{JOURNAL}?day=2026-01-24&what=epoch.renew").text)
    assert [] == shown(organiser.get(f"{JOURNAL}?day=2026-01-23&what=epoch.renew").text)
