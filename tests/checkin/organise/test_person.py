"""One person's page, and what organisers can do for them; each on both databases, and in the journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from checkin import clock
from checkin.admission.corrections import Correction, undo
from checkin.admission.tables import RecountRow, ScanRow
from checkin.attendance import audit
from checkin.badges import service as badges
from checkin.badges.model import Badge, BadgeState
from checkin.database import Database
from checkin.event.model import Event
from checkin.launch.serve import site_of
from checkin.mail.tables import MailRow
from checkin.settings import Settings
from checkin.visitors import service as visitors
from checkin.visitors.model import Details
from tests.checkin.mail.conftest import MAIL
from tests.checkin.staff.people import carry_session, make_staff
from tests.factories import make_device, make_item, send, token_of
from tests.installed import installed

from .people import PEOPLE, did, fields, hidden, make_person

PERSON = f"{PEOPLE}/1"


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """An installation whose event sends mails."""
    with settings.event_file.open("a", encoding="utf-8") as file:
        file.write(MAIL)
    with installed(settings) as app:
        yield app


@pytest.fixture
def event(app: Flask) -> Event:
    return site_of(app).event


@pytest.fixture
def ayesha(database: Database, event: Event) -> int:
    with database.transaction() as session:
        visitor = make_person(
            session,
            event,
            organisation="Sialkot Sports",
            phone="+923001234567",
            email="ayesha@example.com",
            country="PK",
            sectors=("cutlery",),
        )
    return visitor.id


def details(database: Database, visitor_id: int = 1) -> Details:
    with database.snapshot() as session:
        return visitors.get_visitor(session, visitor_id).details


def badge(database: Database, visitor_id: int = 1) -> Badge:
    with database.snapshot() as session:
        return badges.current_badge(session, visitor_id)


def opened(client: FlaskClient, visitor_id: int = 1) -> dict[str, object]:
    return fields(client.get(f"{PEOPLE}/{visitor_id}/correct").text)


def correct(client: FlaskClient, visitor_id: int = 1, **changed: object) -> str:
    """Open the form, change some fields, save; the page that follows."""
    answer = client.post(f"{PEOPLE}/{visitor_id}/correct", data=opened(client, visitor_id) | changed)
    assert answer.status_code == 303, answer.text
    return client.get(f"{answer.location}?lang=en").text


def pressed(client: FlaskClient, path: str, page: str = PERSON, **data: object) -> str:
    answer = client.post(path, data={"csrf_token": hidden(client.get(page).text, "csrf_token"), **data})
    assert answer.status_code == 303, answer.text
    return client.get(f"{answer.location}?lang=en").text


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


def test_what_the_event_no_longer_offers_can_be_kept(organiser: FlaskClient, database: Database, event: Event) -> None:
    with database.transaction() as session:
        make_person(session, event, sectors=("cutlery", "gone"), cluster="gone-too", country="PK")
    correct(organiser, phone="0321 7654321")
    now = details(database)
    assert (("cutlery", "gone"), "gone-too") == (now.sectors, now.cluster)


def test_a_party_is_told_on_both_pages(organiser: FlaskClient, database: Database, event: Event, ayesha: int) -> None:
    with database.transaction() as session:
        child = make_person(session, event, "Hina Siddiqui")
        visitors.join_party(session, ayesha, child.id)
    assert f'href="{PEOPLE}/{child.id}"' in organiser.get(PERSON).text
    assert f'href="{PERSON}"' in organiser.get(f"{PEOPLE}/{child.id}").text


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
