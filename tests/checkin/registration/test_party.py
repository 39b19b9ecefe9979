"""Families and delegations: another person on the page of one who is registered."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from checkin import clock
from checkin.badges import service as badges
from checkin.badges.shortcode import short_code
from checkin.database import Database
from checkin.event.model import Event, Register
from checkin.visitors import service as visitors
from checkin.visitors.links import private_link
from checkin.visitors.model import Visitor
from checkin.visitors.queries import party_size
from checkin.visitors.tables import PartyMemberRow, VisitorRow
from tests.factories import SECRET, make_badge, make_visitor, token_of

from .conftest import at_event, filled


@pytest.fixture
def leader(database: Database, expo: Event) -> Visitor:
    with database.transaction() as session:
        visitor = make_visitor(
            session,
            "Ayesha Siddiqui",
            "trade",
            organisation="Sialkot Sports",
            city="Sialkot",
            country="PK",
            phone="+923001234567",
            email="ayesha@example.com",
            days=(date(2026, 1, 25),),
            group="Siddiqui",
            sectors=("gems",),
        )
        make_badge(session, expo, visitor)
        return visitor


@pytest.fixture
def page(leader: Visitor) -> str:
    return page_of(leader)


def page_of(visitor: Visitor) -> str:
    return f"/badge/{private_link(SECRET, visitor.id, visitor.link_version)}"


def members(database: Database, leader: Visitor) -> list[str]:
    with database.snapshot() as session:
        return [visitor.details.name for visitor in visitors.party_of(session, leader.id)]


def add(client: FlaskClient, page: str, **more: object) -> str:
    """Add a person through the form; where the browser is led."""
    answer = client.post(f"{page}/add", data=filled(client, f"{page}/add", **more))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_what_they_share_is_filled_in_and_the_name_is_empty(client: FlaskClient, page: str) -> None:
    form = client.get(f"{page}/add").text
    for shared in ('value="Sialkot Sports"', 'value="Sialkot"', '<option selected value="PK"'):
        assert shared in form
    assert 'value="trade" checked' in form
    assert 'value="2026-01-25" checked' in form
    assert "Ayesha" not in form


def test_the_form_shows_nobody_s_phone_address_or_interests(client: FlaskClient, page: str) -> None:
    form = client.get(f"{page}/add").text
    for private in ("1234567", "ayesha@example.com", 'value="gems" checked'):
        assert private not in form


def test_the_new_person_is_on_the_leader_s_page_and_has_a_page_of_their_own(
    client: FlaskClient, database: Database, leader: Visitor, page: str
) -> None:
    assert f"{page}#badge-2" == add(client, page, name="Bilal Siddiqui")
    assert f"{page}#badge-3" == add(client, page, name="Hina Siddiqui")
    text = client.get(f"{page}?lang=en").text
    places = [text.index(name) for name in ("Ayesha Siddiqui", "Bilal Siddiqui", "Hina Siddiqui")]
    assert places == sorted(places)
    assert text.count('aria-label="The QR code of your badge" shape') == 3
    for words in ("1 of 3", "3 of 3", 'id="badge-3"', 'href="#badge-2"'):
        assert words in text
    with database.snapshot() as session:
        member = visitors.party_of(session, leader.id)[1]
    own = client.get(f"{page_of(member)}?lang=en").text
    assert "Bilal Siddiqui" in own
    for other in ("Ayesha Siddiqui", "Hina Siddiqui", "1 of", page):
        assert other not in own


def test_empty_phone_and_address_are_those_given_before_and_others_stay(
    client: FlaskClient, database: Database, leader: Visitor, page: str
) -> None:
    add(client, page, name="Bilal", phone="")
    add(client, page, name="Hina", phone="0300 7654321", email="hina@example.com")
    with database.snapshot() as session:
        found = {one.details.name: one.details for one in visitors.party_of(session, leader.id)}
    assert ("+923001234567", "ayesha@example.com") == (found["Bilal"].phone, found["Bilal"].email)
    assert ("+923007654321", "hina@example.com") == (found["Hina"].phone, found["Hina"].email)
    assert "Siddiqui" == found["Bilal"].group


def test_a_phone_that_must_be_given_is_asked_where_the_leader_gave_none(
    client: FlaskClient, database: Database, expo: Event
) -> None:
    with database.transaction() as session:
        lonely = make_visitor(session, "Nadia", "trade")
        make_badge(session, expo, lonely)
    page = page_of(lonely)
    assert 422 == client.post(f"{page}/add", data=filled(client, f"{page}/add", phone="")).status_code


def test_everyone_consents_for_themselves(client: FlaskClient, database: Database, leader: Visitor, page: str) -> None:
    sent = filled(client, f"{page}/add", name="Bilal")
    del sent["consent"]
    answer = client.post(f"{page}/add?lang=en", data=sent)
    assert 422 == answer.status_code
    assert "Without this consent" in answer.text
    assert ["Ayesha Siddiqui"] == members(database, leader)


def test_the_same_form_sent_eight_times_at_once_adds_one_person(
    app: Flask, client: FlaskClient, database: Database, leader: Visitor, page: str
) -> None:
    sent = filled(client, f"{page}/add", name="Bilal")
    cookie = client.get_cookie("session")
    assert cookie is not None

    def submit(_: int) -> str:
        browser = app.test_client()
        browser.set_cookie("session", cookie.value)
        return str(browser.post(f"{page}/add", data=sent).location)

    with ThreadPoolExecutor(8) as threads:
        assert {f"{page}#badge-2"} == set(threads.map(submit, range(8)))
    assert ["Ayesha Siddiqui", "Bilal"] == members(database, leader)


def test_nobody_joins_themselves_or_leaves_one_party_for_another(
    database: Database, leader: Visitor, expo: Event
) -> None:
    with database.transaction() as session:
        other, member = make_visitor(session, "Other", "trade"), make_visitor(session, "Member", "trade")
        visitors.join_party(session, leader.id, leader.id)
        for first in (leader, other, member):
            visitors.join_party(session, first.id, member.id)
        assert 2 == party_size(session, leader.id)
    assert ["Ayesha Siddiqui", "Member"] == members(database, leader)
    assert ["Other"] == members(database, other)
    assert ["Member"] == members(database, member)


def test_a_member_s_page_adds_to_their_own_page_and_never_leads_to_the_leader_s(
    client: FlaskClient, database: Database, leader: Visitor, page: str
) -> None:
    add(client, page, name="Bilal")
    with database.snapshot() as session:
        member = visitors.party_of(session, leader.id)[1]
    assert f"{page_of(member)}#badge-2" == add(client, page_of(member), name="Hina")
    assert ["Ayesha Siddiqui", "Bilal"] == members(database, leader)
    assert ["Bilal", "Hina"] == members(database, member)


def test_the_fifty_first_is_refused_in_plain_words_and_nobody_is_registered(
    client: FlaskClient, database: Database, leader: Visitor, page: str
) -> None:
    with database.transaction() as session:
        for number in range(visitors.MOST_OF_A_PARTY - 2):
            visitors.join_party(session, leader.id, make_visitor(session, f"Member {number}", "trade").id)
    last = filled(client, f"{page}/add", name="The fiftieth")
    assert 303 == client.post(f"{page}/add", data=last).status_code
    answer = client.post(f"{page}/add?lang=en", data=filled(client, f"{page}/add", name="One too many"))
    assert 409 == answer.status_code
    assert "This page holds 50 badges" in answer.text
    assert 303 == client.post(f"{page}/add", data=last).status_code  # sent again: is in already
    with database.snapshot() as session:
        assert 50 == session.scalar(select(func.count()).select_from(VisitorRow))
        assert 49 == session.scalar(select(func.count()).select_from(PartyMemberRow))


def test_print_all_is_a_page_for_each_live_badge(
    client: FlaskClient, database: Database, expo: Event, leader: Visitor, page: str
) -> None:
    for name in ("Bilal", "Hina", "Sara"):
        add(client, page, name=name)
    with database.transaction() as session:
        party = [one.id for one in visitors.party_of(session, leader.id)]
        badges.revoke(session, party[2], now=clock.now(), actor="organiser", reason="sold")
        newest = badges.newest_of(session, party)
    answer = client.get(f"{page}/all.pdf")
    name = f"badge-{short_code(newest[leader.id].number)}-all.pdf"
    assert f'inline; filename="{name}"' == answer.headers["Content-Disposition"]
    shots = [one.render(scale=3).to_pil() for one in pypdfium2.PdfDocument(io.BytesIO(answer.data))]
    read = [{code.text for code in zxingcpp.read_barcodes(shot)} for shot in shots]
    assert [{token_of(expo, newest[party[at]])} for at in (0, 1, 3)] == read
    assert "Print all (3 pages)" in client.get(f"{page}?lang=en").text


def test_a_revoked_member_s_code_is_not_on_the_leader_s_page(
    client: FlaskClient, database: Database, leader: Visitor, page: str
) -> None:
    add(client, page, name="Bilal")
    with database.transaction() as session:
        badges.revoke(
            session, visitors.party_of(session, leader.id)[1].id, now=clock.now(), actor="organiser", reason="sold"
        )
    text = client.get(f"{page}?lang=en").text
    assert 1 == text.count('aria-label="The QR code of your badge" shape')
    assert "This badge is no longer valid" in text
    assert "Bilal" in text


def test_the_public_adds_to_an_exhibitor_s_page_but_no_exhibitor(
    client: FlaskClient, database: Database, expo: Event
) -> None:
    with database.transaction() as session:
        exhibitor = make_visitor(session, "Nadia", "exhibitor")
        make_badge(session, expo, exhibitor)
    page = page_of(exhibitor)
    assert 'value="exhibitor"' not in client.get(f"{page}/add").text
    sent = filled(client, f"{page}/add", category="exhibitor")
    assert 422 == client.post(f"{page}/add", data=sent).status_code


def test_where_registration_is_at_the_desks_nobody_is_added(
    app: Flask, client: FlaskClient, expo: Event, page: str
) -> None:
    closed = tuple(replace(category, public=False) for category in expo.categories)
    at_event(app, replace(expo, categories=closed, register=Register()))
    assert "/add" not in client.get(page).text
    answer = client.get(f"{page}/add?lang=en")
    assert "Registration is at the desks" in answer.text


def test_a_form_without_its_token_adds_nobody(
    client: FlaskClient, database: Database, leader: Visitor, page: str
) -> None:
    sent = filled(client, f"{page}/add", name="Bilal")
    del sent["csrf_token"]
    assert 400 == client.post(f"{page}/add", data=sent).status_code
    assert ["Ayesha Siddiqui"] == members(database, leader)
