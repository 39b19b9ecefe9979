"""Typed codes, undo, override, look-up."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from tests.gate.acting import SCREENS, TOKEN, come_online, eventually, hold, open_gate, owed, scan, type_code, verdict
from tests.gate.serving import AYESHA, FakeServer


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
    hold(page, "[data-action=undo]")
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
    hold(page, "[data-action=undo]")
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


def test_a_short_tap_undoes_nothing_and_offers_the_way_without_holding(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    scan(page, TOKEN)
    verdict(page, verdict="admitted")
    page.click("[data-action=undo]")
    expect(page.locator("#toast")).to_contain_text("Hold the button for a second.")
    assert page.locator("dialog").count() == 0
    page.click("#toast button")
    page.click("[data-value=test]")
    eventually(lambda: [each[0] for each in server.actions] == ["undo"])


def test_a_key_is_held_as_a_finger_is_and_a_tool_that_only_clicks_is_believed(page: Page, server: FakeServer) -> None:
    server.judge = lambda _: {"verdict": "re-entry", "check": "too_soon"}  # stands longest
    open_gate(page, server)
    scan(page, TOKEN)
    verdict(page, verdict="re-entry")
    page.focus("[data-action=undo]")
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_contain_text("Hold the button")
    page.keyboard.down(" ")
    expect(page.locator("#undo")).to_be_visible()
    page.keyboard.up(" ")
    page.keyboard.press("Escape")
    page.evaluate("() => document.querySelector('[data-action=undo]').click()")
    expect(page.locator("#undo")).to_be_visible()
    assert server.actions == []


def test_a_verdict_stays_while_its_undo_is_held(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    page.clock.install()
    scan(page, TOKEN)
    verdict(page, verdict="admitted")
    page.clock.pause_at(datetime.fromtimestamp(page.evaluate("() => Date.now()") / 1000 + 0.1, UTC))
    page.hover("[data-action=undo]")
    page.clock.run_for(3_200)  # of four seconds; some went by before the clock stood still
    page.mouse.down()
    page.clock.run_for(950)
    verdict(page, verdict="admitted")
    page.clock.run_for(200)
    expect(page.locator("#undo")).to_be_visible()


def test_the_last_ten_let_undo_by_holding(page: Page, server: FakeServer) -> None:
    server.judge = lambda _: {"verdict": "admitted", "visitor": AYESHA}
    open_gate(page, server)
    scan(page, TOKEN)
    verdict(page, verdict="admitted")
    page.click("[data-action=last_ten]")
    page.click("#recent [data-action=undo]")
    expect(page.locator("#recent #toast")).to_contain_text("Hold the button for a second.")
    hold(page, "#recent [data-action=undo]")
    page.click("[data-value=turned_back]")
    expect(page.locator("#toast")).to_have_text("Undone")


def test_an_amber_screen_offers_undo_and_the_supervisor(page: Page, server: FakeServer) -> None:
    server.judge = lambda _: {"verdict": "re-entry", "check": "too_soon", "visitor": AYESHA}
    open_gate(page, server)
    scan(page, TOKEN)
    verdict(page, verdict="re-entry", check="too_soon")
    assert ["undo", "let_in", "look_up"] == page.locator("#actions button").evaluate_all(
        "(all) => all.map((it) => it.dataset.action)"
    )


def test_a_pin_that_nobody_can_check_yet_leaves_the_screen_amber(page: Page, server: FakeServer) -> None:
    server.judge = lambda _: {"verdict": "refused", "reason": "wrong_gate", "visitor": AYESHA}
    open_gate(page, server)
    scan(page, TOKEN)
    verdict(page, verdict="refused")
    server.trouble = "down"
    page.click("[data-action=let_in]")
    page.fill("#pin", "4711")
    page.click("[data-value=guest]")
    shown = verdict(page, verdict="admitted", reason="override", confirmed="false")
    expect(shown).to_contain_text("The PIN is checked later.")
    expect(page.locator("#app")).to_have_attribute("data-look", "check")
    owed(page, 1)
    server.trouble = None
    come_online(page)
    owed(page, 0)
    assert [("override", "4711")] == [(kind, body["pin"]) for kind, _, body in server.actions]


def test_a_scan_into_a_pin_field_is_no_pin_and_says_what_is_in_the_way(page: Page, server: FakeServer) -> None:
    server.judge = lambda _: {"verdict": "refused", "reason": "wrong_gate"}
    open_gate(page, server)
    scan(page, TOKEN)
    verdict(page, verdict="refused")
    page.click("[data-action=let_in]")
    page.focus("#pin")
    scan(page, TOKEN)
    expect(page.locator("#let-in #toast")).to_have_text("Close this first, then scan.")
    assert (1, []) == (len(server.scans), server.actions)


def test_a_scanner_on_an_urdu_keyboard_is_read_by_the_places_of_its_keys(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    page.evaluate(
        """(text) => [...text].map((letter) => ({ key: /\\d/.test(letter) ? letter : "ش", code: `Key${letter}` }))
            .concat({ key: "Tab" })
            .map((key) => new KeyboardEvent("keydown", { ...key, bubbles: true, cancelable: true }))
            .forEach((event) => document.body.dispatchEvent(event))""",
        TOKEN,
    )
    verdict(page, verdict="admitted")
    assert [TOKEN] == server.tokens()
