"""The page of an import that was looked at: what is wrong, who seems to be registered, what will happen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin import clock
from checkin.imports import service
from checkin.imports.model import Double, Import, Mistake
from checkin.imports.problems import column_of
from checkin.imports.words import LIKENESSES, mistake_words
from checkin.journal import service as journal
from checkin.organise import imports
from checkin.organise.words import isolated
from checkin.staff.guard import current_staff
from checkin.web import chosen_language, database, site

MOST_MISTAKES, MOST_DOUBLES, MOST_PEOPLE = 20, 25, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A mistake, ready to show."""

    line: int
    column: str
    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A double, ready to show. `twin_id`: the visitor whom it is like, 0 for a line of the file."""

    seq: int
    line: int
    name: str
    organisation: str
    contact: str
    why: str
    twin: str
    twin_id: int
    decision: str


def review_page(found: Import, after: int) -> ResponseReturnValue:
    """The doubles behind the row `after`, a page of them. Journalled where it shows who is registered."""
    with database().transaction() as session:
        wrong = list(islice(service.wrong_rows(session, found.id), MOST_MISTAKES))
        alike = service.doubles(session, found.id, after=after, most=MOST_DOUBLES + 1)
        kinds = service.undecided(session, found.id)
        people = service.people_of(session, found.id, most=MOST_PEOPLE)
        if any(one.twin.visitor_id for one in alike):
            actor, subject = current_staff().actor, f"import:{found.id}"
            journal.record(session, now=clock.now(), actor=actor, action="import.view", subject=subject)
    event, language = site().event, chosen_language()
    one = imports.shown(event, found, now=clock.now(), language=language)
    return render_template(
        "organise/import_review.html",
        one=one,
        summary=imports.summary(one),
        mistakes=_mistakes(found, wrong),
        kinds=[(likeness, str(LIKENESSES[likeness]), *counted) for likeness, counted in kinds.items()],
        undecided=sum(count for _, count in kinds.values()),
        doubles=[_alike(double) for double in alike[:MOST_DOUBLES]],
        after=after,
        more_after=alike[MOST_DOUBLES - 1].seq if len(alike) > MOST_DOUBLES else None,
        people=[(details, event.category_by_slug[details.category]) for details in people],
        sends_mail=event.mailing is not None and any(details.email for details in people),
    )


def _mistakes(found: Import, wrong: list[tuple[int, tuple[Mistake, ...]]]) -> list[Line]:
    return [
        Line(line=line, column=column_of(found, one), value=one.value, words=mistake_words(one))
        for line, mistakes in wrong
        for one in mistakes
    ][:MOST_MISTAKES]


def _alike(double: Double) -> Alike:
    twin = double.twin
    name = " · ".join(filter(None, (double.twin_name, double.twin_organisation)))
    where = gettext("line %(line)s", line=twin.line) if twin.visitor_id is None else gettext("registered")
    return Alike(
        seq=double.seq,
        line=double.line,
        name=double.name,
        organisation=double.organisation,
        contact=" · ".join(filter(None, (double.phone, double.email))),
        why=str(LIKENESSES[twin.likeness]),
        twin=f"{isolated(name)} ({where})" if name else where,
        twin_id=twin.visitor_id or 0,
        decision=double.decision.value,
    )
