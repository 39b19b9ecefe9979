"""What staff chose for their tablet is in force at once and after a restart."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.gate.acting import TOKEN, eventually, open_gate, scan, start, verdict
from tests.gate.serving import FakeServer

LISTENING = """
window.tones = []; window.shakes = [];
const begin = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { tones.push(this.frequency.value); begin.call(this, at); };
Object.defineProperty(navigator, "vibrate", { value: (pattern) => shakes.push(pattern) });
"""
TWO_CAMERAS = """
window.asked = [];
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.enumerateDevices = async () => [
  { kind: "videoinput", deviceId: "back-1", label: "Rear camera" },
  { kind: "videoinput", deviceId: "usb-7", label: "Desk scanner" },
  { kind: "audioinput", deviceId: "mic", label: "Microphone" },
];
navigator.mediaDevices.getUserMedia = (wanted) => {
  asked.push(wanted.video.deviceId?.exact ?? wanted.video.facingMode.ideal);
  if (wanted.video.deviceId && window.isUnplugged) return Promise.reject(new DOMException("", "OverconstrainedError"));
  return real({ video: true });
};
"""


def open_preferences(page: Page) -> None:
    page.click("#readiness")
    page.click("[data-action=preferences]")


def test_each_verdict_has_a_sound_of_its_own_to_be_tried(page: Page, server: FakeServer) -> None:
    page.add_init_script(LISTENING)
    open_gate(page, server)
    start(page)
    open_preferences(page)
    heard = []
    for look in ("admitted", "re-entry", "check", "refused", "left", "otherwise"):
        page.evaluate("() => { tones.length = 0; shakes.length = 0; }")
        page.click(f"#settings [data-look='{look}']")
        eventually(lambda: page.evaluate("() => tones.length > 0 && shakes.length > 0"))
        heard.append(str(page.evaluate("() => [tones, shakes]")))
    assert len(set(heard)) == 6
    assert heard[0].startswith("[[880]")


def test_a_muted_tablet_says_so_on_its_top_line_and_still_shakes(page: Page, server: FakeServer) -> None:
    page.add_init_script(LISTENING)
    open_gate(page, server)
    start(page)
    expect(page.locator("#preferences")).to_be_hidden()
    open_preferences(page)
    page.locator("#volume").fill("0")
    page.keyboard.press("Escape")
    expect(page.locator("#preferences")).to_be_visible()
    expect(page.locator("#preferences")).to_have_attribute("aria-label", "Settings: Sound is off")
    page.evaluate("() => { tones.length = 0; shakes.length = 0; }")
    scan(page, TOKEN)
    verdict(page, verdict="admitted")
    assert page.evaluate("() => [tones.length, shakes.length]") == [0, 1]
    page.reload()
    page.click("#preferences")
    expect(page.locator("#volume")).to_have_value("0")


def test_a_loudspeaker_that_was_taken_away_comes_back(page: Page, server: FakeServer) -> None:
    page.add_init_script(
        LISTENING
        + "const A = AudioContext; AudioContext = class extends A { constructor() { super(); window.sound = this; } };"
    )
    open_gate(page, server)
    start(page)
    page.evaluate("() => sound.suspend()")
    scan(page, TOKEN)
    eventually(lambda: page.evaluate("() => sound.state === 'running' && tones.length > 0"))


def test_the_camera_is_chosen_by_name_and_remembered_and_replaced_when_gone(page: Page, server: FakeServer) -> None:
    page.add_init_script(TWO_CAMERAS)
    open_gate(page, server)
    start(page)
    assert page.evaluate("() => asked") == ["environment"]
    open_preferences(page)
    expect(page.locator("#camera option")).to_have_text(
        ["Back camera", "Front camera, for a kiosk", "Rear camera", "Desk scanner"]
    )
    page.select_option("#camera", "usb-7")
    eventually(lambda: page.evaluate("() => asked.at(-1)") == "usb-7")
    page.reload()
    start(page)
    assert page.evaluate("() => asked") == ["usb-7"]
    page.evaluate("() => { window.isUnplugged = true; document.dispatchEvent(new Event('visibilitychange')); }")
    eventually(lambda: page.evaluate("() => asked.slice(-2).join()") == "usb-7,environment")
    page.evaluate(
        "() => { window.isUnplugged = false; navigator.mediaDevices.dispatchEvent(new Event('devicechange')); }"
    )
    eventually(lambda: page.evaluate("() => asked.at(-1)") == "usb-7")


def test_the_front_camera_of_a_kiosk_shows_a_mirror(page: Page, server: FakeServer) -> None:
    page.add_init_script(TWO_CAMERAS)
    open_gate(page, server)
    start(page)
    expect(page.locator("#video")).not_to_have_class("mirrored")
    open_preferences(page)
    page.select_option("#camera", "front")
    expect(page.locator("#video")).to_have_class("mirrored")


def test_the_theme_is_kept(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    open_preferences(page)
    page.click("#settings label:has([value=sunlight])")
    expect(page.locator("html")).to_have_attribute("data-theme", "sunlight")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "sunlight")
    assert page.locator("#notice").evaluate("(it) => getComputedStyle(it).backgroundColor") == "rgb(255, 255, 255)"


def test_the_language_is_chosen_here_too(page: Page, server: FakeServer) -> None:
    open_gate(page, server)
    open_preferences(page)
    page.click("#settings label:has([value=ur])")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
