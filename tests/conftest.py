"""A real installation for each test: its own folder, the real migrations, the clock of day 1."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from checkin import clock
from checkin.app import create_app
from checkin.database import Database
from checkin.event.load import load_event
from checkin.event.model import Event
from checkin.launch.serve import site_of
from checkin.migrations.upgrade import upgrade
from checkin.settings import ROOT, Settings
from tests.gate.fake_camera import launch, write_clip

expect.set_options(timeout=15_000)  # a busy machine is slow; nothing here asserts speed
DAY_ONE = datetime(2026, 1, 24, 5, 30, tzinfo=UTC)  # 10:30 in Lahore, doors open


@pytest.fixture(scope="session")
def event() -> Event:
    """The example event, as every installation starts with it."""
    return load_event(ROOT / "instance" / "event.example.toml")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, to be copied: migrations run once a session."""
    path = tmp_path_factory.mktemp("empty") / "checkin.sqlite3"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.transaction() as session:
        session.connection().exec_driver_sql("SELECT 1")
    database.close()
    return path


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path) -> Iterator[Settings]:
    instance = tmp_path / "instance"
    instance.mkdir()
    shutil.copyfile(ROOT / "instance" / "event.example.toml", instance / "event.toml")
    shutil.copyfile(empty_database, instance / "checkin.sqlite3")
    yield Settings(
        instance=instance,
        database_url=f"sqlite:///{instance / 'checkin.sqlite3'}",
        secret_key="a secret of the tests, 32 letters",
        token_master=bytes(range(32)),
        clock_shift=DAY_ONE - datetime.now(UTC),
    )
    clock.shift(timedelta())


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application on `settings`, at 10:30 of day 1."""
    app = create_app(settings)
    app.testing = True
    yield app
    site_of(app).database.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def database(app: Flask) -> Database:
    return site_of(app).database


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the fake camera of every page plays."""
    path = tmp_path_factory.mktemp("camera") / "clip.y4m"
    write_clip(path, [])
    return path


@pytest.fixture(scope="session")
def browser(clip: Path) -> Iterator[Browser]:
    """Chromium, once for each process of the tests: playwright's own loop cannot be started twice in one."""
    with sync_playwright() as playwright:
        chromium = launch(playwright, clip)
        yield chromium
        chromium.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose script errors and CSP violations fail the test."""
    made = context.new_page()
    faults: list[str] = []
    made.on("pageerror", lambda error: faults.append(str(error)))
    made.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    yield made
    assert faults == []
