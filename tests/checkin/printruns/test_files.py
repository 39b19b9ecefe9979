"""The files of print runs in a folder and in a bucket: whole or not there, and a store that is down loses nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from checkin import clock
from checkin.database import Database
from checkin.event.model import Event
from checkin.jobs import service as jobs
from checkin.jobs.model import JobState
from checkin.launch.serve import site_of
from checkin.printruns import bucket, service, tasks
from checkin.printruns.bucket import Bucket
from checkin.printruns.files import Files, FilesDownError, Folder
from checkin.printruns.model import Order, Outcome, PartState, Run
from checkin.printruns.parts import Result, claim_part, finish_part
from checkin.printruns.queries import parts
from checkin.settings import Settings, SettingsError
from checkin.web import Site
from tests import s3
from tests.checkin.printruns.runs import job_of, make_people, make_run, outcomes
from tests.checkin.staff.people import carry_session, make_staff

HERE = pytest.mark.sqlite("the files lie outside of any database")
URL = f"s3://{s3.BUCKET}/expo"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[s3.Store]:
    """A store that speaks S3, whose address and keys are in the environment."""
    with s3.running(tmp_path / "store") as made:
        for name, value in made.environment.items():
            monkeypatch.setenv(name, value)
        bucket._open.cache_clear()  # noqa: SLF001 - what it opened belongs to an earlier store
        yield made


@pytest.fixture
def site(app: Flask, store: s3.Store) -> Site:
    """The installation, whose print runs go to the bucket."""
    app.config["WTF_CSRF_ENABLED"] = False
    site = site_of(app)
    app.extensions["checkin"] = replace(site, settings=replace(site.settings, files_url=URL))
    return site_of(app)


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path, store: s3.Store) -> Files:
    """The files of one run, in each kind of place."""
    made: Files = Folder(tmp_path / "print" / "7") if request.param == "folder" else Bucket(URL, "print/7/")
    made.make()
    return made


def names(files: Files, store: s3.Store) -> list[str]:
    if isinstance(files, Folder):
        return sorted(path.name for path in files.path.iterdir()) if files.path.exists() else []
    return [name.removeprefix("expo/print/7/") for name in store.names()]


def put(files: Files, name: str, content: bytes, holder: str = "a") -> None:
    with files.new(name, holder) as new:
        new.file.write(content)
        new.close()
        new.put()


def content_of(files: Files, name: str) -> bytes | None:
    stored = files.find(name)
    if stored is None:
        return None
    content = b"".join(stored)
    stored.close()
    assert stored.size == len(content)
    return content


def draw(site: Site, run: Run) -> None:
    while tasks.draw_some(site, run.job.id):
        pass


def test_a_file_is_there_when_it_is_put_and_nothing_is_left_of_one_that_is_not(files: Files, store: s3.Store) -> None:
    with files.new("part-001.pdf", "a") as new:
        new.file.write(b"too early")
        new.empty()
        new.file.write(b"whole")
        assert files.find("part-001.pdf") is None
        new.close()
        assert files.find("part-001.pdf") is None
        new.put()
    assert b"whole" == content_of(files, "part-001.pdf")
    with files.new("part-002.pdf", "a") as lost:
        lost.file.write(b"never put")
        lost.close()
    with files.new("part-003.pdf", "a") as lost:
        lost.file.write(b"never finished")
    assert ["part-001.pdf"] == names(files, store)


def test_of_two_holders_of_one_name_the_later_ones_stays(files: Files, store: s3.Store) -> None:
    with files.new("part-001.pdf", "a") as first:
        first.file.write(b"first")
        first.close()
        put(files, "part-001.pdf", b"second", holder="b")
        first.put()
    assert b"first" == content_of(files, "part-001.pdf")
    assert ["part-001.pdf"] == names(files, store)


def test_what_killed_workers_left_is_cleared_and_deleting_leaves_nothing(files: Files, store: s3.Store) -> None:
    put(files, "part-001.pdf", b"whole")
    put(files, ".part-002.pdf.killed.tmp", b"half")
    files.clear_temporary()
    assert ["part-001.pdf"] == names(files, store)
    files.delete()
    files.delete()
    assert [] == names(files, store)


def test_a_large_file_comes_back_whole_in_small_pieces(files: Files) -> None:
    content = os.urandom(12_000_001)
    put(files, "part-001.pdf", content)
    stored = files.find("part-001.pdf")
    assert stored is not None
    pieces = list(stored)
    stored.close()
    assert content == b"".join(pieces)
    assert 128 * 1024 == max(map(len, pieces))


@HERE
def test_only_their_owner_reads_files_in_a_shared_folder(settings: Settings, tmp_path: Path) -> None:
    there = Settings.load({"CHECKIN_INSTANCE": str(tmp_path), "CHECKIN_FILES_URL": (tmp_path / "shared").as_uri()})
    assert tmp_path / "shared" / "print" == there.prints
    files = Folder(there.prints / "7")
    files.make()
    put(files, "part-001.pdf", b"whole")
    if os.name != "nt":
        assert 0o700 == files.path.stat().st_mode & 0o777
        assert 0o600 == (files.path / "part-001.pdf").stat().st_mode & 0o777


def test_a_run_is_drawn_into_the_bucket_fetched_and_deleted(
    app: Flask, site: Site, client: FlaskClient, database: Database, event: Event, store: s3.Store
) -> None:
    make_people(database, event, 3, organisation="Alpha")
    run = make_run(database, event, about=2, order=Order.COMPANY)
    draw(site, run)
    at = f"expo/print/{run.id}"
    assert [f"{at}/{name}" for name in ("covers.pdf", "manifest.csv", "part-001.pdf", "part-002.pdf")] == store.names()
    assert {Outcome.PRINTED: 3} == outcomes(database, run)
    carry_session(client, database, make_staff(database))
    got = client.get(f"/organise/print/{run.id}/part-1.pdf")
    assert (store.root / s3.BUCKET / at / "part-001.pdf").read_bytes() == got.data
    assert (len(got.data), "no-store") == (got.content_length, got.headers["Cache-Control"])
    document = pypdfium2.PdfDocument(got.data)
    assert 2 == len(document)
    document.close()
    assert client.get(f"/organise/print/{run.id}/covers.pdf").data.startswith(b"%PDF")
    client.post(f"/organise/print/{run.id}/delete")
    assert [] == store.names()
    assert 404 == client.get(f"/organise/print/{run.id}/part-1.pdf").status_code
    assert not site.settings.prints.exists()


def test_a_run_waits_for_a_store_that_is_down_and_goes_on_by_itself(
    site: Site, database: Database, event: Event, store: s3.Store, caplog: pytest.LogCaptureFixture
) -> None:
    make_people(database, event, 4)
    run = make_run(database, event, about=2)
    tasks.draw_some(site, run.job.id)
    store.stop()
    draw(site, run)
    assert JobState.RUNNING is job_of(database, run).state  # so that the sweep takes it up
    with database.snapshot() as session:
        assert [PartState.DONE, PartState.WAITING] == [part.state for part in parts(session, run.id)]
    assert f"print run {run.id} waits for the next sweep" in caplog.text
    assert s3.SECRET not in caplog.text
    store.start()
    draw(site, run)
    assert {Outcome.PRINTED: 4} == outcomes(database, run)
    assert 3 == len(store.names())


@pytest.mark.parametrize(
    ("name", "value", "note"),
    [
        ("AWS_ACCESS_KEY_ID", "another", "cannot write: the bucket refuses the keys of this server"),
        ("", "s3://nobodys/expo", "cannot write: there is no such bucket"),
    ],
)
def test_a_store_that_refuses_pauses_the_run_with_what_is_to_be_mended(
    app: Flask,
    site: Site,
    database: Database,
    event: Event,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    note: str,
) -> None:
    if name:
        monkeypatch.setenv(name, value)
    else:
        site = replace(site, settings=replace(site.settings, files_url=value))
    bucket._open.cache_clear()  # noqa: SLF001 - as a new process would find it
    make_people(database, event, 1)
    run = make_run(database, event)
    draw(site, run)
    assert (JobState.PAUSED, note) == (job_of(database, run).state, job_of(database, run).note)
    with database.snapshot() as session:
        assert [PartState.WAITING] == [part.state for part in parts(session, run.id)]


def test_a_page_says_that_the_files_are_out_of_reach_and_deletes_them_another_time(
    site: Site, client: FlaskClient, database: Database, event: Event, store: s3.Store
) -> None:
    make_people(database, event, 1)
    run = make_run(database, event)
    draw(site, run)
    carry_session(client, database, make_staff(database))
    at = f"/organise/print/{run.id}"
    store.stop()
    for answer in (client.get(f"{at}/part-1.pdf"), client.post(f"{at}/delete")):
        assert 503 == answer.status_code
        assert "The files cannot be reached at the moment." in answer.text
    store.start()
    assert "The files are deleted." not in client.get(at).text
    client.post(f"{at}/delete")
    assert "The files are deleted." in client.get(at).text
    assert [] == store.names()


@HERE
def test_a_store_that_goes_away_is_told_from_one_that_refuses(store: s3.Store) -> None:
    files = Bucket(URL, "print/7/")
    assert files.find("part-001.pdf") is None
    store.stop()
    with pytest.raises(FilesDownError):
        files.find("part-001.pdf")


@HERE
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("/srv/checkin", "must name a folder"),
        ("file://server/share", "must name a folder"),
        ("file://", "must name a folder"),
        ("s3://", "must name a folder"),
        ("s3://checkin?x=1", "must name a folder"),
        ("gs://checkin", "must name a folder"),
        ("s3://key:hunter2@checkin", "holds no keys"),
        ("https://key:hunter2@store", "holds no keys"),
    ],
)
def test_where_no_files_can_lie_is_refused_in_words(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(SettingsError, match=f"CHECKIN_FILES_URL {said}") as refused:
        Settings.load({"CHECKIN_INSTANCE": str(tmp_path), "CHECKIN_FILES_URL": url})
    assert "hunter2" not in str(refused.value)


@HERE
def test_print_runs_lie_in_the_instance_folder_unless_it_is_said_where(tmp_path: Path) -> None:
    environ = {"CHECKIN_INSTANCE": str(tmp_path)}
    assert (tmp_path / "print", "") == (Settings.load(environ).prints, Settings.load(environ).bucket_url)
    there = Settings.load(environ | {"CHECKIN_FILES_URL": "s3://checkin/lahore/"})
    assert "s3://checkin/lahore" == there.bucket_url


def finish_first_part(session: Session, run: Run) -> bool:
    """What a worker does that has drawn the first part."""
    return finish_part(session, run, 1, "me", [Result(seq=0, outcome=Outcome.PRINTED, page=1, place=1)], clock.now())


def test_a_part_that_was_drawn_while_the_files_were_deleted_is_not_finished(database: Database, event: Event) -> None:
    make_people(database, event, 1)
    run = make_run(database, event)
    with database.transaction() as session:
        assert 1 == claim_part(session, run.id, "me", clock.now())
        jobs.cancel(session, run.job.id, clock.now())
    with database.transaction() as session:
        service.forget_files(session, service.get_run(session, run.id), now=clock.now(), actor="staff:1")
    with database.transaction() as session:
        assert not finish_first_part(session, run)


@pytest.mark.postgresql("SQLite has one writer at a time anyway")
def test_whoever_deletes_the_files_waits_for_a_part_that_is_being_finished(database: Database, event: Event) -> None:
    make_people(database, event, 1)
    run = make_run(database, event)
    with database.transaction() as session:
        assert 1 == claim_part(session, run.id, "me", clock.now())
        jobs.cancel(session, run.job.id, clock.now())
    with database.transaction() as worker:
        assert finish_first_part(worker, run)
        with Session(database.engine) as organiser:
            organiser.execute(text("SET LOCAL lock_timeout = '50ms'"))
            over = service.get_run(organiser, run.id)
            with pytest.raises(OperationalError, match="lock timeout"):
                service.forget_files(organiser, over, now=clock.now(), actor="staff:1")
