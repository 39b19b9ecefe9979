"""kill -9 in the middle of an import: it completes, with everybody registered once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from checkin.badges.tables import BadgeRow
from checkin.database import Database
from checkin.imports import tasks
from checkin.imports.model import RowState, Stage
from checkin.jobs.model import STALE
from checkin.launch.serve import site_of
from checkin.settings import Settings
from checkin.visitors.tables import VisitorRow
from tests.checkin.imports.lists import again, ask_to_run, check, csv_of, people
from tests.checkin.printruns.workers import wait_until, worker

PEOPLE = 4000
LATER = STALE + timedelta(seconds=5)


def registered(database: Database) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(VisitorRow)) or 0


@pytest.mark.long("test_print_run_killed.py kills the same worker")
def test_an_import_whose_worker_was_killed_completes_with_everybody_once(
    app: Flask, database: Database, settings: Settings
) -> None:
    site = site_of(app)
    found = ask_to_run(database, check(site, csv_of(*people(PEOPLE))))
    assert found.job is not None
    tasks.queue(site, found.job)
    with worker(settings) as first:
        wait_until(lambda: registered(database) >= 200)
        first.kill()
        first.wait()
    assert Stage.RUNNING is again(database, found).stage
    assert 0 < registered(database) < PEOPLE
    with worker(settings, later=LATER):
        wait_until(lambda: again(database, found).stage is Stage.DONE)
    assert PEOPLE == again(database, found).counts[RowState.DONE]
    with database.snapshot() as session:
        everyone = Counter(session.scalars(select(VisitorRow.name)))
        badges = session.scalar(select(func.count()).select_from(BadgeRow))
    assert (PEOPLE, {1}, PEOPLE) == (len(everyone), set(everyone.values()), badges)
