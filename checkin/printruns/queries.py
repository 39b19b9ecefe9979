"""Reading print runs; for speed it reads the tables of badges too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, exists, func, select, true
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import SQLCoreOperations

from checkin.badges.model import Badge
from checkin.badges.queries import badge_of
from checkin.badges.shortcode import short_code
from checkin.badges.tables import BadgeRow
from checkin.jobs import service as jobs
from checkin.jobs.model import Job
from checkin.printruns.model import (
    Choice,
    Chosen,
    Layout,
    Line,
    Mark,
    Order,
    Outcome,
    Part,
    PartState,
    Run,
    Which,
)
from checkin.printruns.tables import BadgePrintedRow, PrintItemRow, PrintPartRow, PrintRunRow
from checkin.visitors.persons import is_double

_AT_ONCE = 500  # numbers in one IN (…)
Wanted: TypeAlias = Select[*tuple[Any, ...]]


class NoSuchRunError(LookupError):
    """No print run has this id."""


def get_run(session: Session, run_id: int) -> Run:
    """The run with this id. Raises NoSuchRunError."""
    row = session.get(PrintRunRow, run_id)
    if row is None:
        raise NoSuchRunError(run_id)
    return _run_of(row, jobs.get_job(session, row.job_id))


def run_of_job(session: Session, job_id: int) -> Run:
    """The run whose job this is. Raises NoSuchRunError."""
    row = session.scalar(select(PrintRunRow).where(PrintRunRow.job_id == job_id))
    if row is None:
        raise NoSuchRunError(job_id)
    return _run_of(row, jobs.get_job(session, job_id))


def latest_runs(session: Session, *, most: int = 50) -> tuple[Run, ...]:
    """The newest runs, newest first, at most `most`."""
    rows = session.scalars(select(PrintRunRow).order_by(PrintRunRow.id.desc()).limit(most)).all()
    found = jobs.by_ids(session, [row.job_id for row in rows])
    return tuple(_run_of(row, found[row.job_id]) for row in rows)


def parts(session: Session, run_id: int) -> tuple[Part, ...]:
    """The parts of a run, in order."""
    rows = session.scalars(select(PrintPartRow).where(PrintPartRow.run_id == run_id).order_by(PrintPartRow.part))
    return tuple(Part(number=row.part, state=PartState(row.state), badges=row.badges) for row in rows)


def outcomes(session: Session, run_id: int) -> dict[Outcome, int]:
    """How many badges of a run came to what."""
    counted = (
        select(PrintItemRow.outcome, func.count()).where(PrintItemRow.run_id == run_id).group_by(PrintItemRow.outcome)
    )
    found = {Outcome(outcome): count for outcome, count in session.execute(counted)}
    return {outcome: found.get(outcome, 0) for outcome in Outcome}


def badges_of_part(session: Session, run_id: int, part: int) -> tuple[tuple[int, Badge], ...]:
    """The badges of a part in order, each with its place in the run."""
    rows = session.execute(
        select(PrintItemRow.seq, BadgeRow)
        .join(BadgeRow, BadgeRow.id == PrintItemRow.badge_id)
        .where(PrintItemRow.run_id == run_id, PrintItemRow.part == part)
        .order_by(PrintItemRow.seq)
    )
    return tuple((seq, badge_of(row)) for seq, row in rows)


def lines(session: Session, run_id: int) -> Iterator[Line]:
    """The manifest, in order."""
    item, badge = PrintItemRow, BadgeRow
    rows = session.execute(
        select(badge.number, badge.name, badge.organisation, badge.category)
        .add_columns(item.outcome, item.reason, item.part, item.page, item.place)
        .join(badge, badge.id == item.badge_id)
        .where(item.run_id == run_id)
        .order_by(item.seq)
    )
    for number, name, organisation, category, outcome, reason, part, page, place in rows:
        yield Line(
            short_code=short_code(number),
            name=name,
            organisation=organisation,
            category=category,
            outcome=Outcome(outcome),
            reason=reason,
            part=part,
            page=page,
            place=place,
        )


def choose(session: Session, choice: Choice, category: int | None) -> tuple[Chosen, ...]:
    """The live badges that this choice means; `category` is the number of the choice's slug."""
    if choice.which is Which.PEOPLE:
        numbers = choice.numbers
        groups = [numbers[start : start + _AT_ONCE] for start in range(0, len(numbers), _AT_ONCE)]
        return tuple(one for some in groups for one in _chosen(session, _live().where(BadgeRow.number.in_(some))))
    wanted = _live().where(~is_double(BadgeRow.visitor_id))  # whose person has another badge
    if category is not None:
        wanted = wanted.where(BadgeRow.category == category)
    if choice.which is not Which.ALL:
        wanted = wanted.where(~is_marked(BadgeRow.id))
    if choice.which is Which.CHANGED:
        earlier = aliased(BadgeRow)
        before = exists().where(
            earlier.number == BadgeRow.number, earlier.issue < BadgeRow.issue, is_marked(earlier.id)
        )
        wanted = wanted.where(before)
    return tuple(_chosen(session, wanted))


def find_mark(session: Session, badge: Badge) -> Mark | None:
    """The newest word that this very issue is printed, if it stands."""
    rows = session.scalars(
        select(BadgePrintedRow)
        .join(BadgeRow, BadgeRow.id == BadgePrintedRow.badge_id)
        .where(BadgeRow.number == badge.number, BadgeRow.issue == badge.issue)
        .order_by(BadgePrintedRow.id)
    ).all()
    undone = {row.undoes for row in rows}
    standing = [row for row in rows if row.undoes is None and row.id not in undone]
    return Mark(at=standing[-1].at, by=standing[-1].by) if standing else None


def badge_by_id(session: Session, badge_id: int) -> Badge:
    """The badge behind a chosen one."""
    return badge_of(session.get_one(BadgeRow, badge_id))


def _live() -> Wanted:
    row = BadgeRow
    return select(
        row.id,
        row.number,
        row.category,
        row.name,
        row.name_ur,
        row.organisation,
        row.designation,
        row.city,
        is_marked(row.id),
    ).where(row.replaced_at.is_(None), row.revoked_at.is_(None))


def is_marked(badge_id: SQLCoreOperations[int]) -> ColumnElement[bool]:
    """That somebody said this badge is printed, and it stands."""
    fact, undo = aliased(BadgePrintedRow), aliased(BadgePrintedRow)
    # A number to work out for each badge by two indexes: no planner can make a join of it, and guess its size wrong.
    # Not `undoes IS NULL` alone: SQLite would go through every fact that is no undo, for each badge.
    standing = (
        select(func.count())
        .select_from(fact)
        .outerjoin(undo, undo.undoes == fact.id)
        .where(fact.badge_id == badge_id, fact.undoes.is_(None) == true(), undo.id.is_(None))
    )
    return standing.scalar_subquery() > 0


def _chosen(session: Session, wanted: Select[tuple[int, int, int, str, str, str, str, str, bool]]) -> Iterator[Chosen]:
    rows: Iterable[Any] = session.execute(wanted)
    for badge_id, number, category, name, name_ur, organisation, designation, city, again in rows:
        yield Chosen(
            badge_id=badge_id,
            number=number,
            category=category,
            name=name,
            name_ur=name_ur,
            organisation=organisation,
            designation=designation,
            city=city,
            is_again=bool(again),
        )


def _run_of(row: PrintRunRow, job: Job) -> Run:
    return Run(
        id=row.id,
        job=job,
        choice=Choice(which=Which(row.which), category=row.category),
        layout=Layout(
            template=row.template,
            sheet=row.sheet,
            order=Order(row.order),
            both_sides=row.both_sides,
            first=row.first,
        ),
        folder=row.folder,
        badges=row.badges,
        parts=row.parts,
        marked_at=row.marked_at,
        deleted_at=row.deleted_at,
    )
