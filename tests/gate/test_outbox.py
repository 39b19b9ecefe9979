"""Nothing is lost, and nothing is green before it is durable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.gate.acting import OTHER, TOKEN, come_online, eventually, open_gate, owed, scan, verdict
from tests.gate.serving import FakeServer


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
    assert [tokens[0], tokens[2], tokens[3]] == sorted(server.tokens())
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
