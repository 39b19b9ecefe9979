"""What is wrong with a template: where, what, and how to mend it, in words for whoever wrote the file."""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

_LONGEST_VALUE: Final = 60
_WIDEST_NUMBER: Final = 10**15
_NEAR: Final = 0.5


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend. `place` names the item, its number and kind, its line where known, and the setting."""

    place: str
    problem: str
    mend: str


class TemplateError(Exception):
    """A template cannot be used; `str()` names the file, each item and its mend."""

    def __init__(self, path: Path, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(path, mistakes)
        self.path = path
        self.mistakes = mistakes

    def __str__(self) -> str:
        count = len(self.mistakes)
        blocks = [f"The file {self.path} has {count} mistake{'' if count == 1 else 's'}:"]
        blocks += [
            f"{number}. {mistake.place}\n   {mistake.problem}\n   Mend: {mistake.mend}"
            for number, mistake in enumerate(self.mistakes, start=1)
        ]
        return "\n\n".join(blocks)


def shown(value: object) -> str:
    """A value as its writer would recognise it, short, and safe to print on any terminal."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return "a very large number" if abs(value) >= _WIDEST_NUMBER else str(value)
        case str():
            text = value if len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + "…"
            return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text) + '"'
        case list():
            return "a list in [ ]"
        case dict():
            return "a table of settings"
        case _:
            return "a date or a time"


def instead_of(wrong: str, allowed: Collection[str]) -> str:
    """How to mend a word that is none of `allowed`: the one that was probably meant, and the choice."""
    near = get_close_matches(wrong[:_LONGEST_VALUE], allowed, n=1, cutoff=_NEAR)
    meant = f'Did you mean "{near[0]}"? ' if near else ""
    return f"{meant}Choose one of: {', '.join(sorted(allowed))}."
