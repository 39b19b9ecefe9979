"""The camera, and what it sees."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.gate.acting import OTHER, TOKEN, eventually, open_gate, scan, start, type_code, verdict
from tests.gate.fake_camera import on_grey, qr_picture, show
from tests.gate.serving import AYESHA, FakeServer


def test_a_badge_before_the_camera_is_judged_and_counted(page: Page, server: FakeServer, clip: Path) -> None:
    server.judge = lambda _: {"verdict": "admitted", "visitor": AYESHA}
    open_gate(page, server)
    start(page)
    show(page, clip, qr_picture(TOKEN))
    shown = verdict(page, verdict="admitted", confirmed="true")
    expect(shown).to_contain_text("Welcome")
    expect(shown).to_contain_text("خوش آمدید")
    expect(shown).to_contain_text("Ayesha Siddiqui")
    expect(page.locator("#today")).to_have_text("1,285 today")
    [only] = server.scans.values()
    assert (TOKEN, "camera", "sure") == (only["token"], only["source"], only["clock"])
    assert only["id"] == shown.get_attribute("data-scan")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", only["scanned_at"])
    page.wait_for_timeout(3500)  # held up for longer than the memory of a code: still one scan
    assert [TOKEN] == server.tokens()


def test_two_badges_in_one_view_are_shown_one_after_the_other(page: Page, server: FakeServer, clip: Path) -> None:
    server.judge = lambda scan: {"verdict": "admitted" if scan["token"] == TOKEN else "re-entry"}
    open_gate(page, server)
    start(page)
    both = on_grey([qr_picture(TOKEN).crop((180, 100, 460, 380)), qr_picture(OTHER).crop((180, 100, 460, 380))])
    show(page, clip, both)
    eventually(lambda: len(server.scans) == 2)
    verdict(page, verdict="admitted")
    verdict(page, verdict="re-entry")
    assert {TOKEN, OTHER} == set(server.tokens())


def test_a_code_that_is_no_badge_is_stored_and_refused(page: Page, server: FakeServer, clip: Path) -> None:
    server.judge = lambda _: {"verdict": "refused", "reason": "forged"}
    open_gate(page, server)
    start(page)
    show(page, clip, qr_picture("https://example.com/a-poster"))
    expect(verdict(page, verdict="refused", reason="forged")).to_contain_text("Not a badge of this expo")
    assert ["https://example.com/a-poster"] == server.tokens()


@pytest.mark.parametrize(
    ("fault", "trouble"), [("NotFoundError", "missing"), ("NotAllowedError", "refused"), ("NotReadableError", "taken")]
)
def test_a_camera_in_trouble_says_what_to_do_and_typing_works(
    page: Page, server: FakeServer, fault: str, trouble: str
) -> None:
    page.add_init_script(
        f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{fault}'));"
    )
    open_gate(page, server)
    page.click("#start")
    expect(page.locator(f"[data-trouble=camera_{trouble}]")).to_be_visible()
    expect(page.locator("#readiness")).to_have_attribute("data-state", "degraded")
    type_code(page, "04HM-ASW9-B")
    verdict(page, verdict="admitted")


def test_a_page_without_a_secure_context_says_so(page: Page, server: FakeServer) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'mediaDevices', { value: undefined }); delete crypto.randomUUID;"
    )
    open_gate(page, server)
    page.click("#start")
    expect(page.locator("[data-trouble=camera_insecure]")).to_contain_text("https://")
    scan(page, TOKEN)
    verdict(page, verdict="admitted")
