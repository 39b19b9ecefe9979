"""Serving the hall: under which address, with what on the plain side, and when not at all."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from checkin import clock
from checkin.event.model import Event
from checkin.launch import serve, venue
from checkin.organise.addresses import base_for_tablets
from checkin.settings import Settings
from checkin.venue import service
from checkin.venue.folder import Folder
from checkin.venue.model import Hall, Machine, Names
from tests.checkin.venue.certificates import NOW, TITLE, make_machine


def hall_at(
    tmp_path: Path,
    event: Event,
    machine: Machine | None = None,
    *,
    more: Names | None = None,
    host: str = venue.ANYWHERE[0],
) -> Hall:
    """A hall served by a machine with an authority of its own."""
    folder, machine = Folder(tmp_path), machine or make_machine()
    server = service.init(folder, machine, more or Names(), title=TITLE, now=NOW).server
    assert server is not None
    return venue.hall_of(event, machine, server, folder, host=host, port=8443, http_port=8080)


def test_the_hall_is_found_at_the_machines_address_while_the_event_file_names_only_the_machine_itself(
    tmp_path: Path, event: Event
) -> None:
    hall = hall_at(tmp_path, event)
    assert ("https://192.168.4.10:8443", "http://192.168.4.10:8080") == (hall.base, hall.plain)


def test_a_public_address_of_https_is_the_one_for_links(tmp_path: Path, event: Event) -> None:
    public = replace(event, public_url="https://gate.example.org:8443")
    hall = hall_at(tmp_path, public, more=Names(("gate.example.org",)))
    assert ("https://gate.example.org:8443", "http://gate.example.org:8080") == (hall.base, hall.plain)
    assert (
        "https://192.168.4.10:8443" == hall_at(tmp_path / "2", replace(event, public_url="http://10.0.0.1:8000")).base
    )


def test_without_a_network_the_machines_name_has_to_do(tmp_path: Path, event: Event) -> None:
    assert "https://laptop:8443" == hall_at(tmp_path, event, Machine(("laptop",), ())).base
    assert "https://localhost:8443" == hall_at(tmp_path / "2", event, Machine((), ())).base


def test_the_address_that_was_asked_for_is_the_one_that_is_told(tmp_path: Path, event: Event) -> None:
    assert "https://192.168.4.99:8443" == hall_at(tmp_path, event, host="192.168.4.99").base


def test_the_halls_application_makes_links_and_cookies_for_https(settings: Settings, event: Event) -> None:
    hall = hall_at(settings.tls, event)
    app = venue.application(settings, hall)
    site = serve.site_of(app)
    assert app.config["SESSION_COOKIE_SECURE"]
    assert hall.base == base_for_tablets(site.event.public_url, "https://localhost:8443/")
    assert "https://laptop.local:8443" == base_for_tablets(site.event.public_url, "https://laptop.local:8443/")
    site.database.close()


def test_a_taken_port_is_told_with_the_option_that_takes_another(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHECKIN_INSTANCE", str(settings.instance))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(serve.CannotServeError, match=f"Port {port} cannot be used.*--port"):
            venue.run("127.0.0.1", port, 0)
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port, other = taken.getsockname()[1], free.getsockname()[1]
        free.close()
        with pytest.raises(serve.CannotServeError, match=f"Port {port} cannot be used.*--http-port"):
            venue.run("127.0.0.1", other, port)


def test_a_machine_without_a_plausible_clock_serves_no_hall(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHECKIN_INSTANCE", str(settings.instance))
    monkeypatch.setenv("CHECKIN_CLOCK_SHIFT", str(timedelta(days=-20_000).total_seconds()))
    with pytest.raises(serve.CannotServeError, match="clock is wrong"):
        venue.run("127.0.0.1", 0, 0)
    clock.shift(timedelta())
