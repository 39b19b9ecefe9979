"""The log as a file would hold it: what the process says while a test runs, through the formatter that is in use."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from checkin.sight.logs import LineFormatter


class Log(io.StringIO):
    """Lines of JSON."""

    def lines(self, event: str = "") -> list[dict[str, Any]]:
        """Those that say `event`, or all."""
        told = [json.loads(line) for line in self.getvalue().splitlines()]
        return [line for line in told if event in {"", line["event"]}]


@pytest.fixture
def log() -> Iterator[Log]:
    told = Log()
    handler = logging.StreamHandler(told)
    handler.setFormatter(LineFormatter("json"))
    before = logging.root.level
    logging.root.addHandler(handler)
    logging.root.setLevel(logging.DEBUG)
    yield told
    logging.root.removeHandler(handler)
    logging.root.setLevel(before)
