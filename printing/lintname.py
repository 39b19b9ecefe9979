"""How a stack looks at its worst: every line said, the name as long as names come."""

from typing import Final

from printing.elements import Stack
from printing.face import Face, Pip
from printing.fit import ELLIPSIS
from printing.layout import set_stack
from printing.text import Line

LONGEST_NAME: Final = "Muhammad Abdul Rehman Khan Durrani Yousafzai bin Al-Makhdoom"
CROWDED: Final = Face(
    event_name="International Expo of Small Industries and Clusters 2026",
    event_name_ur="چھوٹی صنعتوں اور کلسٹرز کی بین الاقوامی نمائش 2026",
    dateline="International Expo Centre · 24–26 January 2026",
    name=LONGEST_NAME,
    name_ur="محمد عبدالرحمٰن خان درانی",
    organisation="Sialkot Surgical Instruments Association",
    designation="Export Manager",
    place="Sialkot",
    category="Trade visitor",
    category_ur="تجارتی وزیٹر",
    colour="#e2a829",
    days=(Pip(label="Sat 24", valid=True),),
    token="0" * 28,
    short_code="0000-0000-0",
)


def longest_name_mm(stack: Stack) -> float:
    """The size at which a name of sixty letters stands in a full stack; 0 if it is cut."""
    for row, block, *_ in set_stack(stack, CROWDED):
        if "name" in row.wording.fields:
            return 0.0 if any(_is_cut(line) for line in block.lines) else block.size_mm
    return 0.0


def _is_cut(line: Line) -> bool:
    words = (word for piece in line.pieces for word in piece.words)
    return any(ELLIPSIS in cluster.text for word in words for cluster in word.clusters)
