"""The same form, the same desk's press, the last place of a party: at the same moment, over two servers."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from checkin import clock
from checkin.badges import service as badges
from checkin.badges.tables import BadgeRow
from checkin.database import Database
from checkin.event.model import Event
from checkin.registration import service
from checkin.settings import Settings
from checkin.visitors import service as visitors
from checkin.visitors.model import Details, Source, Visitor
from checkin.visitors.service import MOST_OF_A_PARTY, PartyFullError
from checkin.visitors.tables import PartyMemberRow, VisitorRow
from tests.at_once import at_once
from tests.checkin.registration.conftest import at_event, filled
from tests.factories import SECRET, make_visitor
from tests.installed import installed


def how_many(database: Database, table: type) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_form_sent_twice_at_once_registers_one_person(
    app: Flask, client: FlaskClient, settings: Settings, database: Database, expo: Event
) -> None:
    form = filled(client)
    with installed(settings) as other:
        at_event(other, expo)
        elsewhere = other.test_client()
        session = client.get_cookie("session")
        assert session is not None
        elsewhere.set_cookie("session", session.value)
        answers = at_once(*(partial(one.post, "/register", data=form) for one in (client, elsewhere)))
    assert [303, 303] == [answer.status_code for answer in answers]
    assert 1 == len({answer.location for answer in answers})
    assert (1, 1) == (how_many(database, VisitorRow), how_many(database, BadgeRow))


def test_two_who_share_a_phone_and_register_at_once_are_two(database: Database, expo: Event) -> None:
    def register(name: str) -> Visitor:
        details = Details(name=name, category="trade", phone="+923001234567")
        with database.transaction() as session:
            return service.register(
                *(session, expo, details),
                form_id=service.new_form_id(),
                source=Source.ONLINE,
                secret=SECRET,
                now=clock.now(),
                by="online",
            )

    made = at_once(*(partial(register, name) for name in ("Ayesha", "Bilal")))
    assert 2 == len({visitor.id for visitor in made})
    assert (2, 2) == (how_many(database, VisitorRow), how_many(database, BadgeRow))


def reprint(database: Database, event: Event, visitor: Visitor, lost: int | None) -> int:
    with database.transaction() as session:
        badge = service.reprint(session, event, visitor, lost=lost, now=clock.now(), by="Desk", actor="staff:1")
        return badge.issue


def test_two_desks_that_print_a_lost_badge_anew_at_once_print_the_same_one(database: Database, expo: Event) -> None:
    for lost in (None, 0):  # the first badge, then the next
        if lost is None:
            with database.transaction() as session:
                visitor = make_visitor(session, category="trade")
        issues = at_once(*(partial(reprint, database, expo, visitor, lost) for _ in range(4)))
        assert {0 if lost is None else 1} == set(issues)
    assert 2 == how_many(database, BadgeRow)


def test_who_revokes_a_badge_while_a_desk_prints_it_anew_revokes_the_new_one(database: Database, expo: Event) -> None:
    with database.transaction() as session:
        visitor = make_visitor(session, category="trade")
        badges.issue(session, expo, visitor, now=clock.now(), by="online")
    is_over = threading.Event()

    def revoke() -> None:
        with database.transaction() as session:
            badges.revoke(session, visitor.id, now=clock.now(), actor="staff:1", reason="")
        is_over.set()

    meanwhile = threading.Thread(target=revoke)
    with database.transaction() as session:
        badges.replace(session, expo, visitor, now=clock.now(), by="Desk", actor="staff:1")
        meanwhile.start()
        assert not is_over.wait(0.3)
    meanwhile.join()
    with database.snapshot() as session:
        newest = badges.current_badge(session, visitor.id)
    assert (1, True) == (newest.issue, newest.revoked_at is not None), "never a live badge beside the revoked one"


def test_the_last_place_of_a_party_is_taken_once(database: Database, expo: Event) -> None:
    with database.transaction() as session:
        leader, *others = [make_visitor(session, f"Visitor {n}", "trade") for n in range(MOST_OF_A_PARTY + 1)]
        for one in others[: MOST_OF_A_PARTY - 2]:
            visitors.join_party(session, leader.id, one.id)

    is_over = threading.Event()

    def join_too() -> None:
        with suppress(PartyFullError), database.transaction() as session:
            visitors.join_party(session, leader.id, others[-1].id)
        is_over.set()

    too_late = threading.Thread(target=join_too)
    with database.transaction() as session:
        visitors.join_party(session, leader.id, others[-2].id)
        too_late.start()
        assert not is_over.wait(0.3), "who comes meanwhile waits to see whether there is room"
    too_late.join()
    assert MOST_OF_A_PARTY - 1 == how_many(database, PartyMemberRow)
