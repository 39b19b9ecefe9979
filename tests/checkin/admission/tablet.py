"""A paired tablet that speaks HTTP."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from checkin.database import Database
from checkin.event.model import Event
from tests.factories import make_device


class Tablet:
    """A paired tablet that speaks HTTP."""

    def __init__(self, app: Flask, database: Database, event: Event, gate: str = "gate-1") -> None:
        with database.transaction() as session:
            token, self.device = make_device(session, event, gate)
        self.headers = {"Authorization": f"Bearer {token}"}
        self.client = app.test_client()

    def post(self, path: str, **body: Any) -> TestResponse:
        return self.client.post(f"/api/v1/{path}", json=body, headers=self.headers)

    def scan(self, *items: dict[str, object]) -> list[dict[str, Any]]:
        answer = self.post("scans", scans=list(items))
        assert answer.status_code == 200, answer.text
        return list(answer.json["judgements"])


def count(database: Database, table: type) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
