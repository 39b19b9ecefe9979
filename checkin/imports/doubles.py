"""Who is like whom: pure rules over the rows of a file and the people who are registered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from checkin.imports.columns import plain_heading
from checkin.imports.model import Likeness, Twin
from checkin.visitors.model import Details

Key = tuple[Likeness, str]
_CLOSEST: Final = tuple(Likeness)


@dataclass(frozen=True, slots=True)
class Who:
    """What tells a person from another."""

    name: str
    group: str
    keys: tuple[Key, ...]


def who(name: str, organisation: str, phone: str, email: str, group: str) -> Who:
    """The person as others are compared with. A name alone is nobody's own: many are called Muhammad Ali."""
    plain = plain_heading(name)
    company = plain_heading(organisation)
    keys = [(Likeness.PHONE, phone)] if phone else []
    keys += [(Likeness.EMAIL, email.casefold())] if email else []
    keys += [(Likeness.NAME, f"{plain}\n{company}")] if company else []
    return Who(plain, plain_heading(group), tuple(keys))


def who_is(details: Details) -> Who:
    """As `who`."""
    return who(details.name, details.organisation, details.phone, details.email, details.group)


def share(one: Who, other: Who, likeness: Likeness) -> bool:
    """Whether two people of one delegation give the same phone or address: that makes them no doubles."""
    is_contact = likeness in {Likeness.PHONE, Likeness.EMAIL}
    return is_contact and bool(one.group) and one.group == other.group and one.name != other.name


class Doubles:
    """The rows that were told, in the order of the file; afterwards the people who are registered."""

    def __init__(self) -> None:
        self._first: dict[Key, list[int]] = {}
        self._rows: dict[int, tuple[int, Who]] = {}
        self._alike: dict[str, int] = {}
        self.twins: dict[int, Twin] = {}

    def tell(self, seq: int, line: int, person: Who, whole: str, *, is_known: bool = False) -> None:
        """A row; `whole` is the same for rows that are alike in everything. `is_known`: it was imported before."""
        before = self._alike.setdefault(whole, line)
        if is_known:
            return  # met as somebody registered
        if before != line:
            self.twins[seq] = Twin(likeness=Likeness.LINE, line=before)
            return
        found = [(key, other) for key in person.keys for other in self._first.get(key, ())]
        for (likeness, _), other in found:
            twin_line, twin = self._rows[other]
            if not share(person, twin, likeness):
                self._note(seq, Twin(likeness=likeness, line=twin_line))
        self._rows[seq] = (line, person)
        for key in person.keys:
            rows = self._first.setdefault(key, [])
            if len(rows) < 2:  # noqa: PLR2004 - a delegation's phone stands in every line: two of them say enough
                rows.append(seq)

    def meet(self, registered: Iterable[tuple[int, Who]]) -> None:
        """Compare every row with those who are registered."""
        rows = self._by_key()
        for visitor_id, person in registered:
            for key in person.keys:
                for seq in rows.get(key, ()):
                    if not share(person, self._rows[seq][1], key[0]):
                        self._note(seq, Twin(likeness=key[0], visitor_id=visitor_id))

    def _by_key(self) -> dict[Key, list[int]]:
        found: dict[Key, list[int]] = {}
        for seq, (_, person) in self._rows.items():
            for key in person.keys:
                found.setdefault(key, []).append(seq)
        return found

    def _note(self, seq: int, twin: Twin) -> None:
        """The closest likeness is kept; with somebody registered rather than within the file."""
        known = self.twins.get(seq)
        if known is None or _rank(twin) < _rank(known):
            self.twins[seq] = twin


def _rank(twin: Twin) -> tuple[bool, int, int]:
    return twin.visitor_id is None, _CLOSEST.index(twin.likeness), twin.visitor_id or twin.line or 0
