"""This machine, as it finds itself."""

from __future__ import annotations

from ipaddress import ip_address, ip_interface

import pytest

from checkin.venue.machine import this_machine
from checkin.venue.model import Hall, Names
from checkin.venue.policy import is_name
from tests.checkin.venue.certificates import make_machine


def test_this_machine_has_names_and_knows_its_addresses_but_for_loopback() -> None:
    machine = this_machine()
    assert all(is_name(name) for name in machine.names)
    assert not any(address.is_loopback for address in machine.lan.addresses)
    assert len(machine.interfaces) == len(set(machine.lan.addresses))


@pytest.mark.parametrize("text", ["", "-a", "a_b", "bücher", "a..b", "a" * 64, "a b", "GATE", "1.2.3.4."])
def test_what_cannot_stand_in_a_certificate_is_no_name(text: str) -> None:
    assert not is_name(text)


def test_what_others_can_reach_does_not_include_the_machine_itself() -> None:
    assert Names(("a",), (ip_address("10.0.0.1"),)) == make_machine("10.0.0.1/8", names=("a",)).lan
    assert "10.0.0.0/8" == str(ip_interface("10.0.0.1/8").network)


def test_pages_show_the_address_that_a_device_used_if_the_certificate_names_it(hall: Hall) -> None:
    assert "https://laptop.local:8443" == hall.for_host("laptop.local").base
    assert "http://192.168.4.10:8080" == hall.for_host("192.168.4.10").plain
    for host in ("evil.example.com", "localhost", "127.0.0.1", "", '"><script>'):
        assert hall == hall.for_host(host)
