"""Pages of a double lead to the person they are counted as."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin.visitors import service as visitors
from checkin.web import database

View = Callable[..., ResponseReturnValue]


def leads_to_kept(view: View) -> View:
    """A view of a person that, of somebody's double, goes to that person's page instead; nothing is done then."""

    @wraps(view)
    def guarded(visitor_id: int, **more: Any) -> ResponseReturnValue:  # noqa: ANN401 - whatever the address has
        with database().snapshot() as session:
            kept = visitors.find_kept(session, visitor_id)
        if kept is None:
            return view(visitor_id=visitor_id, **more)
        flash(gettext("This person was registered twice: both are on this page."))
        return redirect(url_for("organise.show_person", visitor_id=kept), 303)

    return guarded
