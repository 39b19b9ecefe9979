"""A face on a paper, as PDF: the same face gives the same bytes."""

from io import BytesIO
from typing import Final, assert_never

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from printing.badge import draw_badge
from printing.face import Face
from printing.fold import draw_fold_half
from printing.paper import A4_HEIGHT_MM, A4_WIDTH_MM, A6_PANEL, FOLD_PANEL, Paper
from printing.text import clean

rl_config.useA85 = 0  # text armour for mail of the eighties: a quarter more bytes, and slow
_SIZES_MM: Final = {Paper.A6: (A6_PANEL.width_mm, A6_PANEL.height_mm), Paper.A4_FOLD: (A4_WIDTH_MM, A4_HEIGHT_MM)}


def render_badge(face: Face, paper: Paper) -> bytes:
    """One page with the badge, as PDF; it holds no link and no script, and its metadata no person."""
    width_mm, height_mm = _SIZES_MM[paper]
    written = BytesIO()
    canvas = Canvas(written, pagesize=(width_mm * mm, height_mm * mm), pageCompression=1, invariant=1, lang="en")
    canvas.setTitle(f"{clean(face.event_name)} badge")
    canvas.setAuthor("")
    canvas.scale(mm, mm)
    match paper:
        case Paper.A6:
            draw_badge(canvas, face, A6_PANEL)
        case Paper.A4_FOLD:
            draw_fold_half(canvas)
            canvas.beginForm("side", 0, 0, FOLD_PANEL.width_mm, FOLD_PANEL.height_mm)
            draw_badge(canvas, face, FOLD_PANEL)
            canvas.endForm()
            for left_mm in (0, A4_WIDTH_MM / 2):  # back, then front: lanyards flip, so both say the same
                canvas.saveState()
                canvas.translate(left_mm, 0)
                canvas.doForm("side")
                canvas.restoreState()
        case _:
            assert_never(paper)
    canvas.save()
    return written.getvalue()
