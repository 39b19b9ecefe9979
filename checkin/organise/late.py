"""Late scans in words: what waits in quarantine, and why a file cannot be taken in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from checkin.admission.quarantine import Problem, Waiting
from checkin.event.model import Event
from checkin.organise.words import moment

FILE_PROBLEMS: Final = {
    Problem.UNREADABLE: _l("This is no file of a tablet’s scans, or it is damaged. Save it anew on the tablet."),
    Problem.OTHER_EVENT: _l("This file belongs to another event."),
    Problem.UNKNOWN_DEVICE: _l("The tablet that saved this file was never paired here."),
}


@dataclass(frozen=True, slots=True)
class Late:
    """What of one retired tablet waits for a decision."""

    id: int
    name: str
    scans: str


def late_scans(event: Event, waiting: Iterable[Waiting], *, now: datetime, language: str) -> tuple[Late, ...]:
    """A line for each tablet whose scans wait."""
    return tuple(_late(event, one, now, language) for one in waiting)


def _late(event: Event, one: Waiting, now: datetime, language: str) -> Late:
    since = moment(event, one.first_at, now, language)
    words = ngettext(
        "one scan, waits since %(since)s", "%(num)d scans, the first since %(since)s", one.scans, since=since
    )
    return Late(one.device_id, one.device_name, str(words))
