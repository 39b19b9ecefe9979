"""A person's badge: made anew, revoked, and let in again; the scans stay as they were."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from checkin import clock
from checkin.admission.tables import ScanRow
from checkin.badges import service as badges
from checkin.badges.model import BadgeState
from checkin.database import Database
from checkin.event.model import Event
from checkin.mail.tables import MailRow
from tests.factories import make_device, make_item, send, token_of

from .one_person import PERSON, app, ayesha, badge, correct, details, event, opened, pressed
from .people import did, hidden

__all__ = ["app", "ayesha", "event"]  # fixtures


def test_a_new_badge_is_made_once_after_a_question_and_mailed_if_asked(
    organiser: FlaskClient, database: Database, ayesha: int
) -> None:
    asked = organiser.get(f"{PERSON}/reissue?lang=en").text
    assert "the gates refuse the old badge" in asked
    assert "The new badge is made" in pressed(organiser, f"{PERSON}/reissue", lost=hidden(asked, "lost"), mail="yes")
    assert "nothing was made" in pressed(organiser, f"{PERSON}/reissue", lost=hidden(asked, "lost"))
    assert 1 == badge(database).issue
    with database.snapshot() as session:
        assert [1] == list(session.scalars(select(MailRow.issue)))


def test_revoking_asks_for_a_reason_and_holds(organiser: FlaskClient, database: Database, ayesha: int) -> None:
    page = organiser.get(f"{PERSON}/revoke?lang=en").text
    data = {"csrf_token": hidden(page, "csrf_token"), "issue": hidden(page, "issue")}
    refused = organiser.post(f"{PERSON}/revoke?lang=en", data=data | {"reason": " "})
    assert (422, True) == (refused.status_code, "Please write why" in refused.text)
    assert BadgeState.LIVE is badge(database).state_at(clock.now())
    page = pressed(organiser, f"{PERSON}/revoke", issue="0", reason="sold to Bilal")
    assert "sold to Bilal" in page
    assert "never good again" in page
    revoked = badge(database)
    assert (BadgeState.REVOKED, "sold to Bilal") == (revoked.state_at(clock.now()), revoked.revoked_because)
    page = pressed(organiser, f"{PERSON}/revoke", issue="0", reason="once more")
    assert "Nothing was revoked" in page
    assert revoked == badge(database)
    with database.snapshot() as session:
        assert 1 == sum(action == "badge.revoke" for _, action, _ in did(session))


def test_a_badge_that_was_replaced_since_the_question_is_not_revoked(
    organiser: FlaskClient, database: Database, ayesha: int
) -> None:
    pressed(organiser, f"{PERSON}/reissue", lost="0")
    assert "Nothing was revoked" in pressed(organiser, f"{PERSON}/revoke", issue="0", reason="lost")
    assert BadgeState.LIVE is badge(database).state_at(clock.now())


def test_who_was_revoked_is_let_in_again_by_a_new_badge_alone(
    organiser: FlaskClient, database: Database, ayesha: int
) -> None:
    pressed(organiser, f"{PERSON}/revoke", issue="0", reason="sold")
    correct(organiser, name="Aisha Siddiqui")  # a correction lets nobody in
    assert BadgeState.REVOKED is badge(database).state_at(clock.now())
    assert "The revoked badge stays refused" in organiser.get(f"{PERSON}/reissue?lang=en").text
    pressed(organiser, f"{PERSON}/reissue", lost="0")
    now = badge(database)
    assert (1, "Aisha Siddiqui", BadgeState.LIVE) == (now.issue, now.name, now.state_at(clock.now()))
    with database.snapshot() as session:
        assert badges.find_badge(session, now.number, 0).revoked_at is not None


def test_a_badge_printed_too_often_is_told_and_nothing_is_changed(
    organiser: FlaskClient, database: Database, ayesha: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(badges, "MOST_ISSUE", 0)
    before = details(database)
    answer = organiser.post(f"{PERSON}/correct?lang=en", data=opened(organiser) | {"name": "Aisha"})
    assert (409, before) == (answer.status_code, details(database))
    assert "254" in answer.text


def test_no_scan_is_ever_touched(organiser: FlaskClient, database: Database, event: Event, ayesha: int) -> None:
    with database.transaction() as session:
        _, device = make_device(session, event)
        token = token_of(event, badges.current_badge(session, ayesha))
    send(database, event, device, make_item(token, clock.now()))

    def scans() -> list[str]:
        with database.snapshot() as session:
            rows = session.execute(select(ScanRow.__table__)).mappings()
            return [json.dumps(dict(row), default=str) for row in rows]

    before = scans()
    correct(organiser, name="Aisha Siddiqui", category="exhibitor")
    pressed(organiser, f"{PERSON}/revoke", issue="1", reason="sold")
    pressed(organiser, f"{PERSON}/reissue", lost="1")
    assert before == scans()
