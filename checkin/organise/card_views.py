"""HTTP for gate cards: printed codes that move a tablet to a gate."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from checkin.badges.gatecard import make_gate_card
from checkin.badges.service import newest_key_number
from checkin.badges.views import keys
from checkin.event.model import Direction, Event, Gate
from checkin.organise.views import bp
from checkin.programme.service import current_event
from checkin.staff.guard import required
from checkin.staff.model import Role
from checkin.web import LANGUAGES, database, site
from printing import qr_svg


@dataclass(frozen=True, slots=True)
class _Card:
    """One card. `names`, `ways`, `uses`: language → text, since a card is read by whoever holds it."""

    qr: str
    names: dict[str, str]
    ways: dict[str, str]
    uses: dict[str, str]


@bp.get("/organise/gate-cards")
@required(Role.ORGANISER)
def show_gate_cards() -> ResponseReturnValue:
    """A card for each gate and way, to print."""
    with database().snapshot() as session:
        event = current_event(session, site().event).event
        key_number = newest_key_number(session)
    cards = [_card(event, key_number, gate, way) for gate in event.gates for way in _ways(gate)]
    return render_template("organise/gate_cards.html", cards=cards)


def _ways(gate: Gate) -> tuple[Direction, ...]:
    return (Direction.IN, Direction.OUT) if gate.direction is Direction.BOTH else (gate.direction,)


def _card(event: Event, key_number: int, gate: Gate, way: Direction) -> _Card:
    text = make_gate_card(
        event=event.slug, key=keys().key(key_number), key_number=key_number, gate=gate.slug, direction=way
    )
    ways, uses = {}, {}
    for language in LANGUAGES:
        with force_locale(language):
            ways[language] = gettext("In") if way is Direction.IN else gettext("Out")
            uses[language] = gettext("Show this card to a tablet to move it to this gate.")
    label = gettext("Gate card: %(gate)s", gate=gate.name)
    names = {language: gate.named(language) for language in LANGUAGES}
    return _Card(qr_svg(text, label=label), names, ways, uses)
