"""Imports as jobs: the dry run in one piece of seconds, the registering in many; whoever is killed doubles nobody."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from typing import Final

from sqlalchemy import insert

from checkin import clock
from checkin.database import table_of
from checkin.imports import service
from checkin.imports.checking import Judged, find_doubles, name_all, read_all
from checkin.imports.model import BadFileError, Import
from checkin.imports.registering import register_some
from checkin.imports.sheets import read_head, read_rows
from checkin.imports.tables import ImportRowRow
from checkin.jobs import service as jobs
from checkin.jobs.model import Job
from checkin.jobs.queue import enqueue
from checkin.jobs.registry import Registry
from checkin.registration import service as registration
from checkin.visitors import service as visitors
from checkin.web import Site

_AT_ONCE: Final = 500
_PIECES: Final = 10  # transactions, before other jobs take their turn


class _OvertakenError(Exception):
    """Somebody else checks this import, or it is matched anew."""


def register(registry: Registry) -> None:
    """Let the workers check and run imports, and forget old ones."""
    registry.tasks[service.CHECK] = check
    registry.tasks[service.RUN] = run
    registry.every_minute["imports"] = forget_old


def queue(site: Site, job: Job) -> None:
    """Let the workers begin or go on, after the transaction that made or resumed the job."""
    enqueue(site.settings, job.kind, job.id)


def check(site: Site, job_id: int) -> bool:
    """Read and judge the whole file; never more to do. A file that cannot be read to its end fails the job."""
    holder, now = f"{os.getpid()}-{secrets.token_hex(8)}", clock.now()
    with site.database.transaction() as session:
        found = service.import_of_job(session, job_id)
        if found is None or not jobs.begin(session, job_id, now):
            return False
        service.begin_check(session, found.id, holder)
        content = service.content_of(session, found.id)
        job = jobs.get_job(session, job_id)
        jobs.advance(session, job_id, done=-job.done, now=now)
    try:
        judged = _judged(site, found, content, job_id)
        _store(site, found, holder, judged)
    except BadFileError as error:
        with site.database.transaction() as session:
            jobs.fail(session, job_id, now=clock.now(), note=error.fault)
    except _OvertakenError:
        pass
    return False


def run(site: Site, job_id: int) -> bool:
    """Register the next rows; True when there may be more."""
    for _ in range(_PIECES):
        with site.database.transaction() as session:
            import_id, now = service.id_of_job(session, job_id), clock.now()
            if import_id is None or not jobs.begin(session, job_id, now):
                return False
            if register_some(session, site.event, import_id, job_id, secret=site.settings.secret_key, now=now):
                continue
            service.finish(session, import_id, now=now)
            return False
    return True


def forget_old(site: Site) -> None:
    """Nobody's file lies about for more than a day."""
    with site.database.transaction() as session:
        service.forget_old(session, clock.now())


def _judged(site: Site, found: Import, content: bytes, job_id: int) -> list[Judged]:
    told_so_far = 0

    def tell(rows: int) -> None:
        nonlocal told_so_far
        with site.database.transaction() as session:
            jobs.advance(session, job_id, done=rows - told_so_far, now=clock.now())
        told_so_far = rows

    head = read_head(content, found.encoding)
    judged = read_all(site.event, found.matching, read_rows(content, head), tell)
    raw = [one.details for one in judged]
    told = name_all(judged)
    with site.database.snapshot() as session:
        for some in _some(judged):
            known = registration.known(session, [one.submission for one in some if one.submission])
            for one in some:
                one.visitor_id = known.get(one.submission)
        find_doubles(judged, told, raw, visitors.contacts(session))
    tell(len(judged))
    return judged


def _store(site: Site, found: Import, holder: str, judged: list[Judged]) -> None:
    for some in _some(judged):
        with site.database.transaction() as session:
            if not service.is_checked_by(session, found.id, holder):
                raise _OvertakenError
            session.execute(insert(table_of(ImportRowRow)), [one.as_row(found.id) for one in some])
    with site.database.transaction() as session:
        if not service.is_checked_by(session, found.id, holder):
            raise _OvertakenError
        service.end_check(session, found.id, now=clock.now())


def _some(judged: list[Judged]) -> Iterator[list[Judged]]:
    return (judged[start : start + _AT_ONCE] for start in range(0, len(judged), _AT_ONCE))
