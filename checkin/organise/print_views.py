"""HTTP for print runs: choose badges, look at what would be printed, start."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin import clock
from checkin.badges.queries import find_newest, newest_of
from checkin.badges.shortcode import short_code
from checkin.badges.templates import NoSuchTemplateError, sheets
from checkin.organise import prints
from checkin.organise.print_forms import PrintForm
from checkin.organise.views import bp
from checkin.printruns import planning, service, tasks
from checkin.printruns.model import Plan, Unreadable, Which
from checkin.printruns.policy import part_sizes
from checkin.registration.queries import find_people
from checkin.staff.guard import current_staff, required
from checkin.staff.model import Role
from checkin.web import chosen_language, database, site
from printing import SheetError, TemplateError, find_sheets


@dataclass(frozen=True, slots=True)
class _Found:
    """Somebody who was searched for, to be ticked."""

    code: str
    name: str
    organisation: str
    is_ticked: bool


@bp.get("/organise/print")
@required(Role.ORGANISER)
def show_print() -> ResponseReturnValue:
    """What to print, and the runs there were."""
    return _form_page(_form())


@bp.get("/organise/print/runs")
@required(Role.ORGANISER)
def show_print_runs() -> ResponseReturnValue:
    """The runs alone, as the page asks for them while one is under way."""
    return render_template("organise/print_runs.html", runs=_runs())


@bp.post("/organise/print")
@required(Role.ORGANISER)
def review_print() -> ResponseReturnValue:
    """`do=find` people, `do=change` what was chosen, else look at what would be printed."""
    form = _form()
    wish = request.form.get("do")
    if wish == "find" and form.words.data:
        form.which.data = Which.PEOPLE.value
        return _form_page(form, found=_search(form))
    if wish == "change":
        return _form_page(form)
    planned = _planned(form)
    return _form_page(form, status=422) if planned is None else _review_page(form, *planned)


@bp.post("/organise/print/start")
@required(Role.ORGANISER)
def start_print() -> ResponseReturnValue:
    """Make the run. What is marked printed already is printed again only when that was read and confirmed."""
    form = _form()
    planned = _planned(form)
    if planned is None:
        return _form_page(form, status=422)
    plan, _ = planned
    if not plan.chosen or (prints.again(plan) and request.form.get("again") != "y"):
        return _review_page(form, *planned)
    staff = current_staff()
    with database().transaction() as session:
        run = service.make_run(session, plan, now=clock.now(), by=staff.name, actor=staff.actor)
    tasks.queue(site(), run)
    return redirect(url_for("organise.show_run", run_id=run.id), 303)


def _form() -> PrintForm:
    form, settings = PrintForm(), site().settings
    try:
        papers = sheets(settings)
    except TemplateError as error:  # the shipped ones stay; what is wrong in the organiser's own stands beside
        papers, form.sheet.description = find_sheets(), str(error)
    form.offer(site().event, prints.templates(settings), papers, chosen_language())
    return form


def _planned(form: PrintForm) -> tuple[Plan, tuple[Unreadable, ...]] | None:
    """What the form asks for; None with the errors in the form."""
    if not form.validate():
        return None
    try:
        with database().snapshot() as session:
            people = planning.find_people(session, form.given_codes if form.which.data == Which.PEOPLE else ())
            if people.unknown:
                told = gettext("Nobody has this code: %(codes)s", codes=", ".join(people.unknown[:5]))
                form.codes.errors = [told]
                return None
            plan = planning.make_plan(session, site(), form.choice(people.numbers), form.layout)
            return plan, planning.unreadable(session, site(), plan)
    except (NoSuchTemplateError, TemplateError) as error:
        form.template.errors = [str(error)]
    except SheetError as error:
        form.sheet.errors = [str(error)]
    return None


def _search(form: PrintForm) -> list[_Found]:
    """The people who are meant by the words typed, and have a badge; those ticked before stay."""
    ticked = set(form.person.data or ())
    with database().snapshot() as session:
        visitors = {one.id: one for one in find_people(session, form.words.data or "")}
        badges = newest_of(session, visitors.keys())
        kept = planning.find_people(session, sorted(ticked)).numbers
        named = [*badges.values(), *filter(None, (find_newest(session, number) for number in kept))]
    found = {
        short_code(badge.number): _Found(
            code=short_code(badge.number),
            name=badge.name,
            organisation=badge.organisation,
            is_ticked=short_code(badge.number) in ticked,
        )
        for badge in named
    }
    return sorted(found.values(), key=lambda one: (not one.is_ticked, one.name))


def _form_page(form: PrintForm, *, found: list[_Found] | None = None, status: int = 200) -> ResponseReturnValue:
    people = _search(form) if found is None and form.person.data else found
    page = render_template("organise/print.html", form=form, found=people, runs=_runs())
    return page, status


def _review_page(form: PrintForm, plan: Plan, unreadable: tuple[Unreadable, ...]) -> ResponseReturnValue:
    again = prints.again(plan)
    return render_template(
        "organise/print_review.html",
        badges=len(plan.chosen),
        parts=len(part_sizes(len(plan.chosen), places=plan.places, first=plan.layout.first)),
        what=prints.what(site().event, plan.choice, chosen_language()),
        paper=prints.paper(site().settings, plan.layout),
        people=prints.people(plan.chosen) if plan.choice.which is Which.PEOPLE else [],
        left_out=planning.left_out(plan),
        unreadable=prints.missing(unreadable),
        unreadable_count=len(unreadable),
        again=prints.people(again),
        again_count=len(again),
        data=_kept(form),
    )


def _kept(form: PrintForm) -> list[tuple[str, str]]:
    """What was chosen, for the page that is sent next."""
    kept = [
        ("which", form.which.data),
        ("category", form.category.data),
        ("codes", "\n".join(form.given_codes)),
        ("template", form.template.data),
        ("sheet", form.sheet.data),
        ("order", form.order.data),
        ("first", str(form.first.data or 1)),
    ]
    return [*kept, ("both_sides", "y")] if form.both_sides.data else kept


def _runs() -> list[prints.Shown]:
    now, language, one = clock.now(), chosen_language(), site()
    with database().snapshot() as session:
        found = service.latest_runs(session)
    return [prints.shown(one.event, one.settings, run, now=now, language=language) for run in found]
