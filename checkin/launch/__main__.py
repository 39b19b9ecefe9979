"""`run` and `demo`, inside the virtual environment."""

from __future__ import annotations

import argparse
import sys

from checkin.event.mistakes import EventFileError
from checkin.launch import demo, serve
from checkin.settings import SettingsError


def main() -> int:
    """Serve this installation, or the demo's; the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m checkin")
    parser.add_argument("word", choices=("run", "demo"))
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    try:
        return demo.run(asked.host, asked.port) if asked.word == "demo" else serve.run(asked.host, asked.port)
    except (EventFileError, SettingsError, serve.CannotServeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
