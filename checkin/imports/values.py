"""A row's cells as a visitor's details, or what is wrong with them: the rules of the form, for lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Final, TypeVar

from checkin.cells import bare
from checkin.event.model import Event, Named
from checkin.imports.columns import plain_heading
from checkin.imports.model import Field, Matching, Mistake, Problem
from checkin.registration.cleaning import (
    LONGEST_EMAIL,
    EmailError,
    PhoneError,
    clean_email,
    clean_phone,
    clean_text,
    has_letters,
    has_urdu,
)
from checkin.registration.countries import countries
from checkin.visitors.model import Details, Gender

Got = TypeVar("Got")


def _spoken(words: dict[Got, tuple[str, ...]]) -> dict[str, str]:
    return {plain_heading(word): str(meant) for meant, some in words.items() for word in some}


LONGEST: Final = {
    Field.NAME: 120,
    Field.NAME_UR: 120,
    Field.ORGANISATION: 160,
    Field.DESIGNATION: 120,
    Field.CITY: 80,
    Field.STAND: 40,
    Field.GROUP: 120,
    Field.EMAIL: LONGEST_EMAIL,
}
"""As many characters as the database, and so the badge, takes."""
_SHOWN: Final = 60  # of a wrong cell
_BROKEN: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "########"})
_GENDERS: Final = _spoken(
    {
        Gender.FEMALE: ("female", "f", "woman", "w", "ms", "mrs", "lady", "خاتون", "عورت"),
        Gender.MALE: ("male", "m", "man", "mr", "مرد"),
        Gender.OTHER: ("other", "o", "x", "transgender", "دیگر"),
        Gender.UNDISCLOSED: ("undisclosed", "not said", "na", "بتانا نہیں چاہتے"),
    }
)
_LANGUAGES: Final = _spoken({"en": ("en", "english", "eng", "انگریزی"), "ur": ("ur", "urdu", "اردو")})
_YES: Final = frozenset({"y", "yes", "true", "1", "x", "ok", "✓", "✔", "ہاں", "جی", "جی ہاں"})
_NO: Final = frozenset({"", "n", "no", "false", "0", "نہیں", "جی نہیں"})
_BETWEEN: Final = re.compile(r"[;,|،؛\n]")
_DATE: Final = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_ALSO: Final = {"uk": "GB", "usa": "US", "uae": "AE", "ksa": "SA", "turkey": "TR", "pak": "PK"}


class Reader:
    """Reads the rows of one file for one event."""

    def __init__(self, event: Event, matching: Matching) -> None:
        self._event = event
        self._category = matching.category
        self._columns = {field: matching.columns_of(field) for field in Field if matching.columns_of(field)}
        self._categories = _by_names(event.categories)
        self._sectors, self._clusters = _by_names(event.sectors), _by_names(event.clusters)

    def read(self, cells: Sequence[str]) -> Details | tuple[Mistake, ...]:
        """What a row says of a person, cleaned; or every mistake in it."""
        row = _Row(self._columns, cells)
        texts = {field: row.text(field) for field in LONGEST if field is not Field.EMAIL}
        if not texts[Field.NAME]:
            row.wrong(Field.NAME, Problem.MISSING)
        elif not has_letters(texts[Field.NAME]):
            row.wrong(Field.NAME, Problem.NO_LETTERS)
        if texts[Field.NAME_UR] and not has_urdu(texts[Field.NAME_UR]):
            row.wrong(Field.NAME_UR, Problem.NOT_URDU)
        category = row.one_of(Field.CATEGORY, self._categories) or self._category
        if not category and not row.raw(Field.CATEGORY):
            row.wrong(Field.CATEGORY, Problem.MISSING)
        country = row.one_of(Field.COUNTRY, _countries())
        days = self._days(row, category)
        if Field.CONSENT in self._columns and row.yes(Field.CONSENT) is False:
            row.wrong(Field.CONSENT, Problem.NO_CONSENT)
        phone = row.made(Field.PHONE, Problem.PHONE, lambda text: clean_phone(text, country), PhoneError)
        details = Details(
            name=texts[Field.NAME],
            name_ur=texts[Field.NAME_UR],
            organisation=texts[Field.ORGANISATION],
            designation=texts[Field.DESIGNATION],
            category=category,
            country=country,
            city=texts[Field.CITY],
            phone=phone or "",
            email=row.made(Field.EMAIL, Problem.EMAIL, clean_email, EmailError) or "",
            gender=Gender(row.one_of(Field.GENDER, _GENDERS) or Gender.UNDISCLOSED),
            sectors=tuple(sorted(set(row.some_of(Field.SECTORS, self._sectors)))),
            cluster=row.one_of(Field.CLUSTER, self._clusters),
            stand=texts[Field.STAND],
            days=days,
            language=row.one_of(Field.LANGUAGE, _LANGUAGES) or "en",
            group=texts[Field.GROUP],
            consent_exhibitors=row.yes(Field.CONSENT_EXHIBITORS) or False,
            consent_news=row.yes(Field.CONSENT_NEWS) or False,
            consent_photo=row.yes(Field.CONSENT_PHOTO) or False,
        )
        return tuple(row.mistakes) or details

    def _days(self, row: _Row, category: str) -> tuple[date, ...]:
        """The days that a person named, of those on which their category may come; with a mistake, none."""
        texts = [text for part in _BETWEEN.split(row.raw(Field.DAYS)) if (text := clean_text(part))]
        days = [_date(text) for text in texts]
        for text, day in zip(texts, days, strict=True):
            if day is None:
                row.wrong(Field.DAYS, Problem.DATE, text)
        chosen = sorted({day for day in days if day is not None})
        if chosen and category:
            allowed = self._event.days_of(self._event.category_by_slug[category])
            if any(day not in allowed for day in chosen):
                dates = ", ".join(day.isoformat() for day in allowed)
                row.wrong(Field.DAYS, Problem.OTHER_DAY, allowed=dates)
        return tuple(chosen)


class _Row:
    """The cells of a row by their field, and the mistakes that were found in them."""

    def __init__(self, columns: dict[Field, tuple[int, ...]], cells: Sequence[str]) -> None:
        self._columns, self._cells = columns, cells
        self.mistakes: list[Mistake] = []

    def raw(self, field: Field) -> str:
        """What stands in the column, or in the columns one after the other; nothing where a formula broke."""
        parts = (bare(self._cells[column]) for column in self._columns.get(field, ()) if column < len(self._cells))
        text = " ".join(part.strip() for part in parts if part.strip())
        if text in _BROKEN:
            self.wrong(field, Problem.BROKEN_CELL)
            return ""
        return text

    def text(self, field: Field) -> str:
        """One line of text, of at most as many characters as there is room for."""
        text = clean_text(self.raw(field))
        if len(text) > LONGEST[field]:
            self.wrong(field, Problem.TOO_LONG, text, allowed=str(LONGEST[field]))
            return text[: LONGEST[field]]
        return text

    def one_of(self, field: Field, known: dict[str, str]) -> str:
        """What is meant by the cell; nothing where it is empty or unknown."""
        text = clean_text(self.raw(field))
        meant = known.get(plain_heading(text), "")
        if text and not meant:
            self.wrong(field, Problem.UNKNOWN, text)
        return meant

    def some_of(self, field: Field, known: dict[str, str]) -> list[str]:
        """What is meant by each part of the cell."""
        raw = self.raw(field)
        if (whole := known.get(plain_heading(raw))) is not None:
            return [whole]
        found = []
        for text in (clean_text(part) for part in _BETWEEN.split(raw)):
            meant = known.get(plain_heading(text), "")
            if meant:
                found.append(meant)
            elif text:
                self.wrong(field, Problem.UNKNOWN, text)
        return found

    def yes(self, field: Field) -> bool | None:
        """Yes or no; None where neither was said, which is a mistake."""
        text = clean_text(self.raw(field)).casefold()
        if text in _YES:
            return True
        if text in _NO:
            return False
        self.wrong(field, Problem.YES_OR_NO, text)
        return None

    def made(self, field: Field, problem: Problem, make: Callable[[str], Got], error: type[Exception]) -> Got | None:
        """What `make` makes of the cell; None, and a mistake, where it cannot."""
        text = clean_text(self.raw(field))
        try:
            return make(text)
        except error:
            self.wrong(field, problem, text)
            return None

    def wrong(self, field: Field, problem: Problem, value: str | None = None, *, allowed: str = "") -> None:
        """Note a mistake, once for each field and problem and value."""
        shown = (self._shown(field) if value is None else value)[:_SHOWN]
        mistake = Mistake(field=field, problem=problem, value=shown, allowed=allowed)
        if mistake not in self.mistakes:
            self.mistakes.append(mistake)

    def _shown(self, field: Field) -> str:
        columns = [column for column in self._columns.get(field, ()) if column < len(self._cells)]
        return clean_text(" ".join(self._cells[column][:200] for column in columns))


def _by_names(things: Iterable[Named]) -> dict[str, str]:
    """Slug and both names → slug."""
    names = ((name, thing.slug) for thing in things for name in (thing.slug, thing.name, thing.name_ur))
    return {plain_heading(name): slug for name, slug in names if name}


@cache
def _countries() -> dict[str, str]:
    names = {plain_heading(name): code for language in ("ur", "en") for code, name in countries(language)}
    return names | {code.casefold(): code for code, _ in countries("en")} | _ALSO


def _date(text: str) -> date | None:
    """`2026-01-24`, with or without a time behind it, or `24/1/2026`: the day before the month, as in Pakistan."""
    parts = _DATE.fullmatch(text)
    try:
        if parts:
            return date(int(parts[3]), int(parts[2]), int(parts[1]))
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
