"""One server of a benchmark in a process of its own: `python -m tests.bench.serving KIND PORT [--gunicorn]`.

KIND `ours`: the application. `no-database`: its view for scans with everything but the database. `plain`: the same
rules in a view as most would write it, an ORM session for each request.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from checkin import clock
from checkin.admission import reading, wire
from checkin.admission.answers import judgement_json
from checkin.app import create_app
from checkin.badges.keys import KeyRing
from checkin.devices.links import hash_of
from checkin.launch.serve import open_door, site_of
from checkin.launch.server import THREADS, serve
from checkin.venue.folder import Folder
from tests.bench import plain_orm


def application(kind: str) -> Flask:
    app = create_app()
    if kind == "ours":
        return app
    view: Callable[[Flask], ResponseReturnValue] = without_database if kind == "no-database" else plain_orm.post_scans
    app.view_functions["admission.post_scans"] = partial(view, app)
    return app


def without_database(app: Flask) -> ResponseReturnValue:
    """Reads and proves everything that comes, and tells a judgement of its size; looks nobody up and stores nothing."""
    site = site_of(app)
    hash_of(request.headers.get("Authorization", ""))
    keys = KeyRing(site.settings.token_master)
    arrivals = wire.read_batch(request.get_json())
    for arrival in arrivals:
        if arrival.scan is not None:
            reading.read(site.event, keys, arrival.scan.token)
    told = [judgement_json(site.event, plain_orm.invented(arrival)) for arrival in arrivals]
    moment = site.event.local(clock.now()).isoformat(timespec="milliseconds")
    return jsonify(judgements=told, gate_today=1, revision=1, server_time=moment, clock_ok=clock.is_plausible())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("ours", "no-database", "plain"))
    parser.add_argument("port", type=int)
    parser.add_argument("--gunicorn", action="store_true")
    parser.add_argument("--tls", type=Path)
    asked = parser.parse_args()
    if asked.gunicorn:
        folder = Folder(asked.tls) if asked.tls else None
        tls = [f"--certfile={folder.server}", f"--keyfile={folder.server_key}"] if folder else []
        target = f"tests.bench.serving:application('{asked.kind}')"
        options = ("--worker-class=gthread", f"--threads={THREADS}", "--log-level=error", "--keep-alive=60")
        os.execv(  # noqa: S606 - our own command
            sys.executable,
            [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{asked.port}", *options, *tls, target],
        )
    door = open_door("127.0.0.1", asked.port)
    serve(partial(application, asked.kind), door, tls=Folder(asked.tls) if asked.tls else None)


if __name__ == "__main__":
    main()
