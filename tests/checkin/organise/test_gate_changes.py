"""Gates and hours from a page: added, changed, closed, opened again, undone; who was late is told."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin.app import create_app
from checkin.database import Database
from checkin.event.model import Direction, Event
from checkin.journal.queries import latest
from checkin.programme.service import all_changes, current_event
from checkin.staff.model import Role
from tests.checkin.admission.tablet import Tablet
from tests.checkin.staff.people import add_staff, carry_session, csrf_of, let_pass, make_staff, post
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_item, token_of

PAGE = "/organise/gates"
GATE = f"{PAGE}/gate/gate-2"
HOURS = f"{PAGE}/day/2026-01-24/hours"
NEW = {"name": "Gate 7 · North", "name_ur": "گیٹ 7", "zone": "expo", "direction": "both"}
Answer = tuple[int, str]


def send(client: FlaskClient, path: str, **data: object) -> Answer:
    """Fill in the page's form: what it hides is sent as it stands there."""
    page = client.get(path).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    answer = client.post(path, data=hidden | data)
    return answer.status_code, html.unescape(answer.text)


def told(client: FlaskClient, path: str = PAGE) -> str:
    """What the page says, without the signs that keep a name apart in a sentence of the other direction."""
    return re.sub("[\u2066\u2068\u2069]", "", html.unescape(client.get(path).text))


def running(database: Database, event: Event) -> Event:
    with database.snapshot() as session:
        return current_event(session, event).event


def test_an_added_gate_is_the_tablets_with_their_next_sync(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event, "gate-1")

    def sync(etag: str | None = None) -> tuple[int, str | None, list[str]]:
        answer = tablet.client.get("/api/v1/roster", headers=tablet.headers | ({"If-None-Match": etag} if etag else {}))
        gates = answer.json["event"]["gates"] if answer.data else []
        return answer.status_code, answer.headers.get("ETag"), [gate["slug"] for gate in gates]

    _, etag, before = sync()
    assert 303 == send(organiser, f"{PAGE}/new", **NEW, categories=["crew", "media"])[0]
    status, etag, after = sync(etag)
    assert (200, [*before, "gate-7"]) == (status, after)
    assert 304 == sync(etag)[0]
    greeted = tablet.client.put("/api/v1/devices/self", json={"gate": "gate-7"}, headers=tablet.headers).json
    assert {**NEW, "slug": "gate-7"} == greeted["gates"][-1]
    gate = running(database, event).gate_by_slug["gate-7"]
    assert (Direction.BOTH, {"crew", "media"}) == (gate.direction, {*gate.categories})
    page = told(organiser)
    for words in ("Gate 7 · North is open.", "Gate 7 · North", "added", "Sana Iqbal"):
        assert words in page, words
    assert "Gate 7 · North" in told(organiser, "/organise/gate-cards")


def test_each_change_is_journalled_and_the_file_is_not_touched(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    file = app.extensions["checkin"].settings.event_file
    before = file.read_bytes()
    send(organiser, f"{PAGE}/new", **NEW)
    send(organiser, f"{GATE}/change", name="Parking", zone="women", direction="in")
    send(organiser, f"{GATE}/close")
    send(organiser, f"{GATE}/open")
    send(organiser, HOURS, opens="10:00", closes="21:00")
    send(organiser, f"{PAGE}/day/2026-01-24/undo/1")
    with database.snapshot() as session:
        done = [(one.action, one.subject) for one in reversed(latest(session, 6))]
    gate, day = "gate:gate-2", "day:2026-01-24"
    assert [
        ("programme.add", "gate:gate-7"),
        ("programme.change", gate),
        ("programme.close", gate),
        ("programme.open", gate),
        ("programme.hours", day),
        ("programme.undo", day),
    ] == done
    assert before == file.read_bytes()
    assert app.test_cli_runner().invoke(args=["event", "check"]).exit_code == 0
    journal = told(organiser, "/organise/journal")
    assert "Day 2026-01-24" in journal
    assert "Closed a gate" in journal


def test_closing_asks_first_and_names_the_tablets_that_stand_there(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event, "gate-2")
    assert "One tablet stands here and will ask for another gate: Tablet" in told(organiser, f"{GATE}/close")
    assert "gate-2" in running(database, event).gate_by_slug
    assert 303 == send(organiser, f"{GATE}/close")[0]
    page = told(organiser)
    assert "closed since 10:3" in page
    assert "Tablet still stands here" in page
    answer = tablet.client.put("/api/v1/devices/self", json={"gate": "gate-2"}, headers=tablet.headers)
    assert (400, "gate") == (answer.status_code, answer.json["error"]["place"])
    left = tablet.client.put("/api/v1/devices/self", json={}, headers=tablet.headers).json["gates"]
    assert "gate-2" not in [gate["slug"] for gate in left]
    assert 404 == organiser.get(f"{GATE}/close").status_code
    assert 303 == send(organiser, f"{GATE}/open")[0]
    assert "gate-2" in running(database, event).gate_by_slug


def test_figures_name_a_closed_gate_by_its_name(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event, "gate-2")
    with database.transaction() as session:
        token = token_of(event, make_badge(session, event))
    tablet.scan(make_item(token, DAY_ONE))
    send(organiser, f"{GATE}/close")
    assert "Gate 2 · Parking gate" in told(organiser, "/organise/?day=2026-01-24")
    assert "Gate 2 · Parking gate" in organiser.get("/organise/reports/2026-01-24.csv").text


def test_longer_hours_are_told_wherever_hours_stand(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    assert 303 == send(organiser, HOURS, opens="10:00", closes="21:30")[0]
    page = told(organiser)
    assert "10:00–21:30" in page
    assert "in the event file 10:00–19:00" in page
    assert "10 am to 9:30 pm" in told(organiser, "/?lang=en")


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        (f"{PAGE}/new", {**NEW, "name": " "}, "Please give the gate a name."),
        (f"{PAGE}/new", {**NEW, "name": "…"}, "a name with letters"),
        (f"{PAGE}/new", {**NEW, "name": "x" * 81}, "80 characters"),
        (f"{PAGE}/new", {**NEW, "name_ur": "Gate"}, "in Urdu letters"),
        (f"{PAGE}/new", {**NEW, "zone": "nowhere"}, "none of the choices"),
        (f"{PAGE}/new", {**NEW, "direction": ""}, "Please choose a way."),
        (f"{PAGE}/new", {**NEW, "categories": ["nobody"]}, "none of the choices"),
        (f"{PAGE}/new", {**NEW, "name": "GATE 1 · Main gate"}, "is called so already"),
        (HOURS, {"opens": "10:00", "closes": "10:00"}, "would close before it opens"),
        (HOURS, {"opens": "10:00", "closes": "09:00"}, "would close before it opens"),
        (HOURS, {"opens": "11:00", "closes": "19:00"}, "has opened already"),
        (HOURS, {"opens": "10:00", "closes": "10:15"}, "has passed already"),
        (HOURS, {"opens": "10:00", "closes": "soon"}, "such as 09:30"),
        (HOURS, {"opens": "10:00", "closes": "25:00"}, "such as 09:30"),
        (HOURS, {"opens": "", "closes": "19:00"}, "Please fill this in."),
        (f"{PAGE}/day/2026-01-23/hours", {"opens": "08:00", "closes": "23:00"}, "This day is over"),
    ],
)
def test_what_will_not_do_is_refused_in_clear_words_and_what_was_typed_stays(
    organiser: FlaskClient, database: Database, path: str, data: dict[str, object], words: str
) -> None:
    status, page = send(organiser, path, **data)
    assert (422, True) == (status, words in page), page
    typed = str(data.get("name") or data.get("closes") or "").strip()
    assert typed in page
    with database.snapshot() as session:
        assert () == all_changes(session)


def test_a_mistake_in_the_form_does_not_hide_what_somebody_else_changed(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    """Looked at, changed by another, sent with a mistake, mended: still nothing of the other's is overwritten."""
    mine = dict(re.findall(r'name="(\w+)" value="([^"]*)"', told(organiser, f"{GATE}/change"))[:2])
    assert 303 == send(organiser, f"{GATE}/change", name="Theirs", zone="expo", direction="in")[0]
    form = {"zone": "expo", "direction": "in", **mine}
    first = organiser.post(f"{GATE}/change", data={**form, "name": ""})
    assert 422 == first.status_code
    seen = re.search(r'name="seen" value="(-?\d+)"', first.text)
    assert seen is not None
    second = organiser.post(f"{GATE}/change", data={**form, "seen": seen[1], "name": "Mine"})
    assert 409 == second.status_code
    assert "Theirs" == running(database, event).gate_by_slug["gate-2"].name


@pytest.mark.parametrize("what", ["change", "hours", "new"])
def test_the_second_of_two_is_told_what_the_first_did_and_may_go_on(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, what: str
) -> None:
    other = app.test_client()
    with database.transaction() as session:
        bilal = add_staff(session, "bilal@example.com", name="Bilal Khan")
    carry_session(other, database, bilal)
    path, first, second, shown = {
        "change": (
            f"{GATE}/change",
            {"name": "First", "zone": "women", "direction": "in"},
            {"name": "Second", "zone": "expo", "direction": "in"},
            "Women Entrepreneurs' Pavilion",
        ),
        "hours": (HOURS, {"opens": "10:00", "closes": "20:00"}, {"opens": "10:00", "closes": "22:00"}, "20:00"),
        "new": (f"{PAGE}/new", NEW, {**NEW, "name": "Second"}, "Gate 7 · North"),
    }[what]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', other.get(path).text))
    assert 303 == send(organiser, path, **first)[0]
    late = other.post(path, data=hidden | second)
    page = html.unescape(late.text)
    assert 409 == late.status_code
    for words in ("Somebody changed this meanwhile.", "Sana Iqbal", shown, second.get("name", second.get("closes"))):
        assert str(words) in page, words
    with database.snapshot() as session:
        assert 1 == len(all_changes(session))
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', late.text))
    assert 303 == other.post(path, data=hidden | second).status_code


def test_the_newest_change_of_a_thing_can_be_undone_and_no_other(organiser: FlaskClient) -> None:
    send(organiser, f"{GATE}/change", name="One", zone="expo", direction="in")
    send(organiser, f"{GATE}/change", name="Two", zone="expo", direction="in")
    assert [f"{GATE}/undo/2"] == re.findall(rf'href="({GATE}/undo/\d+)"', told(organiser))
    status, page = send(organiser, f"{GATE}/undo/1")
    assert (409, True) == (status, "Somebody changed this meanwhile." in page)
    assert "Two" in told(organiser, f"{GATE}/undo/2")
    assert 303 == send(organiser, f"{GATE}/undo/2")[0]
    assert "Two is again as it was before." in told(organiser)


def test_a_gate_where_somebody_was_scanned_is_closed_not_taken_back(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    send(organiser, f"{PAGE}/new", **NEW)
    with database.transaction() as session:
        token = token_of(event, make_badge(session, event))
    Tablet(app, database, event, "gate-1").scan(make_item(token, DAY_ONE, gate="gate-7"))
    status, page = send(organiser, f"{PAGE}/gate/gate-7/undo/1")
    assert (409, True) == (status, "Close it instead." in page)


def test_the_message_of_a_hold_changes_while_it_goes_on_and_who_is_late_is_told(
    app: Flask, organiser: FlaskClient, database: Database
) -> None:
    post(organiser, f"{GATE}/hold", message="Wait.", message_ur="")
    (path,) = set(re.findall(rf'href="({GATE}/message/\d+)"', told(organiser)))
    late = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', organiser.get(path).text))
    let_pass(timedelta(minutes=5))
    assert 303 == send(organiser, path, message="Until noon.", message_ur="بارہ بجے تک۔")[0]
    page = told(organiser)
    for words in ("Until noon.", "بارہ بجے تک۔", "since 10:3"):
        assert words in page, words
    answer = organiser.post(path, data=late | {"message": "Mine."})
    assert 409 == answer.status_code
    for words in ("Somebody changed the message meanwhile.", "Until noon.", 'value="Mine."'):
        assert words in html.unescape(answer.text), words
    assert 303 == send(organiser, path, message="Until one.")[0]  # a second line came back as it was told
    (end,) = set(re.findall(rf'href="({GATE}/release/\d+)"', told(organiser)))
    post(organiser, end)
    assert 409 == organiser.post(path, data=late | {"message": "Mine."}).status_code
    assert "somebody ended this hold meanwhile" in organiser.get(path, follow_redirects=True).text
    with database.snapshot() as session:
        assert 2 == [one.action for one in latest(session, 20)].count("programme.reword")


def test_where_the_file_says_otherwise_later_the_page_says_which_of_the_two_holds(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    send(organiser, f"{GATE}/change", name="Ours", zone="expo", direction="in")
    site = app.extensions["checkin"]
    text = site.settings.event_file.read_text("utf-8").replace("Gate 2 · Parking gate", "Theirs")
    site.settings.event_file.write_text(text, "utf-8")
    again = create_app(site.settings)
    client = again.test_client()
    carry_session(client, database, make_staff(database, "later@example.com"))
    page = told(client)
    assert "The event file says otherwise" in page
    assert "Ours · Name: here Ours, in the event file now Theirs. What is set here holds." in page
    assert 303 == send(client, f"{GATE}/change", name="Ours", zone="expo", direction="in")[0]
    assert "The event file says otherwise" not in told(client)
    again.extensions["checkin"].database.close()


@pytest.mark.parametrize(
    "path",
    [
        *("gate/gate-99/change", "gate/gate-99/close", "gate/gate-1/open", "day/2026-02-30/hours"),
        *("gate/gate-1/undo/1", "hall/gate-1/undo/1"),
    ],
)
def test_what_there_is_not_cannot_be_changed(organiser: FlaskClient, path: str) -> None:
    data = {"csrf_token": csrf_of(organiser, f"{PAGE}/new"), **NEW}
    assert [404, 404] == [
        organiser.get(f"{PAGE}/{path}").status_code,
        organiser.post(f"{PAGE}/{path}", data=data).status_code,
    ]


def test_other_roles_change_nothing(client: FlaskClient, database: Database, event: Event) -> None:
    carry_session(client, database, make_staff(database, "desk@example.com", Role.DESK))
    data = {"csrf_token": csrf_of(client, "/desk/"), **NEW}
    assert {403} == {client.post(path, data=data).status_code for path in (f"{PAGE}/new", f"{GATE}/close", HOURS)}
    assert event == running(database, event)
