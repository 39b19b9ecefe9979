"""Answers that concern one badge: its files, and the plain words where there is none."""

from __future__ import annotations

from io import BytesIO

from flask import Response, current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from checkin import clock
from checkin.badges.calendar_file import calendar_file
from checkin.badges.faces import face_of
from checkin.badges.keys import KeyRing
from checkin.badges.model import Badge
from checkin.badges.shortcode import short_code
from checkin.badges.templates import HOME, PHONE, get_template
from checkin.programme.service import current_event
from checkin.web import chosen_language, database, error_answer, site
from printing import TemplateError, print_badges, render_badge, render_image

PHONE_WIDTH_PX = 1080


def keys() -> KeyRing:
    """The keys of this installation."""
    return KeyRing(site().settings.token_master)


def private(answer: ResponseReturnValue) -> Response:
    """An answer that tells nobody its address: no referrer, no index, no store."""
    response = current_app.make_response(answer)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-store"
    return response


def unknown_link() -> Response:
    """404: this private link opens nothing."""
    words = gettext(
        "This link opens no badge. Check that it is whole; if it is, ask at a registration desk with your name or "
        "phone number."
    )
    return private(error_answer(404, words))


def revoked() -> Response:
    """410: the badge was taken back, and with it its files."""
    words = gettext("This badge is no longer valid. Please ask at a registration desk: they can tell you why and help.")
    return private(error_answer(410, words))


def badge_pdf(badge: Badge, template: str) -> Response:
    """The badge on paper. Raises NoSuchTemplateError, TemplateError."""
    drawn = render_badge(face_of(site().event, keys(), badge), get_template(site().settings, template))
    return _file(drawn, "application/pdf", f"{_name(badge)}.pdf")


def badges_pdf(badges: tuple[Badge, ...]) -> Response:
    """Several badges to print at home, a page each. Raises TemplateError."""
    drawn = BytesIO()
    faces = [face_of(site().event, keys(), badge) for badge in badges]
    print_badges(faces, get_template(site().settings, HOME), drawn)
    return _file(drawn.getvalue(), "application/pdf", f"{_name(badges[0])}-all.pdf")


def badge_png(badge: Badge) -> Response:
    """The badge as a picture for a phone. Raises TemplateError."""
    face = face_of(site().event, keys(), badge)
    drawn = render_image(face, get_template(site().settings, PHONE), width_px=PHONE_WIDTH_PX)
    return _file(drawn, "image/png", f"{_name(badge)}.png")


def badge_ics(badge: Badge) -> Response:
    """The days on which the badge enters, for a calendar."""
    reminder = gettext("Bring your badge, on paper or on your phone.")
    with database().snapshot() as session:
        event = current_event(session, site().event).event
    days = calendar_file(event, badge.days, language=chosen_language(), reminder=reminder, now=clock.now())
    return _file(days, "text/calendar; charset=utf-8", f"{_name(badge)}.ics")


def cannot_draw(error: TemplateError) -> Response:
    """503 for a visitor: what is broken is the organisers' business, and goes to the log."""
    current_app.logger.error("a badge template is broken: %s", error)
    words = gettext("This badge cannot be drawn now. Its page works: the gate reads the code from the screen.")
    return private(error_answer(503, words))


def mend_template(template: str, error: TemplateError) -> Response:
    """503 for the desk and the organisers: which template, what is wrong in it, and how to see it mended."""
    words = gettext(
        "The badge template “%(name)s” is broken, so nothing was drawn. An organiser mends it and looks at it with: "
        "python -m printing preview %(name)s",
        name=template,
    )
    return private(error_answer(503, f"{words} ({error})"))


def _name(badge: Badge) -> str:
    # A file's name is seen by whoever looks at the phone: it says which badge, not whose.
    return f"badge-{short_code(badge.number)}"


def _file(content: bytes, kind: str, name: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
