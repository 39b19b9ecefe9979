"""Faces to print, pages as pictures, and codes read from them: the tools of the tests beside this file."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image

from printing import Face, Pip, Side, Template, find_templates, load_template, render_image

TOKEN = "200J6HB7H4002Z83JX3B0Q1T8CSG"
DAYS = (Pip(label="Sat 24", valid=True), Pip(label="Sun 25", valid=True), Pip(label="Mon 26", valid=False))
HARD_NAMES = {
    "plain": "Ayesha Siddiqui",
    "azerbaijani": "Gülnarə Əliyeva-Məmmədova",
    "malay": "Tengku Nur Aisyah binti Dato' Sri Mohd. Fadzil",
    "kenyan": "Ẹ́nìọlá Ngũgĩ wa Thiong'o",
    "long": "Muhammad Abdul Rehman Khan Durrani Yousafzai Al-Makhdoom",
    "urdu": "محمد عبدالرحمٰن خان",
    "mixed": "Ali علی (Khan) خان 2026",
    "markup": "Ali <b>&amp; <img src='x.png'/> Sons",
    "operators": "Ali )>> /OpenAction << /URI (x)",
    "braces": "{x} {{face.token}} %s",
    "controls": "A\x00li\x07 \x1b[31mKhan\r\n",
    "override": "Ali \u202enahK\u202c \u2066x\u2069",
    "letters": "W" * 300,
    "joined": "ب" * 300,
    "emoji": "Ali 😀👨\u200d👩\u200d👧 Khan",
    "cjk": "王小明",
    "marks": "A" + "\u0301" * 80 + "li",
    "spaces": " \t\u3000 ",
    "surrogate": "Ali \ud800 Khan",
}


def make_face(**changes: Any) -> Face:
    """A face of an ordinary visitor, with what a test wants otherwise."""
    values: dict[str, Any] = {
        "event_name": "Made in Pakistan SME Cluster Showcase Expo 2026",
        "event_name_ur": "میڈ ان پاکستان ایس ایم ای کلسٹر شوکیس ایکسپو 2026",
        "dateline": "Lahore Expo Centre · 24–26 January 2026",
        "name": "Ayesha Siddiqui",
        "name_ur": "عائشہ صدیقی",
        "organisation": "Sialkot Sports Goods Cluster",
        "designation": "Export Manager",
        "place": "Sialkot",
        "category": "Trade visitor",
        "category_ur": "تجارتی وزیٹر",
        "colour": "#e0a82e",
        "days": DAYS,
        "token": TOKEN,
        "short_code": "04HM-ASW9-B",
    }
    return Face(**(values | changes))


def make_hard_face(name: str) -> Face:
    """A face on which every field that a person fills says the same hard thing."""
    return make_face(name=name, name_ur=name, organisation=name, designation=name, place=name)


def raster(pdf: bytes, dpi: int) -> Image.Image:
    """The only page as a grey picture, as pdfium draws it."""
    with pypdfium2.PdfDocument(BytesIO(pdf)) as document:
        assert len(document) == 1
        return document[0].render(scale=dpi / 72).to_pil().convert("RGB")


def read_codes(picture: Image.Image) -> list[zxingcpp.Barcode]:
    """The QR codes of a picture, those further left first."""
    codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return sorted(codes, key=lambda code: code.position.top_left.x)


def is_ink(picture: Image.Image, box: tuple[float, float, float, float], dpi: int) -> bool:
    """Whether anything but white stands in a box of millimetres from the upper left corner."""
    part = picture.crop(tuple(round(edge_mm / 25.4 * dpi) for edge_mm in box))
    return part.convert("L").getextrema()[0] < 250


def inked_rows(picture: Image.Image) -> list[bool]:
    """For each row whether anything but white stands in it."""
    grey = picture.convert("L").point(lambda value: 255 if value < 200 else 0)
    return [bool(grey.crop((0, y, grey.width, y + 1)).getbbox()) for y in range(grey.height)]


NAMES = ("4x3", "a4-fold", "a6", "butterfly", "cr80", "phone", "roll-62")


@cache
def shipped(name: str) -> Template:
    """A template that comes with the system."""
    return load_template(find_templates()[name])


def side_of(face: Face, template: Template | str, dpi: int, side: Side = Side.FRONT) -> Image.Image:
    """One side of a badge as a picture."""
    template = shipped(template) if isinstance(template, str) else template
    width_px = round(template.width_mm / 25.4 * dpi)
    return Image.open(BytesIO(render_image(face, template, width_px=width_px, side=side))).convert("RGB")


# A small template that keeps every rule: tests change one thing of it.
PLAIN = """
title = "Plain"
kind = "card"
width = 110
height = 60
back = "same"

[[front]]
kind = "rect"
left = 0
top = 0
width = 110
height = 10
fill = "#0b3d2e"

[[front]]
kind = "text"
field = "event_name"
left = 5
top = 5
width = 80
height = 4
size = 3
colour = "#ffffff"

[[front]]
kind = "stack"
left = 5
top = 12
width = 58
height = 18
lines = [
    { field = "name", size = 6, bold = true, least = 0.3 },
    { field = "organisation", size = 3 },
]

[[front]]
kind = "qr"
left = 74
top = 16
side = 25

[[front]]
kind = "pips"
left = 5
top = 33
width = 40
height = 5
size = 3
direction = "across"

[[front]]
kind = "rect"
left = 0
top = 46
width = 110
height = 14
fill = "category"

[[front]]
kind = "text"
field = "category"
left = 5
top = 48
width = 80
height = 7
size = 5
colour = "on-category"
"""


def written(folder: Path, text: str = PLAIN, name: str = "mine") -> Path:
    """A template file of this text."""
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path
