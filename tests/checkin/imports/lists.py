"""Lists of made-up people, as organisers keep them, and imports of them without a browser."""

from __future__ import annotations

import csv
import io

from openpyxl import Workbook

from checkin import clock
from checkin.database import Database
from checkin.imports import service, tasks
from checkin.imports.columns import match
from checkin.imports.model import Decision, Import, Matching, Stage
from checkin.imports.sheets import read_head
from checkin.web import Site

HEADINGS = ("Name", "Category", "Company", "Mobile", "E-mail", "Delegation")
Row = tuple[object, ...]


def csv_of(*rows: Row, headings: Row = HEADINGS, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows((headings, *rows))
    return out.getvalue().encode(encoding)


def xlsx_of(*rows: Row, headings: Row = HEADINGS) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    for row in (headings, *rows):
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def person(name: str, phone: str = "", *, email: str = "", company: str = "", group: str = "") -> Row:
    return (name, "delegate", company, phone, email, group)


def people(count: int) -> list[Row]:
    return [person(f"Person {'abcdefghij'[place % 10]} {place}", f"0300{place:07}") for place in range(count)]


def take(database: Database, content: bytes, **more: str) -> Import:
    """An import whose columns are as their headings say."""
    head = read_head(content)
    matching = Matching(fields=match(head.headings), **more)
    words = {"file_name": "people.csv", "now": clock.now(), "by": "Sana Iqbal", "actor": "tests"}
    with database.transaction() as session:
        return service.take(session, content, head, matching=matching, **words)  # type: ignore[arg-type]


def ask_to_check(database: Database, found: Import, content: bytes) -> Import:
    head = read_head(content)
    with database.transaction() as session:
        service.check(session, found.id, head, found.matching, now=clock.now(), by="Sana Iqbal")
    return again(database, found)


def check(site: Site, content: bytes, **more: str) -> Import:
    """An import that was looked at."""
    found = ask_to_check(site.database, take(site.database, content, **more), content)
    assert found.job is not None
    assert not tasks.check(site, found.job.id)
    return again(site.database, found)


def ask_to_run(database: Database, found: Import) -> Import:
    with database.transaction() as session:
        service.run(session, found.id, now=clock.now(), by="Sana Iqbal", actor="tests")
    return again(database, found)


def run(site: Site, found: Import, decision: Decision = Decision.NONE) -> Import:
    """Register what is right, and doubles as decided."""
    with site.database.transaction() as session:
        for likeness in service.undecided(session, found.id):
            service.decide_all(session, found.id, likeness, decision)
    found = ask_to_run(site.database, found)
    assert found.job is not None
    while tasks.run(site, found.job.id):
        pass
    found = again(site.database, found)
    assert found.stage is Stage.DONE
    return found


def again(database: Database, found: Import) -> Import:
    with database.snapshot() as session:
        return service.get_import(session, found.id)
