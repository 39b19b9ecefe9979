from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.gate.fake_camera import on_grey, qr_picture, show
from tests.gate.serving import AYESHA, FakeServer

TOKEN = "200J6HB7H4002Z83JX3B0Q1T8CSG"
OTHER = "23ZZZZZZZW1G4D62FGK5F2Y0FYJ0"
URDU = re.compile("[\u0600-\u06ff]")


def open_gate(page: Page, server: FakeServer) -> None:
    """A paired tablet whose Start was not tapped yet; scanners and typing work."""
    page.goto(f"{server.url}/gate/#pair=FRESH-CODE")
    page.wait_for_selector("#start")


def start(page: Page) -> None:
    page.click("#start")
    page.wait_for_selector("#readiness[data-state=ready]")


def scan(page: Page, text: str) -> None:
    """Types as fast as a keyboard scanner does."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def verdict(page: Page, **wanted: str) -> Locator:
    shown = page.locator("#verdict" + "".join(f"[data-{name}='{value}']" for name, value in wanted.items()))
    expect(shown).to_be_visible()
    return shown


def owed(page: Page, count: int) -> None:
    expect(page.locator(f"#outbox[data-count='{count}']")).to_be_attached(timeout=9000)


def come_online(page: Page) -> None:
    """What a browser says when the Wi-Fi is back; without it the retry timer would be waited for."""
    page.evaluate("() => dispatchEvent(new Event('online'))")


def eventually(is_true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 9
    while not is_true():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)


def past(entry: dict[str, Any] | None) -> dict[str, Any] | None:
    """An entry whose moment may be told as how long ago it was."""
    if entry is None or not isinstance(entry["at"], timedelta):
        return entry
    return {**entry, "at": (datetime.now(UTC) - entry["at"]).isoformat(timespec="milliseconds")}


# ── pairing ──


def test_the_pairing_link_pairs_and_leaves_no_code_in_the_address(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    assert f"{server.url}/gate/" == page.url
    assert "FRESH-CODE" not in page.evaluate("() => JSON.stringify(history.state) + location.href")
    expect(page.locator("#where")).to_have_text("Gate 2 · In")
    expect(page.locator("#today")).to_have_text("1,284 today")
    page.reload()
    page.wait_for_selector("#start")


def test_a_used_code_says_what_to_do_and_a_typed_one_pairs(page: Page, server: FakeServer) -> None:
    page.goto(f"{server.url}/gate/#pair=OLD-CODE")
    expect(page.locator("#pair-problem")).to_contain_text("Ask the organiser for a new one")
    expect(page.locator("#readiness")).to_have_attribute("data-state", "blocked")
    assert page.input_value("#pair-code") == "OLD-CODE"
    page.fill("#pair-code", f"{server.url}/gate/#pair=FRESH-CODE")
    page.click("#pair")
    page.wait_for_selector("#start")


def test_the_tablet_tells_its_health(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    eventually(lambda: server.health)
    told = server.health[0]
    assert {"gate", "direction", "battery", "outbox", "app", "offset_ms"} == set(told)
    assert ("gate-2", "in", 0) == (told["gate"], told["direction"], told["outbox"])


def test_the_way_at_a_gate_for_both_is_chosen_on_the_top_line(page: Page, server: FakeServer) -> None:
    server.judge = lambda _: {"verdict": "left", "visitor": AYESHA}
    open_gate(page, server)
    page.click("#where")
    page.click("[data-value='gate-2 out']")
    expect(page.locator("#where")).to_have_text("Gate 2 · Out")
    scan(page, TOKEN)
    verdict(page, verdict="left")
    assert [("gate-2", "out")] == [(each["gate"], each["direction"]) for each in server.scans.values()]
    page.reload()
    expect(page.locator("#where")).to_have_text("Gate 2 · Out")


def test_a_gate_that_left_the_programme_is_chosen_anew(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    page.evaluate(
        """async () => { const { putSetting } = await import('/gate/store.js');
        await putSetting('standing', { gate: 'gate-9', direction: 'in' }); }""",
    )
    page.reload()
    expect(page.locator("#where")).to_have_text("Gate 2 · In")
    scan(page, TOKEN)
    verdict(page, verdict="admitted")


# ── the camera ──


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


# ── verdicts ──

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
SCREENS = ((360, 640), (800, 1280), (1280, 800))


def test_each_verdict_says_why_and_what_to_do_in_both_languages_and_fits(page: Page, server: FakeServer) -> None:
    said: dict[str, Any] = {}
    server.judge = lambda _: {
        "visitor": AYESHA,
        **said,
        **{name: past(said.get(name)) for name in ("first", "previous")},
    }
    open_gate(page, server)
    for said, sentences in VERDICTS:
        scan(page, TOKEN)
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


# ── the outbox ──


def test_without_a_judgement_nothing_is_green_and_the_scan_is_sent_later(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    eventually(lambda: server.health)
    for index, trouble in enumerate(("down", "garbage", 500, 503, 429)):
        server.trouble = trouble
        scan(page, TOKEN[:-1] + str(index))
        kept = verdict(page, verdict="idle", reason="unsent", confirmed="false")
        expect(kept).to_contain_text("Kept on this tablet. It will be sent.")
        owed(page, 1)
        expect(page.locator("#readiness")).to_have_attribute("data-state", "degraded")
        server.trouble = None
        come_online(page)
        verdict(page, verdict="admitted", confirmed="true")  # the answer came while the visitor still stands there
        owed(page, 0)
        page.keyboard.press("Escape")
    assert [TOKEN[:-1] + str(index) for index in range(5)] == server.tokens()


def test_what_waits_is_sent_by_the_clock_too(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    eventually(lambda: server.health)
    server.trouble = "down"
    scan(page, TOKEN)
    owed(page, 1)
    server.trouble = None
    owed(page, 0)
    assert [TOKEN] == server.tokens()


def test_a_live_scan_goes_by_itself_and_takes_the_others_along(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    eventually(lambda: server.health)
    server.trouble = "down"
    for letter in "012":
        scan(page, TOKEN[:-1] + letter)
    owed(page, 3)
    server.trouble = None
    scan(page, OTHER)
    owed(page, 0)
    ids = {each["token"]: each["id"] for each in server.scans.values()}
    assert [ids[OTHER]] in server.batches
    assert {OTHER, *(TOKEN[:-1] + letter for letter in "012")} == set(ids)


def test_the_outbox_survives_a_reload_and_the_moment_of_a_scan_stays(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    eventually(lambda: server.health)
    server.trouble = "down"
    scan(page, TOKEN)
    verdict(page, reason="unsent")
    scanned = datetime.now(UTC)
    page.reload()
    owed(page, 1)
    server.trouble = None
    come_online(page)
    owed(page, 0)
    [only] = server.scans.values()
    assert abs(datetime.fromisoformat(only["scanned_at"]) - scanned) < timedelta(seconds=2)
    assert only["clock"] == "sure"


def test_a_tablet_hours_off_tells_the_right_time(page: Page, server: FakeServer) -> None:
    server.clock_error = timedelta(hours=5)
    open_gate(page, server)
    scan(page, TOKEN)
    verdict(page, verdict="admitted")
    [only] = server.scans.values()
    assert abs(datetime.fromisoformat(only["scanned_at"]) - datetime.now(UTC) - timedelta(hours=5)) < timedelta(
        seconds=2
    )
    page.click("#readiness")
    expect(page.locator("#status")).to_contain_text("300 min off; counted right")


def test_a_culprit_is_set_aside_and_the_others_go_on(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    eventually(lambda: server.health)
    server.trouble = 503
    tokens = [TOKEN[:-1] + letter for letter in "0123"]
    for token in tokens:
        scan(page, token)
    owed(page, 4)
    server.culprit = lambda scan: scan["token"] == tokens[1]
    server.trouble = None
    come_online(page)
    owed(page, 1)
    eventually(lambda: len(server.scans) == 3)
    assert [tokens[0], tokens[2], tokens[3]] == server.tokens()
    page.click("#readiness")
    expect(page.locator("#status")).to_contain_text("1 set aside: tell the organiser")
    server.culprit = lambda _: False
    page.reload()  # a start offers it once more
    owed(page, 0)


def test_a_retired_tablet_keeps_everything_and_pairs_again(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    eventually(lambda: server.health)
    server.trouble = 403
    scan(page, TOKEN)
    expect(verdict(page, reason="unpaired")).to_contain_text("no longer paired")
    page.keyboard.press("Escape")
    expect(page.locator("#notice")).to_contain_text("Its scans are kept")
    owed(page, 1)
    server.trouble = None
    server.codes.add("SECOND-CODE")
    page.fill("#pair-code", "SECOND-CODE")
    page.click("#pair")
    owed(page, 0)
    assert [TOKEN] == server.tokens()


def test_a_tablet_that_cannot_store_shows_no_green(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    page.evaluate(
        "() => { IDBObjectStore.prototype.add = () => { throw new DOMException('', 'QuotaExceededError'); }; }"
    )
    scan(page, TOKEN)
    expect(verdict(page, verdict="idle", reason="unstored")).to_contain_text("Nothing was recorded")
    expect(page.locator("#readiness")).to_have_attribute("data-state", "blocked")
    assert server.batches == []


# ── what staff do ──


def type_code(page: Page, code: str) -> None:
    page.click("[data-action=type_code]")
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_a_typed_code_is_read_forgivingly_and_a_wrong_one_stays(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    type_code(page, "o4hm asw9 c")
    expect(page.locator("#code-said")).to_contain_text("One character is wrong")
    assert page.input_value("#code") == "o4hm asw9 c"
    assert server.batches == []
    page.click("[aria-label=Erase]")
    page.click("#typing .key:text-is('B')")
    page.click("#typing .enter")
    verdict(page, verdict="admitted")
    assert [("04HM-ASW9-B", "typed")] == [(each["token"], each["source"]) for each in server.scans.values()]


def test_a_keyboard_scanner_is_read_in_any_case_and_a_person_is_not(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    page.keyboard.type("slow fingers", delay=70)
    page.keyboard.press("Enter")
    scan(page, TOKEN.lower())
    verdict(page, verdict="admitted")
    assert [(TOKEN, "scanner")] == [(each["token"], each["source"]) for each in server.scans.values()]


def test_undo_tells_the_server_why_and_shows_in_the_last_ten(page: Page, server: FakeServer) -> None:
    server.judge = lambda _: {"verdict": "admitted", "visitor": AYESHA}
    open_gate(page, server)
    scan(page, TOKEN)
    verdict(page, verdict="admitted")
    page.click("[data-action=undo]")
    page.click("[data-value=wrong_badge]")
    expect(page.locator("#toast")).to_have_text("Undone")
    [(kind, of, body)] = server.actions
    assert ("undo", next(iter(server.scans)), "wrong_badge") == (kind, of, body["reason"])
    assert {"id", "at", "reason"} == set(body)
    page.click("[data-action=last_ten]")
    expect(page.locator("#recent li")).to_have_count(1)
    expect(page.locator("#recent li")).to_contain_text("Undone")
    assert page.locator("#recent li button").count() == 0


def test_an_undo_waits_behind_its_scan(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    eventually(lambda: server.health)
    server.trouble = "down"
    scan(page, TOKEN)
    verdict(page, reason="unsent")
    page.click("[data-action=undo]")
    page.click("[data-value=test]")
    owed(page, 2)
    server.trouble = None
    come_online(page)
    owed(page, 0)
    assert [("undo", next(iter(server.scans)))] == [each[:2] for each in server.actions]


def test_a_supervisor_lets_a_refused_visitor_in(page: Page, server: FakeServer) -> None:
    server.judge = lambda _: {"verdict": "refused", "reason": "wrong_gate", "visitor": AYESHA}
    open_gate(page, server)
    scan(page, TOKEN)
    verdict(page, verdict="refused")
    page.click("[data-action=let_in]")
    page.click("[data-value=guest]")
    expect(page.locator("#pin-said")).to_have_text("Type the PIN first.")
    page.fill("#pin", "0000")
    page.click("[data-value=guest]")
    expect(page.locator("#pin-said")).to_have_text("Wrong PIN. Try again.")
    assert server.actions == []
    page.fill("#pin", "4711")
    page.click("[data-value=guest]")
    verdict(page, verdict="admitted", reason="override", confirmed="true")
    [(kind, _, body)] = server.actions
    assert ("override", "guest", "4711") == (kind, body["reason"], body["pin"])
    owed(page, 0)
    kept = page.evaluate(
        """async () => { const { database } = await import('/gate/store.js');
        return JSON.stringify(await (await database()).getAll('done')); }""",
    )
    assert "4711" not in kept


def test_look_up_tells_who_and_lets_nobody_in(page: Page, server: FakeServer) -> None:
    server.lookup = {
        "visitor": AYESHA,
        "badge": {"issue": 1, "state": "replaced", "issued_at": "2026-01-24T03:00:00Z", "issued_by": "Desk 2"},
        "scans": [
            {"at": "2026-01-24T04:12:00Z", "gate": "gate-1", "direction": "in", "verdict": "admitted", "reason": None}
        ],
    }
    open_gate(page, server)
    page.click("[data-action=look_up]")
    scan(page, TOKEN)
    shown = page.locator("dialog#look-up")
    for text in ("nobody was let in", "Ayesha Siddiqui", "Badge 2 · replaced", "09:12", "Gate 1 · In"):
        expect(shown).to_contain_text(text)
    assert ([TOKEN], [], "idle") == (server.looked_up, server.batches, page.get_attribute("#verdict", "data-verdict"))
    page.keyboard.press("Escape")
    page.click("[data-action=back]")
    scan(page, TOKEN)
    verdict(page, verdict="admitted")


def test_every_target_is_big_enough_and_the_page_fits(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        sizes = page.evaluate(
            """() => [...document.querySelectorAll('button, input')].filter((it) => it.offsetParent)
            .map((it) => it.getBoundingClientRect()).filter(({ width, height }) => width < 44 || height < 44).length""",
        )
        assert sizes == 0
        assert page.evaluate("() => document.documentElement.scrollWidth") == width
