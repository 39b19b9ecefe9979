"""Makers of print runs, through the services."""

from __future__ import annotations

from sqlalchemy.orm import Session

from checkin import clock
from checkin.database import Database
from checkin.event.model import Event
from checkin.jobs.model import Job
from checkin.printruns import service
from checkin.printruns.model import Choice, Layout, Order, Outcome, Plan, Run
from checkin.printruns.queries import lines
from tests.factories import make_badge


def make_people(database: Database, event: Event, count: int, **more: object) -> None:
    """So many people with a badge each, called `Visitor 0001` and on."""
    with database.transaction() as session:
        for number in range(1, count + 1):
            make_badge(session, event, name=f"Visitor {number:04}", **more)


def make_run(
    database: Database,
    event: Event,
    choice: Choice | None = None,
    *,
    order: Order = Order.NAME,
    about: int = 50,
    folder: str = "",
    template: str = "a6",
) -> Run:
    """A run of the badges that `choice` means (all), in small parts."""
    choice, layout = choice or Choice(), Layout(template=template, order=order)
    with database.transaction() as session:
        chosen = service.choose(session, event, choice, layout.order)
        plan = Plan(choice=choice, layout=layout, chosen=chosen)
        return service.make_run(
            session, plan, now=clock.now(), by="Ayesha", actor="staff:1", about=about, folder=folder
        )


def job_of(database: Database, run: Run) -> Job:
    with database.snapshot() as session:
        return service.get_run(session, run.id).job


def outcomes(database: Database, run: Run) -> dict[Outcome, int]:
    with database.snapshot() as session:
        return {what: count for what, count in service.outcomes(session, run.id).items() if count}


def names(session: Session, run: Run) -> list[str]:
    return [line.name for line in lines(session, run.id)]
