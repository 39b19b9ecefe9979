"""The same moment at several gates, on two servers: whoever comes first, every scan is there once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import astuple
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checkin import clock
from checkin.admission.corrections import Correction, Outcome, override, undo
from checkin.admission.tables import AdmissionRow, OverrideRow, ScanRow, UndoRow
from checkin.attendance import audit
from checkin.database import Database
from checkin.event.model import Event
from checkin.settings import Settings
from tests.at_once import at_once
from tests.checkin.admission.tablet import Tablet, count
from tests.checkin.registration.twice import merge, registered, separate
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_item, token_of
from tests.installed import installed

ROUNDS = 5


@pytest.fixture
def tokens(database: Database, event: Event) -> list[str]:
    with database.transaction() as session:
        return [token_of(event, make_badge(session, event, name=f"Round {number}")) for number in range(ROUNDS)]


def test_a_scan_that_arrives_twice_at_once_is_stored_once_and_answered_alike(
    app: Flask, settings: Settings, database: Database, event: Event, tokens: list[str]
) -> None:
    here = Tablet(app, database, event)
    with installed(settings) as other:
        there = other.test_client()
        for token in tokens:
            batch = {"scans": [make_item(token, DAY_ONE)]}
            send = [
                partial(client.post, "/api/v1/scans", json=batch, headers=here.headers)
                for client in (app.test_client(), there, app.test_client(), other.test_client())
            ]
            answers = at_once(*send)
            assert [200] * 4 == [answer.status_code for answer in answers]
            told = [answer.json["judgements"][0] for answer in answers]
            assert ["admitted"] * 4 == [one["verdict"] for one in told]
            assert [False, True, True, True] == sorted(one["repeated"] for one in told)
    assert ROUNDS == count(database, ScanRow) == count(database, AdmissionRow)


def test_a_badge_at_four_gates_of_two_servers_at_once_is_admitted_once(
    app: Flask, settings: Settings, database: Database, event: Event, tokens: list[str]
) -> None:
    with installed(settings) as other:
        tablets = [Tablet(server, database, event) for server in (app, other, app, other)]
        for token in tokens:
            items = [make_item(token, DAY_ONE) for _ in tablets]
            told = at_once(*(partial(tablet.scan, item) for tablet, item in zip(tablets, items, strict=True)))
            assert 4 == len({judgements[0]["id"] for judgements in told})
            with database.snapshot() as session:
                earliest = min(str(item["id"]) for item in items)
                ids = [str(item["id"]) for item in items]
                admitted = session.scalars(select(AdmissionRow.scan_id).where(AdmissionRow.scan_id.in_(ids))).all()
            assert [earliest] == list(admitted), "of scans of one moment the least id is the first entry"
    assert (ROUNDS, 4 * ROUNDS) == (count(database, AdmissionRow), count(database, ScanRow))


def test_outboxes_with_the_same_people_in_other_orders_do_not_stand_in_each_others_way(
    app: Flask, settings: Settings, database: Database, event: Event, tokens: list[str]
) -> None:
    with installed(settings) as other:
        tablets = [Tablet(server, database, event) for server in (app, other)]
        for _ in range(ROUNDS):
            batches = [[make_item(token, DAY_ONE) for token in order] for order in (tokens, tokens[::-1])]
            told = at_once(*(partial(tablet.scan, *batch) for tablet, batch in zip(tablets, batches, strict=True)))
            assert [ROUNDS, ROUNDS] == [len(judgements) for judgements in told]
    assert (ROUNDS, 2 * ROUNDS * ROUNDS) == (count(database, AdmissionRow), count(database, ScanRow))


def test_two_who_are_merged_and_separated_while_both_badges_are_scanned_are_counted_right(
    app: Flask, settings: Settings, database: Database, event: Event
) -> None:
    with installed(settings) as other:
        tablets = [Tablet(server, database, event) for server in (app, other)]
        for _ in range(ROUNDS):
            pair = registered(database, event, "Ayesha Siddiqui", "Aisha Siddiqi")
            scans, again = (
                [partial(tablet.scan, make_item(token_of(event, badge), DAY_ONE)) for tablet, badge in both]
                for both in [list(zip(tablets, pair, strict=True))] * 2
            )
            kept, double = (badge.visitor_id for badge in pair)
            made, *_ = at_once(partial(merge, database, event, kept, double), *scans)
            with database.snapshot() as session:
                assert ((), ()) == astuple(audit.check(session))
                whose = select(AdmissionRow.visitor_id).where(AdmissionRow.visitor_id >= kept)
                assert [kept] == list(session.scalars(whose))
            at_once(partial(separate, database, event, made), *again)
            with database.snapshot() as session:
                assert ((), ()) == astuple(audit.check(session))
                assert 2 == session.scalar(select(func.count()).where(AdmissionRow.visitor_id >= kept))


@pytest.mark.parametrize(("kind", "row"), [(undo, UndoRow), (override, OverrideRow)])
def test_a_correction_that_arrives_twice_at_once_is_stored_once_and_answered_alike(
    app: Flask,
    database: Database,
    event: Event,
    tokens: list[str],
    kind: Callable[[Session, Correction], Outcome],
    row: type[UndoRow | OverrideRow],
) -> None:
    tablet = Tablet(app, database, event)
    for token in tokens:
        scan = str(tablet.scan(make_item(token, DAY_ONE))[0]["id"])
        details = {"at": DAY_ONE, "reason": "", "by": "tests", "device": None, "now": clock.now()}
        correction = Correction(id=scan[::-1], scan_id=scan, **details)  # type: ignore[arg-type]

        def send(correction: Correction = correction) -> Outcome:
            with database.transaction() as session:
                time.sleep(0.02)
                return kind(session, correction)

        assert [Outcome.DONE] * 4 == at_once(send, send, send, send)
    assert ROUNDS == count(database, row)
