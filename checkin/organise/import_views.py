"""HTTP for bringing in a list: choose the file, match its columns, look, decide, register."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.exceptions import RequestEntityTooLarge

from checkin import clock
from checkin.cells import BOM
from checkin.imports import service, tasks
from checkin.imports.model import MOST_BYTES, BadFileError, Decision, Fault, Field, Head, Import, Likeness, Stage
from checkin.imports.problems import as_csv
from checkin.imports.sheets import ENCODINGS, read_head
from checkin.imports.words import fault_words
from checkin.jobs import service as jobs
from checkin.journal import service as journal
from checkin.organise import imports
from checkin.organise.import_forms import Told, UploadForm, read_matching
from checkin.organise.import_pages import review_page
from checkin.organise.views import bp
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.web import ERRORS, chosen_language, csrf, database, error_answer, site

_FORM_BYTES = 100_000  # of the upload, beside the file


@bp.get("/organise/import")
@required(Role.ORGANISER)
def show_imports() -> ResponseReturnValue:
    """Where a list is brought in, and those that were."""
    return _upload_page(UploadForm(formdata=None))


@bp.post("/organise/import")
@required(Role.ORGANISER)
def upload() -> ResponseReturnValue:
    """Take a file in and look at its head; one that cannot be read is told at once."""
    request.max_content_length = MOST_BYTES + _FORM_BYTES
    try:
        form = UploadForm()
    except RequestEntityTooLarge:
        form = UploadForm(formdata=None)
        form.file.errors = [fault_words(Fault.TOO_LARGE)]
        return _upload_page(form, 413)
    if not form.validate():
        return _upload_page(form, 422)
    content, staff = form.file.data.read(), current_staff()
    try:
        head = read_head(content)
    except BadFileError as error:
        form.file.errors = [fault_words(error.fault)]
        return _upload_page(form, 422)
    with database().transaction() as session:
        taken = service.take(
            session,
            content,
            head,
            file_name=form.file.data.filename or "",
            matching=imports.guessed(head),
            now=clock.now(),
            by=staff.name,
            actor=staff.actor,
        )
    return _to(taken.id)


csrf.exempt(upload)  # to look for the token is to read the body, with everyone's limit: the form itself looks


@bp.get("/organise/import/headings.csv")
@required(Role.ORGANISER)
def get_headings() -> ResponseReturnValue:
    """An empty list with every heading, to be filled in."""
    answer = Response(BOM + ",".join(Field) + "\r\n", mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="people.csv"'
    return answer


@bp.get("/organise/import/<int:import_id>")
@required(Role.ORGANISER)
def show_import(import_id: int) -> ResponseReturnValue:
    """The step at which it is."""
    with database().snapshot() as session:
        found = service.get_import(session, import_id)
    if found.stage is Stage.MATCHING:
        return _match_page(found, _head(import_id, found.encoding))
    if found.stage is Stage.REVIEW:
        return review_page(found, request.args.get("after", -1, type=int))
    one = imports.shown(site().event, found, now=clock.now(), language=chosen_language())
    return render_template("organise/import_progress.html", one=one, summary=imports.summary(one))


@bp.post("/organise/import/<int:import_id>/match")
@required(Role.ORGANISER)
def match_import(import_id: int) -> ResponseReturnValue:
    """The columns: `do=read` reads the file anew in another encoding, else it is looked at line by line."""
    with database().snapshot() as session:
        found = service.get_import(session, import_id)
    wish = request.form.get("encoding", "")
    head = _head(import_id, wish if wish in ENCODINGS else "")
    if request.form.get("do") == "read":
        return _match_page(found, head, Told(imports.guessed(head), has_consent=False, errors=()))
    told = read_matching(request.form, head, site().event)
    if told.errors:
        return _match_page(found, head, told), 422
    with database().transaction() as session:
        by = current_staff().name
        job = service.check(session, import_id, head, told.matching, now=clock.now(), by=by)
    tasks.queue(site(), job)
    return _to(import_id)


@bp.post("/organise/import/<int:import_id>/again")
@required(Role.ORGANISER)
def match_import_again(import_id: int) -> ResponseReturnValue:
    """Back to the columns."""
    with database().transaction() as session:
        service.match_again(session, import_id)
    return _to(import_id)


@bp.post("/organise/import/<int:import_id>/decide")
@required(Role.ORGANISER)
def decide_import(import_id: int) -> ResponseReturnValue:
    """What becomes of doubles: `all=phone:skip` for every one of a kind, else one by one."""
    kind, _, what = request.form.get("all", "").partition(":")
    with database().transaction() as session:
        if kind in list(Likeness) and what in list(Decision):
            service.decide_all(session, import_id, Likeness(kind), Decision(what))
        else:
            service.decide(session, import_id, _decisions())
    return redirect(
        url_for("organise.show_import", import_id=import_id, after=request.form.get("after"), _anchor="doubles"), 303
    )


@bp.post("/organise/import/<int:import_id>/run")
@required(Role.ORGANISER)
def run_import(import_id: int) -> ResponseReturnValue:
    """Register them, in the background."""
    staff = current_staff()
    try:
        with database().transaction() as session:
            job = service.run(session, import_id, now=clock.now(), by=staff.name, actor=staff.actor)
    except service.UndecidedError:
        flash(gettext("Decide first what becomes of those who seem to be registered already."))
        return _to(import_id)
    tasks.queue(site(), job)
    return _to(import_id)


@bp.post("/organise/import/<int:import_id>/pause")
@required(Role.ORGANISER)
def pause_import(import_id: int) -> ResponseReturnValue:
    """Let it rest after the lines at hand."""
    with database().transaction() as session:
        found = service.get_import(session, import_id)
        if found.job is not None:
            jobs.pause(session, found.job.id, now=clock.now())
    return _to(import_id)


@bp.post("/organise/import/<int:import_id>/resume")
@required(Role.ORGANISER)
def resume_import(import_id: int) -> ResponseReturnValue:
    """Let it go on where it stopped."""
    with database().transaction() as session:
        found = service.get_import(session, import_id)
        resumed = found.job is not None and jobs.resume(session, found.job.id, clock.now())
    if resumed and found.job is not None:
        tasks.queue(site(), found.job)
    return _to(import_id)


@bp.get("/organise/import/<int:import_id>/discard")
@required(Role.ORGANISER)
def ask_to_discard_import(import_id: int) -> ResponseReturnValue:
    """Ask once more."""
    with database().snapshot() as session:
        found = service.get_import(session, import_id)
    one = imports.shown(site().event, found, now=clock.now(), language=chosen_language())
    return _to(import_id) if found.is_over else render_template("organise/import_discard.html", one=one)


@bp.post("/organise/import/<int:import_id>/discard")
@required(Role.ORGANISER)
def discard_import(import_id: int) -> ResponseReturnValue:
    """End it; nothing of the file stays, and whoever is registered does."""
    with database().transaction() as session:
        service.discard(session, import_id, now=clock.now(), actor=current_staff().actor)
    flash(gettext("The list is discarded."))
    return redirect(url_for("organise.show_imports"), 303)


@bp.get("/organise/import/<int:import_id>/mistakes.csv")
@required(Role.ORGANISER)
def get_import_mistakes(import_id: int) -> ResponseReturnValue:
    """Every mistake in the file with its mend, for whoever keeps the list. Journalled: it repeats what stood there."""
    with database().transaction() as session:
        found = service.get_import(session, import_id)
        text = as_csv(found, service.wrong_rows(session, import_id))
        subject = f"import:{import_id}"
        journal.record(session, now=clock.now(), actor=current_staff().actor, action="import.export", subject=subject)
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{import_id}-mistakes.csv"'
    return answer


@bp.errorhandler(service.NotNowError)
def _not_now(_error: service.NotNowError) -> ResponseReturnValue:
    """Somebody was faster: show how it is now."""
    return _to((request.view_args or {})["import_id"])


@bp.errorhandler(service.NoSuchImportError)
def _no_such_import(_error: service.NoSuchImportError) -> ResponseReturnValue:
    return error_answer(404, str(ERRORS[404]))


def _decisions() -> dict[int, Decision]:
    """`double-17=skip` for each double that was decided on this page."""
    sent = ((name.removeprefix("double-"), what) for name, what in request.form.items() if name.startswith("double-"))
    return {int(seq): Decision(what) for seq, what in sent if seq.isdecimal() and what in list(Decision) and what}


def _head(import_id: int, encoding: str) -> Head:
    with database().snapshot() as session:
        content = service.content_of(session, import_id)
    try:
        return read_head(content, encoding)
    except BadFileError:
        return read_head(content)  # in that encoding it is no table


def _to(import_id: int) -> ResponseReturnValue:
    return redirect(url_for("organise.show_import", import_id=import_id), 303)


def _upload_page(form: UploadForm, status: int = 200) -> ResponseReturnValue:
    now, language, event = clock.now(), chosen_language(), site().event
    with database().snapshot() as session:
        found = service.latest_imports(session)
    shown = [imports.shown(event, one, now=now, language=language) for one in found]
    return render_template("organise/imports.html", form=form, imports=shown), status


def _match_page(found: Import, head: Head, told: Told | None = None) -> str:
    told = told or Told(found.matching, has_consent=False, errors=())
    event, language = site().event, chosen_language()
    return render_template(
        "organise/import_match.html",
        one=imports.shown(event, found, now=clock.now(), language=language),
        head=head,
        reading=imports.reading(head),
        columns=imports.columns(head, told.matching),
        fields=imports.fields(),
        categories=[(category.slug, category.named(language)) for category in event.categories],
        encodings=ENCODINGS,
        told=told,
    )
