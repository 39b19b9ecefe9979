"""Drawing a run, part by part: whoever is killed loses one part's drawing, and no badge."""

from __future__ import annotations

import errno
import logging
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from checkin import clock
from checkin.badges.faces import face_of
from checkin.badges.keys import KeyRing
from checkin.badges.model import Badge, BadgeState
from checkin.badges.templates import NoSuchTemplateError, get_sheet, get_template
from checkin.jobs import service as jobs
from checkin.jobs.queue import enqueue
from checkin.jobs.registry import Registry
from checkin.printruns import manifest, queries
from checkin.printruns.drawing import BadFacesError, draw
from checkin.printruns.files import Files, FilesDownError, Folder
from checkin.printruns.model import KIND, Order, Outcome, Problem, Run, part_file
from checkin.printruns.parts import Result, beat_part, claim_part, finish_part, is_drawn, release_part
from checkin.printruns.policy import place_of
from checkin.settings import Settings
from checkin.web import Site
from printing import Face, InvalidFaceError, SheetError, TemplateError, print_covers

SHARERS: Final = 4
"""So many workers at most draw one run at once."""
MANIFEST, COVERS = "manifest.csv", "covers.pdf"
_BEAT_S: Final = 15.0
_log = logging.getLogger(__name__)
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def register(registry: Registry) -> None:
    """Let the workers draw print runs."""
    registry.tasks[KIND] = draw_some


def queue(site: Site, run: Run) -> None:
    """Let the workers begin or go on, after the transaction that made or resumed the run."""
    enqueue(site.settings, run.job.kind, run.job.id, copies=min(SHARERS, run.parts))


def files_of(settings: Settings, run: Run) -> Files:
    """Where the files of a run lie: in the folder that its command was given, else where all machines find them."""
    if run.folder or not settings.bucket_url:
        return Folder(Path(run.folder) if run.folder else settings.prints / str(run.id))
    from checkin.printruns.bucket import Bucket  # noqa: PLC0415 - its library takes 5 MB: only where there is a bucket

    return Bucket(settings.bucket_url, f"print/{run.id}/")


def draw_some(site: Site, job_id: int) -> bool:
    """Draw the next part that nobody draws; True when there may be more. What an organiser can mend pauses the run."""
    holder, now = f"{os.getpid()}-{secrets.token_hex(8)}", clock.now()
    with site.database.transaction() as session:
        if not jobs.begin(session, job_id, now):
            return False
        run = queries.run_of_job(session, job_id)
        part = claim_part(session, run.id, holder, now)
    try:
        if part is not None:
            with _beating(site, run, part, holder):
                _draw_part(site, run, part, holder)
        return _finish_if_drawn(site, run) and part is not None
    except (NoSuchTemplateError, TemplateError, SheetError) as error:
        _pause(site, run, part, holder, f"{Problem.TEMPLATE}: {error}")
    except OSError as error:
        problem = Problem.DISK_FULL if error.errno in _FULL else Problem.CANNOT_WRITE
        _pause(site, run, part, holder, f"{problem}: {error.strerror}")
    except FilesDownError as error:
        _log.warning("print run %d waits for the next sweep, its files cannot be stored: %s", run.id, error)
        _release(site, run, part, holder)
    except BaseException:
        _release(site, run, part, holder)
        raise
    return False


def _draw_part(site: Site, run: Run, part: int, holder: str) -> None:
    template = get_template(site.settings, run.layout.template)
    sheet = get_sheet(site.settings, run.layout.sheet)
    places, first = sheet.places if sheet else 1, run.layout.first if part == 1 else 0
    with site.database.snapshot() as session:
        badges = queries.badges_of_part(session, run.id, part)
    faces, results = _faces(site, badges)
    files = files_of(site.settings, run)
    files.make()
    with files.new(part_file(part), holder) as new:
        while faces:
            try:
                some = list(faces.values())
                pages = draw(some, template, new.file, sheet=sheet, first=first, both_sides=run.layout.both_sides)
            except BadFacesError as bad:
                drawn = list(faces)
                for index, reason in bad.reasons.items():
                    results.append(Result(seq=drawn[index], outcome=Outcome.FAILED, reason=reason))
                    del faces[drawn[index]]
                new.empty()
                continue
            for index, (seq, page) in enumerate(zip(faces, pages, strict=True)):
                place = place_of(index, places=places, first=first)
                results.append(Result(seq=seq, outcome=Outcome.PRINTED, page=page, place=place))
            break
        new.close()
        with site.database.transaction() as session:
            if finish_part(session, run, part, holder, results, clock.now()) and faces:
                new.put()  # before the commit: a part that is done has its file, whenever the power goes


def _faces(site: Site, badges: tuple[tuple[int, Badge], ...]) -> tuple[dict[int, Face], list[Result]]:
    """The faces to draw by their place in the run, and what became of the other badges."""
    faces, results, now, keys = {}, [], clock.now(), KeyRing(site.settings.token_master)
    for seq, badge in badges:
        state = badge.state_at(now)
        if state is not BadgeState.LIVE:
            results.append(Result(seq=seq, outcome=Outcome.SKIPPED, reason=f"{state} since the run was made"))
            continue
        try:
            faces[seq] = face_of(site.event, keys, badge)
        except InvalidFaceError as error:
            results.append(Result(seq=seq, outcome=Outcome.FAILED, reason=str(error)))
        except Exception as error:  # noqa: BLE001 - one badge never stops the others
            reason = f"cannot be drawn: {type(error).__name__}"
            results.append(Result(seq=seq, outcome=Outcome.FAILED, reason=reason))
    return faces, results


def _finish_if_drawn(site: Site, run: Run) -> bool:
    """Write the manifest, and the covers, once every part is done; False when that ended the run."""
    with site.database.snapshot() as session:
        if not is_drawn(session, run.id):
            return True
        lines = tuple(queries.lines(session, run.id))
    files, holder = files_of(site.settings, run), secrets.token_hex(8)
    files.make()
    files.clear_temporary()
    with files.new(MANIFEST, holder) as new:
        new.file.write(manifest.as_csv(site.event, lines).encode())
        new.close()
        new.put()
    if run.layout.order is Order.COMPANY:
        with files.new(COVERS, holder) as new:
            print_covers(tuple(manifest.covers(site.event, lines)), manifest.cover_words(site.event), new.file)
            new.close()
            new.put()
    with site.database.transaction() as session:
        jobs.finish(session, run.job.id, clock.now())
    return False


def _release(site: Site, run: Run, part: int | None, holder: str) -> None:
    if part is not None:
        with site.database.transaction() as session:
            release_part(session, run.id, part, holder)


def _pause(site: Site, run: Run, part: int | None, holder: str, note: str) -> None:
    with site.database.transaction() as session:
        if part is not None:
            release_part(session, run.id, part, holder)
        jobs.pause(session, run.job.id, now=clock.now(), note=note)


@contextmanager
def _beating(site: Site, run: Run, part: int, holder: str) -> Iterator[None]:
    """Be heard of while a part is drawn, however slow the machine is."""
    is_over = threading.Event()

    def beat() -> None:
        while not is_over.wait(_BEAT_S):
            with site.database.transaction() as session:
                beat_part(session, run, part, holder, clock.now())

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
