"""What organisers say of an API key."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm

from checkin.apikeys.model import Scope
from checkin.apikeys.policy import LASTS_DAYS, NAME_LONGEST, USUAL_DAYS
from checkin.registration.fields import Given, line, one, some

SCOPES: Final = {
    Scope.ATTENDANCE_READ: _l("Read the figures of attendance"),
    Scope.METRICS_READ: _l("Read the metrics of the system, for Prometheus"),
}


class ApiKeyForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """A key to make: for whom, for what, for how long."""

    name = line(
        _l("Who will use it"),
        Given(_l("Please write who will use the key, so that it can be told from others.")),
        most=NAME_LONGEST,
        hint=_l("A system, not a person. For example: Ministry’s dashboard"),
        autocomplete="off",
        dir="auto",
        maxlength=str(NAME_LONGEST),
    )
    scopes = some(_l("What it may do"), Given(_l("Please tick at least one.")))
    days = one(_l("How long it works"), Given(_l("Please choose one.")))

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        self.scopes.choices = [(scope.value, words) for scope, words in SCOPES.items()]
        self.days.choices = [(str(days), ngettext("%(num)d day", "%(num)d days", days)) for days in LASTS_DAYS]
        if self.days.data is None:
            self.days.data = str(USUAL_DAYS)

    def wanted(self) -> tuple[frozenset[Scope], timedelta]:
        """What the key opens, and for how long."""
        scopes = frozenset(Scope(scope) for scope in self.scopes.data or () if scope)
        return scopes, timedelta(days=int(self.days.data or USUAL_DAYS))
