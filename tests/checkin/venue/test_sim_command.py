"""`flask venue simulate`: when it refuses, and that nothing was done then."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from checkin.database import Database
from checkin.event.model import Event
from checkin.visitors.tables import VisitorRow
from tests.checkin.admission.tablet import count
from tests.factories import make_badge
from tests.journeys.conftest import free_port

Command = Callable[..., Result]


@pytest.fixture
def simulate(app: Flask) -> Command:
    return lambda *words: app.test_cli_runner().invoke(args=["venue", "simulate", "--visitors", "5", *words])


@pytest.fixture
def url() -> str:
    return f"http://127.0.0.1:{free_port()}"


def test_it_says_what_it_will_do_and_does_nothing_unasked(simulate: Command, database: Database, url: str) -> None:
    done = simulate("--url", url)
    assert 2 == done.exit_code
    assert "5 made-up people, 15 scans" in done.output
    assert "The new ones stay here" in done.output
    assert "--yes" in done.output
    assert 0 == count(database, VisitorRow)


def test_it_refuses_a_place_of_real_people_whatever_is_asked(
    simulate: Command, database: Database, event: Event, url: str
) -> None:
    with database.transaction() as session:
        make_badge(session, event)
    done = simulate("--url", url, "--yes")
    assert (2, True) == (done.exit_code, "1 real people are registered here" in done.output)
    assert 1 == count(database, VisitorRow)


def test_nobody_is_added_where_no_server_answers(simulate: Command, database: Database, url: str) -> None:
    done = simulate("--url", url, "--yes")
    assert (2, True) == (done.exit_code, f"Nobody answers at {url}" in done.output)
    assert 0 == count(database, VisitorRow)


def test_words_that_make_no_sense_are_refused(simulate: Command, url: str) -> None:
    assert 2 == simulate("--url", url, "--gates", "12").exit_code
    assert 2 == simulate("--url", url, "--speed", "0").exit_code
    assert 2 == simulate("--url", "nowhere", "--yes").exit_code
