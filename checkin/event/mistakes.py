"""What is wrong with an event file: where, what, and how to mend it, in words for whoever wrote the file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path

_LONGEST_LIST = 12  # a longer list of choices is no help to a reader
_LONGEST_VALUE = 60
_WIDEST_NUMBER = 10**18


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend. `place` names the table, its number and slug, the setting, and the line where known."""

    place: str
    problem: str
    mend: str


class EventFileError(Exception):
    """The event file cannot be used. Holds every mistake, in the order of the file; `str()` tells them all."""

    def __init__(self, path: Path, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(path, mistakes)
        self.path = path
        self.mistakes = mistakes

    def __str__(self) -> str:
        count = len(self.mistakes)
        blocks = [f"{self.path} has {count} mistake{'' if count == 1 else 's'}:"]
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
        case int():
            return str(value) if abs(value) < _WIDEST_NUMBER else "a very large number"
        case str():
            text = value if len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + "…"
            return '"' + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text) + '"'
        case float():
            return str(value)
        case date() | datetime() | time():
            return value.isoformat()
        case list():
            return "a list in [ ]"
        case _:
            return "a table of settings"


def instead_of(wrong: str, allowed: Collection[str]) -> str:
    """How to mend a word that is none of `allowed`: the one that was probably meant, and the choice."""
    near = get_close_matches(wrong[:_LONGEST_VALUE], allowed, n=1)
    meant = f'Did you mean "{near[0]}"? ' if near else ""
    choice = "Choose one of: " + ", ".join(sorted(allowed)) + "." if 0 < len(allowed) <= _LONGEST_LIST else ""
    return (meant + choice).strip() or "Look into event.example.toml for what can stand here."
