"""The journal of who looked at what, where every letter typed is a look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from checkin import clock
from checkin.journal import service as journal
from checkin.journal.queries import has_done
from checkin.staff.guard import current_staff
from checkin.web import database

EVERY = timedelta(minutes=1)


def note(action: str, detail: Mapping[str, object]) -> None:
    """Journal that whoever is signed in did this, unless an entry of the last minute says so."""
    actor, now = current_staff().actor, clock.now()
    with database().snapshot() as session:
        if has_done(session, actor=actor, action=action, since=now - EVERY):
            return
    with database().transaction() as session:
        journal.record(session, now=now, actor=actor, action=action, detail=detail)
