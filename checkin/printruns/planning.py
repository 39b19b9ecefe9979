"""What a run would print, looked at before it is made: everything that can be told before the first sheet is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from sqlalchemy.orm import Session

from checkin.badges import service as badges
from checkin.badges.faces import face_of
from checkin.badges.keys import KeyRing
from checkin.badges.shortcode import read_short_code, short_code
from checkin.badges.templates import get_sheet, get_template
from checkin.badges.token import read_token
from checkin.printruns import service
from checkin.printruns.model import Choice, Chosen, Layout, Plan, Unreadable, Which
from checkin.printruns.queries import badge_by_id
from checkin.web import Site
from printing import Face, InvalidFaceError, missing_characters, print_badges

# Characters that the fonts were asked for and have. A whole expo writes with a few hundred: so tens of thousands of
# badges are looked through in a second, and the fonts are asked only about what is new.
_known: set[str] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The badge numbers behind the codes that were given, and the codes that are nobody's."""

    numbers: tuple[int, ...]
    unknown: tuple[str, ...]


def find_people(session: Session, codes: Iterable[str]) -> People:
    """Whose badges these short codes (or scanned tokens) are; each once, in the order given."""
    numbers: dict[int, None] = {}
    unknown: dict[str, None] = {}
    for code in codes:
        claim = read_token(code.upper())
        number = read_short_code(code) if claim is None else claim.number
        if number is None or badges.find_newest(session, number) is None:
            unknown[code] = None
        else:
            numbers[number] = None
    return People(numbers=tuple(numbers), unknown=tuple(unknown))


def make_plan(session: Session, site: Site, choice: Choice, layout: Layout) -> Plan:
    """The badges that would be printed, with the template and the sheet tried out on the first of them.

    Raises NoSuchTemplateError, TemplateError, SheetError.
    """
    template, sheet = get_template(site.settings, layout.template), get_sheet(site.settings, layout.sheet)
    chosen = service.choose(session, site.event, choice, layout.order)
    trial = next((face for one in chosen if (face := _find_face(session, site, one))), None)
    if trial is not None:
        print_badges([trial], template, BytesIO(), sheet=sheet, both_sides=layout.both_sides)
    return Plan(choice=choice, layout=layout, chosen=chosen, places=sheet.places if sheet else 1)


def left_out(plan: Plan) -> tuple[str, ...]:
    """The short codes of people who were named, but whose badge is revoked."""
    if plan.choice.which is not Which.PEOPLE:
        return ()
    there = {one.number for one in plan.chosen}
    return tuple(short_code(number) for number in plan.choice.numbers if number not in there)


def unreadable(session: Session, site: Site, plan: Plan) -> tuple[Unreadable, ...]:
    """The people on whose badge a character would be left out, since no font has it, in the order of the pile."""
    found = []
    for one in plan.chosen:
        new = set(one.name + one.name_ur + one.organisation + one.designation + one.city) - _known
        face = _find_face(session, site, one) if new else None
        if face is None:
            continue
        missing = missing_characters(face)
        _known.update(new.difference(*missing))
        if missing:
            found.append(Unreadable(name=one.name, number=one.number, characters=missing))
    return tuple(found)


def _find_face(session: Session, site: Site, one: Chosen) -> Face | None:
    """The face of a chosen badge; None where the run will name it as failed, with the reason."""
    try:
        return face_of(site.event, KeyRing(site.settings.token_master), badge_by_id(session, one.badge_id))
    except (InvalidFaceError, LookupError, ValueError):
        return None
