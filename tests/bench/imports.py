"""A list of 20,000 people by the command, as CSV and as a workbook; and how long files that mean harm are looked at."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from checkin.imports.model import BadFileError
from checkin.imports.sheets import read_head, read_rows
from checkin.settings import ROOT
from tests.bench.table import Line
from tests.checkin.imports.lists import csv_of, people, xlsx_of
from tests.checkin.imports.test_sheets import LAUGHS, SHEET, sheet

ROWS = 20_000
MANY_CELLS = b"<row>" + b"<c t='str'><v>x</v></c>" * 1_000_000 + b"</row>"
HARMFUL = {
    "billion laughs": lambda: sheet(LAUGHS + SHEET % b"<row><c t='str'><v>&u;</v></c></row>"),
    "a zip bomb": lambda: sheet(b" " * 1_000_000_000),
    "a million columns (XLSX)": lambda: sheet(SHEET % MANY_CELLS),
    "a million columns (CSV)": lambda: b"Name,City\nSana" + b",x" * 1_000_000 + b"\n",
    "20 MB of NULs": lambda: b"\0" * 20_000_000,
}


def measure(folder: Path) -> Iterator[Line]:
    for name, content in (("CSV", csv_of(*people(ROWS))), ("XLSX", xlsx_of(*people(ROWS)))):
        took, most = _imported(folder / name, content, name.lower())
        yield Line(f"{ROWS:,} rows of {name} read, compared and registered with a badge each", took, "s", 60)
        yield Line("the most memory of that", most, "MB", 250)
    for name, make in HARMFUL.items():
        content = make()
        began = time.perf_counter()
        try:
            deque(read_rows(content, read_head(content)), maxlen=0)
        except BadFileError:
            yield Line(f"{name}: refused in words after", time.perf_counter() - began, "s", 2)
        else:
            raise RuntimeError(f"{name} was taken")


def _imported(instance: Path, content: bytes, ending: str) -> tuple[float, float]:
    """Seconds and megabytes of the command, by `flask visitors import`, with its start."""
    instance.mkdir()
    (instance / "event.toml").write_bytes((ROOT / "instance" / "event.example.toml").read_bytes())
    file = instance / f"people.{ending}"
    file.write_bytes(content)
    environment = os.environ | {"CHECKIN_INSTANCE": str(instance)}
    flask = (sys.executable, "-m", "flask", "--app", "wsgi")
    subprocess.run([*flask, "database", "upgrade"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    began = time.perf_counter()
    words = [*flask, "visitors", "import", str(file), "--yes"]
    most = 0
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as command:
        seen = psutil.Process(command.pid)
        while command.poll() is None:
            with suppress(psutil.Error):
                most = max(most, seen.memory_info().rss)
            time.sleep(0.02)
        told = command.communicate()[0]
    took = time.perf_counter() - began
    if f"{ROWS} registered." not in told:
        raise RuntimeError(told)
    return took, most / 1e6
