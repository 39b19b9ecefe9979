"""What printed badges rely on in the event file, remembered so that a later file cannot break it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from checkin.badges.tables import PrintedRow
from checkin.database import insert, table_of
from checkin.event.model import Category, Event


def remember_printed(session: Session, event: Event, category: Category) -> None:
    """Note that a badge relies on this event's slug and this category's number from now on."""
    row = insert(session, table_of(PrintedRow)).values(number=category.number, category=category.slug, event=event.slug)
    session.execute(row.on_conflict_do_nothing(index_elements=["number"]))


def broken_promises(session: Session, event: Event) -> tuple[str, ...]:
    """What in this event file would kill badges that are printed already, each with its mend."""
    problems: list[str] = []
    for row in session.scalars(select(PrintedRow).order_by(PrintedRow.number)):
        if row.event != event.slug:
            problems.append(
                f'[event] slug: badges were printed for "{row.event}", the file says "{event.slug}". '
                f'Write "{row.event}" again: it is part of every printed badge.'
            )
            break
        now = event.category_by_number.get(row.number)
        if now is None or now.slug != row.category:
            found = "no category" if now is None else f'"{now.slug}"'
            problems.append(
                f'[[category]] number {row.number}: badges were printed for "{row.category}", the file gives it to '
                f'{found}. Give number {row.number} back to "{row.category}".'
            )
    return tuple(problems)
