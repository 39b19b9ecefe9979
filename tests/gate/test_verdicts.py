"""What the screen says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.gate.acting import BADGES, OTHER, SCREENS, TOKEN, URDU, eventually, open_gate, past, scan, verdict
from tests.gate.serving import AYESHA, FakeServer

LONG_MESSAGE = "The minister and four delegations arrive, until about 11:30."
LONG_URDU = "وزیر اور چار وفد آ رہے ہیں، براہِ کرم بارہ بجے تک رک جائیے۔"
VERDICTS: list[tuple[dict[str, Any], list[str]]] = [
    ({"verdict": "admitted", "note": "after_hours"}, ["Welcome", "After closing time"]),
    (
        {"verdict": "re-entry", "first": {"at": "2026-01-24T04:12:00Z", "gate": "gate-1"}},
        ["Again", "In since 09:12, Gate 1"],
    ),
    (
        {
            "verdict": "re-entry",
            "check": "too_soon",
            "previous": {"at": timedelta(minutes=2), "gate": "gate-1", "direction": "in"},
        },
        ["Check name", "Used 2 min ago, Gate 1"],
    ),
    (
        {"verdict": "left", "first": {"at": timedelta(hours=3, minutes=5), "gate": "gate-1"}},
        ["Goodbye", "Here 3 h 05 min today"],
    ),
    ({"verdict": "refused", "reason": "forged"}, ["Stop", "Not a badge of this expo", "Send to the desk."]),
    ({"verdict": "refused", "reason": "unknown"}, ["Not on the list", "Send to the desk."]),
    ({"verdict": "refused", "reason": "revoked"}, ["Badge withdrawn", "Send to the desk."]),
    (
        {
            "verdict": "refused",
            "reason": "replaced",
            "badge": {"issue": 1, "issued_at": "2026-01-24T06:40:00Z", "issued_by": "Desk 2"},
        },
        ["Old badge", "New one printed 11:40, Desk 2. Send to the desk."],
    ),
    (
        {"verdict": "refused", "reason": "held", "message": "Gate cleared until noon."},
        ["Entry is held", "Gate cleared until noon."],
    ),
    (
        {"verdict": "refused", "reason": "held", "message": f"{LONG_MESSAGE}\n{LONG_URDU}"},
        ["Entry is held", LONG_MESSAGE, LONG_URDU],
    ),
    ({"verdict": "refused", "reason": "not_today"}, ["Not valid today"]),
    ({"verdict": "refused", "reason": "not_yet"}, ["Not open yet", "Ask the visitor to wait."]),
    ({"verdict": "refused", "reason": "wrong_gate"}, ["Not for this gate"]),
    (
        {"verdict": "refused", "reason": "already_in", "first": {"at": "2026-01-24T04:12:00Z", "gate": "gate-1"}},
        ["Already in", "In since 09:12, Gate 1. One entry a day."],
    ),
    ({"verdict": "refused", "reason": "malformed"}, ["Scan again."]),
    ({"verdict": "refused", "reason": "conflict"}, ["Scan again."]),
    ({"verdict": "refused", "reason": "something_new"}, ["No entry with this badge", "Send to the desk."]),
]


def test_each_verdict_says_why_and_what_to_do_in_both_languages_and_fits(page: Page, server: FakeServer) -> None:
    said: dict[str, Any] = {}
    server.judge = lambda _: {
        "visitor": AYESHA,
        **said,
        **{name: past(said.get(name)) for name in ("first", "previous")},
    }
    open_gate(page, server)
    for said, sentences in VERDICTS:
        scan(page, next(BADGES))
        shown = verdict(
            page, verdict=said["verdict"], reason=said.get("reason", ""), check=said.get("check", ""), confirmed="true"
        )
        for sentence in sentences:
            expect(shown).to_contain_text(sentence)
        for line in shown.locator("h1, .title, .fact").all():
            assert URDU.search(line.inner_text()), sentences
        for width, height in SCREENS if said.get("reason") in {"replaced", "already_in", "held"} else SCREENS[:1]:
            page.set_viewport_size({"width": width, "height": height})
            assert shown.evaluate("(it) => it.scrollHeight <= it.clientHeight && it.scrollWidth <= it.clientWidth"), (
                sentences
            )
        page.keyboard.press("Escape")


def test_a_name_is_never_markup(page: Page, server: FakeServer) -> None:
    name = "<img src=x onerror=alert(1)>"
    server.judge = lambda _: {"verdict": "admitted", "visitor": {**AYESHA, "name": name}}
    open_gate(page, server)
    scan(page, TOKEN)
    expect(verdict(page, verdict="admitted").locator(".name").first).to_have_text(name)
    assert page.locator("img").count() == 0


def test_the_page_speaks_urdu_from_right_to_left_and_remembers_it(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    page.click("#language")
    expect(page.locator("#start")).to_have_text("شروع کریں")
    page.reload()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("#where")).to_contain_text("گیٹ 2")


def test_a_scanner_pressed_twice_within_three_seconds_makes_one_scan(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    scan(page, TOKEN)
    scan(page, TOKEN)
    scan(page, OTHER)
    verdict(page, verdict="admitted")
    eventually(lambda: len(server.scans) == 2)
    page.wait_for_timeout(3_100)
    scan(page, TOKEN)
    eventually(lambda: len(server.scans) == 3)
    assert [TOKEN, OTHER, TOKEN] == server.tokens()
