"""What the fake server tells of badges: a roster of today, whatever day it is."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from checkin.badges.shortcode import short_code
from checkin.badges.token import make_token
from tests.factories import KEYS

__all__ = ["badge", "event", "judging", "keys", "moment", "roster", "short_code", "token"]
JSON = dict[str, Any]
SLUG = "sme-expo-2026"
AYESHA_NUMBER = 0x1234567890


def event(**changed: object) -> JSON:
    """An event that is open around the clock, today."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    day = {
        "date": midnight.date().isoformat(),
        "starts": moment(midnight - timedelta(days=1)),  # so wide that no test runs over its end
        "ends": moment(midnight + timedelta(days=2)),
        "opens": moment(midnight - timedelta(days=1)),
        "closes": moment(midnight + timedelta(days=2)),
    }
    return {
        "slug": SLUG,
        "name": "SME Expo",
        "name_ur": "ایکسپو",
        "time_zone": "Asia/Karachi",
        "re_entry": "allow",
        "again_after_minutes": 10,
        "names_on_tablets": True,
        "first_zone": "expo",
        "days": [day],
        "zones": [{"slug": "expo", "name": "Expo", "name_ur": ""}],
        "gates": [
            {
                "slug": "gate-1",
                "name": "Gate 1",
                "name_ur": "گیٹ 1",
                "zone": "expo",
                "direction": "in",
                "categories": [],
            },
            {
                "slug": "gate-2",
                "name": "Gate 2",
                "name_ur": "گیٹ 2",
                "zone": "expo",
                "direction": "both",
                "categories": [],
            },
            {
                "slug": "gate-4",
                "name": "Gate 4",
                "name_ur": "گیٹ 4",
                "zone": "expo",
                "direction": "out",
                "categories": [],
            },
        ],
        "categories": [
            {
                "number": 1,
                "slug": "trade-visitor",
                "name": "Trade visitor",
                "name_ur": "تجارتی وزیٹر",
                "days": [day["date"]],
                "early_minutes": 0,
            }
        ],
        "holds": {"gate": {}, "category": {}},
        **changed,
    }


def roster(**changed: object) -> JSON:
    """One page of everything; without badges and keys unless they are given: then the tablet cannot judge."""
    return {
        "epoch": "0" * 32,
        "revision": 1,
        "more": False,
        "day": event()["days"][0]["date"],
        "cursor": "here",
        "whole": True,
        "event": event(),
        "keys": {},
        "newest_key": 0,
        "badges": [],
        "admitted": [],
        "erase_at": moment(datetime.now(UTC) + timedelta(days=3)),
        **changed,
    }


def judging(*badges: list[object], **changed: object) -> JSON:
    """A roster with key 0, so that the tablet judges by itself."""
    return roster(**{"badges": list(badges), "keys": keys(0), **changed})


def keys(*numbers: int) -> JSON:
    return {str(number): base64.b64encode(KEYS.key(number)).decode() for number in numbers}


def badge(
    number: int = AYESHA_NUMBER, issue: int = 0, state: str = "live", name: str = "Ayesha Siddiqui"
) -> list[object]:
    """A row of the roster."""
    return [number, issue, 1, 0, state, name]


def token(number: int = AYESHA_NUMBER, issue: int = 0, key: int = 0, category: int = 1) -> str:
    """What the QR of a badge holds."""
    return make_token(event=SLUG, key=KEYS.key(key), key_number=key, number=number, issue=issue, category=category)


def moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
