"""Pictures from outside: judged by their header, decoded within bounds, written anew, so that only pixels remain."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

MOST_PIXELS: Final = 24_000_000
_BIGGEST_FILE: Final = 32_000_000
_LONGEST_SIDE: Final = 2400  # more than any badge's printer resolves
_JPEG_QUALITY: Final = 88
_TOLD: Final = "Save it again as PNG, JPEG or WebP, and use that file."
_OPENERS: Final[dict[str, Callable[[BytesIO], Image.Image]]] = {  # each reads the header only
    "PNG": PngImagePlugin.PngImageFile,
    "JPEG": JpegImagePlugin.JpegImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
}
# What Pillow raises for files that are not what they say.
_BROKEN: Final = (
    OSError, ValueError, SyntaxError, TypeError, IndexError, KeyError, EOFError, AttributeError,
    AssertionError, struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip


class PictureError(Exception):
    """A picture cannot be used: what is wrong with it, and how to mend it."""

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(f"{problem} {mend}")
        self.problem = problem
        self.mend = mend


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture made by `open_picture` or `read_picture`; `content` is a PNG or JPEG of our own writing."""

    width_px: int
    height_px: int
    content: bytes


def open_picture(folder: Path, name: str, *, longest_px: int = _LONGEST_SIDE, is_pure_black: bool = False) -> Picture:
    """The picture `name` of a template's folder. Raises PictureError; nothing outside the folder is opened."""
    posix = PurePosixPath(name)
    leads_out = not posix.parts or ".." in posix.parts or posix.is_absolute()
    if leads_out or "\\" in name or PureWindowsPath(name).drive or not name.isprintable():
        raise PictureError(
            "A picture must stand in the template's own folder.", "Put it beside the template, and write its name only."
        )
    try:
        path = (folder / name).resolve(strict=True)
        if not path.is_relative_to(folder.resolve()):
            raise PictureError("The picture is a link that leads out of the template's folder.", "Copy it in there.")
        if not path.is_file():
            raise PictureError("It is not a file.", _TOLD)
        if path.stat().st_size > _BIGGEST_FILE:
            raise PictureError("Its file is larger than 32 MB.", "Make the picture smaller.")
        data = path.read_bytes()
    except FileNotFoundError:
        raise PictureError("There is no such picture.", f"Put it into {folder}.") from None
    except (OSError, RuntimeError):  # no right to read it; links that lead in a circle
        raise PictureError("The picture cannot be read.", "Make it a file that this user may read.") from None
    return read_picture(data, longest_px=longest_px, is_pure_black=is_pure_black)


def read_picture(data: bytes, *, longest_px: int = _LONGEST_SIDE, is_pure_black: bool = False) -> Picture:
    """The pixels of a PNG, JPEG or WebP, upright, on white, without anything else. Raises PictureError."""
    kind = _kind(data)
    try:
        if kind == "WebP":
            _check_size(*_webp_size(data))  # its reader takes room for the whole canvas as soon as it opens
        with _OPENERS[kind](BytesIO(data)) as opened:
            _check_size(*opened.size)
            image = _flat(opened, longest_px)
    except _BROKEN:
        raise PictureError("The picture is broken.", _TOLD) from None
    if is_pure_black:
        image = image.convert("1").convert("L")
    written = BytesIO()
    if kind == "JPEG" and not is_pure_black:
        image.save(written, "JPEG", quality=_JPEG_QUALITY)
    else:
        image.save(written, "PNG")
    return Picture(*image.size, written.getvalue())


def _kind(data: bytes) -> str:
    """By how the file begins, whatever it is called."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    raise PictureError("It is no PNG, JPEG or WebP.", _TOLD)


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise PictureError(
            f"The picture has {width} × {height} pixels.",
            f"Make it smaller: {MOST_PIXELS // 1_000_000} million pixels at most; 1200 on a side are plenty.",
        )


def _webp_size(data: bytes) -> tuple[int, int]:
    """The canvas that a WebP's first chunk asks for (RFC 9649, 2.5 to 2.7)."""
    match data[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        case b"VP8L":
            (bits,) = struct.unpack_from("<I", data, 21)
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
        case _:
            raise PictureError("The picture is broken.", _TOLD)


def _flat(opened: Image.Image, longest_px: int) -> Image.Image:
    """The first frame in grey or RGB on white, turned as its EXIF says, no side longer than asked."""
    image = opened if opened.mode in ("L", "RGB") else opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    image.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    image = ImageOps.exif_transpose(image)
    if image.mode == "RGBA":
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    plain = Image.new(image.mode, image.size)  # a new picture holds nothing but pixels
    plain.paste(image)
    return plain
