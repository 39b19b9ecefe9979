"""The machines of one expo: they must be told the same, so each start is compared with what the others began with."""

from __future__ import annotations

import hashlib
import hmac
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from checkin.database import insert, table_of
from checkin.event.model import Event
from checkin.programme.tables import MachineRow
from checkin.settings import Settings

FORGOTTEN_AFTER: Final = timedelta(days=30)
_SECRETS: Final = {"secret_key": "CHECKIN_SECRET_KEY", "token_master": "CHECKIN_TOKEN_MASTER"}
_ALL: Final = {"event": "event.toml", "templates": "templates/ or sheets.toml", **_SECRETS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A machine by its name, and digests of what it was told: nobody learns a secret from them."""

    name: str
    event: str
    templates: str
    secret_key: str
    token_master: str


def this_machine(settings: Settings, event: Event) -> Machine:
    """The machine that starts with these settings. What a comment in the event file says does not count."""

    def digest(secret: bytes) -> str:
        return hmac.digest(secret, b"the same on every machine", hashlib.sha256).hex()

    return Machine(
        name=f"{socket.gethostname()}:{settings.instance}"[:200],
        event=hashlib.sha256(repr(event).encode()).hexdigest(),
        templates=_digest_of_files(settings),
        secret_key=digest(settings.secret_key.encode()),
        token_master=digest(settings.token_master),
    )


def note_machine(session: Session, mine: Machine, now: datetime) -> tuple[str, ...]:
    """Note this start; in words, what differs from the machine that started last, and from this one's last start."""
    session.execute(delete(MachineRow).where(MachineRow.started_at < now - FORGOTTEN_AFTER))
    other = session.scalar(
        select(MachineRow).where(MachineRow.name != mine.name).order_by(MachineRow.started_at.desc()).limit(1)
    )
    before = session.get(MachineRow, mine.name)
    told = []
    if other and (differing := _differing(_ALL, mine, other)):
        told.append(
            f"This machine differs from {other.name} in: {', '.join(differing)}. All machines of one expo must be told "
            "the same. If you have just changed it here, change it there too and start them again."
        )
    if before and (differing := _differing(_SECRETS, mine, before)):
        told.append(
            f"Since its last start this machine has another {' and another '.join(differing)}. With another "
            "CHECKIN_SECRET_KEY the links to badges end; with another CHECKIN_TOKEN_MASTER no printed badge is good. "
            "If that was not meant, put the old one back."
        )
    values = {name: getattr(mine, name) for name in _ALL} | {"started_at": now}
    row = insert(session, table_of(MachineRow)).values(name=mine.name, **values)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_=values))
    return tuple(told)


def _digest_of_files(settings: Settings) -> str:
    """Of the organiser's own templates, their pictures and sheets."""
    found = hashlib.sha256()
    for path in sorted((*settings.templates.rglob("*"), settings.instance / "sheets.toml")):
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            found.update(f"{path.relative_to(settings.instance).as_posix()} {content}\n".encode())
    return found.hexdigest()


def _differing(among: dict[str, str], mine: Machine, row: MachineRow) -> list[str]:
    return [word for name, word in among.items() if getattr(mine, name) != getattr(row, name)]
