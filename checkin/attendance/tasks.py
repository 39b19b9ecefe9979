"""What webhooks want to know and nobody says: a look each minute whether figures changed and tablets are silent."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

from checkin import clock
from checkin.attendance import policy, service
from checkin.attendance.answers import local_text
from checkin.attendance.model import Attendance
from checkin.devices.policy import SILENT_AFTER
from checkin.devices.service import all_devices
from checkin.event.model import Event
from checkin.jobs.registry import Registry
from checkin.programme.service import current_event
from checkin.web import Site
from checkin.webhooks import service as webhooks
from checkin.webhooks.model import Topic
from checkin.webhooks.tasks import wake


def register(registry: Registry) -> None:
    """Let the workers look."""
    registry.every_minute["attendance.look"] = look


def look(site: Site) -> None:
    """Tell what has changed since it was told last; nothing is counted where nobody wants to know."""
    now = clock.now()
    with site.database.snapshot() as session:
        wanted = {topic for topic in Topic if webhooks.wanting(session, topic)}
    told = Topic.ATTENDANCE_CHANGED in wanted and _tell_figures(site, now)
    told = (Topic.DEVICE_SILENT in wanted and _tell_silent(site, now)) or told
    if told:
        wake(site)


def _tell_figures(site: Site, now: datetime) -> bool:
    with site.database.reports() as session:
        event = current_event(session, site.event).event
        figures = figures_of(service.count(session, event, day=None, now=now))
    what = hashlib.sha256(json.dumps(figures, sort_keys=True).encode()).hexdigest()
    data = {"as_of": local_text(event, now), **figures}
    with site.database.transaction() as session:
        return webhooks.tell_change(session, Topic.ATTENDANCE_CHANGED, data, subject="attendance", what=what, now=now)


def _tell_silent(site: Site, now: datetime) -> bool:
    """Each tablet that is silent while the event runs, once until it is heard of again."""
    with site.database.snapshot() as session:
        event = current_event(session, site.event).event
        paired = {device.id: device for device in all_devices(session)}
    told = False
    for one in policy.waiting(event, paired.values(), (), _today(event, now), now):
        device = paired[one.device_id]
        seen = device.last_seen_at or device.paired_at
        if now - seen < SILENT_AFTER:
            continue  # it owes scans, and is heard of
        data = {"device": device.id, "gate": device.gate, "last_seen_at": local_text(event, seen)}
        subject = f"device:{device.id}"
        with site.database.transaction() as session:
            told |= webhooks.tell_change(
                session, Topic.DEVICE_SILENT, data, subject=subject, what=seen.isoformat(), now=now
            )
    return told


def figures_of(counted: Attendance) -> dict[str, object]:
    """The headlines of the event, and of each show day."""
    days = [{"day": one.day.isoformat(), "visitors": one.visitors, "entries": one.entries} for one in counted.by_day]
    names = ("visitors", "trade", "public", "visits", "entries", "provisional")
    return {name: getattr(counted, name) for name in names} | {"by_day": days}


def _today(event: Event, now: datetime) -> tuple[date, ...]:
    return tuple(day for day in (event.day_of(now),) if day in event.day_by_date)
