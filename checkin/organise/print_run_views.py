"""HTTP for one print run: follow it, pause, resume, cancel; fetch its files; say that it is printed."""

from __future__ import annotations

from flask import Response, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from checkin import clock
from checkin.jobs import service as jobs
from checkin.jobs.model import ENDED
from checkin.journal import service as journal
from checkin.organise import prints
from checkin.organise.views import bp
from checkin.printruns import service, tasks
from checkin.printruns.files import FilesDownError
from checkin.printruns.manifest import as_csv
from checkin.printruns.model import KIND, Outcome, PartState, Run, part_file
from checkin.printruns.queries import lines
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.web import chosen_language, database, error_answer, site


@bp.get("/organise/print/<int:run_id>")
@required(Role.ORGANISER)
def show_run(run_id: int) -> ResponseReturnValue:
    """How far it is, and what there is of it."""
    with database().snapshot() as session:
        run = _run(session, run_id)
        parts, found = service.parts(session, run_id), service.outcomes(session, run_id)
    one = site()
    return render_template(
        "organise/print_run.html",
        run=prints.shown(one.event, one.settings, run, now=clock.now(), language=chosen_language()),
        parts=parts,
        ready=[part for part in parts if part.state is PartState.DONE],
        printed=found[Outcome.PRINTED],
        lost=prints.lost(found),
    )


@bp.post("/organise/print/<int:run_id>/pause")
@required(Role.ORGANISER)
def pause_run(run_id: int) -> ResponseReturnValue:
    """Let it rest after the parts at hand."""
    with database().transaction() as session:
        jobs.pause(session, _run(session, run_id).job.id, now=clock.now())
    return _back(run_id)


@bp.post("/organise/print/<int:run_id>/resume")
@required(Role.ORGANISER)
def resume_run(run_id: int) -> ResponseReturnValue:
    """Let it go on; a run of the command line goes on there."""
    with database().transaction() as session:
        run = _run(session, run_id)
        resumed = run.job.kind == KIND and jobs.resume(session, run.job.id, clock.now())
    if resumed:
        tasks.queue(site(), run)
    return _back(run_id)


@bp.get("/organise/print/<int:run_id>/cancel")
@required(Role.ORGANISER)
def ask_to_cancel_run(run_id: int) -> ResponseReturnValue:
    """Ask once more, since it cannot go on after that."""
    return _ask(run_id, "cancel")


@bp.post("/organise/print/<int:run_id>/cancel")
@required(Role.ORGANISER)
def cancel_run(run_id: int) -> ResponseReturnValue:
    """End it; the parts that are ready stay."""
    with database().transaction() as session:
        jobs.cancel(session, _run(session, run_id).job.id, clock.now())
    return _back(run_id)


@bp.post("/organise/print/<int:run_id>/printed")
@required(Role.ORGANISER)
def mark_run_printed(run_id: int) -> ResponseReturnValue:
    """These badges are on paper."""
    staff = current_staff()
    with database().transaction() as session:
        run = _over(session, run_id)
        marked = service.mark_printed(session, run, now=clock.now(), by=staff.name, actor=staff.actor)
    if marked is not None:
        flash(ngettext("One badge is marked printed.", "%(num)s badges are marked printed.", marked))
    return _back(run_id)


@bp.post("/organise/print/<int:run_id>/not-printed")
@required(Role.ORGANISER)
def unmark_run_printed(run_id: int) -> ResponseReturnValue:
    """They are not, after all."""
    staff = current_staff()
    with database().transaction() as session:
        run = _run(session, run_id)
        undone = service.unmark(session, run, now=clock.now(), by=staff.name, actor=staff.actor)
    if undone is not None:
        flash(ngettext("The mark is taken back from one badge.", "The mark is taken back from %(num)s badges.", undone))
    return _back(run_id)


@bp.get("/organise/print/<int:run_id>/delete")
@required(Role.ORGANISER)
def ask_to_delete_run_files(run_id: int) -> ResponseReturnValue:
    """Ask once more, since printing them again means a new run."""
    return _ask(run_id, "delete")


@bp.post("/organise/print/<int:run_id>/delete")
@required(Role.ORGANISER)
def delete_run_files(run_id: int) -> ResponseReturnValue:
    """Delete the PDFs and the manifest: they hold everyone's name. That the run was, and what it printed, stays."""
    try:
        with database().transaction() as session:
            run = _over(session, run_id)
            if run.job.kind != KIND:
                abort(404)  # the command's folder is its owner's
            service.forget_files(session, run, now=clock.now(), actor=current_staff().actor)
            # Before the commit: what cannot be deleted now is not said to be, and a worker's last part waits for it.
            tasks.files_of(site().settings, run).delete()
    except (FilesDownError, OSError) as error:
        return _out_of_reach(error)
    flash(gettext("The files of print run %(number)s are deleted.", number=run_id))
    return _back(run_id)


@bp.get("/organise/print/<int:run_id>/part-<int:number>.pdf")
@required(Role.ORGANISER)
def get_run_part(run_id: int, number: int) -> ResponseReturnValue:
    """One part, to print."""
    return _file(run_id, part_file(number))


@bp.get("/organise/print/<int:run_id>/covers.pdf")
@required(Role.ORGANISER)
def get_run_covers(run_id: int) -> ResponseReturnValue:
    """The cover sheets of a run by company."""
    return _file(run_id, tasks.COVERS)


@bp.get("/organise/print/<int:run_id>/manifest.csv")
@required(Role.ORGANISER)
def get_run_manifest(run_id: int) -> ResponseReturnValue:
    """Who is on which page, as far as the run has come."""
    with database().snapshot() as session:
        _run(session, run_id)
        text = as_csv(site().event, lines(session, run_id))
    _note(run_id, "manifest.csv")
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="print-{run_id}-manifest.csv"'
    return answer


def _file(run_id: int, name: str) -> ResponseReturnValue:
    with database().snapshot() as session:
        run = _run(session, run_id)
    if run.job.kind != KIND or run.deleted_at:
        abort(404)
    try:
        stored = tasks.files_of(site().settings, run).find(name)
    except (FilesDownError, OSError) as error:
        return _out_of_reach(error)
    if stored is None:
        abort(404)
    _note(run_id, name)
    answer = Response(stored, mimetype="application/pdf")
    answer.content_length = stored.size
    answer.headers["Content-Disposition"] = f"attachment; filename=print-{run_id}-{name}"
    answer.headers["Cache-Control"] = "no-store"  # it holds names
    return answer


def _note(run_id: int, name: str) -> None:
    """Journal who took a file of names."""
    actor, subject = current_staff().actor, f"print:{run_id}"
    with database().transaction() as session:
        journal.record(
            session, now=clock.now(), actor=actor, action="print.export", subject=subject, detail={"file": name}
        )


def _out_of_reach(error: Exception) -> ResponseReturnValue:
    current_app.logger.error("files of print runs cannot be reached: %s", error)
    return error_answer(503, gettext("The files cannot be reached at the moment. Please try again in a little while."))


def _ask(run_id: int, what: str) -> ResponseReturnValue:
    with database().snapshot() as session:
        run = _run(session, run_id)
    one = site()
    shown = prints.shown(one.event, one.settings, run, now=clock.now(), language=chosen_language())
    if what == "cancel" and run.job.state in ENDED:
        return _back(run_id)
    return render_template("organise/print_sure.html", what=what, run=shown)


def _run(session: Session, run_id: int) -> Run:
    try:
        return service.get_run(session, run_id)
    except service.NoSuchRunError:
        abort(404)


def _over(session: Session, run_id: int) -> Run:
    run = _run(session, run_id)
    if run.job.state not in ENDED:
        abort(404)  # no page offers it
    return run


def _back(run_id: int) -> ResponseReturnValue:
    return redirect(url_for("organise.show_run", run_id=run_id), 303)
