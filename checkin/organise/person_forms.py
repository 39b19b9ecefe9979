"""What organisers type about one person's badge."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import NumberRange
from wtforms.widgets import HiddenInput

from checkin.badges.token import MOST_ISSUE
from checkin.registration.fields import Given, line, one, some

LONGEST_REASON = 200


class DaysForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """On which days a person may come, and what becomes of the badge that says otherwise."""

    days = some(
        _l("May come on"), hint=_l("The gates go by this. No day ticked: every day that the category may come on.")
    )
    badge = one(_l("The badge"), Given(_l("Please choose what becomes of the badge.")))


class MergeForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """Which badges open the gates for one person who was registered twice, and why they are thought to be one."""

    good = one(_l("Which badges open the gates?"), Given(_l("Please choose what becomes of the badges.")))
    reason = line(
        _l("Why are they one person?"),
        most=LONGEST_REASON,
        hint=_l("For example: the same phone, asked at the desk. Organisers read it on this person’s page."),
        autocomplete="off",
        dir="auto",
        maxlength=str(LONGEST_REASON),
    )


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
