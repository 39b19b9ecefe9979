"""An organiser corrects a person: the badge follows, nobody overwrites anybody, and it can be undone."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from checkin import clock
from checkin.admission.tables import RecountRow
from checkin.attendance import audit
from checkin.badges import service as badges
from checkin.badges.model import BadgeState
from checkin.database import Database
from checkin.event.model import Event
from checkin.mail.tables import MailRow
from checkin.visitors import service as visitors
from tests.checkin.staff.people import carry_session, make_staff
from tests.factories import make_device, make_item, send, token_of

from .one_person import PERSON, app, ayesha, badge, correct, details, event, opened, pressed
from .people import PEOPLE, did, fields, hidden, make_person

__all__ = ["app", "ayesha", "event"]  # fixtures


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "Aisha Siddiqui"),
        ("name_ur", "عائشہ"),
        ("organisation", "Sialkot Sport"),
        ("designation", "Director"),
        ("city", "Sialkot"),
        ("country", "KE"),
        ("category", "exhibitor"),
        ("days", ["2026-01-24"]),
    ],
)
def test_what_stands_on_the_badge_replaces_it_and_the_new_one_is_mailed(
    organiser: FlaskClient, database: Database, ayesha: int, field: str, typed: object
) -> None:
    old = badge(database)
    page = correct(organiser, **{field: typed})
    assert "a new one is made" in page
    new = badge(database)
    assert (old.number, old.issue + 1, BadgeState.LIVE) == (new.number, new.issue, new.state_at(clock.now()))
    with database.snapshot() as session:
        assert [(1, "ayesha@example.com")] == [(one.issue, one.address) for one in session.scalars(select(MailRow))]
        assert [("staff:1", "badge.replace", "visitor:1"), ("staff:1", "visitor.correct", "visitor:1")] == [
            one for one in did(session) if one[1] != "visitor.view"
        ]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("phone", "0321 7654321"),
        ("email", "aisha@example.com"),
        ("sectors", ["cutlery", "textiles"]),
        ("gender", "female"),
        ("group", "Khan family"),
        ("consent_news", "y"),
        ("days", ["2026-01-24", "2026-01-25", "2026-01-26"]),  # all that there are: the same as none chosen
    ],
)
def test_what_no_badge_shows_leaves_the_badge_alone(
    organiser: FlaskClient, database: Database, ayesha: int, field: str, typed: object
) -> None:
    before = details(database)
    page = correct(organiser, **{field: typed})
    assert "The badge stays as it is" in page
    assert 0 == badge(database).issue
    after = details(database)
    assert before != after
    assert before == after.with_plain({field: before.plain()[field]})


def test_saving_without_a_change_changes_nothing_and_is_no_correction(
    organiser: FlaskClient, database: Database, ayesha: int
) -> None:
    before = details(database)
    assert "nothing was changed" in correct(organiser)
    with database.snapshot() as session:
        assert (before, ()) == (details(database), visitors.corrections_of(session, ayesha))


def test_a_wrong_address_is_corrected_and_the_mail_sent_to_the_new_one(
    organiser: FlaskClient, database: Database, ayesha: int
) -> None:
    pressed(organiser, f"{PERSON}/mail")
    with database.transaction() as session:
        session.scalars(select(MailRow)).one().state = "given_up"
    page = correct(organiser, email="aisha@example.com")
    assert "was not sent to the new address" in page
    pressed(organiser, "/organise/mail/1/again", back=hidden(page, "back"))
    with database.snapshot() as session:
        mail = session.scalars(select(MailRow)).one()
    assert ("aisha@example.com", "waiting") == (mail.address, mail.state)


def test_what_figures_count_is_counted_anew(
    organiser: FlaskClient, database: Database, event: Event, ayesha: int
) -> None:
    with database.transaction() as session:
        _, device = make_device(session, event)
        token = token_of(event, badges.current_badge(session, ayesha))
    send(database, event, device, make_item(token, clock.now()))
    correct(organiser, category="exhibitor", country="KE", sectors=["textiles"])
    with database.snapshot() as session:
        assert [1, 1] == list(session.scalars(select(RecountRow.visitor_id)))
        assert [] == list(audit.check_figures(session, event))
        assert audit.Difference((), ()) == audit.check(session)
    correct(organiser, phone="0321 7654321")
    with database.snapshot() as session:
        assert 2 == len(session.scalars(select(RecountRow.visitor_id)).all())


def test_days_can_be_marked_and_the_gate_holds_to_them(
    organiser: FlaskClient, database: Database, event: Event, ayesha: int
) -> None:
    correct(organiser, days=["2026-01-25"])
    assert (date(2026, 1, 25),) == badge(database).days
    with database.transaction() as session:
        _, device = make_device(session, event)
    (told,) = send(database, event, device, make_item(token_of(event, badge(database)), clock.now()))
    assert "not_today" == told.row.reason


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "Please write your name"),
        ("name", "123", "with letters"),
        ("phone", "12", "cannot be dialled"),
        ("email", "nobody", "not complete"),
        ("category", "x", "none of the choices"),
        ("days", ["2026-02-31"], "none of the choices"),
        ("organisation", "x" * 161, "too long"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(
    organiser: FlaskClient, database: Database, ayesha: int, field: str, typed: object, words: str
) -> None:
    before = details(database)
    answer = organiser.post(f"{PERSON}/correct?lang=en", data=opened(organiser) | {"city": "Gujrat", field: typed})
    assert 422 == answer.status_code
    assert words in answer.text
    assert 'value="Gujrat"' in answer.text
    assert before == details(database)


@pytest.mark.parametrize("seen", ["", "{}", '{"country": {}}', "e30.x", "[" * 5000])
def test_a_form_that_does_not_tell_what_it_was_opened_on_is_refused(
    organiser: FlaskClient, database: Database, ayesha: int, seen: str
) -> None:
    before = details(database)
    data = opened(organiser) | {"name": "Somebody Else", "seen": seen}
    assert 400 == organiser.post(f"{PERSON}/correct", data=data).status_code
    assert before == details(database)


def test_of_two_who_edit_at_once_the_second_is_told_and_overwrites_nothing(
    app: Flask, organiser: FlaskClient, database: Database, ayesha: int
) -> None:
    other = app.test_client()
    carry_session(other, database, make_staff(database, "omar@example.com"))
    mine = opened(organiser)
    correct(other, organisation="Their Sports", city="Gujrat")
    answer = organiser.post(f"{PERSON}/correct?lang=en", data=mine | {"city": "Sialkot", "phone": "0321 7654321"})
    assert 409 == answer.status_code
    told = answer.text.partition('id="changed"')[2].partition("</ul>")[0]
    for words in ("Sana Iqbal", "Sialkot Sports", "Their Sports", "Gujrat"):
        assert words in told
    assert ("Their Sports", "Gujrat", "+923001234567") == (
        (now := details(database)).organisation,
        now.city,
        now.phone,
    )
    mended = fields(answer.text)
    assert (["Their Sports"], ["Sialkot"], ["0321 7654321"]) == (
        mended["organisation"],
        mended["city"],
        mended["phone"],
    )
    assert 303 == organiser.post(f"{PERSON}/correct", data=mended).status_code
    assert ("Their Sports", "Sialkot", "+923217654321") == (
        (now := details(database)).organisation,
        now.city,
        now.phone,
    )


def test_a_correction_is_undone_with_a_new_badge_and_the_undo_too(
    organiser: FlaskClient, database: Database, ayesha: int
) -> None:
    before = details(database)
    page = correct(organiser, name="Aisha Siddiqui", sectors=["textiles"])
    assert 1 == page.count(">Undo<")
    page = pressed(organiser, f"{PERSON}/corrections/1/undo")
    assert (before, 2) == (details(database), badge(database).issue)
    assert 1 == page.count(">Undo<")
    with database.snapshot() as session:
        assert ("staff:1", "visitor.undo_correction", "visitor:1") in did(session)
    pressed(organiser, f"{PERSON}/corrections/2/undo")
    assert ("Aisha Siddiqui", 3) == (details(database).name, badge(database).issue)


def test_a_correction_that_was_changed_again_or_undone_is_not_undone(
    organiser: FlaskClient, database: Database, ayesha: int
) -> None:
    correct(organiser, name="Aisha Siddiqui")
    correct(organiser, name="Aishah Siddiqui")
    page = pressed(organiser, f"{PERSON}/corrections/1/undo")
    assert "Nothing was undone" in page
    assert "Aishah Siddiqui" == details(database).name
    for _ in range(2):
        pressed(organiser, f"{PERSON}/corrections/2/undo")
    assert "Aisha Siddiqui" == details(database).name
    token = hidden(organiser.get(PERSON).text, "csrf_token")
    assert 404 == organiser.post(f"{PEOPLE}/2/corrections/1/undo", data={"csrf_token": token}).status_code


def test_what_the_event_no_longer_offers_can_be_kept(organiser: FlaskClient, database: Database, event: Event) -> None:
    with database.transaction() as session:
        make_person(session, event, sectors=("cutlery", "gone"), cluster="gone-too", country="PK")
    correct(organiser, phone="0321 7654321")
    now = details(database)
    assert (("cutlery", "gone"), "gone-too") == (now.sectors, now.cluster)
