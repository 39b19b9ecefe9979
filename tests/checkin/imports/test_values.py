"""From cells to a person's details: headings, values, mistakes."""

from __future__ import annotations

from datetime import date

import pytest

from checkin.cells import safe
from checkin.event.model import Event
from checkin.imports.columns import match
from checkin.imports.model import Field, Matching, Mistake, Problem
from checkin.imports.values import LONGEST, Reader
from checkin.visitors.model import Details, Gender
from checkin.visitors.tables import VisitorRow


def read(event: Event, **cells: str) -> Details | tuple[Mistake, ...]:
    given = {"name": "Ayesha Siddiqui", "category": "delegate", **cells}
    matching = Matching(fields={place: Field(name) for place, name in enumerate(given)})
    return Reader(event, matching).read(list(given.values()))


def details(event: Event, **cells: str) -> Details:
    made = read(event, **cells)
    assert isinstance(made, Details), made
    return made


def problems(event: Event, **cells: str) -> list[tuple[Field, Problem]]:
    made = read(event, **cells)
    assert isinstance(made, tuple), made
    return [(one.field, one.problem) for one in made]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        *((field.value, field) for field in Field),
        ("Full Name", Field.NAME),
        ("NAME OF PARTICIPANT", Field.NAME),
        ("Name of Company", Field.ORGANISATION),
        ("Company / Firm", Field.ORGANISATION),
        ("Company Phone No.", Field.PHONE),
        ("Mobile # (WhatsApp)", Field.PHONE),
        ("E-Mail Address", Field.EMAIL),
        ("Job Title", Field.DESIGNATION),
        ("Name (Urdu)", Field.NAME_UR),
        ("Badge type", Field.CATEGORY),
        ("Delegation / Family", Field.GROUP),
        ("نام", Field.NAME),
        ("اردو نام", Field.NAME_UR),
        ("موبائل نمبر", Field.PHONE),
        ("ای میل", Field.EMAIL),
        ("ادارہ", Field.ORGANISATION),
        ("شهر", Field.CITY),  # as an Arabic keyboard writes شہر
        ("ملك", Field.COUNTRY),
        ("وفد", Field.GROUP),
    ],
)
def test_a_heading_tells_its_field_in_either_language(heading: str, field: Field) -> None:
    assert {0: field} == match([heading])


def test_a_heading_that_tells_nothing_is_nothing_and_each_field_is_found_once() -> None:
    assert {} == match(["Remarks", "", "Serial"])
    assert {0: Field.PHONE} == match(["Mobile", "Phone"])
    assert {0: Field.NAME, 1: Field.NAME} == match(["First name", "Last name"])
    assert {2: Field.NAME} == match(["First name", "Last name", "Full name"])


def test_a_name_in_two_columns_is_one_name(event: Event) -> None:
    matching = Matching(fields={0: Field.NAME, 1: Field.NAME}, category="delegate")
    made = Reader(event, matching).read(["Ayesha", "Siddiqui"])
    assert isinstance(made, Details)
    assert ("Ayesha Siddiqui", "delegate") == (made.name, made.category)


def test_what_people_write_is_understood(event: Event) -> None:
    made = details(
        event,
        name="  Ayesha \u202e Siddiqui ",
        name_ur="عائشہ",
        category="Trade visitor",
        country="Malaysia",
        phone="0300 1234567",
        email="Ayesha@Example.COM",
        gender="F",
        sectors="Textiles; garments, کٹلری",
        cluster="Gujrat Fans",
        days="2026-01-25; 24/1/2026",
        language="Urdu",
        group="Khan family",
        consent="Yes",
        consent_news="ہاں",
    )
    assert "Ayesha Siddiqui" == made.name
    assert ("trade-visitor", "MY", "gujrat-fans") == (made.category, made.country, made.cluster)
    assert ("+923001234567", "Ayesha@example.com") == (made.phone, made.email)
    assert (Gender.FEMALE, ("cutlery", "garments", "textiles")) == (made.gender, made.sectors)
    assert (date(2026, 1, 24), date(2026, 1, 25)) == made.days
    assert ("ur", "Khan family", True, False) == (made.language, made.group, made.consent_news, made.consent_photo)


@pytest.mark.parametrize("text", ["+92 300 1234567", "=1+1 Traders", "-", "'Traders'", "@home"])
def test_what_was_exported_comes_back_as_it_was(event: Event, text: str) -> None:
    phone = text if text.startswith("+") else ""
    made = details(event, name="Ayesha", category="delegate", organisation=str(safe(text)), phone=str(safe(phone)))
    assert (text, phone.replace(" ", "")) == (made.organisation, made.phone)


@pytest.mark.parametrize(
    ("cells", "field", "problem"),
    [
        ({"name": ""}, Field.NAME, Problem.MISSING),
        ({"name": "12 / 7"}, Field.NAME, Problem.NO_LETTERS),
        ({"name": "#N/A"}, Field.NAME, Problem.BROKEN_CELL),
        ({"name": "x" * 121}, Field.NAME, Problem.TOO_LONG),
        ({"name_ur": "Ayesha"}, Field.NAME_UR, Problem.NOT_URDU),
        ({"category": ""}, Field.CATEGORY, Problem.MISSING),
        ({"category": "journalist"}, Field.CATEGORY, Problem.UNKNOWN),
        ({"country": "Atlantis"}, Field.COUNTRY, Problem.UNKNOWN),
        ({"sectors": "textiles; magic"}, Field.SECTORS, Problem.UNKNOWN),
        ({"phone": "9.23001E+11"}, Field.PHONE, Problem.PHONE),
        ({"email": "ayesha@"}, Field.EMAIL, Problem.EMAIL),
        ({"days": "soon"}, Field.DAYS, Problem.DATE),
        ({"days": "2026-01-23"}, Field.DAYS, Problem.OTHER_DAY),
        ({"consent": "no"}, Field.CONSENT, Problem.NO_CONSENT),
        ({"consent": ""}, Field.CONSENT, Problem.NO_CONSENT),
        ({"consent_news": "perhaps"}, Field.CONSENT_NEWS, Problem.YES_OR_NO),
    ],
)
def test_what_is_wrong_is_told_by_its_field(
    event: Event, cells: dict[str, str], field: Field, problem: Problem
) -> None:
    assert (field, problem) in problems(event, **cells)


def test_every_mistake_of_a_row_is_told_at_once(event: Event) -> None:
    assert [Field.NAME, Field.PHONE, Field.EMAIL] == [
        field for field, _ in problems(event, name="", phone="1", email="x")
    ]


def test_no_more_letters_are_taken_than_the_database_takes() -> None:
    columns = VisitorRow.__table__.c
    assert LONGEST == {field: columns[field.value].type.length for field in LONGEST}
