"""The reference: a badge as most systems make it, one Paragraph-and-PNG page each (facts: 16.9 ms a badge)."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from io import BytesIO
from pathlib import Path

import qrcode
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Image, PageBreak, Paragraph, SimpleDocTemplate, Spacer

import printing
from printing import Face

FONTS = Path(printing.__file__).parent / "fonts"


def print_naively(faces: Iterable[Face], target: BytesIO) -> None:
    pdfmetrics.registerFont(TTFont("Sans", FONTS / "NotoSans-Regular.ttf"))
    pdfmetrics.registerFont(TTFont("Bold", FONTS / "NotoSans-Bold.ttf"))
    pdfmetrics.registerFont(TTFont("Urdu", FONTS / "NotoNastaliqUrdu-SemiBold.ttf"))
    name = ParagraphStyle("name", fontName="Bold", fontSize=28, leading=32)
    urdu = ParagraphStyle("urdu", fontName="Urdu", fontSize=22, leading=44, alignment=2)
    small = ParagraphStyle("small", fontName="Sans", fontSize=12, leading=15)
    story: list[object] = []
    for face in faces:
        picture = BytesIO()
        qrcode.make(face.token).save(picture, "PNG")
        picture.seek(0)
        days = " ".join(day.label for day in face.days if day.valid)
        lines = (face.event_name, face.dateline, face.organisation, face.designation, face.place, days, face.category)
        story += [Paragraph(escape(face.name), name), Paragraph(escape(face.name_ur), urdu)]
        story += [Paragraph(escape(line), small) for line in lines]
        story += [Image(picture, 38 * mm, 38 * mm), Spacer(1, 4), Paragraph(face.short_code, small), PageBreak()]

    def bands(canvas: Canvas, _document: SimpleDocTemplate) -> None:
        canvas.setFillColorRGB(0.04, 0.24, 0.18)
        canvas.rect(0, 122 * mm, 105 * mm, 26 * mm, stroke=0, fill=1)
        canvas.rect(0, 0, 105 * mm, 21 * mm, stroke=0, fill=1)

    page = SimpleDocTemplate(
        target, pagesize=(105 * mm, 148 * mm), margin=7 * mm, leftMargin=7 * mm, rightMargin=7 * mm
    )
    page.topMargin = page.bottomMargin = 5 * mm
    page.build(story, onFirstPage=bands, onLaterPages=bands)  # type: ignore[arg-type]
