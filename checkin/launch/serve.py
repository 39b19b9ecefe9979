"""Serve one installation: prepare what is missing, say plainly what to do next, answer until told to stop."""

from __future__ import annotations

import shutil
import signal
import socket
import sys
from contextlib import nullcontext
from functools import partial
from types import FrameType
from typing import NoReturn

from flask import Flask

from checkin import clock
from checkin.admission.queries import is_stored
from checkin.app import create_app
from checkin.badges.promises import broken_promises
from checkin.journal import service as journal
from checkin.launch import server
from checkin.launch.worker import working
from checkin.migrations.upgrade import upgrade
from checkin.programme.epoch import note_start
from checkin.programme.machines import note_machine, this_machine
from checkin.settings import ROOT, Settings
from checkin.staff.service import first_organiser_invitation
from checkin.web import Site


class CannotServeError(Exception):
    """The server cannot start; the message says why and what to do."""


def run(host: str, port: int, *, works: bool = True) -> int:
    """`python3 -m checkin run`; `works`: with a worker. Raises EventFileError, SettingsError, CannotServeError."""
    with open_door(host, port) as door:
        app = installation()
        base = address(host, door.getsockname()[1])
        say("", f"{site_of(app).event.name}", f"  The event      {base}/", f"  Register       {base}/register")
        say(
            f"  Organisers     {base}/organise/",
            f"  The gate       {base}/gate/  (pair a tablet at {base}/organise/devices)",
        )
        invite(app, base)
        return serve(app, host, door, works=works)


def installation() -> Flask:
    """The application on this installation's folder, ready to serve. Raises as `run` does."""
    settings = Settings.load()
    example = ROOT / "instance" / "event.example.toml"
    if not settings.event_file.exists():
        shutil.copyfile(example, settings.event_file)
        say(f"The event file is new: {settings.event_file} (edit it, then start again).")
    app = create_app(settings)
    prepare(app)
    return app


def invite(app: Flask, base: str) -> None:
    """As long as there is no organiser, tell the link that makes the first one."""
    with site_of(app).database.transaction() as session:
        code = first_organiser_invitation(session, clock.now())
    if code:
        say("", "You are the first organiser. Open this link once, choose a password, and you are in:")
        say(f"  {base}/invitation/{code}")


def prepare(app: Flask) -> None:
    """Bring the database up, count this start, and refuse an event file that would kill printed badges.

    A database that was put back begins a new epoch, which is said and journalled. Raises CannotServeError.
    """
    site = site_of(app)
    upgrade(site.database)
    with site.database.snapshot() as session:
        problems = broken_promises(session, site.event)
    if problems:
        raise CannotServeError("\n".join(("This event file would kill badges that are printed:", *problems)))
    now = clock.now()
    with site.database.transaction() as session:
        renewed = note_start(session, site.settings.instance, now, is_stored)
        if renewed:
            journal.record(session, now=now, actor="server", action="epoch.renew")
        differences = note_machine(session, this_machine(site.settings, site.event), now)
    say(*(f"Note: {line}" for line in differences))
    if renewed:
        say("This database was put back or brought here. Tablets will offer again what they have sent before.")


def serve(app: Flask, host: str, door: socket.socket, *, works: bool = True) -> int:
    """Answer requests at `door` until Ctrl-C or SIGTERM; then finish those under way.

    The serving processes make `app` anew, from its settings.
    """
    site = site_of(app)
    signal.signal(signal.SIGTERM, stop)
    say("", f"Serving on {address(host, door.getsockname()[1])} — stop with Ctrl-C.")
    site.database.close()  # each serving process opens its own
    with working(site.settings) if works else nullcontext():
        load = partial(create_app, site.settings)
        server.serve(load, door, processes=site.settings.web_processes, forks=True)
    return 0


def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    """End in good order, before the server takes over; whoever asks again changes nothing."""
    server.deafen()
    raise SystemExit(0)


def open_door(host: str, port: int, option: str = "--port") -> socket.socket:
    """A listening socket. Raises CannotServeError, which names the option that takes another port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family, backlog=server.BACKLOG)
    except OSError as error:
        raise CannotServeError(
            f"Port {port} cannot be used ({error.strerror}). Choose another with {option}."
        ) from None
    # Who comes in inherits it: otherwise an answer's second packet waits for the first one's receipt, up to 44 ms.
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return door


def site_of(app: Flask) -> Site:
    """The installation behind `app`."""
    site = app.extensions["checkin"]
    if not isinstance(site, Site):
        raise TypeError("the application was not made by create_app()")
    return site


def address(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    shown = socket.gethostname() if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://{shown}:{port}"


def say(*lines: str) -> None:
    """Tell whoever started the server, at once."""
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
