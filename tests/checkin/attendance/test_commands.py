"""`flask attendance …`."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import Delete, Update, delete, select, update

from checkin.admission.tables import AdmissionRow
from checkin.attendance.tables import TallyPeopleRow, TallyScanRow, TallyShareRow
from checkin.database import Database
from checkin.event.model import Event
from checkin.journal.tables import JournalRow
from tests.checkin.attendance.crowd import scans
from tests.conftest import DAY_ONE
from tests.factories import make_badge, make_device, make_item, send, token_of

AGREES = "Admissions and counts agree with the scans.\n"


def run(app: Flask, *words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["attendance", *words])
    return done.exit_code, done.output


@pytest.fixture
def one_visitor(database: Database, event: Event) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event, country="PK")
        _, tablet = make_device(session, event)
    send(database, event, tablet, make_item(token_of(event, badge), DAY_ONE))


def test_check_and_rebuild(app: Flask, database: Database, event: Event) -> None:
    scans(database, event, 1)
    assert (0, AGREES) == run(app, "check")
    with database.transaction() as session:
        session.execute(delete(AdmissionRow))
    status, text = run(app, "check")
    assert 2 == status
    assert "missing: visitor" in text
    assert "more" in text
    assert "attendance rebuild" in text
    assert (0, True) == (run(app, "rebuild")[0], run(app, "check") == (0, AGREES))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (
            update(TallyScanRow).where(TallyScanRow.gate == "gate-1").values(counted=TallyScanRow.counted + 1),
            ["wrong: entries 2026-01-24 expo gate-1 trade-visitor: 2 kept, 1 by the scans", "wrong: tally_scan"],
        ),
        (
            update(TallyScanRow).values(scans=9),  # no figure tells refused scans: the shares do
            ["wrong: tally_scan 2026-01-24 gate-1 10 expo in admitted trade-visitor: 9 1 0 kept, 1 1 0 by the scans"],
        ),
        (
            update(TallyPeopleRow).where(TallyPeopleRow.kind == "country").values(people=0, newcomers=0),
            ["wrong: visitors_by_country of 2026-01-24 PK: 0 kept, 1 by the scans", "wrong: tally_people"],
        ),
        (update(TallyShareRow).values(facts=""), ["wrong: share of 1:  kept, ["]),
        (delete(TallyShareRow), ["wrong: share of 1:  kept, not counted yet by the scans"]),
    ],
    ids=["entries", "scans", "people", "share", "no share"],
)
def test_check_tells_each_wrong_sum_and_rebuild_mends_it(
    app: Flask, database: Database, one_visitor: None, spoil: Update | Delete, told: list[str]
) -> None:
    assert (0, AGREES) == run(app, "check")  # and everything is counted by now
    with database.transaction() as session:
        session.execute(spoil)
    status, text = run(app, "check")
    assert 2 == status
    assert [] == [words for words in told if words not in text], text
    assert 0 == run(app, "rebuild")[0]
    assert (0, AGREES) == run(app, "check")


def test_rebuild_is_journalled_and_tells_how_many_admissions_were_wrong(
    app: Flask, database: Database, one_visitor: None
) -> None:
    with database.transaction() as session:
        session.execute(update(AdmissionRow).values(gate="gate-2"))
    status, text = run(app, "rebuild")
    assert 0 == status
    assert text.endswith("Admissions and counts were worked out anew from the scans; admissions mended: 1.\n")
    with database.snapshot() as session:
        assert "attendance.rebuild" in session.scalars(select(JournalRow.action)).all()
