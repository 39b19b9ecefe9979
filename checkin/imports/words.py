"""What is wrong with a file or a cell, in words, with what to do about it."""

from __future__ import annotations

from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from checkin.imports.model import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Fault, Field, Likeness, Mistake, Problem

FIELDS: Final = {
    Field.NAME: _l("Full name"),
    Field.NAME_UR: _l("Name in Urdu"),
    Field.ORGANISATION: _l("Company or organisation"),
    Field.DESIGNATION: _l("Job title"),
    Field.CATEGORY: _l("Category"),
    Field.COUNTRY: _l("Country"),
    Field.CITY: _l("City"),
    Field.PHONE: _l("Phone"),
    Field.EMAIL: _l("E-mail"),
    Field.GENDER: _l("Gender"),
    Field.SECTORS: _l("Lines of business"),
    Field.CLUSTER: _l("Cluster"),
    Field.STAND: _l("Stand number"),
    Field.DAYS: _l("Days"),
    Field.LANGUAGE: _l("Language"),
    Field.GROUP: _l("Group or delegation"),
    Field.CONSENT: _l("Consent"),
    Field.CONSENT_EXHIBITORS: _l("Consent: exhibitors"),
    Field.CONSENT_NEWS: _l("Consent: news"),
    Field.CONSENT_PHOTO: _l("Consent: photographs"),
}
LIKENESSES: Final = {
    Likeness.LINE: _l("the whole line"),
    Likeness.PHONE: _l("the phone"),
    Likeness.EMAIL: _l("the e-mail address"),
    Likeness.NAME: _l("name and organisation"),
}
_FAULTS: Final = {
    Fault.EMPTY: _l("This file is empty. Choose another, or save it again."),
    Fault.NO_PEOPLE: _l("There are headings, but nobody stands below them. Write a person a line."),
    Fault.NO_TABLE: _l("This is no table that can be read. Save it as XLSX or CSV and choose that file."),
    Fault.ENCRYPTED: _l("This workbook is locked with a password. Save it once without one and choose that file."),
    Fault.OLD_EXCEL: _l("This is an old Excel file. Open it, save it as XLSX, and choose that file."),
    Fault.OTHER_ZIP: _l("This is no Excel workbook (XLSX). Open it in its program and save it as XLSX or CSV."),
    Fault.DAMAGED: _l("This workbook is damaged. Open it, save it again as XLSX, and choose that file."),
    Fault.HUGE_CELL: _l(
        "One cell holds far too much: perhaps a quotation mark that never closes. Mend it, save, retry."
    ),
}
_PROBLEMS: Final = {
    Problem.MISSING: _l("Nothing stands here. Fill it in."),
    Problem.NO_LETTERS: _l("There is no letter in this name. Write it with letters."),
    Problem.NOT_URDU: _l("There is no Urdu letter in it. Write it in Urdu, or leave it empty."),
    Problem.UNKNOWN: _l("The event knows no such thing. Use a name or slug from the event file."),
    Problem.PHONE: _l(
        "This number cannot be dialled. Check its digits, begin with + and the country’s code, keep the column as text."
    ),
    Problem.EMAIL: _l("This e-mail address is not complete. It looks like name@example.com."),
    Problem.DATE: _l("This is no date. Write it as 2026-01-24; several with ; between them."),
    Problem.YES_OR_NO: _l("Write yes or no."),
    Problem.NO_CONSENT: _l("This person has not agreed. Ask them, or take the line out."),
    Problem.BROKEN_CELL: _l("A formula broke here. Write the value itself."),
}


def fault_words(fault: Fault) -> str:
    """Why the whole file cannot be taken."""
    if fault is Fault.TOO_LARGE:
        most = MOST_BYTES // 1_000_000
        return str(gettext("This file is too large: at most %(most)s MB. Cut the list in two.", most=most))
    if fault is Fault.TOO_MANY_ROWS:
        return str(gettext("There are more than %(most)s lines. Cut the list in two.", most=MOST_ROWS))
    if fault is Fault.TOO_MANY_COLUMNS:
        return str(gettext("There are more than %(most)s columns. Delete what is not needed.", most=MOST_COLUMNS))
    return str(_FAULTS[fault])


def mistake_words(mistake: Mistake) -> str:
    """What is wrong with a cell, and what to do."""
    if mistake.problem is Problem.TOO_LONG:
        return str(gettext("This is too long. Please shorten it to %(most)s characters.", most=mistake.allowed))
    if mistake.problem is Problem.OTHER_DAY:
        return str(gettext("With this category people come on: %(dates)s.", dates=mistake.allowed))
    return str(_PROBLEMS[mistake.problem])
