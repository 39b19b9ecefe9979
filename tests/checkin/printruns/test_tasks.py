"""Drawing a run: what stops it, what it leaves out, who shares it."""

from __future__ import annotations

import csv
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from sqlalchemy import select

from checkin import clock
from checkin.badges import service as badges
from checkin.database import Database
from checkin.event.model import Event
from checkin.jobs import service as jobs
from checkin.jobs.model import JobState
from checkin.launch.serve import site_of
from checkin.printruns import tasks
from checkin.printruns.model import Order, Outcome, PartState, Run
from checkin.printruns.queries import lines, parts
from checkin.printruns.tables import PrintPartRow
from checkin.settings import Settings
from checkin.visitors.service import get_visitor
from checkin.web import Site
from tests.checkin.printruns.runs import job_of, make_people, make_run, outcomes
from tests.checkin.printruns.workers import wait_until, worker
from tests.factories import make_badge


@pytest.fixture
def site(app: Flask) -> Site:
    return site_of(app)


def draw(site: Site, run: Run) -> None:
    while tasks.draw_some(site, run.job.id):
        pass


def folder_of(site: Site, run: Run) -> Path:
    return site.settings.prints / str(run.id)


def manifest(site: Site, run: Run) -> list[dict[str, str]]:
    path = folder_of(site, run) / tasks.MANIFEST
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def pages(path: Path) -> int:
    document = pypdfium2.PdfDocument(path)
    count = len(document)
    document.close()
    return count


def test_a_run_becomes_parts_and_a_manifest_that_only_their_owner_can_read(
    site: Site, database: Database, event: Event
) -> None:
    make_people(database, event, 5)
    run = make_run(database, event, about=2)
    draw(site, run)
    folder = folder_of(site, run)
    files = sorted(folder.iterdir())
    assert ["manifest.csv", "part-001.pdf", "part-002.pdf", "part-003.pdf"] == [path.name for path in files]
    assert [2, 2, 1] == [pages(path) for path in files[1:]]
    if os.name != "nt":
        assert {0o600} == {path.stat().st_mode & 0o777 for path in files}
        assert 0o700 == folder.stat().st_mode & 0o777
    where = [(row["name"], row["file"], row["page"]) for row in manifest(site, run)]
    assert ("Visitor 0004", "part-002.pdf", "2") == where[3]
    job = job_of(database, run)
    assert (JobState.DONE, 5, 0) == (job.state, job.done, job.failed)


def test_a_company_has_a_cover_sheet_and_no_cell_is_a_formula(site: Site, database: Database, event: Event) -> None:
    with database.transaction() as session:
        make_badge(session, event, name="=cmd()", organisation="@Zari")
        make_badge(session, event, name="Ayesha", organisation="Alpha")
        make_badge(session, event, name="Bilal", organisation="Alpha")
    run = make_run(database, event, order=Order.COMPANY)
    draw(site, run)
    assert 2 == pages(folder_of(site, run) / tasks.COVERS)
    assert [("'=cmd()", "'@Zari"), ("Ayesha", "Alpha"), ("Bilal", "Alpha")] == [
        (row["name"], row["organisation"]) for row in manifest(site, run)
    ]


def test_a_badge_that_was_replaced_or_revoked_meanwhile_is_left_out_and_named(
    site: Site, database: Database, event: Event
) -> None:
    with database.transaction() as session:
        replaced, revoked, _ = (make_badge(session, event, name=name) for name in ("Ayesha", "Bilal", "Chandni"))
    run = make_run(database, event)
    with database.transaction() as session:
        visitor = get_visitor(session, replaced.visitor_id)
        badges.replace(session, event, visitor, now=clock.now(), by="Desk 1", actor="staff:1")
        badges.revoke(session, revoked.visitor_id, now=clock.now(), actor="staff:1", reason="")
    draw(site, run)
    assert {Outcome.SKIPPED: 2, Outcome.PRINTED: 1} == outcomes(database, run)
    assert 1 == pages(folder_of(site, run) / "part-001.pdf")
    assert [
        ("Ayesha", "skipped", "replaced since the run was made", ""),
        ("Bilal", "skipped", "revoked since the run was made", ""),
        ("Chandni", "printed", "", "1"),
    ] == [(row["name"], row["result"], row["reason"], row["page"]) for row in manifest(site, run)]


def test_a_badge_that_cannot_be_drawn_is_named_and_the_rest_goes_on(
    site: Site, database: Database, event: Event
) -> None:
    make_people(database, event, 2)
    with database.transaction() as session:
        make_badge(session, event, name="Of A Lost Category", category="exhibitor")
    run = make_run(database, event)
    few = [one for one in event.categories if one.slug != "exhibitor"]
    draw(Site(site.settings, site.database, replace(event, categories=tuple(few))), run)
    assert {Outcome.FAILED: 1, Outcome.PRINTED: 2} == outcomes(database, run)
    assert 1 == job_of(database, run).failed
    assert ("Of A Lost Category", "failed", "cannot be drawn: KeyError") == tuple(
        manifest(site, run)[0][name] for name in ("name", "result", "reason")
    )


def test_a_part_of_dead_badges_alone_has_no_file(site: Site, database: Database, event: Event) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event)
    run = make_run(database, event)
    with database.transaction() as session:
        badges.revoke(session, badge.visitor_id, now=clock.now(), actor="staff:1", reason="")
    draw(site, run)
    assert ["manifest.csv"] == [path.name for path in folder_of(site, run).iterdir()]
    assert JobState.DONE is job_of(database, run).state


def test_a_paused_run_rests_and_goes_on_where_it_was(site: Site, database: Database, event: Event) -> None:
    make_people(database, event, 4)
    run = make_run(database, event, about=2)
    assert tasks.draw_some(site, run.job.id)
    with database.transaction() as session:
        assert jobs.pause(session, run.job.id, now=clock.now())
    assert not tasks.draw_some(site, run.job.id)
    assert (JobState.PAUSED, 2) == (job_of(database, run).state, job_of(database, run).done)
    with database.transaction() as session:
        assert jobs.resume(session, run.job.id, clock.now())
    draw(site, run)
    assert {Outcome.PRINTED: 4} == outcomes(database, run)


def test_a_cancelled_run_keeps_what_is_drawn_and_draws_no_more(site: Site, database: Database, event: Event) -> None:
    make_people(database, event, 4)
    run = make_run(database, event, about=2)
    tasks.draw_some(site, run.job.id)
    with database.transaction() as session:
        jobs.cancel(session, run.job.id, clock.now())
    draw(site, run)
    assert {Outcome.PRINTED: 2, Outcome.WAITING: 2} == outcomes(database, run)
    assert JobState.CANCELLED is job_of(database, run).state


def test_a_template_that_breaks_meanwhile_pauses_the_run_with_its_mend(
    site: Site, database: Database, event: Event, settings: Settings
) -> None:
    make_people(database, event, 1)
    settings.templates.mkdir()
    mine = settings.templates / "mine.toml"
    mine.write_text("nonsense = ")
    run = make_run(database, event, template="mine")
    draw(site, run)
    job = job_of(database, run)
    assert JobState.PAUSED is job.state
    assert job.note.startswith("template: ")
    assert "mine.toml" in job.note
    with database.snapshot() as session:
        assert [PartState.WAITING] == [part.state for part in parts(session, run.id)]


@pytest.fixture
def small_disk(settings: Settings) -> Iterator[Path]:
    """A real file system of 200 kB for the files of print runs; only root may make one."""
    settings.prints.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=200k,mode=700", "tmpfs", str(settings.prints)]
    if os.name == "nt" or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("nobody here may make a small disk")
    yield settings.prints
    subprocess.run(["umount", str(settings.prints)], check=True)


def test_a_full_disk_pauses_the_run_and_says_so_and_it_goes_on_when_there_is_space(
    site: Site, database: Database, event: Event, small_disk: Path
) -> None:
    make_people(database, event, 40)
    run = make_run(database, event, about=10)
    ballast = small_disk / "ballast"
    tasks.draw_some(site, run.job.id)
    with pytest.raises(OSError, match="No space left"):
        ballast.write_bytes(bytes(1_000_000))
    draw(site, run)
    job = job_of(database, run)
    assert (JobState.PAUSED, 10) == (job.state, job.done)
    assert job.note == "disk full: No space left on device"
    assert ["part-001.pdf"] == [path.name for path in folder_of(site, run).iterdir()]
    ballast.unlink()
    with database.transaction() as session:
        jobs.resume(session, run.job.id, clock.now())
    draw(site, run)
    assert {Outcome.PRINTED: 40} == outcomes(database, run)


def test_a_place_that_cannot_be_written_pauses_the_run(
    site: Site, database: Database, event: Event, settings: Settings
) -> None:
    make_people(database, event, 1)
    settings.prints.write_text("no folder")
    run = make_run(database, event)
    draw(site, run)
    assert job_of(database, run).note.startswith("cannot write: ")


def test_two_workers_share_a_run_and_print_each_badge_once(
    site: Site, database: Database, event: Event, settings: Settings
) -> None:
    make_people(database, event, 200)
    run = make_run(database, event, about=8)
    with worker(settings) as one, worker(settings) as other:
        tasks.queue(site, run)
        wait_until(lambda: job_of(database, run).state is JobState.DONE)
    with database.snapshot() as session:
        holders = session.scalars(select(PrintPartRow.holder).where(PrintPartRow.run_id == run.id))
        assert {one.pid, other.pid} == {int(holder.split("-")[0]) for holder in holders}
        drawn = [(line.part, line.page) for line in lines(session, run.id)]
    assert {Outcome.PRINTED: 200} == outcomes(database, run)
    assert 200 == len(set(drawn)) == job_of(database, run).done
