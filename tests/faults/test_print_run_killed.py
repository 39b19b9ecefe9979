"""kill -9 in the middle of a print run: it completes, with every badge once."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pypdfium2
from flask import Flask

from checkin.database import Database
from checkin.event.model import Event
from checkin.jobs.model import STALE, JobState
from checkin.launch.serve import site_of
from checkin.printruns import tasks
from checkin.printruns.model import Outcome
from checkin.printruns.queries import lines
from checkin.settings import Settings
from tests.checkin.printruns.runs import job_of, make_people, make_run, outcomes
from tests.checkin.printruns.workers import wait_until, worker

BADGES = 300
CODE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]$", re.MULTILINE)
LATER = STALE + timedelta(seconds=5)


def drawn_codes(folder: Path) -> Counter[str]:
    """Every short code on every page of the finished parts."""
    found: Counter[str] = Counter()
    for path in sorted(folder.glob("part-*.pdf")):
        document = pypdfium2.PdfDocument(path)
        for page in document:
            text = page.get_textpage()
            found.update(
                CODE.findall(text.get_text_bounded().replace(" ", "").replace("\r", ""))
            )  # pdfium sees one in a wide kerning
            text.close()
            page.close()
        document.close()
    return found


def test_a_run_whose_worker_was_killed_while_it_drew_completes_with_every_badge_once(
    app: Flask, database: Database, event: Event, settings: Settings
) -> None:
    make_people(database, event, BADGES)
    run = make_run(database, event, about=25)
    folder = settings.prints / str(run.id)
    tasks.queue(site_of(app), run)
    with worker(settings) as first:
        wait_until(lambda: len(list(folder.glob("part-*.pdf"))) >= 2 and any(folder.glob(".part-*.tmp")))
        first.kill()
        first.wait()
    assert JobState.RUNNING is job_of(database, run).state
    assert 0 < job_of(database, run).done < BADGES
    with worker(settings, later=LATER):
        wait_until(lambda: job_of(database, run).state is JobState.DONE)

    assert {Outcome.PRINTED: BADGES} == outcomes(database, run)
    assert BADGES == job_of(database, run).done
    with database.snapshot() as session:
        everyone = Counter(line.short_code for line in lines(session, run.id))
    assert BADGES == len(everyone)
    assert everyone == drawn_codes(folder)
    assert [] == list(folder.glob(".*"))
