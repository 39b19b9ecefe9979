"""A badge as a picture."""

import threading
from io import BytesIO

import pypdfium2

_PDFIUM = threading.Lock()  # pdfium is one for all threads and bears only one at a time


def picture_of(pdf: bytes, *, width_px: int) -> bytes:
    """The first page of a PDF as PNG, `width_px` wide."""
    written = BytesIO()
    with _PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        # Sizes are rounded up: a hair less keeps 1280.001 from becoming 1281.
        image = page.render(scale=width_px / page.get_width() * (1 - 1e-6)).to_pil()
    image.save(written, "PNG")
    return written.getvalue()
