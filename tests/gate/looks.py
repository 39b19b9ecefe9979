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

from tests.gate.acting import scan
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
                page = browser.new_context(viewport={"width": width, "height": height}).new_page()
                page.on("console", lambda said: print("console:", said.text))
                page.on("pageerror", lambda error: print("error:", error))

                def take(name: str, page: Page = page, stem: str = f"{size}-{language}") -> None:
                    page.wait_for_timeout(350)
                    page.screenshot(path=folder / f"{stem}-{name}.png")

                server.trouble = None
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
    take("gates")
    page.keyboard.press("Escape")
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
    take("undo")
    page.keyboard.press("Escape")
    server.trouble = 401
    scan(page, "TABLET-RETIRED")
    page.wait_for_selector("#verdict[data-reason=unpaired]")
    take("retired")
    page.keyboard.press("Escape")
    take("unpaired-again")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
