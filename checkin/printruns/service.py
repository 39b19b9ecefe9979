"""What can be done with print runs: choose badges, make a run of them, forget its files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from checkin.database import changed, table_of
from checkin.event.model import Event
from checkin.jobs import service as jobs
from checkin.jobs.model import ENDED
from checkin.journal import service as journal
from checkin.printruns import queries
from checkin.printruns.marks import mark_one, mark_printed, unmark
from checkin.printruns.model import KIND, KIND_HERE, Choice, Chosen, NotOverError, Order, Outcome, PartState, Plan, Run
from checkin.printruns.policy import PART, in_order, part_sizes
from checkin.printruns.queries import NoSuchRunError, find_mark, get_run, latest_runs, outcomes, parts, run_of_job
from checkin.printruns.tables import PrintItemRow, PrintPartRow, PrintRunRow

__all__ = [
    "NoSuchRunError",
    "find_mark",
    "get_run",
    "latest_runs",
    "mark_one",
    "mark_printed",
    "outcomes",
    "parts",
    "run_of_job",
    "unmark",
]


def choose(session: Session, event: Event, choice: Choice, order: Order) -> tuple[Chosen, ...]:
    """The live badges that this choice means, in the order of the pile."""
    category = event.category_by_slug[choice.category].number if choice.category else None
    rank = {one.number: place for place, one in enumerate(event.categories)}
    return in_order(queries.choose(session, choice, category), order, rank)


def make_run(
    session: Session,
    plan: Plan,
    *,
    now: datetime,
    by: str,
    actor: str,
    folder: str = "",
    about: int = PART,
) -> Run:
    """A run of exactly these badges, waiting to be drawn. Journalled. `by` is for pages, `actor` for the journal.

    Once the transaction is committed, enqueue its job; with a `folder` of its own, whoever made it draws it.
    """
    choice, layout, chosen = plan.choice, plan.layout, plan.chosen
    sizes = part_sizes(len(chosen), places=plan.places, first=layout.first, about=about)
    job = jobs.make(session, kind=KIND_HERE if folder else KIND, total=len(chosen), now=now, by=by)
    row = PrintRunRow(
        job_id=job.id,
        which=choice.which,
        category=choice.category,
        template=layout.template,
        sheet=layout.sheet,
        order=layout.order,
        both_sides=layout.both_sides,
        first=layout.first,
        folder=folder,
        badges=len(chosen),
        parts=len(sizes),
    )
    session.add(row)
    session.flush()
    made = [
        {"run_id": row.id, "part": number, "state": PartState.WAITING, "holder": "", "badges": size}
        for number, size in enumerate(sizes, 1)
    ]
    part_of = [number for number, size in enumerate(sizes, 1) for _ in range(size)]
    items = [
        {"run_id": row.id, "seq": seq, "part": part_of[seq], "badge_id": one.badge_id}
        | {"outcome": Outcome.WAITING, "reason": ""}
        for seq, one in enumerate(chosen)
    ]
    if items:
        session.execute(insert(table_of(PrintPartRow)), made)
        session.execute(insert(table_of(PrintItemRow)), items)
    detail = {"badges": len(chosen), "which": choice.which, "category": choice.category, "template": layout.template}
    journal.record(session, now=now, actor=actor, action="print.make", subject=f"print:{row.id}", detail=detail)
    return get_run(session, row.id)


def forget_files(session: Session, run: Run, *, now: datetime, actor: str) -> bool:
    """The run's files are deleted before this is committed. False if they were. Journalled. Raises NotOverError."""
    if run.job.state not in ENDED:
        raise NotOverError(run.id)
    gone = update(PrintRunRow).where(PrintRunRow.id == run.id, PrintRunRow.deleted_at.is_(None)).values(deleted_at=now)
    if not changed(session.execute(gone)):
        return False
    journal.record(session, now=now, actor=actor, action="print.delete_files", subject=f"print:{run.id}")
    return True
