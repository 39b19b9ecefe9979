"""The plain side: two pages, what they are drawn with, and nothing else. The https side: the check page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from flask import Flask
from flask.testing import FlaskClient

from checkin.event.model import Event
from checkin.venue import service
from checkin.venue.folder import Folder
from checkin.venue.model import Hall
from checkin.venue.plain import create_plain
from checkin.venue.views import EXTENSION
from tests.checkin.venue.certificates import NOW, make_given


@pytest.fixture
def plain(event: Event, hall: Hall) -> FlaskClient:
    return create_plain(event, hall).test_client()


def test_the_ca_page_shows_itself_the_gate_and_the_fingerprint(plain: FlaskClient, hall: Hall) -> None:
    page = plain.get("/").text.replace("<wbr>", "")
    own = Folder(hall.folder).standing().authority
    assert own is not None
    for words in (own.fingerprint, own.thumbprint, "192.168.4.0/24", hall.plain, f"{hall.base}/gate/", "hall-ca.crt"):
        assert words in page
    assert 2 == page.count("<svg")
    for device in ("Android 11", "iPad", "Windows"):
        assert device in page
    assert 'dir="rtl"' in plain.get("/?lang=ur").text


def test_the_certificate_is_handed_out_as_devices_want_it(plain: FlaskClient, hall: Hall) -> None:
    answer = plain.get("/hall-ca.crt")
    assert "application/x-x509-ca-cert" == answer.headers["Content-Type"]
    assert "Content-Disposition" not in answer.headers
    given = x509.load_der_x509_certificate(answer.data)
    assert given == x509.load_pem_x509_certificate(Folder(hall.folder).authority.read_bytes())
    assert b"PRIVATE" not in answer.data


@pytest.mark.parametrize(
    "path",
    [
        *("/register", "/gate/", "/organise/", "/sign-in", "/badge/x", "/healthz", "/api/v1/roster", "/api/v1/scans"),
        *("/static/organise.js", "/static/gate/app.js", "/static/venue/../organise.js", "/static/..%2f..%2fwsgi.py"),
        *("/venue/check", "/tls/ca.key", "/ca.key", "/static/venue/%2e%2e/%2e%2e/wsgi.py"),
    ],
)
def test_plain_http_serves_nothing_else_and_says_where_to_go(plain: FlaskClient, hall: Hall, path: str) -> None:
    for method in ("GET", "POST"):
        answer = plain.open(path, method=method)
        assert answer.status_code in {404, 405}
        assert hall.base in answer.text
        assert "session" not in answer.headers.get("Set-Cookie", "")


def test_plain_http_knows_no_route_beyond_the_two_pages(event: Event, hall: Hall) -> None:
    app = create_plain(event, hall)
    assert {"/", "/check", "/now", "/hall-ca.crt", "/static/<path:filename>"} == {
        rule.rule for rule in app.url_map.iter_rules()
    }
    assert "checkin" not in app.extensions  # no database to leak from


def test_the_pages_are_drawn_with_what_they_name(plain: FlaskClient) -> None:
    for name in ("site.css", "venue/venue.css", "venue/check.js", "venue/checks.js", "venue/trial-worker.js"):
        with plain.get(f"/static/{name}") as answer:
            assert 200 == answer.status_code


@pytest.mark.parametrize("host", ["evil.example.com", "192.168.4.10:8080", "laptop.local:8080"])
def test_the_codes_lead_only_to_names_of_the_certificate(plain: FlaskClient, host: str) -> None:
    page = plain.get("/", headers={"Host": host}).text.replace("<wbr>", "")
    assert "evil" not in page
    assert (f"http://{host}/" if "evil" not in host else "http://192.168.4.10:8080/") in page


def test_the_plain_side_may_ask_the_secure_one_and_nobody_else(plain: FlaskClient, hall: Hall) -> None:
    policy = plain.get("/check").headers["Content-Security-Policy"]
    assert policy.endswith(f"connect-src 'self' {hall.base}")
    assert "unsafe-inline" not in policy


def test_a_given_certificate_needs_no_installing(plain: FlaskClient, hall: Hall, tmp_path: Path) -> None:
    service.take(Folder(hall.folder), *make_given(tmp_path), now=NOW, again=True)
    page = plain.get("/").text
    assert "nothing to install" in page
    assert "Android" not in page
    assert 404 == plain.get("/hall-ca.crt").status_code


def test_now_tells_the_time_and_the_certificates_days(app: Flask, hall: Hall, plain: FlaskClient) -> None:
    said = plain.get("/now").json
    assert said["certificate"]["days"] in {388, 389}
    app.extensions[EXTENSION] = hall
    served = app.test_client().get("/venue/now").json
    assert said["certificate"] == served["certificate"]
    assert datetime.fromisoformat(served["server_time"]).tzinfo is not None
    assert served["clock_ok"] is True


def test_behind_another_server_the_check_page_knows_no_certificate(client: FlaskClient) -> None:
    assert client.get("/venue/now").json["certificate"] is None
    page = client.get("/venue/check", base_url="https://expo.example.org").text
    assert 'href="/gate/"' in page
    assert 'data-check="trust"' not in page


def test_the_check_page_has_words_for_every_outcome_that_its_script_may_find(plain: FlaskClient) -> None:
    page = plain.get("/check").text
    for name in ("trust", "secure", "camera", "worker", "storage", "clock", "certificate"):
        assert f'data-check="{name}"' in page
    for outcome in (
        "insecure",
        "denied",
        "none",
        "busy",
        "little",
        "unmeasured",
        "server",
        "silent",
        "soon",
        "further",
    ):
        assert f'data-outcome="{outcome}"' in page
