"""`run`, `demo` and `venue`, inside the virtual environment."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from checkin.event.mistakes import EventFileError
from checkin.settings import COUNTS, SettingsError


def main() -> int:
    """Serve this installation, the demo's, or the hall; the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m checkin")
    parser.add_argument("word", choices=("run", "demo", "venue"))
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--http-port", type=int, default=8080)
    parser.add_argument("--no-worker", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    asked = parser.parse_args()
    with _counting():
        return _serve(asked)


def _serve(asked: argparse.Namespace) -> int:
    from checkin.launch import demo, serve, venue  # noqa: PLC0415 - once it is known where metrics are counted
    from checkin.sight import logs  # noqa: PLC0415

    try:
        logs.set_up()
        if asked.word == "venue":
            return venue.run(asked.host, asked.port, asked.http_port)
        if asked.word == "demo":
            return demo.run(asked.host, asked.port, quiet=asked.quiet)
        return serve.run(asked.host, asked.port, works=not asked.no_worker)
    except (EventFileError, SettingsError, serve.CannotServeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


@contextmanager
def _counting() -> Iterator[None]:
    """A folder in which all processes of this start count together, if anybody is to see the metrics."""
    if COUNTS in os.environ or not os.environ.get("CHECKIN_METRICS_KEY"):
        yield
        return
    with TemporaryDirectory(prefix="checkin-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ[COUNTS] = folder
        yield


if __name__ == "__main__":
    sys.exit(main())
