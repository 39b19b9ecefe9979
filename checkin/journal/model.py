"""The words of the journal: who did what, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was done. Ids and dotted words only: personal data has no place here.

    `actor`: `staff:3`, `device:5`, `command line`, `server`, `nobody`.
    `action`: `staff.sign_in`.  `subject`: `visitor:17`.
    """

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which entries are asked for; what is left at its default leaves nothing out.

    `subjects`: exactly these. `kind`: whatever begins with it, `visitor:`. `since` and `until`: until is not in it.
    """

    actor: str = ""
    actions: frozenset[str] | None = None
    subjects: frozenset[str] | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
