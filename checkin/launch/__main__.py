"""`run`, `demo` and `venue`, inside the virtual environment."""

from __future__ import annotations

import argparse
import sys

from checkin.event.mistakes import EventFileError
from checkin.launch import demo, serve, venue
from checkin.settings import SettingsError


def main() -> int:
    """Serve this installation, the demo's, or the hall; the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m checkin")
    parser.add_argument("word", choices=("run", "demo", "venue"))
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--http-port", type=int, default=8080)
    asked = parser.parse_args()
    try:
        if asked.word == "venue":
            return venue.run(asked.host, asked.port, asked.http_port)
        return demo.run(asked.host, asked.port) if asked.word == "demo" else serve.run(asked.host, asked.port)
    except (EventFileError, SettingsError, serve.CannotServeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
