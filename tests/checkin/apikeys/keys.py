"""API keys for tests."""

from __future__ import annotations

from datetime import timedelta

from checkin import clock
from checkin.apikeys import service
from checkin.apikeys.model import Made, Scope
from checkin.database import Database


def make_key(database: Database, *scopes: Scope, days: int = 30) -> Made:
    with database.transaction() as session:
        return service.make(
            session,
            name="Ministry",
            scopes=scopes or (Scope.ATTENDANCE_READ,),
            lasts=timedelta(days=days),
            by="Sana Iqbal",
            actor="tests",
            now=clock.now(),
        )


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}
