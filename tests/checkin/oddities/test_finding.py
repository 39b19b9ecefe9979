"""Oddities that follow from scans: found when they are read, stored when they are counted, gone with their facts."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select

from checkin import clock
from checkin.admission.corrections import Correction, undo
from checkin.attendance import tallies
from checkin.badges import service as badges
from checkin.database import Database
from checkin.event.model import Event
from checkin.oddities import queries
from checkin.oddities.model import Kind, Oddity
from checkin.oddities.tables import GateHeardRow, OddityRow
from tests.checkin.attendance.crowd import scans
from tests.checkin.registration.twice import merge, registered, separate
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, make_visitor, send, token_of

WELCOME = {"verdict": "admitted", "reason": None, "confirmed": False}


def count(database: Database, event: Event) -> None:
    is_more = True
    while is_more:
        with database.transaction() as session:
            is_more = tallies.count_some(session, event, clock.now()).is_more


def open_ones(database: Database, event: Event) -> dict[Kind, list[Oddity]]:
    """Every open oddity that follows from facts; the counts must say how many that are."""
    with database.snapshot() as session:
        waits = queries.fresh(session, event)
        listed = {kind: queries.listed(session, waits, kind, most=1000) for kind in Kind if kind is not Kind.CLOCK}
        listed[Kind.CLOCK] = queries.unsure(session, waits)
        found = {kind: some for kind, some in listed.items() if some}
        assert {kind: len(some) for kind, some in found.items()} == queries.counts(session, waits)
        return found


def stored(database: Database) -> int:
    with database.snapshot() as session:
        return len(session.scalars(select(OddityRow)).all())


def test_what_waits_to_be_counted_is_told_already_and_the_same_afterwards(database: Database, event: Event) -> None:
    scans(database, event, 3)
    before = open_ones(database, event)
    assert {Kind.TWO_GATES, Kind.NO_MAIN_GATE, Kind.SHOWN} == before.keys()
    assert 0 == stored(database)
    count(database, event)
    assert stored(database) >= sum(map(len, before.values()))
    assert before == open_ones(database, event)


def test_two_gates_and_an_old_badge_are_found_and_an_undo_takes_them_away(database: Database, event: Event) -> None:
    with database.transaction() as session:
        visitor = make_visitor(session)
        badge = make_badge(session, event, visitor)
        devices = [make_device(session, event, gate)[1] for gate in ("gate-1", "gate-2")]
    token = token_of(event, badge)
    send(database, event, devices[0], make_item(token, DAY_ONE - timedelta(minutes=20)))
    (second,) = send(database, event, devices[1], make_item(token, DAY_ONE - timedelta(minutes=19)))
    with database.transaction() as session:
        badges.replace(session, event, visitor, now=DAY_ONE - timedelta(minutes=5), by="desk", actor="tests")
    (old,) = send(database, event, devices[0], make_item(token, DAY_ONE))
    count(database, event)
    found = open_ones(database, event)
    assert {Kind.TWO_GATES: [second.row.id], Kind.OLD_BADGE: [old.row.id]} == {
        kind: [one.key for one in some] for kind, some in found.items()
    }
    assert ("gate-2", visitor.id, devices[1].id) == (
        found[Kind.TWO_GATES][0].gate,
        found[Kind.TWO_GATES][0].visitor_id,
        found[Kind.TWO_GATES][0].device_id,
    )
    with database.transaction() as session:
        number, now = str(uuid.uuid4()), clock.now()
        undo(
            session,
            Correction(id=number, scan_id=second.row.id, at=now, reason="", by="tests", device=None, now=now),
        )
    assert [Kind.OLD_BADGE] == list(open_ones(database, event))
    count(database, event)
    assert [Kind.OLD_BADGE] == list(open_ones(database, event))


def test_a_screen_that_is_told_later_and_a_scan_of_nobody_are_found(database: Database, event: Event) -> None:
    with database.transaction() as session:
        _, device = make_device(session, event)
    item = make_item("FORGED", DAY_ONE, clock="unsure")
    send(database, event, device, item)
    count(database, event)
    assert [Kind.CLOCK] == list(open_ones(database, event))
    send(database, event, device, {**item, "shown": WELCOME})
    count(database, event)
    found = open_ones(database, event)
    assert {Kind.SHOWN, Kind.CLOCK} == found.keys()
    (clocks,) = found[Kind.CLOCK]
    assert ("1", device.id, f"unsure {device.id} 2026-01-24") == (clocks.other, clocks.device_id, clocks.key)


def test_when_a_gate_was_last_heard_is_its_latest_scan_counted_or_not(database: Database, event: Event) -> None:
    with database.transaction() as session:
        token, other = (token_of(event, make_badge(session, event)) for _ in range(2))
        _, device = make_device(session, event)

    def heard() -> object:
        with database.snapshot() as session:
            return queries.gates_heard(session, queries.fresh(session, event), event.day_of(DAY_ONE))

    last = DAY_ONE - timedelta(minutes=3)
    send(database, event, device, make_item(token, last))
    assert {"gate-1": last} == heard()
    count(database, event)
    send(database, event, device, make_item(other, last - timedelta(hours=1)))
    assert {"gate-1": last} == heard()
    count(database, event)
    assert {"gate-1": last} == heard()
    with database.snapshot() as session:
        assert 1 == len(session.scalars(select(GateHeardRow)).all())


def test_two_badges_of_one_person_at_two_gates_are_as_odd_as_one(database: Database, event: Event) -> None:
    kept, double = registered(database, event, "Ayesha Siddiqui", "Aisha Siddiqi")
    with database.transaction() as session:
        tablets = [make_device(session, event, gate)[1] for gate in ("gate-1", "gate-3")]
    made = merge(database, event, kept.visitor_id, double.visitor_id)
    send(database, event, tablets[0], make_item(token_of(event, kept), DAY_ONE))
    (odd,) = send(database, event, tablets[1], make_item(token_of(event, double), DAY_ONE + timedelta(seconds=30)))
    before = open_ones(database, event)
    assert [(odd.row.id, kept.visitor_id)] == [(one.key, one.visitor_id) for one in before[Kind.TWO_GATES]]
    count(database, event)
    assert before == open_ones(database, event)
    separate(database, event, made)
    assert Kind.TWO_GATES not in open_ones(database, event)
    count(database, event)
    assert Kind.TWO_GATES not in open_ones(database, event)
