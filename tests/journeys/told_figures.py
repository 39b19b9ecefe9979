"""What board and reports tell, read as an organiser's browser and spreadsheet get it: to be held against the oracle."""

from __future__ import annotations

import csv
import html
import io
import re
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from openpyxl import load_workbook

from checkin.database import Database
from checkin.event.model import Event
from checkin.registration.countries import countries
from checkin.reports.model import Section
from checkin.staff import service as staff
from checkin.staff.guard import SESSION_COOKIE
from tests.checkin.staff.people import add_staff
from tests.journeys.hall import Hall

Table = dict[str, tuple[int, ...]]
Tables = dict[str, Table]
Oracle = Mapping[str, Any]
NOT_SAID, UNKNOWN = "Not said", "unknown"
GENDERS = {"female": "Women", "male": "Men", "other": "Other", "undisclosed": NOT_SAID}
REPORT_TABLES = ("hour", "gate", "zone", "category", "cluster", "country", "sector", "city", "gender", "day")


def reader(hall: Hall) -> Callable[[str], bytes]:
    """Who fetches pages of the server as an organiser."""
    token = _signed_in(hall.database, hall)

    def get(path: str) -> bytes:
        asked = urllib.request.Request(hall.url + path, headers={"Cookie": f"{SESSION_COOKIE}={token}"})  # noqa: S310
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - our own server
            return bytes(answer.read())

    return get


def _signed_in(database: Database, hall: Hall) -> str:
    with database.transaction() as session:
        return staff.open_session(session, add_staff(session, "reader@example.com"), hall.now())


def on_board(page: str) -> tuple[dict[str, str], Tables]:
    """The figures at the head of the board as they are written, and each table with its numbers, without zeros."""
    heads = dict(re.findall(r'data-figure="(\w+)">(?:<a [^>]*>)?([^<]+)<', page))
    tables = {}
    for key, body in re.findall(r'<table class="table" data-table="(\w+)">(.*?)</table>', page, re.DOTALL):
        rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', body, re.DOTALL)
        tables[key] = _some(
            {html.unescape(name): tuple(map(int, re.findall(r'data-value="(\d+)"', cells))) for name, cells in rows}
        )
    return heads, tables


def wanted_on_board(event: Event, right: Oracle, *, is_day: bool) -> tuple[dict[str, str], Tables]:
    """The same from the oracle's figures. `inside` stands on today's board alone."""
    heads = {key: f"{right[key]:,}" for key in ("visitors", "entries")}
    heads["everyone"] = f"{right['everyone']['people']:,}"
    if not is_day:
        heads["visits"] = f"{right['visits']:,}"
    hours = right["by_hour"]
    if hours:
        busiest = max(sorted(hours), key=lambda hour: hours[hour][0])
        heads["busiest"] = f"{busiest:02}–{busiest + 1:02}"
    land = dict(countries("en"))
    return heads, {
        "hours": _some({f"{hour:02}": numbers for hour, numbers in hours.items()}),
        "days": _some({_short(day): numbers for day, numbers in right["by_day"].items()}),
        "gates": _named(event.every_gate.values(), right["by_gate"]),
        "zones": _named(event.zones, right["by_zone"]),
        "categories": _named(event.categories, right["by_category"]),
        "countries": _some({land.get(code, code) or NOT_SAID: (n,) for code, n in right["by_country"].items()}),
        "sectors": _named(event.sectors, right["by_sector"]),
        "cities": _some({city.title() or NOT_SAID: (n,) for city, n in right["by_city"].items()}),
        "genders": _some({GENDERS[gender]: (n,) for gender, n in right["by_gender"].items()}),
        "clusters": _named(event.clusters, right["by_cluster"]),
    }


def in_csv(content: bytes) -> Tables:
    """Every line with numbers of a report's CSV, by section and key."""
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    tables: Tables = {}
    for line in lines:
        numbers = tuple(int(line[name]) for name in ("visitors", "entries") if line[name])
        if numbers:
            tables.setdefault(line["section"], {})[line["key"]] = numbers
    return {section: _some(table) for section, table in tables.items()}


def in_xlsx(content: bytes) -> tuple[dict[str, int], Tables]:
    """The totals of a report's workbook, and its tables by section."""
    about, totals, *sheets = load_workbook(io.BytesIO(content)).worksheets
    assert about.title == "About"
    heads = {str(row[0]): int(row[3]) for row in totals.iter_rows(min_row=2, values_only=True)}  # type: ignore[arg-type]
    return heads, {
        section.value: _some({_text(row[0]): tuple(row[3:]) for row in sheet.iter_rows(min_row=2, values_only=True)})  # type: ignore[misc]
        for section, sheet in zip(Section, sheets, strict=True)
    }


def wanted_totals(right: Oracle, *, is_day: bool) -> dict[str, int]:
    """The totals of a report from the oracle's figures, each under its key."""
    lands, genders = dict(right["by_country"]), dict(right["by_gender"])
    said_land = sum(n for code, n in lands.items() if code)
    wanted = {key: right[key] for key in ("visitors", "trade", "public", "visits", "entries", "first_time")}
    wanted |= {
        "everyone": right["everyone"]["people"],
        "everyone_entries": right["everyone"]["entries"],
        "women": genders.get("female", 0),
        "gender_told": sum(n for gender, n in genders.items() if gender != "undisclosed"),
        "national": lands.get("PK", 0),
        "foreign": said_land - lands.get("PK", 0),
        "country_told": said_land,
    }
    if is_day:
        wanted |= {"inside": right["inside"], "returning": right["visitors"] - right["first_time"]}
    return wanted


def wanted_tables(right: Oracle, day: date | None) -> Tables:
    """The tables of a report from the oracle's figures: a day's report tells no later day."""
    tables: Tables = {}
    for name in REPORT_TABLES:
        found = {_text(key): n if isinstance(n, tuple) else (n,) for key, n in right[f"by_{name}"].items()}
        tables[name] = _some(found)
    tables["day"] = {key: n for key, n in tables["day"].items() if day is None or key <= day.isoformat()}
    return tables


def _named(things: Iterable[Any], found: Mapping[str, Any]) -> Table:
    names = {thing.slug: thing.name for thing in things} | {"": UNKNOWN}
    return _some({names.get(slug, slug): n if isinstance(n, tuple) else (n,) for slug, n in found.items()})


def _some(table: Mapping[str, tuple[int, ...]]) -> Table:
    return {key: numbers for key, numbers in table.items() if any(numbers)}


def _text(key: object) -> str:
    """A key as the CSV has it: an hour in two digits, a date without its time."""
    if isinstance(key, int):
        return f"{key:02}"
    return str(key or "")[:10] if hasattr(key, "isoformat") else str(key or "")


def _short(day: str) -> str:
    return f"{date.fromisoformat(day):%a %-d}"
