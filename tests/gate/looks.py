"""Takes a picture of every state of the gate, to be looked at.

`python -m tests.gate.looks FOLDER [phone|upright|lying]`
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.gate import rosters
from tests.gate.acting import eventually, hold, scan
from tests.gate.fake_camera import launch, write_clip
from tests.gate.serving import AYESHA, FakeServer, serving

TOKEN = "200J6HB7H4002Z83JX3B0Q1T8CSG"
SIZES = {"phone": (360, 640), "upright": (800, 1280), "lying": (1280, 800)}
LONG = {
    **AYESHA,
    "name": "Syed Muhammad Abdul-Rehman Bukhari Chaudhry Nawabzada",
    "name_ur": "سید محمد عبدالرحمٰن بخاری چوہدری نوابزادہ",
    "organisation": "Wazirabad Cutlery and Small Tools Manufacturers' Cooperative Society (Private) Limited",
}


def at(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat(timespec="milliseconds")


def judgements() -> dict[str, dict[str, Any]]:
    """What a server can say, by the name of its picture."""
    first = {"at": at(hours=3, minutes=5), "gate": "gate-1"}
    printed = {"issue": 1, "issued_at": at(hours=1), "issued_by": "Desk 2"}
    just = {"at": at(minutes=2), "gate": "gate-1", "direction": "in"}
    known = {"visitor": AYESHA}
    refused = {"verdict": "refused", **known}
    return {
        "admitted": {"verdict": "admitted", **known},
        "admitted-long": {"verdict": "admitted", "visitor": LONG, "note": "after_hours"},
        "re-entry": {"verdict": "re-entry", **known, "first": first, "previous": first},
        "too-soon": {"verdict": "re-entry", "check": "too_soon", **known, "first": first, "previous": just},
        "left": {"verdict": "left", **known, "first": first},
        "replaced": {**refused, "reason": "replaced", "badge": printed},
        "already-in": {**refused, "reason": "already_in", "first": first},
        "held": {**refused, "reason": "held", "message": "Minister's visit until 11:30."},
        "held-long": {
            "verdict": "refused",
            "visitor": LONG,
            "reason": "held",
            "message": "Minister's visit until 11:30.",
        },
        "forged": {"verdict": "refused", "reason": "forged"},
        **{name: {**refused, "reason": name} for name in ("unknown", "revoked", "not_today", "not_yet", "wrong_gate")},
        "new-reason": {**refused, "reason": "something_new"},
    }


def main(folder: Path, only: str = "") -> None:  # `only` one size, when little time is left
    folder.mkdir(parents=True, exist_ok=True)
    clip = folder / "clip.y4m"
    write_clip(clip, [])
    with (
        sync_playwright() as playwright,
        serving(FakeServer(gate="gate-2", codes={f"C{n}" for n in range(50)})) as server,
    ):
        browser = launch(playwright, clip)
        for number, (size, (width, height)) in enumerate(SIZES.items()):
            if only not in size:
                continue
            for language in ("en", "ur"):
                page = browser.new_context(
                    viewport={"width": width, "height": height}, service_workers="block"
                ).new_page()
                page.on("console", lambda said: print("console:", said.text))
                page.on("pageerror", lambda error: print("error:", error))

                def take(name: str, page: Page = page, stem: str = f"{size}-{language}") -> None:
                    page.wait_for_timeout(350)
                    page.screenshot(path=folder / f"{stem}-{name}.png")

                server.trouble, server.roster = None, rosters.roster()
                page.goto(f"{server.url}/gate/")
                page.wait_for_selector("#pair-code")
                if language == "ur":
                    page.click("#language")
                take("unpaired")
                page.fill("#pair-code", f"C{number * 2 + (language == 'ur')}")
                page.click("#pair")
                page.wait_for_selector("#start")
                take("start")
                page.click("#start")
                page.wait_for_selector("#readiness[data-state=ready]")
                take("idle")
                verdicts(page, server, take)
                dialogs(page, server, take)
                staff(page, server, take)
                themes(page, server, take)
                troubles(page, take)
                page.context.close()
        browser.close()


def verdicts(page: Page, server: FakeServer, take: Callable[[str], None]) -> None:
    for index, (name, said) in enumerate(judgements().items()):
        server.judge = lambda _, said=said: said
        page.wait_for_timeout(30)
        scan(page, TOKEN[:-2] + f"{index:02}")
        page.wait_for_selector("#verdict:not([data-verdict=idle])")
        take(name)
        page.keyboard.press("Escape")
    server.trouble = 503
    scan(page, "WAITING-FOR-THE-SERVER")
    page.wait_for_selector("#verdict[data-reason=unsent]")
    take("wait")
    page.keyboard.press("Escape")
    take("idle-owing")
    server.trouble = None
    page.wait_for_selector("#outbox[data-count='0']", state="attached", timeout=9000)


def dialogs(page: Page, server: FakeServer, take: Callable[[str], None]) -> None:
    server.lookup = {
        "visitor": AYESHA,
        "badge": {"issue": 1, "state": "live", "issued_at": at(hours=5), "issued_by": "Desk 2"},
        "scans": [{"at": at(hours=3), "gate": "gate-1", "direction": "in", "verdict": "admitted", "reason": None}],
    }
    page.click("[data-action=type_code]")
    page.keyboard.type("04hm asw9 c")
    page.keyboard.press("Enter")
    take("typing")
    page.keyboard.press("Escape")
    page.click("[data-action=last_ten]")
    take("last-ten")
    page.keyboard.press("Escape")
    page.click("#readiness")
    take("status")
    page.keyboard.press("Escape")
    page.click("#where")
    take("unlock")
    page.keyboard.type("4711")
    page.keyboard.press("Enter")
    page.wait_for_selector("#gates")
    take("gates")
    page.keyboard.press("Escape")
    changes(page, server, take)


def changes(page: Page, server: FakeServer, take: Callable[[str], None]) -> None:
    """Looking up, letting in, taking back, and a tablet that was retired."""
    page.click("[data-action=look_up]")
    take("look-up-mode")
    scan(page, "LOOKED-UP-BADGE")
    page.wait_for_selector("dialog#look-up")
    take("look-up")
    page.keyboard.press("Escape")
    page.click("[data-action=back]")
    server.judge = lambda _: judgements()["replaced"]
    scan(page, "ANOTHER-BADGE")
    page.click("[data-action=let_in]")
    take("let-in")
    page.keyboard.press("Escape")
    server.judge = lambda _: judgements()["admitted"]
    scan(page, "A-GOOD-BADGE")
    page.click("[data-action=undo]")
    take("undo-hint")
    page.hover("[data-action=undo]")
    page.mouse.down()
    page.wait_for_timeout(350)
    take("undo-holding")
    page.mouse.up()
    scan(page, "ANOTHER-GOOD-BADGE")
    hold(page, "[data-action=undo]")
    take("undo")
    page.keyboard.press("Escape")
    server.trouble = 401
    scan(page, "TABLET-RETIRED")
    page.wait_for_selector("#verdict[data-reason=unpaired]")
    take("retired")
    page.keyboard.press("Escape")
    take("unpaired-again")
    server.trouble, server.roster = None, rosters.judging(rosters.badge())  # from here on it judges by itself
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.wait_for_selector("#readiness[data-state=ready]")


def staff(page: Page, server: FakeServer, take: Callable[[str], None]) -> None:
    """What the tablet judged by itself, what the server then said, and the dialogs of a shift."""
    known = "async () => (await (await import('/gate/rosterstore.js')).readKnown()).keys.size"
    eventually(lambda: page.evaluate(known))
    page.wait_for_timeout(100)
    server.trouble = "down"
    for name, text in {
        "offline-admitted": rosters.token(),
        "offline-unlisted": rosters.token(7),
        "offline-refused": rosters.token()[:-2] + "00",
    }.items():
        scan(page, text)
        page.wait_for_selector("#verdict:not([data-verdict=idle])")
        take(name)
        page.keyboard.press("Escape")
    page.click("#readiness")
    take("status-owing")
    page.locator("#status").evaluate("(it) => it.scrollTo(0, 9999)")
    take("status-owing-end")
    page.click("[data-action=change_shift]")
    take("shift")
    page.keyboard.press("Escape")
    server.judge = lambda _: judgements()["replaced"]
    server.trouble = None
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.wait_for_selector("#outbox[data-count='0']", state="attached", timeout=9000)
    page.wait_for_selector("#otherwise:not([hidden])")
    take("otherwise")
    server.judge = lambda _: judgements()["re-entry"]
    scan(page, TOKEN)
    page.wait_for_selector("#verdict[data-verdict=re-entry]")
    take("otherwise-over-verdict")
    page.keyboard.press("Escape")
    while page.is_visible("[data-action=understood]"):
        page.click("[data-action=understood]")
    page.click("[data-action=last_ten]")
    take("last-ten-flags")
    page.keyboard.press("Escape")
    page.click("#readiness")
    page.click("#status [data-action=otherwise]")
    take("otherwise-list")
    page.keyboard.press("Escape")


def themes(page: Page, server: FakeServer, take: Callable[[str], None]) -> None:
    for theme in ("normal", "dark", "sunlight"):
        page.click("#readiness")
        page.click("[data-action=preferences]")
        page.click(f"#settings label:has([value={theme}])")
        if theme == "dark":
            page.locator("#volume").fill("0")
        take(f"{theme}-settings")
        page.locator("#settings").evaluate("(it) => it.scrollTo(0, 9999)")
        take(f"{theme}-settings-end")
        page.keyboard.press("Escape")
        take(f"{theme}-idle")
        if theme == "normal":
            continue
        for number, name in enumerate(("admitted", "re-entry", "too-soon", "already-in", "left")):
            server.judge = lambda _, name=name: judgements()[name]
            scan(page, f"THEME-{theme}-{number}".upper())  # the same code again is no new scan
            page.wait_for_selector("#verdict:not([data-verdict=idle])")
            take(f"{theme}-{name}")
            page.keyboard.press("Escape")
        for name, opener in {
            "status": "#readiness",
            "gates": "#where",
            "typing": "[data-action=type_code]",
            "last-ten": "[data-action=last_ten]",
        }.items():
            page.click(opener)
            take(f"{theme}-{name}")
            page.keyboard.press("Escape")
        page.click("[data-action=look_up]")
        take(f"{theme}-look-up-mode")
        page.click("[data-action=back]")


def troubles(page: Page, take: Callable[[str], None]) -> None:
    for theme in ("normal", "sunlight"):
        for name in (
            "storage_full",
            "storage_wiped",
            "clock_blocked",
            "decoder_failed",
            *(f"camera_{why}" for why in ("missing", "refused", "taken", "insecure")),
        ):
            page.evaluate(
                """async ([name, theme]) => {
                  const { troubleNotice } = await import('/gate/notices.js');
                  const { say } = await import('/gate/words.js');
                  document.documentElement.dataset.theme = theme;
                  const notice = document.getElementById('notice');
                  notice.hidden = false;
                  const t = (key) => say(key, document.documentElement.lang);
                  notice.replaceChildren(troubleNotice(t, name, () => null));
                }""",
                [name, theme],
            )
            take(f"{theme}-{name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
