"""A camera that shows what a test wants: y4m clips from pictures, and Chromium launched to look at them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import qrcode
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, Playwright

from checkin.__main__ import BROWSERS

SIZE = (640, 480)
GREY = (90, 96, 92)

# Parts of the browser's own window that cost as much as the page. The last such argument wins, so it says again what
# playwright turns off by itself.
UNUSED = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
)
ARGUMENTS = (
    f"--disable-features={','.join(UNUSED)}",
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


def launch(playwright: Playwright, clip: Path, *more: str) -> Browser:
    """Chromium whose camera plays `clip` in a loop. The file must be there; `show` changes it later."""
    return playwright.chromium.launch(
        executable_path=next(filter(None, map(shutil.which, BROWSERS))),
        args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={clip}", *more],
    )


def show(page: Page, clip: Path, *pictures: Image.Image) -> None:
    """Changes what the camera of an open gate page sees: the page reopens it as after a dark screen."""
    write_clip(clip, pictures)
    reopen(page)


def reopen(page: Page) -> None:
    """Lets an open gate page take up a clip that was changed."""
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


def write_clip(path: Path, pictures: Iterable[Image.Image], frames: int = 5, fps: int = 10) -> None:
    """Writes pictures one after the other, half a second each, with as long a blank between several."""
    shown = list(pictures) or [blank()]
    clip = [picture for each in shown for picture in ([each] if len(shown) == 1 else [each, blank()])]
    beside = path.with_suffix(".part")
    with beside.open("wb") as out:
        out.write(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F{fps}:1 Ip A1:1 C420jpeg\n".encode())
        for picture in clip:
            out.write((b"FRAME\n" + planes(picture)) * frames)
    os.replace(beside, path)  # noqa: PTH105  the browser must never read half a clip


def qr_picture(text: str, share: float = 0.55) -> Image.Image:
    """A badge's QR as the camera sees it; `share` is its part of the picture's height."""
    code = qrcode.QRCode(version=None, error_correction=qrcode.constants.ERROR_CORRECT_Q, border=4)
    code.add_data(text)
    code.make(fit=True)
    return on_grey([code.make_image().get_image()], share)


def on_grey(pictures: Sequence[Image.Image], share: float = 0.55) -> Image.Image:
    """Pictures side by side on a grey wall, in the camera's format."""
    wall = blank()
    side = int(SIZE[1] * share)
    for index, picture in enumerate(pictures):
        small = ImageOps.contain(picture.convert("RGB"), (side, side), Image.Resampling.LANCZOS)
        x = int(SIZE[0] * (index + 1) / (len(pictures) + 1) - small.width / 2)
        wall.paste(small, (x, (SIZE[1] - small.height) // 2))
    return wall


def blank() -> Image.Image:
    return Image.new("RGB", SIZE, GREY)


def planes(picture: Image.Image) -> bytes:
    """A picture as one frame of a clip: luma, then both chromas halved."""
    y, cb, cr = ImageOps.pad(picture.convert("RGB"), SIZE, color=GREY).convert("YCbCr").split()
    half = (SIZE[0] // 2, SIZE[1] // 2)
    return y.tobytes() + cb.resize(half).tobytes() + cr.resize(half).tobytes()
