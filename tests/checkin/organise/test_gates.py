"""Gates: what stands where, and holding a gate or a category until it is released."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin import clock
from checkin.database import Database
from checkin.devices import service as devices
from checkin.devices.model import Health
from checkin.event.model import Event
from checkin.journal.queries import latest
from checkin.programme import service
from checkin.programme.model import LONGEST_MESSAGE, HoldKind
from checkin.staff.model import Role
from tests.checkin.admission.tablet import Tablet
from tests.checkin.staff.people import add_staff, carry_session, csrf_of, let_pass, make_staff, post
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_item, token_of

PAGE = "/organise/gates"
MESSAGE, URDU = "The minister arrives.", "وزیر آ رہے ہیں۔"
THINGS = [f"{PAGE}/gate/gate-1", f"{PAGE}/category/trade-visitor"]


def hold(client: FlaskClient, thing: str = THINGS[0], message: str = MESSAGE, message_ur: str = "") -> int:
    return post(client, f"{thing}/hold", message=message, message_ur=message_ur).status_code


def end_of(client: FlaskClient) -> str:
    """Where the only hold that the page shows is ended."""
    (found,) = set(re.findall(r'href="([^"]+/release/\d+)"', client.get(PAGE).text))
    return str(found)


def row_of(page: str, words: str) -> str:
    """The row of the table that says `words`."""
    return next(row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if words in row)


@pytest.mark.parametrize("thing", THINGS)
def test_scans_are_refused_while_it_is_held_and_not_before_or_after(
    app: Flask, organiser: FlaskClient, database: Database, event: Event, thing: str
) -> None:
    tablet = Tablet(app, database, event)
    with database.transaction() as session:
        badges = [token_of(event, make_badge(session, event, name=f"Person {number}")) for number in range(3)]

    def scan(number: int) -> tuple[str, str | None, str]:
        (said,) = tablet.scan(make_item(badges[number], DAY_ONE + timedelta(minutes=number)))
        return said["verdict"], said["reason"], said["message"]

    assert ("admitted", None, "") == scan(0)
    assert 303 == hold(organiser, thing, message_ur=URDU)
    assert ("refused", "held", f"{MESSAGE}\n{URDU}") == scan(1)
    assert 303 == post(organiser, end_of(organiser)).status_code
    assert ("admitted", None, "") == scan(2)


def test_a_tablets_roster_tells_a_hold_and_its_end_with_the_next_sync(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event)

    def sync(etag: str | None) -> tuple[int, str | None, object]:
        answer = tablet.client.get("/api/v1/roster", headers=tablet.headers | ({"If-None-Match": etag} if etag else {}))
        return answer.status_code, answer.headers.get("ETag"), answer.json["event"]["holds"] if answer.data else None

    nothing = {"gate": {}, "category": {}}
    status, etag, holds = sync(None)
    assert (200, nothing) == (status, holds)
    assert 304 == sync(etag)[0]
    assert 303 == hold(organiser, THINGS[1])
    status, etag, holds = sync(etag)
    assert (200, {"gate": {}, "category": {"trade-visitor": MESSAGE}}) == (status, holds)
    assert 304 == sync(etag)[0]
    assert 303 == post(organiser, end_of(organiser)).status_code
    status, etag, holds = sync(etag)
    assert (200, nothing) == (status, holds)


def test_the_page_says_what_is_held_since_when_and_by_whom(organiser: FlaskClient) -> None:
    assert "Held now" not in organiser.get(PAGE).text
    assert 303 == hold(organiser, message_ur=URDU)
    let_pass(timedelta(minutes=7))
    page = organiser.get(PAGE).text
    notice = page[page.index("Held now") : page.index("</section>")]
    for words in ("since 10:3", "by Sana Iqbal", MESSAGE, URDU, "Gate 1"):
        assert words in notice, words
    assert "held" in row_of(page, "Gate 1")
    assert "held" not in row_of(page, "Gate 2")


def test_holding_and_releasing_ask_first_and_are_journalled(organiser: FlaskClient, database: Database) -> None:
    assert "Hold General visitor?" in organiser.get(f"{PAGE}/category/general-visitor/hold").text
    assert 303 == hold(organiser, f"{PAGE}/category/general-visitor")
    end = end_of(organiser)
    assert "End the hold of General visitor?" in organiser.get(end).text
    with database.snapshot() as session:
        assert 1 == len(service.holds(session))
    assert (
        "people pass again"
        in organiser.post(end, data={"csrf_token": csrf_of(organiser, end)}, follow_redirects=True).text
    )
    with database.snapshot() as session:
        done = [(one.action, one.subject, one.actor, one.detail) for one in latest(session, 2)]
        staff = done[0][2]
    told = ("category:general-visitor", staff, {"slug": "general-visitor"})
    assert [("programme.release", *told), ("programme.hold", *told)] == done
    assert staff.startswith("staff:")


@pytest.mark.parametrize(
    ("message", "message_ur", "words"),
    [
        ("", URDU, "Please write why"),
        (" \u200b ", URDU, "Please write why"),
        ("x" * (LONGEST_MESSAGE + 1), URDU, f"{LONGEST_MESSAGE} characters"),
        (MESSAGE, "و" * (LONGEST_MESSAGE + 1), f"{LONGEST_MESSAGE} characters"),
        (MESSAGE, "in English", "in Urdu letters"),
    ],
)
def test_a_message_that_will_not_do_is_refused_and_what_was_typed_stays(
    organiser: FlaskClient, database: Database, message: str, message_ur: str, words: str
) -> None:
    answer = post(organiser, f"{THINGS[0]}/hold", message=message, message_ur=message_ur)
    page = html.unescape(answer.text)
    assert 422 == answer.status_code
    assert words in page
    assert f'value="{message_ur}"' in page
    assert message.strip(" \u200b") in page
    with database.snapshot() as session:
        assert () == service.holds(session)


def test_the_longest_message_in_both_languages_is_stored_with_the_scan(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    english, urdu = "x" * LONGEST_MESSAGE, "و" * LONGEST_MESSAGE
    assert 303 == hold(organiser, message=english, message_ur=urdu)
    with database.transaction() as session:
        token = token_of(event, make_badge(session, event))
    (said,) = Tablet(app, database, event).scan(make_item(token, DAY_ONE))
    assert f"{english}\n{urdu}" == said["message"]


def test_the_second_of_two_who_hold_one_gate_is_told_and_keeps_what_was_typed(
    app: Flask, organiser: FlaskClient, database: Database
) -> None:
    other = app.test_client()
    with database.transaction() as session:
        bilal = add_staff(session, "bilal@example.com", name="Bilal Khan")
    carry_session(other, database, bilal)
    csrf = csrf_of(other, f"{THINGS[0]}/hold")
    assert 303 == hold(organiser)
    late = other.post(f"{THINGS[0]}/hold", data={"csrf_token": csrf, "message": "Too crowded."})
    assert 409 == late.status_code
    for words in ("It is held already", "by Sana Iqbal", MESSAGE, 'value="Too crowded."'):
        assert words in late.text, words
    with database.snapshot() as session:
        assert [MESSAGE] == [one.message for one in service.holds(session)]


def test_a_release_seen_too_late_says_so_and_leaves_a_later_hold(organiser: FlaskClient, database: Database) -> None:
    assert 303 == hold(organiser)
    old = end_of(organiser)
    csrf = csrf_of(organiser, old)
    assert 303 == organiser.post(old, data={"csrf_token": csrf}).status_code
    assert 303 == hold(organiser, message="Again.")
    for answer in (
        organiser.post(old, data={"csrf_token": csrf}, follow_redirects=True),
        organiser.get(old, follow_redirects=True),
    ):
        assert "somebody ended this hold meanwhile" in answer.text
    with database.snapshot() as session:
        assert ["Again."] == [one.message for one in service.holds(session)]
    assert 303 == organiser.get(f"{THINGS[0]}/release/{10**40}").status_code


def test_each_gate_tells_its_zone_way_tablets_and_entries_today(
    app: Flask, organiser: FlaskClient, database: Database, event: Event
) -> None:
    tablet = Tablet(app, database, event, "gate-3")
    with database.transaction() as session:
        tokens = [token_of(event, make_badge(session, event, name=f"Person {number}")) for number in range(2)]
        devices.note_health(session, tablet.device, Health(outbox=4), now=clock.now())
    gate = event.gate_by_slug["gate-3"]
    zone = next(zone for zone in event.zones if zone.slug == gate.zone)
    tablet.scan(*(make_item(token, DAY_ONE) for token in tokens))
    row = html.unescape(row_of(organiser.get(PAGE).text, gate.name))
    for words in (zone.name, "In", ">2<", "Tablet", "owes 4"):
        assert words in row, words
    assert "none" in row_of(organiser.get(PAGE).text, "Gate 2")


def test_what_the_event_no_longer_knows_can_still_be_released(organiser: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        service.hold(session, HoldKind.GATE, "old-gate", message="Wait.", now=DAY_ONE)
    assert "old-gate" in organiser.get(PAGE).text
    assert 303 == post(organiser, end_of(organiser)).status_code
    with database.snapshot() as session:
        assert () == service.holds(session)


@pytest.mark.parametrize("thing", ["gate/gate-99", "category/gate-1", "hall/gate-1"])
def test_what_the_event_does_not_know_cannot_be_held(organiser: FlaskClient, thing: str) -> None:
    data = {"csrf_token": csrf_of(organiser, f"{THINGS[0]}/hold"), "message": MESSAGE}
    assert [404, 404] == [
        organiser.get(f"{PAGE}/{thing}/hold").status_code,
        organiser.post(f"{PAGE}/{thing}/hold", data=data).status_code,
    ]


def test_other_roles_may_neither_look_nor_hold(client: FlaskClient, database: Database) -> None:
    carry_session(client, database, make_staff(database, "desk@example.com", Role.DESK))
    data = {"csrf_token": csrf_of(client, "/desk/"), "message": MESSAGE}
    assert [403, 403] == [client.get(PAGE).status_code, client.post(f"{THINGS[0]}/hold", data=data).status_code]
