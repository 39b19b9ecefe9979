"""Under which address a tablet reaches this server."""

from __future__ import annotations

import pytest

from checkin.organise.addresses import base_for_tablets, is_loopback


@pytest.mark.parametrize(
    ("public_url", "asked", "expected"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:9000/", "http://127.0.0.1:9000"),  # another port: the one in use
        ("http://127.0.0.1:8000", "https://192.168.1.5/", "https://192.168.1.5"),  # the hall's network
        ("https://expo.example", "http://expo.example/", "https://expo.example"),  # a proxy speaks TLS for us
        ("https://expo.example", "http://127.0.0.1:8000/", "https://expo.example"),  # at the server itself
        ("https://expo.example/", "https://hall.local:8443/", "https://hall.local:8443"),
        ("https://expo.example", "http://[::1]:8000/", "https://expo.example"),
    ],
)
def test_the_address_that_works_for_the_organiser_works_for_the_tablet(
    public_url: str, asked: str, expected: str
) -> None:
    assert expected == base_for_tablets(public_url, asked)


def test_loopback_is_known_in_all_its_forms() -> None:
    for address in ("http://127.0.0.1", "http://127.8.8.8:80", "http://[::1]:5", "http://localhost:8000"):
        assert is_loopback(address)
    for address in ("http://192.168.0.1", "https://expo.example", "http://localhost.example"):
        assert not is_loopback(address)
