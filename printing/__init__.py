"""Badges on paper and QR codes: faces in, PDF and SVG out. Knows no Flask, no SQL, nothing of checkin."""

from printing.document import render_badge
from printing.face import Face, InvalidFaceError, Pip, missing_characters
from printing.paper import Paper
from printing.qr import QrTextTooLongError, qr_svg, qr_text

__all__ = [
    "Face",
    "InvalidFaceError",
    "Paper",
    "Pip",
    "QrTextTooLongError",
    "missing_characters",
    "qr_svg",
    "qr_text",
    "render_badge",
]
