"""What a tablet keeps to open without a network, and how the server hands it out."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from checkin.devices.minify import small_javascript
from checkin.devices.shell import shell
from checkin.settings import ROOT

STATIC = ROOT / "static"


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """A copy that a test may change."""
    for name in ("gate", "vendor"):
        shutil.copytree(STATIC / name, tmp_path / name)
    return tmp_path


def test_the_pack_holds_every_text_of_the_gate_but_the_worker_itself(static: Path) -> None:
    names = {path.relative_to(static / "gate").as_posix() for path in (static / "gate").rglob("*") if path.is_file()}
    packed = {"index.html" if address == "./" else address for address in shell(static).packed}
    own = {name for name in packed if not name.startswith("../")}
    assert {name for name in names - own if not name.endswith(".png")} == {"sw.js"}
    assert own <= names


def test_the_shell_holds_the_vendored_files_that_the_gate_needs_and_no_others(static: Path) -> None:
    found = shell(static)
    assert set(found.files) == {
        "../static/vendor/fonts/noto-nastaliq-urdu-400.woff2",
        "../static/vendor/fonts/noto-nastaliq-urdu-700.woff2",
        "../static/vendor/zxing-wasm/reader/index.js",
        "../static/vendor/zxing-wasm/share.js",  # named by the reader, not by us
        "../static/vendor/zxing-wasm/zxing_reader.wasm",
    }
    assert {"../static/vendor/idb/index.js"} == {address for address in found.packed if address.startswith("../")}


def test_a_heavy_file_stands_beside_its_checksum(client: FlaskClient) -> None:
    for address, told in shell(STATIC).files.items():
        with client.get(address.removeprefix("..")) as answer:
            assert (200, told) == (answer.status_code, checksum(answer.data)), address


def test_the_pack_is_served_under_the_rules_for_pages(client: FlaskClient) -> None:
    expected = shell(STATIC)
    answer = client.get("/gate/pack.json")
    assert (200, "application/json", "no-cache") == (
        answer.status_code,
        answer.mimetype,
        answer.headers["Cache-Control"],
    )
    assert expected.pack == answer.data
    assert f'const PACK = "{checksum(answer.data)}";' in expected.script
    with client.get("/gate/") as opened:
        page = opened.headers
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"):
        assert page[name] == answer.headers[name]
    assert list(expected.packed) == list(answer.json)
    assert ["text/html; charset=utf-8", (STATIC / "gate" / "index.html").read_text("utf-8")] == answer.json["./"]
    assert 304 == client.get("/gate/pack.json", headers={"If-None-Match": answer.headers["ETag"]}).status_code


def test_a_first_visit_costs_at_most_60_kb_without_decoder_and_fonts(client: FlaskClient) -> None:
    weights = {}
    for name in ("", "boot.js", "sw.js", "pack.json", "icons/icon.svg", "manifest.webmanifest"):
        with client.get(f"/gate/{name}", headers={"Accept-Encoding": "gzip, deflate"}) as answer:
            assert "gzip" == answer.headers["Content-Encoding"]
            weights[name] = len(answer.data) + len(str(answer.headers))
    assert sum(weights.values()) <= 60_000, weights


@pytest.mark.parametrize("path", ["/gate/app.js", "/gate/", "/static/vendor/zxing-wasm/zxing_reader.wasm"])
def test_a_file_is_squeezed_for_whoever_can_open_it(client: FlaskClient, path: str) -> None:
    with client.get(path) as plain:
        assert "Content-Encoding" not in plain.headers
        assert "Accept-Encoding" == plain.headers["Vary"]
        content = plain.data
    with client.get(path, headers={"Accept-Encoding": "gzip"}) as squeezed:
        assert content == gzip.decompress(squeezed.data)
        assert len(squeezed.data) < len(content) / 1.5
        assert len(squeezed.data) == squeezed.content_length
        tag = squeezed.headers["ETag"]
    with client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": tag}) as again:
        assert (304, b"") == (again.status_code, again.data)
    with client.get("/gate/icons/icon-192.png", headers={"Accept-Encoding": "gzip"}) as picture:
        assert "Content-Encoding" not in picture.headers


def checksum(content: bytes) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()


@pytest.mark.parametrize(
    ("name", "addition"),
    [
        ("gate/app.js", b"go();"),
        ("gate/sw.js", b"go();"),
        ("gate/gate.css", b"a { color: red }"),
        ("gate/index.html", b"\n"),
        ("gate/icons/icon.svg", b"\n"),
        ("vendor/idb/index.js", b"go();"),
        ("vendor/zxing-wasm/share.js", b"\n"),
    ],
)
def test_what_a_browser_could_notice_makes_another_version(static: Path, name: str, addition: bytes) -> None:
    before = shell(static)
    with (static / name).open("ab") as file:
        file.write(addition)
    assert before == shell(STATIC)
    assert before.version != shell(static).version


def test_a_comment_makes_no_version(static: Path) -> None:
    with (static / "gate" / "app.js").open("ab") as file:
        file.write(b"// why\n")
    assert shell(static) == shell(STATIC)


def test_what_an_editor_leaves_behind_makes_no_version(static: Path) -> None:
    for name in (".app.js.swp", "app.js~"):
        (static / "gate" / name).touch()
    assert shell(static) == shell(STATIC)


def test_a_vendored_file_that_is_missing_is_said_at_once(static: Path) -> None:
    (static / "vendor" / "zxing-wasm" / "share.js").unlink()
    with pytest.raises(FileNotFoundError, match=r"share\.js"):
        shell(static)


def test_the_worker_is_served_under_its_version_and_its_list(client: FlaskClient) -> None:
    answer = client.get("/gate/sw.js")
    expected = shell(STATIC)
    assert (200, "text/javascript", "no-cache") == (
        answer.status_code,
        answer.mimetype,
        answer.headers["Cache-Control"],
    )
    told = dict(re.findall(r"^const (VERSION|PACKED|FILES) = (.+);$", answer.text, re.MULTILINE))
    assert {"VERSION": expected.version, "PACKED": list(expected.packed), "FILES": dict(expected.files)} == {
        name: json.loads(value) for name, value in told.items()
    }
    assert answer.text.endswith(small_javascript((STATIC / "gate" / "sw.js").read_text("utf-8")))
    again = client.get("/gate/sw.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert 304 == again.status_code


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("", "text/html"),
        ("app.js", "text/javascript"),
        ("gate.css", "text/css"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("icons/icon.svg", "image/svg+xml"),
        ("icons/icon-512.png", "image/png"),
    ],
)
def test_a_browser_asks_whether_a_file_is_still_the_same(client: FlaskClient, address: str, kind: str) -> None:
    with client.get(f"/gate/{address}") as answer:
        headers = answer.headers
        assert (200, kind, "no-cache") == (answer.status_code, answer.mimetype, headers["Cache-Control"])
    with client.get(f"/gate/{address}", headers={"If-None-Match": headers["ETag"]}) as again:
        assert 304 == again.status_code


def test_the_page_names_its_manifest_and_icons() -> None:
    page = (STATIC / "gate" / "index.html").read_text("utf-8")
    manifest = json.loads((STATIC / "gate" / "manifest.webmanifest").read_text("utf-8"))
    linked = re.findall(r'<link rel="(?:manifest|icon|apple-touch-icon)" href="([^"]+)"', page)
    assert 3 == len(linked)
    for name in [*linked, *(icon["src"] for icon in manifest["icons"])]:
        assert (STATIC / "gate" / name).is_file(), name
    assert ("./", "./", "any") == (manifest["start_url"], manifest["scope"], manifest["orientation"])
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= {
        (icon["sizes"], icon["purpose"]) for icon in manifest["icons"]
    }
