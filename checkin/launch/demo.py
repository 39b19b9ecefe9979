"""The demo: a living example on its own folder, its own port and the clock of day 1. Made anew at each start.

A process of its own lets made-up people arrive, through the same scenario and the same HTTP as `venue simulate`: first
the morning that has passed, then at life's pace, for as long as the demo runs.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess

from checkin import clock
from checkin.app import create_app
from checkin.event.load import load_event
from checkin.launch.serve import address, open_door, prepare, say, serve, site_of
from checkin.settings import ROOT, Settings
from checkin.staff.service import first_organiser_invitation
from checkin.venue.simulation.drive import Driver
from checkin.venue.simulation.model import Kind, Scenario, Size
from checkin.venue.simulation.scenario import build
from checkin.venue.simulation.stage import Stage, set_up
from checkin.visitors.links import private_link

FOLDER = ROOT / ".demo"
PEOPLE = 400
SCANS_EACH = 3
SEED = 24
HOURS_OPEN = timedelta(hours=1, minutes=20)  # how long the doors have been open when the demo starts
HEALTH_EVERY = timedelta(minutes=2)  # a tablet that keeps quiet for five is called silent
TABLETS_AT_ONCE = 4


def run(host: str, port: int, *, quiet: bool = False) -> int:
    """`python3 -m checkin demo`; `quiet`: nobody arrives any more. Raises EventFileError, CannotServeError."""
    with open_door(host, port) as door:  # first of all: another demo may be at work in the folder
        return _run(host, door, quiet=quiet)


def _run(host: str, door: socket.socket, *, quiet: bool) -> int:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    shutil.copyfile(ROOT / "instance" / "event.example.toml", FOLDER / "event.toml")
    event = load_event(FOLDER / "event.toml")
    opened = event.opens_at(event.show_days[0])
    settings = Settings.load({"CHECKIN_INSTANCE": str(FOLDER)})
    app = create_app(replace(settings, clock_shift=opened + HOURS_OPEN - datetime.now(UTC)))
    prepare(app)
    say("Inviting made-up people …")
    site = site_of(app)
    size = Size(visitors=PEOPLE, scans=PEOPLE * SCANS_EACH, days=1)
    scenario = build(event, size, SEED, health_every=HEALTH_EVERY)
    stage = set_up(site, scenario, clock.now(), progress=lambda *_: None)
    with site.database.transaction() as session:
        code = first_organiser_invitation(session, clock.now())
    port = door.getsockname()[1]
    base, newest = address(host, port), private_link(settings.secret_key, stage.visitors[-1], 0)
    say("", f"The demo of {event.name}: it is {event.local(clock.now()):%H:%M} on its first day.")
    say(f"  Organisers     {base}/invitation/{code}  (opens once: choose any password)")
    say(f"  A badge        {base}/badge/{newest}")
    say(f"  Register       {base}/register", f"  Pair a gate    {base}/organise/devices, or open {base}/gate/ here")
    say(f"  Supervisor PIN {stage.pin}", "Everything in it is forgotten when it starts again.")
    if quiet:
        say("Made-up people came this morning; from now on nobody does (--quiet).")
    else:
        say("Made-up people go on arriving while it runs. For a hall that stands still: --quiet")
    scenario = _from(scenario, clock.now(), quiet=quiet)
    with _arriving(scenario, stage, f"http://{_here(host)}:{port}", site.settings.clock_shift):
        return serve(app, host, door)


def _from(scenario: Scenario, now: datetime, *, quiet: bool) -> Scenario:
    """Without what tablets told of their health before `now`, worth nothing any more; `quiet`: nor what comes after."""
    kept = (one for one in scenario.messages if one.kind is not Kind.HEALTH or one.at > now)
    return replace(scenario, messages=tuple(one for one in kept if not quiet or one.at <= now))


@contextmanager
def _arriving(scenario: Scenario, stage: Stage, url: str, shift: timedelta) -> Iterator[None]:
    """Let people arrive at `url` while the block lasts; from a process, since servers fork and threads do not."""
    apart = multiprocessing.get_context("spawn").Process(target=arrive, args=(scenario, stage, url, shift), daemon=True)
    apart.start()
    try:
        yield
    finally:
        apart.kill()
        apart.join()


def arrive(scenario: Scenario, stage: Stage, url: str, shift: timedelta) -> None:
    """Send each message of the scenario when its moment has come by the demo's clock."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's; it ends this process too
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    clock.shift(shift)
    driver = Driver(
        scenario, stage, url, clients=TABLETS_AT_ONCE, due=lambda at: (at - clock.now()) / timedelta(seconds=1)
    )
    driver.run()


def _follow(parent: BaseProcess) -> None:
    parent.join()
    os._exit(0)


def _here(host: str) -> str:
    """Where this machine finds a server that listens at `host`."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared, not bound
    return everywhere.get(host, f"[{host}]" if ":" in host else host)
