"""All machines of one expo are told the same: who starts with something else hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from checkin import clock
from checkin.database import Database
from checkin.event.model import Event
from checkin.launch.serve import site_of
from checkin.programme.machines import FORGOTTEN_AFTER, Machine, note_machine, this_machine
from checkin.programme.tables import MachineRow
from checkin.settings import Settings


@pytest.fixture
def one(settings: Settings, event: Event) -> Machine:
    return this_machine(settings, event)


@pytest.fixture
def other(settings: Settings, tmp_path: Path) -> Settings:
    """Another machine's settings, which was told the same."""
    (tmp_path / "other").mkdir()
    return replace(settings, instance=tmp_path / "other")


def start(database: Database, machine: Machine, later: timedelta = timedelta()) -> tuple[str, ...]:
    with database.transaction() as session:
        return note_machine(session, machine, clock.now() + later)


def test_machines_that_were_told_the_same_hear_nothing(
    database: Database, event: Event, one: Machine, other: Settings
) -> None:
    second = this_machine(other, event)
    for machine in (one, second, one, second):
        assert () == start(database, machine)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ("event", "event.toml"),
        ("templates", "templates/ or sheets.toml"),
        ("sheets", "templates/ or sheets.toml"),
        ("secret_key", "CHECKIN_SECRET_KEY"),
        ("token_master", "CHECKIN_TOKEN_MASTER"),
    ],
)
def test_who_was_told_something_else_than_the_machine_before_hears_what(
    database: Database, event: Event, one: Machine, other: Settings, changed: str, words: str
) -> None:
    match changed:
        case "event":
            event = replace(event, capacity=1)
        case "templates":
            (other.templates / "pictures").mkdir(parents=True)
            (other.templates / "pictures" / "logo.png").write_bytes(b"another")
        case "sheets":
            (other.instance / "sheets.toml").write_text("")
        case "secret_key":
            other = replace(other, secret_key="another secret, of 32 letters too")
        case "token_master":
            other = replace(other, token_master=bytes(32))
    start(database, one)
    (said,) = start(database, this_machine(other, event))
    assert f"This machine differs from {one.name} in: {words}. All machines" in said


def test_a_machine_whose_secrets_are_new_hears_of_it_and_a_changed_event_file_is_everyday(
    database: Database, event: Event, one: Machine
) -> None:
    start(database, one)
    assert () == start(database, replace(one, event="another"))
    (said,) = start(database, replace(one, secret_key="another", token_master="another"))
    assert said.startswith("Since its last start this machine has another CHECKIN_SECRET_KEY and another CHECKIN_TOKEN")


def test_a_machine_that_is_long_gone_is_forgotten(database: Database, one: Machine) -> None:
    start(database, replace(one, name="gone", event="another"))
    assert () == start(database, one, FORGOTTEN_AFTER + timedelta(days=1))
    with database.snapshot() as session:
        assert [one.name] == list(session.scalars(select(MachineRow.name)))


def test_a_worker_on_another_machine_hears_of_it_too(app: Flask, database: Database, one: Machine) -> None:
    start(database, replace(one, name="web-1", token_master="another"))
    queue = "redis://127.0.0.1:1/0"  # nobody is there, so the worker ends
    site = site_of(app)
    app.extensions["checkin"] = replace(site, settings=replace(site.settings, jobs_url=queue))
    told = app.test_cli_runner().invoke(args=["jobs", "work"])
    assert "Note: This machine differs from web-1 in: CHECKIN_TOKEN_MASTER." in told.stderr


def test_nothing_that_was_secret_is_stored(database: Database, settings: Settings, one: Machine) -> None:
    start(database, one)
    with database.snapshot() as session:
        row = session.scalars(select(MachineRow)).one()
    assert settings.secret_key not in str(vars(row))
    assert settings.token_master.hex() not in str(vars(row))
