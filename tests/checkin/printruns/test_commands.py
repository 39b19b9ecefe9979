from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from checkin import clock
from checkin.badges import service as badges
from checkin.badges.shortcode import short_code
from checkin.database import Database
from checkin.event.model import Event
from checkin.jobs import service as jobs
from checkin.jobs.model import JobState
from checkin.printruns import service
from checkin.printruns.model import Outcome
from checkin.settings import ROOT, Settings
from tests.checkin.printruns.runs import job_of, make_people, make_run, outcomes
from tests.checkin.printruns.workers import PATIENCE_S, wait_until
from tests.factories import make_badge


def printed(app: Flask, folder: Path, *words: str) -> Result:
    options = ["--template", "a6", "--output", str(folder), *words]
    return app.test_cli_runner().invoke(args=["badges", "print", *options])


def mark_all(database: Database) -> None:
    with database.transaction() as session:
        run = service.latest_runs(session)[0]
        service.mark_printed(session, run, now=clock.now(), by="Sana", actor="staff:1")


def test_it_prints_into_a_folder_and_exits_with_0(app: Flask, database: Database, event: Event, tmp_path: Path) -> None:
    make_people(database, event, 3)
    folder = tmp_path / "here" / "badges"
    done = printed(app, folder)
    assert (0, f"3 of 3 badges are in {folder}\n") == (done.exit_code, done.stdout)
    assert ["manifest.csv", "part-001.pdf"] == sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--category", "nobody"), "There is no category 'nobody'"),
        (("--template", "none"), "There is no template 'none'. There are: 4x3, a4-fold, a6"),
        (("--sheet", "none"), "There is no sheet 'none'"),
        (("--template", "a4-fold", "--sheet", "a4-2x2"), "is folded and fills a page of its own"),
        (("--sheet", "a4-2x2", "--first", "5"), "A sheet a4-2x2 has 4 places: --first 5 is none of them."),
        (("--unprinted", "--changed"), "Choose one of"),
        (("--person", "7K3M-9QXD-X"), "Nobody has this code: 7K3M-9QXD-X."),
        (("--category", "crew"), "No badge is chosen by that: nothing was printed."),
        (("--resume", "7"), "There is no print run 7."),
    ],
)
def test_what_cannot_be_printed_is_refused_with_2_before_anything_is_written(
    app: Flask, database: Database, event: Event, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    make_people(database, event, 1)
    refused = printed(app, tmp_path / "badges", *words)
    assert 2 == refused.exit_code, refused.output
    assert told in refused.stderr
    assert not (tmp_path / "badges").exists()


def test_a_folder_that_holds_a_run_is_not_written_over(
    app: Flask, database: Database, event: Event, tmp_path: Path
) -> None:
    make_people(database, event, 1)
    assert 0 == printed(app, tmp_path / "badges").exit_code
    again = printed(app, tmp_path / "badges")
    assert 2 == again.exit_code
    assert "holds a print run already" in again.stderr


def test_a_second_print_says_how_many_and_whose_and_wants_again(
    app: Flask, database: Database, event: Event, tmp_path: Path
) -> None:
    make_people(database, event, 22)
    assert 0 == printed(app, tmp_path / "1").exit_code
    assert 0 == printed(app, tmp_path / "2").exit_code  # drawn is not printed
    mark_all(database)
    refused = printed(app, tmp_path / "3")
    assert 2 == refused.exit_code
    assert "Marked printed already (22 badges):\n  Visitor 0001 " in refused.stderr
    assert "  and 2 more\nAdd --again to print them once more" in refused.stderr
    assert 0 == printed(app, tmp_path / "3", "--again").exit_code
    assert "No badge is chosen" in printed(app, tmp_path / "4", "--unprinted").stderr


def test_people_are_named_by_short_code_and_a_revoked_one_is_refused(
    app: Flask, database: Database, event: Event, tmp_path: Path
) -> None:
    with database.transaction() as session:
        one, other, _ = (make_badge(session, event, name=name) for name in ("Ayesha", "Bilal", "Chandni"))
    codes = [short_code(badge.number).lower() for badge in (one, other)]
    assert "2 of 2 badges" in printed(app, tmp_path / "1", "--person", codes[0], "--person", codes[1]).stdout
    with database.transaction() as session:
        badges.revoke(session, other.visitor_id, now=clock.now(), actor="staff:1", reason="")
    refused = printed(app, tmp_path / "2", "--person", codes[1])
    assert (2, f"Revoked, so not to be printed: {short_code(other.number)}.\n") == (refused.exit_code, refused.stderr)


def test_characters_that_no_font_has_are_told_by_name_before(
    app: Flask, database: Database, event: Event, tmp_path: Path
) -> None:
    with database.transaction() as session:
        make_badge(session, event, name="Ayesha 𒀀")
    done = printed(app, tmp_path / "badges")
    assert 0 == done.exit_code
    assert "Left out, since no font here has them (1 badge):\n  Ayesha 𒀀: U+12000\n" in done.stderr


def test_a_badge_that_cannot_be_printed_makes_it_1_and_is_named(
    app: Flask, database: Database, event: Event, tmp_path: Path
) -> None:
    with database.transaction() as session:
        gone, _ = (make_badge(session, event, name=name) for name in ("Ayesha", "Bilal"))
    run = make_run(database, event, folder=str(tmp_path))
    with database.transaction() as session:
        jobs.pause(session, run.job.id, now=clock.now())
        badges.revoke(session, gone.visitor_id, now=clock.now(), actor="staff:1", reason="")
    done = app.test_cli_runner().invoke(args=["badges", "print", "--resume", str(run.id)])
    assert (1, f"1 of 2 badges are in {tmp_path}\n") == (done.exit_code, done.stdout)
    told = f"Not printed (1 badge):\n  Ayesha {short_code(gone.number)}: revoked since the run was made\n"
    assert told == done.stderr


def test_ctrl_c_pauses_it_and_resume_goes_on_to_every_badge_once(
    app: Flask, database: Database, event: Event, settings: Settings, tmp_path: Path
) -> None:
    make_people(database, event, 100)
    run = make_run(database, event, about=4, folder=str(tmp_path / "badges"))
    environment = {
        **os.environ,
        "CHECKIN_INSTANCE": str(settings.instance),
        "CHECKIN_DATABASE_URL": settings.database_url,
        "CHECKIN_TOKEN_MASTER": settings.token_master.hex(),
        "CHECKIN_SECRET_KEY": settings.secret_key,
    }
    command = (sys.executable, "-m", "flask", "--app", "wsgi", "badges", "print", "--resume", str(run.id))
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE) as process:
        wait_until(lambda: job_of(database, run).done > 0)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE_S)
    assert 1 == process.returncode
    assert f"The run is paused\nGo on with: flask --app wsgi badges print --resume {run.id}\n" in told.decode()
    assert JobState.PAUSED is job_of(database, run).state
    assert 0 < job_of(database, run).done < 100
    done = app.test_cli_runner().invoke(args=["badges", "print", "--resume", str(run.id)])
    assert 0 == done.exit_code
    assert {Outcome.PRINTED: 100} == outcomes(database, run)
    assert 2 == app.test_cli_runner().invoke(args=["badges", "print", "--resume", str(run.id)]).exit_code
