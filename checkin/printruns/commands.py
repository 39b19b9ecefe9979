"""`flask badges print`: a print run in the foreground, into a folder of one's own."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sized
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from flask.cli import AppGroup

from checkin import clock
from checkin.badges.shortcode import short_code
from checkin.badges.templates import NoSuchTemplateError, template_paths
from checkin.jobs import service as jobs
from checkin.jobs.model import JobState
from checkin.printruns import planning, service
from checkin.printruns.files import Folder
from checkin.printruns.model import KIND_HERE, Choice, Layout, Order, Outcome, Plan, Run, Which
from checkin.printruns.parts import free_parts
from checkin.printruns.queries import lines
from checkin.printruns.tasks import draw_some
from checkin.web import database, site
from printing import SheetError, TemplateError

group = AppGroup("badges", help="Badges on paper.")
ACTOR = "command line"
MOST_NAMES = 20


@group.command("print")
@click.option("--category", default="", help="Only this category, by its slug in the event file.")
@click.option("--unprinted", is_flag=True, help="Only badges that nobody marked printed.")
@click.option("--changed", is_flag=True, help="Only badges made anew since an earlier one was marked printed.")
@click.option("--person", "people", multiple=True, metavar="CODE", help="This person, by short code; again for more.")
@click.option("--template", default="", help="The badge template, such as a6.")
@click.option("--sheet", default="", help="The sheet that holds several badges; without it a page each.")
@click.option("--order", type=click.Choice(list(Order)), default=Order.NAME, help="How the pile is sorted.")
@click.option("--both-sides", is_flag=True, help="Backs too, for a printer that prints both sides.")
@click.option("--first", type=click.IntRange(1), default=1, help="The first free place of a half-used sheet, from 1.")
@click.option("--again", is_flag=True, help="Print also what is marked printed already.")
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), help="The folder for the PDFs.")
@click.option("--resume", "resumed", type=int, metavar="RUN", help="Go on with a run that was stopped, by its number.")
def print_run(  # noqa: PLR0913 - an option each
    *,
    category: str,
    unprinted: bool,
    changed: bool,
    people: tuple[str, ...],
    template: str,
    sheet: str,
    order: str,
    both_sides: bool,
    first: int,
    again: bool,
    output: Path | None,
    resumed: int | None,
) -> None:
    """Print badges as PDFs of some hundred each into a folder, with a manifest that says who is on which page.

    Ctrl-C stops it between two badges; --resume goes on. Nothing is marked printed: say so at /organise/print when the
    paper is there. Exit status: 0 all, 1 not all (it says which), 2 refused.
    """
    if resumed is not None:
        _draw(_resumable(resumed))
        return
    if sum((unprinted, changed, bool(people))) > 1 or (people and category):
        _refuse("Choose one of --unprinted, --changed and --person; --person goes with no --category.")
    if not template or output is None:
        _refuse(f"Give --template ({', '.join(sorted(template_paths(site().settings)))}) and --output FOLDER.")
    if category and category not in site().event.category_by_slug:
        _refuse(f"There is no category {category!r}. There are: {', '.join(site().event.category_by_slug)}.")
    which = Which.PEOPLE if people else Which.CHANGED if changed else Which.UNPRINTED if unprinted else Which.ALL
    layout = Layout(
        template=template, sheet=sheet, order=Order(order), both_sides=both_sides, first=first - 1 if sheet else 0
    )
    plan = _plan(Choice(which=which, category=category), layout, people, again=again)
    if sheet and first > plan.places:
        _refuse(f"A sheet {sheet} has {plan.places} places: --first {first} is none of them.")
    folder = output.resolve()
    try:
        Folder(folder).make()
    except OSError as error:
        _refuse(f"{folder} cannot be made: {error.strerror}.")
    if Folder(folder).holds_a_run():
        _refuse(f"{folder} holds a print run already. Choose another folder, or go on with --resume RUN.")
    with database().transaction() as session:
        run = service.make_run(session, plan, now=clock.now(), by=ACTOR, actor=ACTOR, folder=str(folder))
    _draw(run)


def _plan(choice: Choice, layout: Layout, codes: tuple[str, ...], *, again: bool) -> Plan:
    """What would be printed; tells what there is to know before, and refuses what should not be."""
    with database().snapshot() as session:
        if codes:
            found = planning.find_people(session, codes)
            if found.unknown:
                _refuse(f"Nobody has this code: {', '.join(found.unknown)}.")
            choice = Choice(which=Which.PEOPLE, numbers=found.numbers)
        try:
            plan = planning.make_plan(session, site(), choice, layout)
        except NoSuchTemplateError:
            there = ", ".join(sorted(template_paths(site().settings)))
            _refuse(f"There is no template {layout.template!r}. There are: {there}.")
        except (TemplateError, SheetError) as error:
            _refuse(str(error))
        unreadable = planning.unreadable(session, site(), plan)
    if left_out := planning.left_out(plan):
        _refuse(f"Revoked, so not to be printed: {', '.join(left_out)}.")
    if not plan.chosen:
        _refuse("No badge is chosen by that: nothing was printed.")
    if unreadable:
        _tell(f"Left out, since no font here has them ({_counted(unreadable)}):")
        _tell_some([f"{one.name}: {' '.join(map(_named, one.characters))}" for one in unreadable])
    second = [one for one in plan.chosen if one.is_again]
    if second and not again:
        _tell(f"Marked printed already ({_counted(second)}):")
        _tell_some([f"{one.name} {short_code(one.number)}" for one in second])
        if not (sys.stdin.isatty() and click.confirm("Print them again?", err=True)):
            _refuse("Add --again to print them once more, or choose with --unprinted.")
    return plan


def _resumable(run_id: int) -> Run:
    with database().transaction() as session:
        try:
            run = service.get_run(session, run_id)
        except service.NoSuchRunError:
            _refuse(f"There is no print run {run_id}.")
        if run.job.kind != KIND_HERE:
            _refuse(f"Print run {run_id} was made on the page: resume it there.")
        if run.job.state in {JobState.DONE, JobState.CANCELLED}:
            _refuse(f"Print run {run_id} is {run.job.state}.")
        free_parts(session, run.id)
        jobs.resume(session, run.job.id, clock.now())
    return run


def _draw(run: Run) -> None:
    """Draw until it is done, paused or interrupted; ends with the exit status."""
    before, told = signal.signal(signal.SIGTERM, _interrupt), 0
    try:
        quiet = not sys.stderr.isatty()
        with click.progressbar(length=run.badges, label=f"Print run {run.id}", file=sys.stderr, hidden=quiet) as bar:
            is_more = True
            while is_more:
                is_more = draw_some(site(), run.job.id)
                with database().snapshot() as session:
                    job = jobs.get_job(session, run.job.id)
                bar.update(job.done + job.failed - told)
                told = job.done + job.failed
    except KeyboardInterrupt:
        with database().transaction() as session:
            jobs.pause(session, run.job.id, now=clock.now())
    finally:
        signal.signal(signal.SIGTERM, before)
    with database().snapshot() as session:
        run, found = service.get_run(session, run.id), service.outcomes(session, run.id)
        lost = [one for one in lines(session, run.id) if one.outcome in {Outcome.FAILED, Outcome.SKIPPED}]
    click.echo(f"{found[Outcome.PRINTED]} of {run.badges} badges are in {run.folder}")
    if lost:
        _tell(f"Not printed ({_counted(lost)}):")
        _tell_some([f"{one.name} {one.short_code}: {one.reason}" for one in lost])
    if run.job.state is not JobState.DONE:
        _tell(f"The run is {run.job.state}{': ' if run.job.note else ''}{run.job.note}")
        _tell(f"Go on with: flask --app wsgi badges print --resume {run.id}")
    if lost or run.job.state is not JobState.DONE:
        raise SystemExit(1)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _named(character: str) -> str:
    return " ".join(f"U+{ord(one):04X}" for one in character)


def _counted(some: Sized) -> str:
    return "1 badge" if len(some) == 1 else f"{len(some)} badges"


def _tell_some(told: list[str]) -> None:
    for line in told[:MOST_NAMES]:
        _tell(f"  {line}")
    if len(told) > MOST_NAMES:
        _tell(f"  and {len(told) - MOST_NAMES} more")


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _refuse(message: str) -> NoReturn:
    _tell(message)
    raise SystemExit(2)
