"""The supervisor's PIN: one for the event, set by an organiser, typed at a gate to let a refused person in.

It is short, so guard it with a lock: `lockout.find_lock` and `settle_try` with a key such as `pin:device:7`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from checkin.database import insert, table_of
from checkin.journal.service import record
from checkin.staff.passwords import hash_secret, prove
from checkin.staff.policy import PinProblem, pin_problem, plain_pin
from checkin.staff.queries import find_supervisor_pin
from checkin.staff.tables import SupervisorPinRow


def set_supervisor_pin(session: Session, pin: str, *, actor: str, now: datetime) -> PinProblem | None:
    """Let this PIN be the only one that holds, or say why it is refused. Raises TooBusyError."""
    problem = pin_problem(pin)
    if problem is not None:
        return problem
    fields = {"pin_hash": hash_secret(plain_pin(pin)), "set_at": now, "set_by": actor}
    fresh = insert(session, table_of(SupervisorPinRow)).values(id=1, **fields)
    session.execute(fresh.on_conflict_do_update(index_elements=["id"], set_=fields))
    record(session, now=now, actor=actor, action="staff.set_pin")
    return None


def check_supervisor_pin(session: Session, pin: str) -> bool:
    """Whether this is the PIN; never, while none is set. Takes some 70 ms: a snapshot is the place for it.

    Counts nothing and locks nothing. Raises TooBusyError.
    """
    return prove(find_supervisor_pin(session), plain_pin(pin)).holds
