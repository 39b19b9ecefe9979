"""Serve the hall: https for everything, and on plain http the two pages that make a tablet ready.

Three processes: this one prepares, keeps the plain pages and minds the others, the application and the worker.
"""

from __future__ import annotations

import signal
import socket
import sys
import threading
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from flask import Flask
from waitress.server import create_server

from checkin import clock
from checkin.app import create_app
from checkin.event.model import Event
from checkin.launch import server
from checkin.launch.serve import CannotServeError, installation, invite, open_door, say, site_of, stop
from checkin.launch.worker import working
from checkin.organise.addresses import is_loopback
from checkin.settings import Settings
from checkin.venue import service
from checkin.venue.folder import Folder
from checkin.venue.machine import this_machine
from checkin.venue.model import Certificate, Hall, Machine, TlsError
from checkin.venue.plain import create_plain
from checkin.venue.policy import names_of, title_of
from checkin.venue.views import EXTENSION
from checkin.web import Site
from printing import qr_text

ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
PLAIN_THREADS = 16


def run(host: str, port: int, http_port: int) -> int:
    """`python3 -m checkin venue`. Raises EventFileError, SettingsError, CannotServeError."""
    with open_door(host, port) as door:
        return _run(host, door, http_port)


def _run(host: str, door: socket.socket, http_port: int) -> int:
    app, port = installation(), door.getsockname()[1]
    site, machine = site_of(app), this_machine()
    folder = Folder(site.settings.tls)
    if not clock.is_plausible():
        raise CannotServeError("This machine's clock is wrong by years. Set it first: tablets compare the dates.")
    try:
        now = clock.machine_now()
        title = title_of(site.event, now)
        certificate, told = service.ready(folder, machine, names_of(site.event), title=title, now=now)
    except TlsError as error:
        raise CannotServeError(str(error)) from None
    hall = hall_of(site.event, machine, certificate, folder, host=host, port=port, http_port=http_port)
    serve_plain(create_plain(site.event, hall), host, http_port)
    signal.signal(signal.SIGTERM, stop)
    _greet(app, hall, told)
    site.database.close()  # each serving process opens its own
    with working(site.settings):  # no forks: the plain pages are served by threads of this process
        load = partial(application, site.settings, hall)
        server.serve(load, door, processes=site.settings.web_processes, tls=folder)
    return 0


def hall_of(
    event: Event, machine: Machine, certificate: Certificate, folder: Folder, *, host: str, port: int, http_port: int
) -> Hall:
    """Where the hall finds it: the public address if it is https; else the certificate's first address of the Wi-Fi."""
    on_wifi = [str(one) for one in machine.lan.addresses if one in certificate.names.addresses]
    named = [name for name in certificate.names.dns if name != "localhost"]
    public = urlsplit(event.public_url)
    if host not in ANYWHERE:
        best = host
    elif public.hostname and certificate.names.has(public.hostname) and not is_loopback(event.public_url):
        best = public.hostname
    else:
        best = next(iter((*on_wifi, *named)), "localhost")
    shown = f"[{best}]" if ":" in best else best
    is_public = public.scheme == "https" and not is_loopback(event.public_url)
    return Hall(
        folder=folder.path,
        base=event.public_url.rstrip("/") if is_public else f"https://{shown}:{port}",
        plain=f"http://{shown}:{http_port}",
        port=port,
        http_port=http_port,
        names=certificate.names,
    )


def application(settings: Settings, hall: Hall) -> Flask:
    """The application as the hall has it."""
    app = create_app(settings)
    # Cookies know no ports: without this the browser would send the session to the plain pages too.
    app.config["SESSION_COOKIE_SECURE"] = True
    site = site_of(app)
    app.extensions["checkin"] = Site(site.settings, site.database, replace(site.event, public_url=hall.base))
    app.extensions[EXTENSION] = hall
    return app


def serve_plain(app: Flask, host: str, port: int) -> None:
    """Serve `app` over plain http for as long as this process lives. Raises CannotServeError."""
    door = open_door(host, port, "--http-port")
    server = create_server(app, sockets=[door], threads=PLAIN_THREADS, max_request_body_size=10_000, ident="")
    threading.Thread(target=server.run, daemon=True).start()


def _greet(app: Flask, hall: Hall, told: list[str]) -> None:
    say(*(f"Note: {line}" for line in told))
    authority = Folder(hall.folder).standing().authority
    say("", site_of(app).event.name, f"  New tablets    {hall.plain}/  (open this there first)")
    say(f"  The gate       {hall.base}/gate/  (pair a tablet at {hall.base}/organise/devices)")
    say(f"  Organisers     {hall.base}/organise/", "")
    qr = qr_text(f"{hall.plain}/")
    if _can_print(qr):
        say(qr)
    if authority:
        say("The tablets shall see this fingerprint on that page:", f"  {authority.fingerprint}")
    invite(app, hall.base)
    say("", f"Serving on {hall.base} — stop with Ctrl-C.")


def _can_print(text: str) -> bool:
    """Whether this terminal's alphabet has half blocks; an old Windows console has not."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
