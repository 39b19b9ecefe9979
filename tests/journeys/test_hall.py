"""The hall's own Wi-Fi: a server on https, and a tablet at another address that trusts its authority."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from ipaddress import ip_address
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from checkin.__main__ import BROWSERS
from checkin.venue.machine import this_machine
from tests.checkin.venue.certificates import spki_of
from tests.gate.acting import kept
from tests.gate.fake_camera import ARGUMENTS
from tests.journeys.conftest import ROOT, free_port

# The address of the Wi-Fi; a machine without a network has a second loopback address at least.
ADDRESS = next((str(one.ip) for one in this_machine().interfaces), "127.0.0.2")
WORKING = re.compile("ready|degraded")
PASSWORD = "a long password of the tests"


@dataclass
class Hall:
    """A hall that is being served: https for everything, plain http for what makes a tablet ready."""

    url: str
    plain: str
    tls: Path
    log: Path
    process: subprocess.Popen[bytes]
    ends_with: int = 0

    @property
    def trusting(self) -> ssl.SSLContext:
        """What verifies as a tablet does that installed the authority: chain, dates, names, name constraints."""
        return ssl.create_default_context(cafile=self.tls / "ca.crt")


@contextmanager
def serving(instance: Path) -> Iterator[Hall]:
    """The server as `venue` starts it, on every address of this machine."""
    shutil.copyfile(ROOT / "instance" / "event.example.toml", instance / "event.toml")
    environment = os.environ | {"CHECKIN_INSTANCE": str(instance)}
    if ip_address(ADDRESS).is_loopback:  # no first start would name it
        flask = [sys.executable, "-m", "flask", "--app", "wsgi", "venue", "tls", "init", "--address", ADDRESS]
        subprocess.run(flask, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=60)
    port, http_port, log = free_port(), free_port(), instance / "server.log"
    words = ["-m", "checkin.launch", "venue", "--host", "0.0.0.0"]  # noqa: S104 - another address than loopback is the test
    ports = ["--port", str(port), "--http-port", str(http_port)]
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, *words, *ports], cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    hall = Hall(f"https://{ADDRESS}:{port}", f"http://{ADDRESS}:{http_port}", instance / "tls", log, process)
    try:
        wait_for(hall)
        yield hall
    finally:
        process.terminate()
        assert hall.ends_with == process.wait(30), log.read_text("utf-8")


def wait_for(hall: Hall) -> None:
    for _ in range(400):
        if hall.process.poll() is not None:
            break
        try:
            opened(f"{hall.url}/readyz", hall.trusting).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the hall is not served:\n{hall.log.read_text('utf-8')}")


def opened(url: str, context: ssl.SSLContext | None = None) -> HTTPResponse:
    return urllib.request.urlopen(url, timeout=5, context=context)  # type: ignore[no-any-return]  # noqa: S310 - our own server


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with serving(tmp_path_factory.mktemp("hall")) as served:
        yield served


@pytest.fixture
def tablet(hall: Hall, browser: Browser, clip: Path, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser that trusts this hall and nobody else whom it did not trust before."""
    has_installed = install(hall.tls / "ca.crt", tmp_path / "home")
    context = browser.browser_type.launch_persistent_context(
        tmp_path / "tablet",
        executable_path=next(filter(None, map(shutil.which, BROWSERS))),
        args=[
            *ARGUMENTS,
            f"--use-file-for-fake-video-capture={clip}",
            *([] if has_installed else [f"--ignore-certificate-errors-spki-list={pin_of(hall.tls / 'server.crt')}"]),
        ],
        env=dict(os.environ) | ({"HOME": str(tmp_path / "home")} if has_installed else {}),
        locale="en-GB",
        permissions=["camera"],
        viewport={"width": 800, "height": 1280},
    )
    yield context
    context.close()


def install(authority: Path, home: Path) -> bool:
    """Put the authority where Chromium on Linux keeps what its person trusts; False without NSS's tool for that.

    Then the certificate's own key is pinned instead: a service worker accepts that too, the chain goes unverified here.
    """
    certutil = shutil.which("certutil")
    if certutil is None or sys.platform != "linux":
        return False
    for folder in (home / ".pki" / "nssdb", home / ".local" / "share" / "pki" / "nssdb"):  # older and newer Chromium
        folder.mkdir(parents=True)
        for words in (["-N", "--empty-password"], ["-A", "-t", "C,,", "-n", "the hall", "-i", str(authority)]):
            subprocess.run([certutil, "-d", f"sql:{folder}", *words], check=True, capture_output=True, timeout=60)
    return True


def pin_of(certificate: Path) -> str:
    return base64.b64encode(hashlib.sha256(spki_of(certificate)).digest()).decode()


def test_who_trusts_the_authority_reaches_the_hall_at_its_address_and_nobody_else_does(hall: Hall) -> None:
    with opened(f"{hall.url}/gate/", hall.trusting) as answer:
        assert 200 == answer.status
        assert "Strict-Transport-Security" not in answer.headers  # the address is somebody else's tomorrow
    with pytest.raises(OSError, match="certificate verify failed"):
        opened(f"{hall.url}/gate/", ssl.create_default_context())
    older = hall.trusting
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    opened(f"{hall.url}/healthz", older).close()


def test_plain_http_hands_out_the_authority_and_no_page_of_the_application(hall: Hall) -> None:
    with opened(f"{hall.plain}/hall-ca.crt") as answer:
        assert ssl.DER_cert_to_PEM_cert(answer.read()) == (hall.tls / "ca.crt").read_text("ascii")
    for path in ("/gate/", "/register", "/static/venue/../gate/app.js"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            opened(hall.plain + path)


def test_the_server_says_where_to_go_and_which_fingerprint_is_right(hall: Hall) -> None:
    said = hall.log.read_text("utf-8")
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert((hall.tls / "ca.crt").read_text("ascii"))).hexdigest().upper()
    assert re.sub("(..)(?!$)", r"\1:", digest) in said
    port = hall.plain.rsplit(":", 1)[1]
    assert re.search(rf"http://\S+:{port}/ ", said)
    assert re.search(r"https://\S+/invitation/\S+", said)
    assert "█" in said


def test_a_tablet_is_checked_paired_and_opens_its_gate_without_a_network(hall: Hall, tablet: BrowserContext) -> None:
    page = tablet.pages[0]
    check(page, hall)
    link = pair(page, hall)
    assert link.startswith(f"{hall.url}/gate/#pair=")
    page.goto("about:blank")
    page.goto(link)
    page.click("#start")
    expect(page.locator("#readiness")).to_have_attribute("data-state", WORKING)
    kept(page)
    tablet.set_offline(True)
    page.reload()
    page.click("#start")
    expect(page.locator("#readiness")).to_have_attribute("data-state", WORKING)
    assert page.evaluate("() => window.isSecureContext")
    assert page.evaluate("() => document.querySelector('video').srcObject.active")


def check(page: Page, hall: Hall) -> None:
    """From the plain page, where camera and worker are red, to the secure one, where all is green."""
    page.goto(f"{hall.plain}/check")
    expect(page.locator("#summary")).to_have_attribute("data-shown", "further")
    lights = {name: page.get_attribute(f"[data-check={name}]", "data-light") for name in ("secure", "camera", "worker")}
    assert {"secure": "bad", "camera": "bad", "worker": "bad"} == lights
    page.click("#securely")
    expect(page.locator("#summary")).to_have_attribute("data-light", "good")
    assert page.url.startswith(hall.url)
    assert {"good"} == {box.get_attribute("data-light") for box in page.locator(".check").all()}
    page.click("#gate")
    page.wait_for_url(f"{hall.url}/gate/")


def pair(page: Page, hall: Hall) -> str:
    """The first organiser signs in under the hall's address, and makes the pairing link."""
    invitation = re.search(r"https://\S+(/invitation/\S+)", hall.log.read_text("utf-8"))
    assert invitation is not None
    page.goto(hall.url + invitation[1])
    for name, text in (("name", "Sana Butt"), ("email", "sana@expo.example")):
        page.fill(f"[name={name}]", text)
    for name in ("password", "password_again"):
        page.fill(f"[name={name}]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/organise/")
    cookies = {cookie["name"]: cookie["secure"] for cookie in page.context.cookies()}
    assert {"staff_session": True, "session": True} == {name: cookies[name] for name in ("staff_session", "session")}
    page.goto(f"{hall.url}/organise/devices")
    page.fill("[name=name]", "Gate 1, tablet A")
    page.select_option("[name=gate]", "gate-1")
    page.locator("form:has([name=gate]) button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("#pair=")
    link = re.search(r"http\S+/gate/#pair=\w+", page.inner_text("main"))
    assert link is not None
    return link[0]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's children in files")
def test_the_application_comes_back_when_it_dies_and_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    with serving(tmp_path) as hall:
        os.kill(at_work(hall), signal.SIGKILL)
        wait_for(hall)
        again = at_work(hall)
        hall.ends_with = -signal.SIGKILL
        hall.process.kill()
        hall.process.wait()
        for _ in range(200):
            if not Path(f"/proc/{again}/stat").exists():
                return
            time.sleep(0.1)
    pytest.fail("the application goes on alone")


def at_work(hall: Hall) -> int:
    """The process of the application."""
    children = Path(f"/proc/{hall.process.pid}/task/{hall.process.pid}/children").read_text("ascii").split()
    found = [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert 1 == len(found)
    return found[0]
