"""What must hold between the tables of an event file: one of each kind, no name twice, nobody shut out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from checkin.event.fields import Table
from checkin.event.mistakes import shown
from checkin.event.model import Category, DayKind, Direction, EventDay, Gate, Register
from checkin.event.source import Source

MAY_ASK = (
    *("name_ur", "organisation", "designation", "country", "city", "phone", "email", "gender", "sectors", "cluster"),
    *("stand", "days", "language", "consent_exhibitors", "consent_news", "consent_photo"),
)
_ALWAYS_ASKED = ("name", "category", "consent")
_NOT_OFFERED = ("cnic", "passport")
_MOST_DAYS = 31  # tablets keep the days of a badge as bits of one 32-bit number


def slugs_in(source: Source, name: str) -> list[str]:
    """The slugs as written, right or wrong, so that one mistake in a slug is not told again wherever it is used."""
    rows = source.document.get(name)
    rows = rows if isinstance(rows, list) else [rows]
    slugs = [row.get("slug") for row in rows if isinstance(row, dict)]
    return [slug for slug in slugs if isinstance(slug, str)]


def check_given(source: Source, name: str, settings: str) -> None:
    if not source.document.get(name):
        source.note(f"[[{name}]]", f"There is no {name}.", f"Add a [[{name}]] with {settings}.")


def check_unique(tables: Sequence[Table], key: str, why: str) -> None:
    """Each table's `key` differs from those before it."""
    first: dict[object, int] = {}
    for number, table in enumerate(tables, start=1):
        value = table.raw.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool):
            if value in first:
                table.note(key, f"{shown(value)} is already taken by no. {first[value]}.", f"Choose another: {why}.")
            first.setdefault(value, number)


def check_days(source: Source, tables: Sequence[Table], days: Sequence[EventDay | None]) -> None:
    dated = [(table, day.date) for table, day in zip(tables, days, strict=True) if day]
    for (_, earlier), (table, later) in pairwise(dated):
        if later == earlier:
            table.note("date", f"{later} stands here twice.", "Remove one of the two days, or change its date.")
        elif later < earlier:
            table.note("date", f"{later} comes after {earlier}.", "Put the days in the order of the calendar.")
    if len(tables) > _MOST_DAYS:
        source.note("[[day]]", f"There are {len(tables)} days.", f"Describe at most {_MOST_DAYS} days.")
    check_given(source, "day", "date, opens and closes")
    if days and all(day and day.kind is not DayKind.SHOW for day in days):
        source.note("[[day]]", "No day is a show day.", 'Give the days that count kind = "show".')


def check_gates(source: Source, gates: Sequence[Gate]) -> None:
    check_given(source, "gate", "slug, name and zone")
    if gates and all(gate.direction is Direction.OUT for gate in gates):
        source.note("[[gate]]", "Every gate leads out.", 'Give one of them direction = "in" or "both".')


def check_categories(
    source: Source, tables: Sequence[Table], categories: Sequence[Category], days: Sequence[EventDay | None]
) -> None:
    check_given(source, "category", "number, slug, name and colour")
    if tables and all(table.raw.get("public", False) is False for table in tables):
        mend = "Add public = true to the category that visitors choose for themselves."
        source.note("[[category]]", "No category is public, so nobody can register.", mend)
    dates = {day.date for day in days if day}
    for table, category in zip(tables, categories, strict=True):
        for stray in category.days:
            if stray not in dates and all(days):  # a day that could not be read may be the one that is meant
                table.note("days", f"{stray} is no day of this event.", "Name dates of [[day]] tables, or add the day.")


def register_of(source: Source) -> Register:
    """What `[register]` asks. Without one: the usual fields, sectors only if the event has any."""
    table = source.table("register", needed=False)
    usual = tuple(field for field in Register().ask if field != "sectors" or source.document.get("sector"))
    known = (*MAY_ASK, *_ALWAYS_ASKED, *_NOT_OFFERED)
    ask = table.words("ask", known, "a field of the form")
    require = table.words("require", known, "a field of the form")
    for key, fields in (("ask", ask), ("require", require)):
        for field in fields:
            if field in _ALWAYS_ASKED:
                table.note(key, f"{shown(field)} is always asked.", "Remove it from the list.")
            elif field in _NOT_OFFERED:
                table.note(key, f"{shown(field)} is not offered yet.", "Remove it from the list.")
    offered = ask if "ask" in table.raw else usual
    for field in require:
        if field.startswith("consent_"):
            table.note("require", f"{shown(field)} must be free to refuse.", "Remove it from require; keep it in ask.")
        elif field in MAY_ASK and field not in offered:
            table.note("require", f"{shown(field)} is required but not asked.", "Add it to ask too.")
    for field, needed in (("sectors", "sector"), ("cluster", "cluster")):
        if field in ask and not source.document.get(needed):
            table.note("ask", f"{shown(field)} is asked, but there is no [[{needed}]].", f"Add a [[{needed}]] table.")
    table.note_unknown()
    return Register(ask=offered, require=require)
