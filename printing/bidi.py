"""Reading order: which runs of a line stand where, by the Unicode bidirectional algorithm (UAX 9) in its plain part.

Embeddings and isolates are not followed, since cleaning removes their marks; bracket pairs (N0) are left to N1 and N2.
"""

import unicodedata
from itertools import groupby
from typing import Final, NamedTuple

_STRONG: Final = {"L": "L", "R": "R", "AL": "R", "EN": "N", "AN": "N"}
_SEPARATORS: Final = ("ES", "CS")


class Run(NamedTuple):
    """A stretch of one direction, in the order in which it is typed."""

    text: str
    rtl: bool


def starts_rtl(text: str, *, otherwise: bool) -> bool:
    """Whether the first letter with a direction reads right to left (UAX 9, P2 and P3)."""
    for character in text:
        if (kind := _STRONG.get(unicodedata.bidirectional(character))) in ("L", "R"):
            return kind == "R"
    return otherwise


def visual_runs(text: str, *, rtl: bool) -> list[Run]:
    """The runs of a line from left to right, as they stand on paper."""
    levels = _levels(_resolved(_kinds(text), rtl=rtl), rtl=rtl)
    pairs = zip(levels, text, strict=True)
    runs = [
        (level, "".join(character for _, character in group)) for level, group in groupby(pairs, key=lambda p: p[0])
    ]
    for least in range(max(levels, default=0), 0, -1):  # L2: the deepest first
        turned: list[tuple[int, str]] = []
        for is_deep, group in groupby(runs, key=lambda run: run[0] >= least):
            part = list(group)
            turned += part[::-1] if is_deep else part
        runs = turned
    return [Run(part, level % 2 == 1) for level, part in runs]


def _kinds(text: str) -> list[str]:
    """L, R, N (number) or O (neutral) for each character; marks follow their base, separators their numbers (W1-W5)."""
    raw = [unicodedata.bidirectional(character) for character in text]
    kinds: list[str] = []
    for at, kind in enumerate(raw):
        around = (raw[at - 1] if at else "", raw[at + 1] if at + 1 < len(raw) else "")
        if kind == "NSM" and kinds:
            kinds.append(kinds[-1])
        elif (kind in _SEPARATORS and around == ("EN", "EN")) or (kind == "ET" and "EN" in around):
            kinds.append("N")
        else:
            kinds.append(_STRONG.get(kind, "O"))
    return kinds


def _resolved(kinds: list[str], *, rtl: bool) -> list[str]:
    """Numbers after Latin become Latin (W7); neutrals take what stands on both sides, else the line's own (N1, N2)."""
    base = strong = "R" if rtl else "L"
    numbered = []
    for kind in kinds:
        strong = kind if kind in "LR" else strong
        numbered.append("L" if kind == "N" and strong == "L" else kind)
    settled: list[str] = []
    sides = [(kind, len(list(group))) for kind, group in groupby(numbered)]
    for at, (kind, length) in enumerate(sides):
        before = sides[at - 1][0] if at else base
        after = sides[at + 1][0] if at + 1 < len(sides) else base
        same = before.replace("N", "R") == after.replace("N", "R")
        settled += [(before.replace("N", "R") if same else base) if kind == "O" else kind] * length
    return settled


def _levels(kinds: list[str], *, rtl: bool) -> list[int]:
    levels = {"R": 1, "N": 2, "L": 2 if rtl else 0}
    return [levels[kind] for kind in kinds]
