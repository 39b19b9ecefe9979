"""One table of the event file, read setting by setting. A reader notes what is wrong and goes on.

After a mistake a reader returns a harmless value of the right type, so that the rest of the file is
read too; whoever asked must look at the mistakes before using what came.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, time
from enum import StrEnum
from functools import partial
from typing import TypeVar

from checkin.event import values
from checkin.event.mistakes import instead_of, shown

T = TypeVar("T")
Kind = TypeVar("Kind", bound=StrEnum)
Note = Callable[[str, str, str], None]  # key, problem, mend
_EMAIL_MEND = 'Write one address in plain letters, without a name: "badges@expo.example.org".'


class Table:
    """One `[table]`; remembers which settings were asked for, so that the rest is known to be unknown."""

    def __init__(self, raw: dict[str, object], note: Note) -> None:
        self.raw = raw
        self.note = note
        self._asked: list[str] = []

    def text(self, key: str, default: str | None = None) -> str:
        """One line of at most 200 characters, without spaces at its ends; needed unless there is a `default`."""
        text = self._read(key, values.text_of, "text", f'Write it between quotes: {key} = "…".', default)
        if text == "" and default is None:
            self.note(key, "It is empty.", "Write what shall be shown.")
        if text and len(text) > values.LONGEST_TEXT:
            self.note(key, f"It is {len(text)} characters long.", f"Keep it within {values.LONGEST_TEXT} characters.")
        if text and values.has_control(text):
            self.note(key, f"{shown(text)} holds a control character.", "Type it again, on one line.")
        return text or ""

    def slug(self) -> str:
        mend = "Use 2 to 64 of the letters a-z, digits and dashes, as in main-hall."
        return self._read("slug", values.slug_of, "a short name for addresses and files", mend) or ""

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        mend = f"Write a whole number from {low} to {high}, without quotes."
        read = partial(values.whole_of, low=low, high=high)
        return self._read(key, read, f"a whole number from {low} to {high}", mend, default) or 0

    def flag(self, key: str, *, default: bool) -> bool:
        mend = f"Write {key} = true or {key} = false, without quotes."
        return bool(self._read(key, values.flag_of, "true or false", mend, default))

    def colour(self, key: str) -> str:
        mend = 'Write # and six of 0-9 and a-f, for red, green and blue, as in "#1d5bb8".'
        return self._read(key, values.colour_of, "a colour", mend) or ""

    def address(self, key: str) -> str:
        mend = 'Write http:// or https:// and the name of the machine, nothing after it: "https://expo.example.org".'
        return self._read(key, values.address_of, "the address of a site", mend) or ""

    def email(self, key: str, default: str | None = None) -> str:
        return self._read(key, values.email_of, "an e-mail address", _EMAIL_MEND, default) or ""

    def emails(self, key: str) -> tuple[str, ...]:
        """The addresses of a list; empty where it was left out."""
        return self._items(key, values.email_of, "an e-mail address", lambda _: _EMAIL_MEND)

    def local_date(self, key: str) -> date | None:
        return self._read(key, values.date_of, "a date", "Write year, month and day: 2026-01-24.")

    def local_time(self, key: str) -> time:
        mend = 'Write hours and minutes of the 24-hour clock: "09:00" or "18:30"; midnight is "00:00".'
        return self._read(key, values.time_of, "a time of day", mend) or time.min

    def local_dates(self, key: str) -> tuple[date, ...]:
        """The dates of a list, in their order; empty where it was left out."""
        return tuple(sorted(self._items(key, values.date_of, "a date", lambda _: "Write it as 2026-01-24.")))

    def word(self, key: str, allowed: Collection[str], what: str, default: str | None = None) -> str:
        """One of `allowed`; `what` says in plain words what those are."""
        found = self._read(key, partial(_one_of, allowed=allowed), what, partial(_instead, allowed=allowed), default)
        return found or ""

    def choice(self, key: str, default: Kind) -> Kind:
        """A member of the default's kind."""
        kind = type(default)
        return kind(self.word(key, list(kind), "one of its choices", default) or default)

    def words(self, key: str, allowed: Collection[str], what: str) -> tuple[str, ...]:
        """A list of some of `allowed`; empty where it was left out."""
        return self._items(key, partial(_one_of, allowed=allowed), what, partial(_instead, allowed=allowed))

    def note_unknown(self) -> None:
        """Note every setting that nobody asked for. Call it last."""
        for key in self.raw:
            if key not in self._asked:
                self.note(key, f"{shown(key)} is no setting of this table.", instead_of(key, self._asked))

    def _read(
        self,
        key: str,
        read: Callable[[object], T | None],
        what: str,
        mend: str | Callable[[object], str],
        default: T | None = None,
    ) -> T | None:
        self._asked.append(key)
        mending = partial(_said, mend)
        if key not in self.raw:
            if default is None:
                self.note(key, f"{key} is missing.", f"Add a line {key} = … here. {mending('')}")
            return default
        found = read(self.raw[key])
        if found is None:
            self.note(key, f"{shown(self.raw[key])} is not {what}.", mending(self.raw[key]))
        return found

    def _items(
        self, key: str, read: Callable[[object], T | None], what: str, mend: Callable[[object], str]
    ) -> tuple[T, ...]:
        self._asked.append(key)
        items = self.raw.get(key, [])
        if not isinstance(items, list):
            self.note(key, f"{shown(items)} is not a list.", f"Write a list in square brackets: {key} = [ … ].")
            return ()
        found: list[T] = []
        for item in items:
            value = read(item)
            if value is None:
                self.note(key, f"{shown(item)} is not {what}.", mend(item))
            elif value in found:
                self.note(key, f"{shown(item)} is in the list twice.", "Remove one of the two.")
            else:
                found.append(value)
        return tuple(found)


def _said(mend: str | Callable[[object], str], value: object) -> str:
    return mend if isinstance(mend, str) else mend(value)


def _one_of(value: object, allowed: Collection[str]) -> str | None:
    return value if isinstance(value, str) and value in allowed else None


def _instead(value: object, allowed: Collection[str]) -> str:
    return instead_of(value if isinstance(value, str) else "", allowed)
