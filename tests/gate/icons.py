"""Draws the gate's icons from `icon.svg`, for maintainers: `python -m tests.gate.icons` after a change of the drawing.

The pictures are committed; a test holds them against the drawing.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from checkin.__main__ import BROWSERS

ICONS = Path(__file__).parents[2] / "static" / "gate" / "icons"
GROUND = "#0b3d2e"  # the drawing's own
# Side in pixels, and whether the ground reaches the edges: Android cuts its own shape, iOS blackens what is clear.
PICTURES = {
    "icon-192.png": (192, False),
    "icon-512.png": (512, False),
    "maskable-512.png": (512, True),
    "apple-touch-icon.png": (180, True),
}


def draw(browser: Browser, side: int, *, is_full: bool) -> Image.Image:
    """The drawing as a picture of `side` pixels."""
    page = browser.new_page(viewport={"width": side, "height": side})
    drawing = (ICONS / "icon.svg").read_text("utf-8")
    ground = GROUND if is_full else "transparent"
    page.set_content(
        f"<style>:root {{ background: {ground} }} body {{ margin: 0 }} svg {{ display: block }}</style>{drawing}"
    )
    picture = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
    page.close()
    return picture


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=next(filter(None, map(shutil.which, BROWSERS))))
        for name, (side, is_full) in PICTURES.items():
            picture = draw(browser, side, is_full=is_full)
            few = picture.quantize(8, method=Image.Quantize.FASTOCTREE)  # flat colours: a tenth of the size
            few.save(ICONS / name, optimize=True)
            print(name, (ICONS / name).stat().st_size)
        browser.close()


if __name__ == "__main__":
    main()
