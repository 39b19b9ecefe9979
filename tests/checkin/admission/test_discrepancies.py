"""Discrepancies: what a gate showed and what holds, with both gates, whatever the order of arrival."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from checkin import clock
from checkin.admission import discrepancies
from checkin.admission.corrections import Correction, override, undo
from checkin.admission.discrepancies import Discrepancy
from checkin.admission.model import Reason, Verdict
from checkin.badges import service as badges
from checkin.database import Database
from checkin.devices.model import Device
from checkin.event.model import Event, ReEntry
from tests.checkin.staff.people import let_pass
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, make_visitor, send, token_of

LET_IN = {"verdict": "admitted", "reason": None, "confirmed": False}
LATER = DAY_ONE + timedelta(minutes=5)


@pytest.fixture
def token(database: Database, event: Event) -> str:
    with database.transaction() as session:
        return token_of(event, make_badge(session, event, make_visitor(session, name="Hina Malik", name_ur="حنا ملک")))


@pytest.fixture
def tablets(database: Database, event: Event) -> tuple[Device, Device]:
    with database.transaction() as session:
        one, two = (make_device(session, event, gate, f"Tablet {gate}")[1] for gate in ("gate-1", "gate-2"))
    return one, two


def listed(database: Database, event: Event) -> list[Discrepancy]:
    with database.snapshot() as session:
        found = discrepancies.found(session, event)
        assert len(found) == discrepancies.count(session)
    return found


def correct(database: Database, scan_id: object, act: object) -> None:
    now = clock.now()
    fact = Correction(id=str(uuid.uuid4()), scan_id=str(scan_id), at=now, reason="x", by="tests", device=None, now=now)
    with database.transaction() as session:
        act(session, fact)  # type: ignore[operator]


@pytest.mark.parametrize("first_sent", [0, 1])
def test_two_tablets_offline_admit_one_badge_and_that_is_one_discrepancy_with_both_gates(
    database: Database, event: Event, token: str, tablets: tuple[Device, Device], first_sent: int
) -> None:
    sent = [(tablets[0], make_item(token, DAY_ONE, shown=LET_IN)), (tablets[1], make_item(token, LATER, shown=LET_IN))]
    for device, item in (sent[first_sent], sent[1 - first_sent]):
        send(database, event, device, item)
    (one,) = listed(database, event)
    assert sent[1][1]["id"] == one.scan_id
    assert (Verdict.ADMITTED, Verdict.RE_ENTRY, None) == (one.shown_verdict, one.verdict, one.reason)
    assert ("gate-2", LATER, "gate-1", DAY_ONE) == (one.gate, one.scanned_at, one.other_gate, one.other_at)
    assert ("Tablet gate-2", "Hina Malik", "حنا ملک") == (one.device_name, one.visitor_name, one.visitor_name_ur)
    assert (first_sent == 1, False, False) == (one.is_overtaken, one.is_undone, one.is_overridden)
    assert one.number is not None


def test_under_one_entry_a_day_the_second_gate_should_have_refused(
    database: Database, event: Event, token: str, tablets: tuple[Device, Device]
) -> None:
    event = replace(event, re_entry=ReEntry.REFUSE)
    send(database, event, tablets[1], make_item(token, LATER, shown=LET_IN))
    send(database, event, tablets[0], make_item(token, DAY_ONE, shown=LET_IN))
    (one,) = listed(database, event)
    assert (Verdict.REFUSED, Reason.ALREADY_IN) == (one.verdict, one.reason)


def test_a_confirmed_admission_that_an_offline_gate_overtakes_is_one_too(
    database: Database, event: Event, token: str, tablets: tuple[Device, Device]
) -> None:
    send(database, event, tablets[1], make_item(token, LATER))
    assert [] == listed(database, event)
    send(database, event, tablets[0], make_item(token, DAY_ONE, shown=LET_IN))
    (one,) = listed(database, event)
    assert ("gate-2", "gate-1", True) == (one.gate, one.other_gate, one.is_overtaken)


@pytest.mark.parametrize(
    "shown", [None, {"verdict": "admitted", "confirmed": True}, {"verdict": "re-entry"}], ids=["none", "told", "knew"]
)
def test_a_tablets_own_earlier_scan_that_arrives_behind_surprises_nobody(
    database: Database, event: Event, token: str, tablets: tuple[Device, Device], shown: object
) -> None:
    send(database, event, tablets[0], make_item(token, LATER, shown=shown))
    send(database, event, tablets[0], make_item(token, DAY_ONE, shown=LET_IN))
    assert [] == listed(database, event)


def test_what_the_gate_showed_right_is_none_be_it_on_no_roster(
    database: Database, event: Event, token: str, tablets: tuple[Device, Device]
) -> None:
    refused = {"verdict": "refused", "reason": "forged"}
    send(database, event, tablets[0], make_item(token, DAY_ONE, shown=LET_IN), make_item("x", DAY_ONE, shown=refused))
    send(database, event, tablets[0], make_item(token, LATER), make_item("y", LATER))
    assert [] == listed(database, event)


def test_a_badge_revoked_behind_the_gates_back_is_told_with_the_reason_and_what_followed(
    database: Database, event: Event, tablets: tuple[Device, Device]
) -> None:
    with database.transaction() as session:
        visitor = make_visitor(session)
        token = token_of(event, make_badge(session, event, visitor))
        badges.revoke(session, visitor.id, now=DAY_ONE - timedelta(hours=1), actor="tests", reason="stolen")
    item = make_item(token, DAY_ONE, shown=LET_IN)
    send(database, event, tablets[0], item)
    (one,) = listed(database, event)
    assert (Verdict.REFUSED, Reason.REVOKED, None, "") == (one.verdict, one.reason, one.other_at, one.other_gate)
    correct(database, item["id"], override)
    assert [(False, True)] == [(one.is_undone, one.is_overridden) for one in listed(database, event)]
    correct(database, item["id"], undo)
    assert [(True, True)] == [(one.is_undone, one.is_overridden) for one in listed(database, event)]


def test_another_reason_to_refuse_is_one_too_and_nobody_known_has_no_name(
    database: Database, event: Event, tablets: tuple[Device, Device]
) -> None:
    shown = {"verdict": "refused", "reason": "not_today"}
    send(database, event, tablets[0], make_item("rubbish", DAY_ONE, shown=shown))
    (one,) = listed(database, event)
    assert (Reason.NOT_TODAY, Reason.FORGED) == (one.shown_reason, one.reason)
    assert (None, "", None) == (one.visitor_id, one.visitor_name, one.number)


def test_an_undo_of_the_earlier_entry_ends_an_overtaking(
    database: Database, event: Event, token: str, tablets: tuple[Device, Device]
) -> None:
    early = make_item(token, DAY_ONE, shown=LET_IN)
    send(database, event, tablets[1], make_item(token, LATER, shown=LET_IN))
    send(database, event, tablets[0], early)
    assert 1 == len(listed(database, event))
    correct(database, early["id"], undo)
    assert [] == listed(database, event)


def test_they_come_newest_arrival_first_in_pages(
    database: Database, event: Event, tablets: tuple[Device, Device]
) -> None:
    for turn in range(5):
        let_pass(timedelta(seconds=turn % 2))  # some arrive in the same batch
        send(database, event, tablets[0], *(make_item(f"{turn}", DAY_ONE, shown=LET_IN) for _ in range(2)))
    whole = listed(database, event)
    pages, before = [], None
    with database.snapshot() as session:
        while page := discrepancies.found(session, event, before=before, most=3):
            pages += page
            before = page[-1].key
    assert 10 == len(whole)
    assert whole == pages
    assert sorted((one.key for one in whole), reverse=True) == [one.key for one in whole]


def test_a_gate_that_knew_of_an_entry_that_no_server_knows_is_listed(
    database: Database, event: Event, token: str, tablets: tuple[Device, Device]
) -> None:
    send(database, event, tablets[0], make_item(token, DAY_ONE, shown={"verdict": "re-entry"}))
    (one,) = listed(database, event)
    assert (Verdict.RE_ENTRY, Verdict.ADMITTED, None) == (one.shown_verdict, one.verdict, one.other_at)
