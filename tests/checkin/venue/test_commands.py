"""`flask venue tls …`: what it says, and its exit status."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from checkin import clock
from checkin.settings import Settings
from checkin.venue import commands, machine
from checkin.venue.folder import Folder
from checkin.venue.model import Machine
from tests.checkin.venue.certificates import make_given, make_machine

Run = Callable[..., Result]


@pytest.fixture
def stand_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Machine], None]:
    """Lets the commands believe that they run on this machine."""

    def stand(here: Machine) -> None:
        monkeypatch.setattr(commands, machine.this_machine.__name__, lambda: here)

    stand(make_machine())
    return stand


@pytest.fixture
def run(app: Flask, stand_at: Callable[[Machine], None]) -> Run:
    return lambda *words: app.test_cli_runner().invoke(args=["venue", "tls", *words])


def test_init_tells_who_until_when_for_what_and_status_the_same(run: Run, settings: Settings) -> None:
    assert 2 == run("status").exit_code
    made = run("init", "--name", "Gate.Example.org", "--address", "10.1.2.3", "--network", "10.9.0.0/24")
    assert 0 == made.exit_code, made.output
    own = Folder(settings.tls).standing().authority
    assert own is not None
    for words in (own.fingerprint, "gate.example.org", "10.1.2.3", "10.9.0.0/24", "192.168.4.10"):
        assert words in made.output
    told = run("status")
    assert 0 == told.exit_code
    assert own.fingerprint in told.output
    assert "days are left" in told.output


def test_init_refuses_to_replace_an_authority_unless_asked_again(run: Run) -> None:
    assert [0, 2, 0] == [run(*words).exit_code for words in (["init"], ["init"], ["init", "--again"])]
    assert "Every tablet must then install" in run("init", "--again").output


def test_the_public_address_of_the_event_file_is_named_too(run: Run, app: Flask, settings: Settings) -> None:
    text = settings.event_file.read_text("utf-8")
    settings.event_file.write_text(text.replace("http://127.0.0.1:8000", "https://expo.example.org"), "utf-8")
    from checkin.app import create_app
    from checkin.launch.serve import site_of

    other = create_app(settings)
    assert "expo.example.org" in other.test_cli_runner().invoke(args=["venue", "tls", "init"]).output
    site_of(other).database.close()


def test_renew_is_done_in_part_where_an_address_lies_outside(run: Run, stand_at: Callable[[Machine], None]) -> None:
    assert 2 == run("renew").exit_code  # nothing to renew yet
    run("init")
    assert 0 == run("renew").exit_code
    stand_at(make_machine("192.168.4.10/24", "10.9.0.5/24"))
    assert 1 == run("status").exit_code
    done = run("renew")
    assert 1 == done.exit_code
    assert "10.9.0.5" in done.output
    assert "--again" in done.output


def test_status_wants_care_when_the_end_is_near(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("init")
    now = clock.machine_now()
    monkeypatch.setattr(clock, "machine_now", lambda: now + timedelta(days=370))
    assert 1 == run("status").exit_code
    monkeypatch.setattr(clock, "machine_now", lambda: now + timedelta(days=400))
    assert 2 == run("status").exit_code


def test_a_given_certificate_is_taken_or_refused_with_the_reason(run: Run, tmp_path: Path) -> None:
    certificate, key = make_given(tmp_path)
    assert 2 == run("init", "--certificate", str(certificate)).exit_code
    assert 2 == run("init", "--certificate", str(certificate), "--key", str(key), "--name", "x").exit_code
    refused = run("init", "--certificate", str(certificate), "--key", str(certificate))
    assert (2, True) == (refused.exit_code, "private key" in refused.output)
    taken = run("init", "--certificate", str(certificate), "--key", str(key))
    assert 0 == taken.exit_code, taken.output
    assert "gate.example.org" in run("status").output


@pytest.mark.parametrize("words", [("--name", "a b"), ("--address", "300.1.1.1"), ("--network", "10.0.0.1/8")])
def test_names_and_addresses_that_are_none_are_refused(run: Run, words: tuple[str, str]) -> None:
    assert 2 == run("init", *words).exit_code


def test_a_machine_without_a_plausible_clock_makes_no_certificate(run: Run) -> None:
    clock.shift(timedelta(days=-20_000))
    refused = run("init")
    assert (2, True) == (refused.exit_code, "Set it first" in refused.output)
