"""When the server said otherwise than the screen, the gate hears of it; what cannot be sent leaves as a file."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from tests.gate import rosters
from tests.gate.acting import come_online, eventually, open_gate, owed, scan, verdict
from tests.gate.serving import AYESHA, FakeServer


def open_offline(page: Page, server: FakeServer) -> None:
    server.roster = rosters.judging(rosters.badge())
    open_gate(page, server)
    known = "async () => (await (await import('/gate/rosterstore.js')).readKnown()).head?.is_whole"
    eventually(lambda: page.evaluate(known))
    page.wait_for_timeout(50)
    server.trouble = "down"


def test_the_notice_stays_until_it_is_put_away_and_the_list_keeps_it(page: Page, server: FakeServer) -> None:
    open_offline(page, server)
    scan(page, rosters.token())
    shown = verdict(page, verdict="admitted", confirmed="false")
    expect(shown).to_contain_text("Not yet confirmed by the server")
    page.keyboard.press("Escape")
    server.judge = lambda _: {"verdict": "refused", "reason": "replaced", "visitor": AYESHA}
    server.trouble = None
    come_online(page)
    owed(page, 0)
    notice = page.locator("#otherwise")
    for text in (
        "Server said otherwise",
        "سرور نے کچھ اور کہا",
        "Ayesha Siddiqui",
        "Shown: Welcome · Server: Old badge",
    ):
        expect(notice).to_contain_text(text)
    page.click("[data-action=understood]")
    expect(notice).to_be_hidden()
    page.click("[data-action=last_ten]")
    expect(page.locator("#recent .flag")).to_have_text("Shown: Welcome · Server: Old badge")
    page.keyboard.press("Escape")
    page.click("#readiness")
    page.click("#status [data-action=otherwise]")
    expect(page.locator("#said-otherwise li")).to_have_count(1)


def test_several_notices_queue_and_stand_small_over_a_verdict(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    page.evaluate(
        """async () => { const { createOtherwise } = await import('/gate/otherwise.js');
        const { say } = await import('/gate/words.js');
        const notices = createOtherwise(document.getElementById('otherwise'), (key) => say(key, 'en'));
        const judged = { verdict: 'refused', reason: 'revoked' };
        for (const name of ['Ali', 'Bano']) notices.add({ name, shown: { verdict: 'admitted' }, judged }); }""",
    )
    expect(page.locator("[data-action=understood]")).to_have_text("Understood (2)")
    expect(page.locator("#otherwise .more")).to_be_visible()
    scan(page, rosters.token())
    verdict(page, verdict="admitted")
    expect(page.locator("#otherwise .more")).to_be_hidden()
    page.click("[data-action=understood]")
    expect(page.locator("#otherwise")).to_contain_text("Bano")
    verdict(page, verdict="admitted")


def test_an_outbox_that_cannot_reach_its_server_leaves_as_a_file(page: Page, server: FakeServer) -> None:
    open_offline(page, server)
    scan(page, rosters.token())
    verdict(page, verdict="admitted")
    owed(page, 1)
    page.click("#readiness")
    expect(page.locator("#status .files")).to_contain_text("bring the file to the organiser")
    with page.expect_download() as waiting:
        page.click("[data-action=save_outbox]")
    saved = json.loads(waiting.value.path().read_text("utf-8"))
    day = saved["saved_at"][:10]
    assert f"checkin-outbox-Tablet-1-{day}.json" == waiting.value.suggested_filename
    assert ("checkin-outbox", [rosters.token()]) == (saved["format"], [each["token"] for each in saved["scans"]])
    server.trouble = None
    come_online(page)
    owed(page, 0)
    page.keyboard.press("Escape")
    page.click("#readiness")
    expect(page.locator("[data-action=save_outbox]")).to_have_count(0)
