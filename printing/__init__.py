"""Badges on paper and QR codes: faces in, PDF, PNG and SVG out. Knows no Flask, no SQL, nothing of checkin."""

from printing.cover import Cover, CoverWords, print_covers
from printing.document import print_badges, render_badge, render_image
from printing.face import Face, InvalidFaceError, Pip, missing_characters
from printing.picture import Picture, PictureError, read_picture
from printing.qr import QrTextTooLongError, qr_svg, qr_text
from printing.report import render_report
from printing.reportpaper import Chart, Figure, Listing, Paper, Row, Said, Texts
from printing.samples import SampleCategory, sample_faces
from printing.sheet import Sheet, SheetError
from printing.sheetfile import find_sheets
from printing.template import Side, Template, TemplateError, find_templates, load_template

__all__ = [
    "Chart",
    "Cover",
    "CoverWords",
    "Face",
    "Figure",
    "InvalidFaceError",
    "Listing",
    "Paper",
    "Picture",
    "PictureError",
    "Pip",
    "QrTextTooLongError",
    "Row",
    "Said",
    "SampleCategory",
    "Sheet",
    "SheetError",
    "Side",
    "Template",
    "TemplateError",
    "Texts",
    "find_sheets",
    "find_templates",
    "load_template",
    "missing_characters",
    "print_badges",
    "print_covers",
    "qr_svg",
    "qr_text",
    "read_picture",
    "render_badge",
    "render_image",
    "render_report",
    "sample_faces",
]
