"""Readable, reachable and spoken: WCAG 2.2 AA by axe-core in both languages and all themes, and what it cannot see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.axe import faults_of
from tests.gate.acting import BADGES, SCREENS, TOKEN, open_gate, scan, start, verdict
from tests.gate.serving import AYESHA, FakeServer

SMALL = """() => [...document.querySelectorAll("button, a, select, input, label:has(input)")]
    .filter((it) => it.checkVisibility() && !it.matches("label > input"))
    .map((it) => [it.id || it.dataset.action || it.textContent, it.getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 44 || height < 44).map(([name]) => name)"""
LOOKS: dict[str, dict[str, Any]] = {
    "admitted": {"verdict": "admitted"},
    "re-entry": {"verdict": "re-entry"},
    "check": {"verdict": "re-entry", "check": "too_soon"},
    "refused": {"verdict": "refused", "reason": "revoked"},
    "left": {"verdict": "left"},
}
# White (or black) on each verdict's ground and on the bars over it, as the browser draws them.
CONTRASTS = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((part, i) => part * a + under[i] * (1 - a));
  const linear = (part) => (part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const light = (rgb) => rgb.map(linear)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = numbers(getComputedStyle(document.getElementById("app")).backgroundColor);
  const read = "#verdict h1, #verdict .name, #verdict .fact, #verdict .title, #top button, #actions button";
  return [...document.querySelectorAll(read)].map((it) => {
    const boxes = [];
    for (let box = it; box.id !== "app"; box = box.parentElement) {
      boxes.unshift(numbers(getComputedStyle(box).backgroundColor));
    }
    const under = boxes.reduce((below, colour) => over(colour, below), ground);
    const [one, other] = [light(numbers(getComputedStyle(it).color)), light(under)].sort((a, b) => b - a);
    return (one + 0.05) / (other + 0.05);
  });
}"""


def prefer(page: Page, language: str, theme: str) -> None:
    page.evaluate(
        """async ([language, theme]) => { const { putSetting } = await import('/gate/store.js');
        await putSetting('language', language); await putSetting('preferences', { theme }); }""",
        [language, theme],
    )
    page.reload()
    page.wait_for_selector("#start")


def states() -> dict[str, Callable[[Page], object]]:
    """How to come to each dialog and screen that is not a verdict."""
    return {
        "start": lambda _: None,
        "quiet": start,
        "typing": lambda page: page.click("[data-action=type_code]"),
        "last ten": lambda page: page.click("[data-action=last_ten]"),
        "status": lambda page: page.click("#readiness"),
        "settings": lambda page: (page.click("#readiness"), page.click("[data-action=preferences]")),
        "shift": lambda page: (page.click("#readiness"), page.click("[data-action=change_shift]")),
        "unlock": lambda page: page.click("#where"),
    }


@pytest.mark.parametrize(("language", "theme"), [("en", "normal"), ("ur", "dark"), ("en", "sunlight")])
def test_every_screen_and_dialog_passes_axe_and_is_big_enough(
    page: Page, server: FakeServer, language: str, theme: str
) -> None:
    open_gate(page, server)
    scan(page, TOKEN)
    verdict(page, verdict="admitted")
    prefer(page, language, theme)
    for name, go in states().items():
        go(page)
        for width, height in SCREENS[::2]:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("() => document.documentElement.scrollWidth") == width, name
            assert page.evaluate(SMALL) == [], name
        assert "" == faults_of(page), name
        page.keyboard.press("Escape")


@pytest.mark.parametrize(("theme", "least"), [("normal", 4.5), ("dark", 4.5), ("sunlight", 7.0)])
def test_verdicts_are_readable_in_every_theme(page: Page, server: FakeServer, theme: str, least: float) -> None:
    open_gate(page, server)
    prefer(page, "en", theme)
    for look, said in LOOKS.items():
        server.judge = lambda _, said=said: {"visitor": AYESHA, **said}
        scan(page, next(BADGES))
        expect(page.locator("#app")).to_have_attribute("data-look", look)
        assert min(page.evaluate(CONTRASTS)) >= least, look
        page.keyboard.press("Escape")


def test_a_reader_of_the_screen_hears_the_verdict_once(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    page.evaluate(
        """() => { const it = document.getElementById('verdict'); window.said = [];
        const hear = () =>
          it.ariaLive === 'assertive' && it.textContent && said.push(it.querySelector('h1').textContent);
        new MutationObserver(hear).observe(it, { childList: true }); }""",
    )
    page.evaluate(
        """async () => { const { createScreen } = await import('/gate/screen.js');
        const { both } = await import('/gate/words.js');
        const screen = createScreen({ onChange() {} });
        const view = { verdict: 'admitted', reason: null, check: null, scan: 'x', look: 'admitted',
            word: both('admitted'), seconds: 4 };
        const next = () => new Promise((resolve) => setTimeout(resolve, 20));
        screen.show({ ...view, verdict: 'idle', look: 'asking', word: both('asking'), confirmed: false }); await next();
        screen.show({ ...view, confirmed: false }); await next();
        screen.show({ ...view, confirmed: true }, { isQuiet: true }); await next(); }""",
    )
    assert ["Welcomeخوش آمدید"] == page.evaluate("() => said")
    verdict(page, verdict="admitted", confirmed="true")


def test_the_keyboard_alone_starts_types_and_comes_back_to_where_it_was(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    page.focus("#start")
    page.keyboard.press("Enter")
    page.wait_for_selector("#readiness[data-state=ready]")
    page.focus("[data-action=type_code]")
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-action=type_code]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[data-action=look_up]")).to_be_focused()
    page.focus("#readiness")
    page.keyboard.press("Enter")
    expect(page.locator("#dialog-title")).to_be_focused()
