"""What a tablet keeps, for how long, and what happens when it is taken away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.gate import rosters
from tests.gate.acting import come_online, eventually, learned, open_gate, open_offline, owed, scan, verdict
from tests.gate.serving import FakeServer

PEOPLE = range(100, 105)
KNOWN = "async () => (await (await import('/gate/rosterstore.js')).readKnown())"


def test_a_server_put_back_is_told_everything_again(page: Page, server: FakeServer) -> None:
    server.roster = rosters.judging(*(rosters.badge(number) for number in PEOPLE))
    open_gate(page, server)
    learned(page)
    for number in PEOPLE:
        scan(page, rosters.token(number))
        verdict(page, verdict="admitted", confirmed="true")
        page.keyboard.press("Escape")
    page.click("[data-action=last_ten]")
    page.locator("#recent li", has_text="Undo").first.get_by_role("button").dispatch_event("click")
    page.keyboard.press("Escape")
    owed(page, 0)
    told = {key: dict(sent) for key, sent in server.scans.items()}
    server.scans.clear()  # the database file was put back by an hour
    server.actions.clear()
    server.roster = server.roster | {"epoch": "1" * 32}
    page.reload()
    eventually(lambda: server.scans == told)
    owed(page, 0)
    page.reload()
    page.wait_for_selector("#start")
    learned(page)
    assert len(server.batches) <= len(PEOPLE) + 2  # told once, not at every start


def test_a_revision_that_went_backwards_is_a_server_put_back_too(page: Page, server: FakeServer) -> None:
    server.roster = rosters.judging(rosters.badge(), revision=9)
    open_gate(page, server)
    learned(page)
    scan(page, rosters.token())
    verdict(page, verdict="admitted", confirmed="true")
    owed(page, 0)
    server.scans.clear()
    server.roster = server.roster | {"revision": 8}
    page.reload()
    eventually(lambda: len(server.scans) == 1)
    assert "roster?since=9" in server.asked_rosters[1]
    eventually(lambda: "roster?since=0" in server.asked_rosters[-1])


def test_two_tabs_share_one_outbox_and_what_they_know(page: Page, server: FakeServer) -> None:
    open_offline(page, server, rosters.badge())
    other = page.context.new_page()
    other.goto(f"{server.url}/gate/")
    other.wait_for_selector("#start")
    scan(page, rosters.token())
    verdict(page, verdict="admitted")
    scan(other, rosters.token())
    verdict(other, verdict="re-entry", check="too_soon")
    server.trouble = None
    come_online(page)
    come_online(other)
    eventually(lambda: len(server.scans) == 2)
    owed(page, 0)


def test_an_update_with_a_newer_database_keeps_what_is_owed(page: Page, server: FakeServer) -> None:
    page.goto(f"{server.url}/gate/verdict.js")  # the origin, without the app
    page.evaluate(
        """(token) => new Promise((resolve) => {
            const opening = indexedDB.open('checkin-gate', 1);
            opening.onupgradeneeded = () => {
                const db = opening.result;
                db.createObjectStore('settings');
                db.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true })
                    .createIndex('id', 'id', { unique: true });
                db.createObjectStore('done', { keyPath: 'id' }).createIndex('wall', 'wall');
            };
            opening.onsuccess = () => {
                const db = opening.result;
                const work = db.transaction('outbox', 'readwrite');
                const record = { kind: 'scan', token, source: 'camera', gate: 'gate-2', direction: 'in',
                    wall: Date.now(), mono: 0, session: 'x', offset_ms: null, at: null, clock: null };
                const id = (digit) => `00000000-0000-4000-8000-00000000000${digit}`;
                work.objectStore('outbox').add({ ...record, id: id(1), parked: true });
                work.objectStore('outbox').add({ ...record, id: id(2), parked: false });
                work.oncomplete = () => { db.close(); resolve(); };
            };
        })""",
        rosters.token(),
    )
    open_gate(page, server)
    eventually(lambda: len(server.scans) == 2)
    owed(page, 0)
    assert {"unsure"} == {sent["clock"] for sent in server.scans.values()}


def test_after_the_event_roster_names_and_keys_are_erased_and_the_server_is_told(
    page: Page, server: FakeServer
) -> None:
    over = rosters.moment(datetime.now(UTC) - timedelta(days=4))  # beyond doubt, since no server tells the time
    server.roster = rosters.judging(rosters.badge(), erase_at=over)
    open_gate(page, server)
    eventually(lambda: page.evaluate(KNOWN)["head"])
    server.trouble = "down"
    scan(page, rosters.token())
    owed(page, 1)
    page.reload()
    eventually(lambda: page.evaluate(KNOWN)["head"] is None)
    assert [] == page.evaluate(KNOWN)["pages"]
    owed(page, 1)  # what is owed is not the roster's: it stays
    server.trouble = None
    server.roster = rosters.roster()
    come_online(page)
    owed(page, 0)
    eventually(lambda: any(said.get("erased") for said in server.health))


def test_a_memory_wiped_under_the_page_is_written_again_and_said(page: Page, server: FakeServer) -> None:
    open_offline(page, server, rosters.badge())
    scan(page, rosters.token())
    verdict(page, verdict="admitted")
    owed(page, 1)
    page.keyboard.press("Escape")
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": "indexeddb"})
    expect(page.locator("#app")).to_contain_text("erased")
    expect(page.locator("#readiness")).to_have_attribute("data-state", "blocked")
    server.trouble = None
    come_online(page)
    eventually(lambda: len(server.scans) == 1)
    owed(page, 0)


def test_a_tablet_that_was_wiped_while_closed_says_so(page: Page, server: FakeServer) -> None:
    open_offline(page, server, rosters.badge())
    page.goto(f"{server.url}/gate/verdict.js")
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": "indexeddb"})
    page.goto(f"{server.url}/gate/")
    expect(page.locator("#app")).to_contain_text("erased")


def test_a_retired_tablet_hands_its_scans_in_once_and_forgets_the_roster(page: Page, server: FakeServer) -> None:
    open_offline(page, server, rosters.badge())
    scan(page, rosters.token())
    owed(page, 1)
    server.retired = True
    server.trouble = None
    come_online(page)
    owed(page, 0)
    eventually(lambda: page.evaluate(KNOWN)["head"] is None)
    eventually(lambda: any(said.get("erased") for said in server.health))
    page.reload()
    page.wait_for_selector("#pair-code")
    assert 1 == sum(len(batch) for batch in server.batches)


def test_names_that_the_event_takes_off_tablets_are_forgotten(page: Page, server: FakeServer) -> None:
    server.roster = rosters.judging(rosters.badge())
    open_gate(page, server)
    learned(page)
    assert "Ayesha" in str(page.evaluate(KNOWN)["pages"])
    server.roster = rosters.judging(rosters.badge()[:-1], event=rosters.event(names_on_tablets=False))
    come_online(page)
    eventually(lambda: "Ayesha" not in str(page.evaluate(KNOWN)["pages"]))
    eventually(lambda: page.evaluate(KNOWN)["pages"] != [])
    server.trouble = "down"
    scan(page, rosters.token())
    expect(verdict(page, verdict="admitted", confirmed="false")).not_to_contain_text("Ayesha")
