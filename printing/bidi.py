"""Reading order: which runs of a line stand where, by the Unicode bidirectional algorithm (UAX 9) of python-bidi.

The package's front door gives letters already turned round, while shaping needs runs as they are typed, so its steps
are called one by one. Cleaning has removed embeddings and isolates; bracket pairs (N0) are judged by N1 and N2.
"""

import re
from itertools import groupby
from typing import Final, NamedTuple

from bidi.algorithm import (
    explicit_embed_and_overrides,
    get_embedding_levels,
    get_empty_storage,
    resolve_implicit_levels,
    resolve_neutral_types,
    resolve_weak_types,
)
from bidi.wrapper import get_base_level

# Hebrew to Arabic Extended, their presentation forms, right-to-left scripts beyond, and the marks that turn lines.
_RTL: Final = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_URDU_WORDS: Final = re.compile("[\u0620-\u065f\u066e-\u06d3\u06d5\u06fa-\u06ff\u200c\u200d ]*[\u0620-\u064a]")
_STRONG: Final = re.compile(r"[^\W\d_]")


class Run(NamedTuple):
    """A stretch of one direction, in the order in which it is typed."""

    text: str
    rtl: bool


def starts_rtl(text: str, *, otherwise: bool) -> bool:
    """Whether the first letter with a direction reads right to left (UAX 9, P2 and P3)."""
    if _STRONG.search(text) is None:
        return otherwise
    return bool(get_base_level(text) == 1) if _RTL.search(text) else False


def visual_runs(text: str, *, rtl: bool) -> list[Run]:
    """The runs of a line from left to right, as they stand on paper."""
    if not rtl and not _RTL.search(text):
        return [Run(text, rtl=False)] if text else []
    if rtl and _URDU_WORDS.fullmatch(text):
        return [Run(text, rtl=True)]
    pairs = zip(_levels(text, rtl=rtl), text, strict=True)
    runs = [(level, "".join(letter for _, letter in group)) for level, group in groupby(pairs, key=lambda p: p[0])]
    for least in range(max((level for level, _ in runs), default=0), 0, -1):  # L2: the deepest first
        turned: list[tuple[int, str]] = []
        for is_deep, group in groupby(runs, key=lambda run: run[0] >= least):
            part = list(group)
            turned += part[::-1] if is_deep else part
        runs = turned
    return [Run(part, level % 2 == 1) for level, part in runs]


def _levels(text: str, *, rtl: bool) -> list[int]:
    storage = get_empty_storage()
    storage["base_level"], storage["base_dir"] = int(rtl), "R" if rtl else "L"
    get_embedding_levels(text, storage)
    explicit_embed_and_overrides(storage)
    resolve_weak_types(storage)
    resolve_neutral_types(storage, debug=False)
    resolve_implicit_levels(storage, debug=False)
    # Joiners are dropped by X9: they stand with the letter before them.
    found = iter(storage["chars"])
    levels, current, last = [], next(found, None), int(rtl)
    for letter in text:
        if current is not None and current["ch"] == letter:
            last, current = current["level"], next(found, None)
        levels.append(last)
    return levels
