"""What organisers say of a list that they bring in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from checkin.event.model import Event
from checkin.imports.model import Field, Head, Matching

_COLUMN = "column-"


class UploadForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """The file. It looks after its own CSRF token, since its page takes more than others do."""

    file = FileField(
        _l("The list"),
        [FileRequired(_l("Please choose the file first."))],
        description=_l("XLSX or CSV, one person a line, headings above. At most 16 MB and 50,000 lines."),
        render_kw={"accept": ".xlsx,.csv,.txt,.tsv"},
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of the columns: the matching, and what is not right about it yet."""

    matching: Matching
    has_consent: bool
    errors: tuple[str, ...]


def read_matching(sent: Mapping[str, str], head: Head, event: Event) -> Told:
    """The columns as they were chosen on the page."""
    fields = {}
    for column in range(len(head.headings)):
        chosen = sent.get(f"{_COLUMN}{column}", "")
        if chosen in list(Field):
            fields[column] = Field(chosen)
    category = sent.get("category", "")
    matching = Matching(fields=fields, category=category if category in event.category_by_slug else "")
    has_consent = sent.get("consent") == "y"
    return Told(matching, has_consent, tuple(_errors(matching, has_consent=has_consent)))


def _errors(matching: Matching, *, has_consent: bool) -> list[str]:
    errors = []
    if not matching.columns_of(Field.NAME):
        errors.append(gettext("Say which column is the full name."))
    if not matching.category and not matching.columns_of(Field.CATEGORY):
        errors.append(gettext("Say which column is the category, or choose one for all."))
    if any(len(matching.columns_of(field)) > 1 for field in Field if field is not Field.NAME):
        errors.append(gettext("Choose each field for one column only. A name alone may stand in several."))
    if not has_consent and not matching.columns_of(Field.CONSENT):
        errors.append(gettext("Say that these people agreed: without consent nobody’s details may be kept."))
    return errors
