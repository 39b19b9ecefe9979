"""What organisers type about one person's badge."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import NumberRange
from wtforms.widgets import HiddenInput

from checkin.badges.token import MOST_ISSUE
from checkin.registration.fields import Given, line

LONGEST_REASON = 200


class RevokeForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """Why this issue of a badge is not good any more."""

    issue = IntegerField(validators=[NumberRange(0, MOST_ISSUE)], widget=HiddenInput())
    reason = line(
        _l("Why?"),
        Given(_l("Please write why: whoever stands at the desk will ask.")),
        most=LONGEST_REASON,
        hint=_l("For example: sold to somebody else. Organisers read it on this person’s page."),
        autocomplete="off",
        dir="auto",
        maxlength=str(LONGEST_REASON),
    )
