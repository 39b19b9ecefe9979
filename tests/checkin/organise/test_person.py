"""One person's page: what it tells, to whom, and that the journal knows."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from checkin import clock
from checkin.admission.corrections import Correction, undo
from checkin.badges import service as badges
from checkin.database import Database
from checkin.event.model import Event
from checkin.visitors import service as visitors
from tests.factories import make_device, make_item, send, token_of

from .one_person import PERSON, app, ayesha, event, pressed
from .people import PEOPLE, did, make_person

__all__ = ["app", "ayesha", "event"]  # fixtures


def test_the_page_tells_issues_scans_with_what_became_of_them_and_mails(
    organiser: FlaskClient, database: Database, event: Event, ayesha: int
) -> None:
    with database.transaction() as session:
        _, device = make_device(session, event, name="Tablet A")
        token = token_of(event, badges.current_badge(session, ayesha))
    (first,) = send(database, event, device, make_item(token, clock.now()))
    told = Correction(
        id="11111111-1111-4111-8111-111111111111",
        scan_id=first.row.id,
        at=clock.now(),
        reason="wrong person",
        by="staff:1",
        device=None,
        now=clock.now(),
    )
    with database.transaction() as session:
        undo(session, told)
    pressed(organiser, f"{PERSON}/mail")
    pressed(organiser, f"{PERSON}/reissue", lost="0")
    send(database, event, device, make_item(token, clock.now()))
    page = organiser.get(f"{PERSON}?lang=en").text
    for words in ("Sialkot Sports", "+923001234567", "ayesha@example.com", "Issue 1", "Issue 0", "Replaced 10:3"):
        assert words in page
    scans = page.partition('id="scans"')[2]
    assert scans.index("refused: old badge") < scans.index("let in")
    assert scans.index("let in") < scans.index("undone, 10:3") < scans.index("wrong person")
    assert "Tablet A" in scans
    assert "data-mail=" in page


def test_whoever_looks_at_a_person_is_journalled(organiser: FlaskClient, database: Database, ayesha: int) -> None:
    organiser.get(PERSON)
    with database.snapshot() as session:
        assert ("staff:1", "visitor.view", "visitor:1") == did(session)[-1]


@pytest.mark.parametrize("way", ["", "/correct", "/reissue", "/revoke"])
def test_nobody_has_no_page(organiser: FlaskClient, ayesha: int, way: str) -> None:
    assert 404 == organiser.get(f"{PEOPLE}/99{way}").status_code


def test_a_party_is_told_on_both_pages(organiser: FlaskClient, database: Database, event: Event, ayesha: int) -> None:
    with database.transaction() as session:
        child = make_person(session, event, "Hina Siddiqui")
        visitors.join_party(session, ayesha, child.id)
    assert f'href="{PEOPLE}/{child.id}"' in organiser.get(PERSON).text
    assert f'href="{PERSON}"' in organiser.get(f"{PEOPLE}/{child.id}").text
