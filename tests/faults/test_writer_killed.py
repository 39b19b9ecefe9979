"""No acknowledged scan is lost, whatever is killed: a few rounds of `tests/faults/torture.py`."""

from __future__ import annotations

from pathlib import Path

from tests.faults import torture

ROUNDS = 3


def test_a_server_killed_under_load_loses_and_doubles_nothing_on_sqlite(tmp_path: Path) -> None:
    assert torture.on_sqlite(tmp_path, ROUNDS) > ROUNDS * torture.CLIENTS


def test_a_server_and_a_database_killed_under_load_lose_and_double_nothing_on_postgresql(tmp_path: Path) -> None:
    assert torture.on_postgresql(tmp_path, ROUNDS) > ROUNDS * torture.CLIENTS
