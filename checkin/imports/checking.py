"""The dry run: every row of the file read, and judged against the others and those who are registered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from checkin.event.model import Event
from checkin.imports.columns import plain_heading
from checkin.imports.doubles import Doubles, who, who_is
from checkin.imports.model import Matching, Mistake, RowState, Twin
from checkin.imports.queries import as_json
from checkin.imports.values import Reader
from checkin.imports.workbook import Row
from checkin.registration import service as registration
from checkin.registration.party import completed
from checkin.visitors.model import Contact, Details

_PARTY_LONGEST = 120  # a ligature may become many letters


@dataclass(slots=True)
class Judged:
    """A row, and what is to be done with it."""

    seq: int
    line: int
    details: Details | None
    mistakes: tuple[Mistake, ...] = ()
    submission: str = ""
    party: str = ""
    visitor_id: int | None = None
    twin: Twin | None = None

    @property
    def state(self) -> RowState:
        if self.details is None:
            return RowState.WRONG
        if self.visitor_id is not None:
            return RowState.KNOWN
        return RowState.DOUBLE if self.twin else RowState.READY

    def as_row(self, import_id: int) -> dict[str, Any]:
        """As the table takes it."""
        return {
            "import_id": import_id,
            "seq": self.seq,
            "line": self.line,
            "state": self.state.value,
            "decision": "",
            "details": as_json(self.details) if self.details else {},
            "mistakes": [_kept(one) for one in self.mistakes],
            "submission": self.submission,
            "party": self.party,
            "likeness": self.twin.likeness.value if self.twin else "",
            "twin_line": self.twin.line if self.twin else None,
            "twin_id": self.twin.visitor_id if self.twin else None,
            "visitor_id": self.visitor_id,
            "leader_id": None,
        }


def read_all(event: Event, matching: Matching, rows: Iterator[Row], tell: Callable[[int], None]) -> list[Judged]:
    """Each row as a person's details, or with its mistakes; `tell` hears now and then how many there are so far."""
    reader = Reader(event, matching)
    judged: list[Judged] = []
    for seq, (line, cells) in enumerate(rows):
        read = reader.read(cells)
        if isinstance(read, Details):
            judged.append(Judged(seq, line, read))
        else:
            judged.append(Judged(seq, line, None, read))
        if seq % 500 == 499:  # noqa: PLR2004 - often enough to be seen
            tell(seq + 1)
    return judged


def name_all(judged: list[Judged]) -> list[str]:
    """Give each row the mark by which it is known when the file comes again; what each row told, as text, in order.

    Members of a delegation get their leader's phone and e-mail where they gave none: the leader is who stands first.
    """
    leaders: dict[str, Details] = {}
    seen: Counter[str] = Counter()
    told = []
    for one in judged:
        if one.details is None:
            told.append("")
            continue
        whole = repr(one.details)
        told.append(whole)
        one.party = plain_heading(one.details.group)[:_PARTY_LONGEST]
        if one.party:
            one.details = completed(one.details, leaders.setdefault(one.party, one.details))
        # The same line a second time is another person, should somebody decide so; and stays that one.
        one.submission = registration.submission_id(f"import:{seen[whole]}", one.details)
        seen[whole] += 1
    return told


def find_doubles(
    judged: list[Judged], told: list[str], raw: list[Details | None], registered: Iterator[Contact]
) -> None:
    """Note at each row whom it is like; `raw` is what it told itself, before its leader's phone was filled in."""
    doubles = Doubles()
    for one, whole, details in zip(judged, told, raw, strict=True):
        if details is not None:
            doubles.tell(one.seq, one.line, who_is(details), whole, is_known=one.visitor_id is not None)
    doubles.meet((one.id, who(one.name, one.organisation, one.phone, one.email, one.group)) for one in registered)
    for one in judged:
        one.twin = doubles.twins.get(one.seq)


def _kept(mistake: Mistake) -> dict[str, str]:
    kept = {"field": mistake.field.value, "problem": mistake.problem.value}
    return kept | {name: text for name in ("value", "allowed") if (text := getattr(mistake, name))}
