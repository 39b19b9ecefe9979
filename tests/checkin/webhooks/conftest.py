"""An installation whose webhooks may go to a receiver on this machine, and that receiver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from checkin.launch.serve import site_of
from checkin.settings import Settings
from checkin.web import Site
from tests.checkin.sight.conftest import log
from tests.installed import installed

from .receiver import Receiver, receiving, resolve

__all__ = ["log"]


@pytest.fixture
def receiver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    resolve(monkeypatch, "127.0.0.1")
    with receiving(tmp_path) as receiver:
        yield receiver


@pytest.fixture
def app(settings: Settings, receiver: Receiver) -> Iterator[Flask]:
    with installed(replace(settings, webhook_trial=receiver.authority)) as app:
        app.config["ATTENDANCE_SNAPSHOT_SECONDS"] = 0
        yield app


@pytest.fixture
def site(app: Flask) -> Site:
    return site_of(app)
