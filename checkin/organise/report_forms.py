"""What organisers type to close a day."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import NumberRange
from wtforms.widgets import HiddenInput

from checkin.registration.fields import line
from checkin.reports.service import LONGEST_REASON

_MOST_REVISIONS = 9999


class CloseForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """Which revision the organiser saw that it would become, and why it is closed all the same."""

    revision = IntegerField(validators=[NumberRange(1, _MOST_REVISIONS)], widget=HiddenInput())
    reason = line(
        _l("Why is it closed all the same?"),
        most=LONGEST_REASON,
        hint=_l("It stands in the report. For example: the tablet of gate 3 is broken, its scans are lost."),
        autocomplete="off",
        dir="auto",
        maxlength=str(LONGEST_REASON),
    )
