"""HTTP for badge templates: every one with its mistakes, and live pictures of the hardest names and of real people."""

from __future__ import annotations

import hashlib
import secrets
import threading
from pathlib import Path
from typing import Final

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from checkin.badges import service as badges
from checkin.badges.faces import face_of
from checkin.badges.shortcode import short_code
from checkin.badges.templates import template_paths
from checkin.badges.views import keys
from checkin.event.model import Category
from checkin.organise.badge_previews import WIDTH_PX, samples, shown, version_of
from checkin.organise.views import bp
from checkin.programme.service import current_event
from checkin.staff.guard import required
from checkin.staff.model import Role
from checkin.web import database, site
from printing import Face, Side, TemplateError, load_template, render_badge, render_image

REAL_PEOPLE: Final = 3
_STARTED: Final = secrets.token_hex(8)  # another program may draw another picture of the same file
_DRAWING = threading.Semaphore(1)  # a page of pictures takes one core at the most, and leaves the others to the gates


@bp.get("/organise/badges")
@required(Role.ORGANISER)
def show_badges() -> ResponseReturnValue:
    """Every template, the organisers' own first, in the colours of `?category=`."""
    own, paths = site().settings.templates, template_paths(site().settings)
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        newest = badges.latest(session, most=REAL_PEOPLE)
    category = event.category_by_slug.get(request.args.get("category", ""))
    found = [shown(name, path, is_own=path.parent == own) for name, path in paths.items()]
    return render_template(
        "organise/badges.html",
        templates=sorted(found, key=lambda one: (not one.is_own, one.name)),
        samples={word: title for word, (title, _) in samples(event, category).items()},
        people=[(badge.visitor_id, short_code(badge.number)) for badge in newest],
        categories=event.categories,
        category=category,
        folder=own,
        width_px=WIDTH_PX,
    )


@bp.get("/organise/badges/<name>/<sample>.png")
@required(Role.ORGANISER)
def badge_preview(name: str, sample: str) -> ResponseReturnValue:
    """A made-up person's badge as a picture: `?category=` and `?side=back`."""
    path, face = _path(name), _sample(sample)
    side = Side.BACK if request.args.get("side") == Side.BACK else Side.FRONT
    tag = hashlib.sha256(f"{_STARTED} {version_of(path)} {side} {face!r}".encode()).hexdigest()[:32]
    if request.if_none_match.contains(tag):
        answer = Response(status=304)
    else:
        answer = Response(_picture(path, face, side), mimetype="image/png")
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"  # asked for each time, drawn only if it changed
    return answer


@bp.get("/organise/badges/<name>/people/<int:visitor_id>.png")
@required(Role.ORGANISER)
def badge_preview_of(name: str, visitor_id: int) -> ResponseReturnValue:
    """A real person's badge as a picture, which nothing keeps."""
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        badge = badges.newest_of(session, [visitor_id]).get(visitor_id)
    if badge is None:
        abort(404)
    answer = Response(_picture(_path(name), face_of(event, keys(), badge), Side.FRONT), mimetype="image/png")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/organise/badges/<name>/sample.pdf")
@required(Role.ORGANISER)
def badge_sample(name: str) -> ResponseReturnValue:
    """A made-up badge to try a printer with."""
    face = next(iter(_samples().values()))[1]
    try:
        with _DRAWING:
            content = render_badge(face, load_template(_path(name)), both_sides=True)
    except TemplateError:
        abort(404)
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"sample-{name}.pdf")
    return answer


@bp.get("/organise/badges/<name>.toml")
@required(Role.ORGANISER)
def badge_file(name: str) -> ResponseReturnValue:
    """The template's file, to begin another with."""
    answer = Response(_path(name).read_bytes(), mimetype="application/toml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.toml")
    return answer


def _path(name: str) -> Path:
    """The file of this template. Names are looked up, never put together to a path."""
    path = template_paths(site().settings).get(name)
    if path is None:
        abort(404)
    return path


def _samples() -> dict[str, tuple[str, Face]]:
    with database().snapshot() as session:
        event = current_event(session, site().event).event
    return samples(event, _category(event.category_by_slug))


def _category(by_slug: dict[str, Category]) -> Category | None:
    return by_slug.get(request.args.get("category", ""))


def _sample(word: str) -> Face:
    found = _samples().get(word)
    if found is None:
        abort(404)
    return found[1]


def _picture(path: Path, face: Face, side: Side) -> bytes:
    try:
        template = load_template(path)
    except TemplateError:
        abort(404)  # the page tells its mistakes
    if side is Side.BACK and not template.has_back:
        abort(404)
    with _DRAWING:
        return render_image(face, template, width_px=WIDTH_PX, side=side)
