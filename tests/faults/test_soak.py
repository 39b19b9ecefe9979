"""A short soak: a server that is told to stop under load has stored whatever it acknowledged, with TLS too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.scans import Stage
from tests.bench.soak import certified, soak


@pytest.mark.long("launch/test_server.py stops a server in a rush")
@pytest.mark.parametrize("with_tls", [False, True], ids=["plain", "tls"])
def test_a_server_that_is_told_to_stop_under_load_loses_nothing(tmp_path: Path, *, with_tls: bool) -> None:
    tls, context = certified(tmp_path) if with_tls else (None, None)
    stage = Stage(tmp_path, people=100)
    found = soak(stage, 2.0, *(["--tls", str(tls)] if tls else []), tls=context)
    stage.hall.database.close()
    assert (0, 0) == (found.lost, found.refused)
    assert found.stored > 200
    assert min(found.memory_mb) > 10
