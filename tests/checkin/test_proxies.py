"""Who asks, and by which address: what proxies say of it is believed only of as many as are told of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request

from checkin.settings import Settings, SettingsError
from tests.installed import installed

CLAIMS = {
    "X-Forwarded-For": "203.0.113.9, 198.51.100.7, 192.0.2.5",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "expo.example.org",
    "X-Forwarded-Prefix": "/elsewhere",
}
SEEN = ("192.0.2.1", "http://localhost/")


@pytest.fixture
def proxied(settings: Settings, request: pytest.FixtureRequest) -> Iterator[Flask]:
    with installed(replace(settings, proxies=request.param)) as app:
        yield app


@pytest.mark.parametrize(
    ("proxied", "address", "root"),
    [(0, *SEEN), (1, "192.0.2.5", "https://expo.example.org/"), (2, "198.51.100.7", "https://expo.example.org/")],
    indirect=["proxied"],
)
def test_as_many_proxies_are_believed_as_there_are(proxied: Flask, address: str, root: str) -> None:
    proxied.add_url_rule("/probe", view_func=lambda: {"address": request.remote_addr, "root": request.url_root})
    got: Any = proxied.test_client().get("/probe", headers=CLAIMS, environ_base={"REMOTE_ADDR": SEEN[0]}).json
    assert {"address": address, "root": root} == got


@pytest.mark.parametrize("count", ["yes", "-1", "10", "1.5", "١"])
def test_a_number_of_proxies_that_is_none_is_refused(tmp_path: Path, count: str) -> None:
    with pytest.raises(SettingsError, match="CHECKIN_PROXIES is the number of proxies"):
        Settings.load({"CHECKIN_INSTANCE": str(tmp_path), "CHECKIN_PROXIES": count})
