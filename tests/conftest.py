"""A real installation for each test: its own folder, the real migrations, the clock of day 1."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from checkin import clock
from checkin.database import Database
from checkin.event.load import load_event
from checkin.event.model import Event
from checkin.launch.serve import site_of
from checkin.migrations.upgrade import upgrade
from checkin.settings import ROOT, Settings
from tests.gate.fake_camera import launch, write_clip
from tests.installed import installed
from tests.postgres import fresh_database

# Tests start a hundred programs: where Python was told to keep no bytecode, each would compile all of ours anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
expect.set_options(timeout=15_000)  # a busy machine is slow; nothing here asserts speed
DAY_ONE = datetime(2026, 1, 24, 5, 30, tzinfo=UTC)  # 10:30 in Lahore, doors open


# Where every test that has a database runs on both: what is stored, asked and answered. Browsers look at pages, and
# pages do not know the database. `@pytest.mark.sqlite("why")` keeps a test to one of them. Scans, counts, migrations
# and hostile input are tried on both each time. Of the others each test takes its turn on one of the two, as it does
# with the screens it has sizes for, or the suite would be over its bar. `make test-all` has all of them on both, on
# every screen, and what is marked `long`.
ON_BOTH = (
    *("admission", "apikeys", "arrivals", "attendance", "badges", "devices", "imports", "jobs", "journal", "mail"),
    *("migrations", "oddities", "organise", "people", "printruns", "programme", "registration", "reports", "staff"),
    *("visitors", "webhooks"),
    *("test_database.py", "test_database_on_postgresql.py", "test_hostile.py", "test_prepared.py", "test_web.py"),
)
EACH_TIME = (
    *("admission", "attendance", "migrations"),
    *("test_database.py", "test_database_on_postgresql.py", "test_hostile.py", "test_prepared.py"),
)
BACKENDS = ("sqlite", "postgresql")


IS_ALL = bool(os.environ.get("CHECKIN_TEST_ALL"))


def turn_of(test: str, among: Sequence[str]) -> str:
    """Which of them a test has when it does not have all: always the same."""
    return among[crc32(test.encode()) % len(among)]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, but for `make test-all`, what is long and the screens whose turn it is not."""
    left_out = set() if IS_ALL else {item for item in items if item.get_closest_marker("long") or is_not_its_turn(item)}
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def is_not_its_turn(item: pytest.Item) -> bool:
    """Whether this is one screen of several, and the test has its turn on another."""
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return False
    sizes = sorted(getattr(item.module, "SIZES", ()))
    size = next((one for one in item.callspec.params.values() if isinstance(one, str) and one in sizes), None)
    return size is not None and size != turn_of(item.nodeid.partition("[")[0], sizes)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on each database; `CHECKIN_TEST_DATABASES=sqlite` is for whoever has no PostgreSQL at hand."""
    place = Path(metafunc.definition.path).relative_to(ROOT / "tests").parts
    is_on_both = place[0] == "checkin" and place[1] in ON_BOTH and "browser" not in metafunc.fixturenames
    if is_on_both and "backend" in metafunc.fixturenames:
        asked = os.environ.get("CHECKIN_TEST_DATABASES", "").replace(",", " ").split() or BACKENDS
        if not set(asked) <= set(BACKENDS):
            raise pytest.UsageError(f"CHECKIN_TEST_DATABASES takes {' and '.join(BACKENDS)}")
        only = [name for name in BACKENDS if metafunc.definition.get_closest_marker(name)] or BACKENDS
        if place[1] not in EACH_TIME and not IS_ALL and len(only) > 1:
            only = [turn_of(metafunc.definition.nodeid, BACKENDS)]
        metafunc.parametrize("backend", [name for name in only if name in asked], indirect=True)


def pytest_collection_finish() -> None:
    """What is imported stays: a collection of garbage need not look at it after each few tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


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
def backend(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    """The folder of an installation, with the example event."""
    folder = tmp_path / "instance"
    folder.mkdir()
    shutil.copyfile(ROOT / "instance" / "event.example.toml", folder / "event.toml")
    return folder


@pytest.fixture
def database_url(backend: str, instance: Path, empty_database: Path) -> Iterator[str]:
    """The address of a migrated, empty database. One that cannot be made fails the test: nothing is skipped."""
    if backend == "postgresql":
        with fresh_database() as url:
            yield url
    else:
        shutil.copyfile(empty_database, instance / "checkin.sqlite3")
        yield f"sqlite:///{instance / 'checkin.sqlite3'}"


@pytest.fixture
def settings(instance: Path, database_url: str) -> Iterator[Settings]:
    yield Settings(
        instance=instance,
        database_url=database_url,
        secret_key="a secret of the tests, 32 letters",
        token_master=bytes(range(32)),
        clock_shift=DAY_ONE - datetime.now(UTC),
    )
    clock.shift(timedelta())


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application on `settings`, at 10:30 of day 1."""
    with installed(settings) as app:
        app.config["ATTENDANCE_SNAPSHOT_SECONDS"] = 0  # figures are counted each time they are asked for
        yield app


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
