"""Starting: a fresh folder is made ready, a wrong one is refused with all that is wrong."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from checkin.database import Database
from checkin.event.model import Event
from checkin.launch import demo, serve
from checkin.settings import ROOT, Settings, SettingsError
from checkin.web import Site
from tests.factories import make_badge
from tests.journeys.hall import make_hall


def start(instance: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CHECKIN_INSTANCE": str(instance)}
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


RUN = ("-m", "checkin.launch", "run", "--host", "127.0.0.1", "--port")


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first, again = (Settings.load({"CHECKIN_INSTANCE": str(tmp_path)}) for _ in range(2))
    assert (first.secret_key, first.token_master) == (again.secret_key, again.token_master)
    other = Settings.load({"CHECKIN_INSTANCE": str(tmp_path / "other")})
    assert first.secret_key != other.secret_key
    for name in ("secret_key", "token_master"):
        assert 0o600 == stat.S_IMODE((tmp_path / name).stat().st_mode)


@pytest.mark.parametrize("master", ["no hexadecimal", "00" * 31])
def test_a_weak_or_unreadable_master_is_refused(tmp_path: Path, master: str) -> None:
    with pytest.raises(SettingsError, match="CHECKIN_TOKEN_MASTER"):
        Settings.load({"CHECKIN_INSTANCE": str(tmp_path), "CHECKIN_TOKEN_MASTER": master})


@pytest.mark.parametrize(
    "words", [(*RUN, "0"), ("-m", "flask", "--app", "wsgi", "event", "check")], ids=["run", "check"]
)
def test_a_broken_event_file_starts_nothing_and_says_all_that_is_wrong(tmp_path: Path, words: tuple[str, ...]) -> None:
    example = (ROOT / "instance" / "event.example.toml").read_text("utf-8")
    broken = example.replace("Asia/Karachi", "Asia/Lahore").replace('opens = "08:00"', 'opens = "eight"')
    (tmp_path / "event.toml").write_text(broken, "utf-8")
    done = start(tmp_path, *words)
    assert 2 == done.returncode
    for words_of_a_mistake in ("Asia/Lahore", "eight", "line "):
        assert words_of_a_mistake in done.stderr
    assert "Traceback" not in done.stderr


def test_an_event_file_that_would_kill_printed_badges_is_refused(app: Flask, database: Database, event: Event) -> None:
    with database.transaction() as session:
        make_badge(session, event)
    serve.prepare(app)
    site = app.extensions["checkin"]
    swapped = tuple(replace(c, number={1: 2, 2: 1}.get(c.number, c.number)) for c in event.categories)
    for changed in (replace(event, slug="other-expo"), replace(event, categories=swapped)):
        app.extensions["checkin"] = Site(site.settings, site.database, changed)
        with pytest.raises(serve.CannotServeError, match="printed"):
            serve.prepare(app)


def test_a_taken_port_is_told_with_its_mend_before_anything_is_touched(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for word in (serve.run, demo.run):
            with pytest.raises(serve.CannotServeError, match=f"Port {port} cannot be used.*--port"):
                word("127.0.0.1", port)


def test_whoever_stops_it_twice_stops_it_in_good_order(tmp_path: Path) -> None:
    hall = make_hall(tmp_path / "instance")
    hall.start()
    process, log = hall.process, tmp_path / "instance" / "server.log"
    assert process is not None
    process.terminate()
    until = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < until:
        process.terminate()
    hall.database.close()

    assert (0, False) == (process.wait(20), "Traceback" in log.read_text())
