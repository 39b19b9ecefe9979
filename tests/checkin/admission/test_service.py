"""Scans are stored, judged once, and counted right whatever the order of their arrival."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trial
from hypothesis import strategies as st
from sqlalchemy import func, select

from checkin.admission.model import Reason, Verdict
from checkin.admission.tables import AdmissionRow, ConflictRow, ScanRow
from checkin.badges import service as badges
from checkin.badges.shortcode import short_code
from checkin.badges.token import make_token
from checkin.database import Database
from checkin.event.model import Direction, Event, Gate
from tests.conftest import DAY_ONE
from tests.factories import KEYS, make_badge, make_device, make_item, make_visitor, send, token_of, verdicts

DAY = date(2026, 1, 24)


def admissions(database: Database) -> set[tuple[int, date, str, datetime, str]]:
    with database.snapshot() as session:
        rows = session.scalars(select(AdmissionRow)).all()
        return {(row.visitor_id, row.day, row.zone, row.at, row.scan_id) for row in rows}


def count(database: Database, table: type) -> int:
    with database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_first_scan_is_admitted_and_a_second_a_re_entry_that_says_since_when(
    database: Database, event: Event
) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event)
        _, one = make_device(session, event, "gate-1")
    token = token_of(event, badge)
    first, again = send(
        database, event, one, make_item(token, DAY_ONE), make_item(token, DAY_ONE + timedelta(minutes=20))
    )
    assert [Verdict.ADMITTED, Verdict.RE_ENTRY] == [first.row.verdict, again.row.verdict]
    assert (DAY_ONE, "gate-1") == (again.row.first_at, again.row.first_gate)
    assert len(admissions(database)) == 1


def test_every_refused_scan_is_stored_with_its_reason(database: Database, event: Event) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event)
        _, device = make_device(session, event)
    good = token_of(event, badge)
    facts = {"number": badge.number, "issue": 0, "category": badge.category, "key_number": 0}
    texts = {
        "garbage": Reason.FORGED,
        "": Reason.FORGED,
        good[:-3]: Reason.FORGED,
        good.lower(): Reason.FORGED,
        good[:-4] + "0000": Reason.FORGED,
        make_token(event="other-expo", key=KEYS.key(0), **facts): Reason.FORGED,
        make_token(event=event.slug, key=KEYS.key(1), **(facts | {"key_number": 1})): Reason.FORGED,
        make_token(event=event.slug, key=KEYS.key(0), **(facts | {"number": badge.number ^ 1})): Reason.UNKNOWN,
        make_token(event=event.slug, key=KEYS.key(0), **(facts | {"issue": 7})): Reason.UNKNOWN,
        short_code(badge.number ^ 1): Reason.UNKNOWN,
        "7K3M-9QXD-0": Reason.UNKNOWN,
    }
    told = send(database, event, device, *(make_item(text, DAY_ONE) for text in texts))
    assert list(texts.values()) == [one.row.reason for one in told]
    assert count(database, ScanRow) == len(texts)
    assert admissions(database) == set()


@pytest.mark.parametrize(
    "defect",
    [
        {"token": None},
        {"token": 5},
        {"scanned_at": "yesterday"},
        {"scanned_at": "2026-01-24T10:30:00"},
        {"scanned_at": "0001-01-01T00:00:00+05:00"},
        {"scanned_at": None},
        {"source": "telepathy"},
        {"direction": "sideways"},
        {"gate": 7},
        {"clock": "cuckoo"},
    ],
    ids=str,
)
def test_a_defect_of_an_item_is_a_stored_refusal(database: Database, event: Event, defect: dict[str, object]) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event)
        _, device = make_device(session, event)
    told = send(database, event, device, make_item(token_of(event, badge), DAY_ONE) | defect)
    assert (Verdict.REFUSED, Reason.MALFORMED) == (told[0].row.verdict, told[0].row.reason)
    assert count(database, ScanRow) == 1


def test_a_typed_short_code_is_judged_as_the_current_issue(database: Database, event: Event) -> None:
    with database.transaction() as session:
        visitor = make_visitor(session)
        badge = make_badge(session, event, visitor)
        badges.replace(session, event, visitor, now=DAY_ONE - timedelta(minutes=30), by="Desk 2", actor="tests")
        _, device = make_device(session, event)
    told = send(
        database,
        event,
        device,
        make_item(short_code(badge.number).lower().replace("-", " "), DAY_ONE, source="typed"),
        make_item(token_of(event, badge), DAY_ONE + timedelta(minutes=1)),
    )
    assert [Verdict.ADMITTED, Verdict.REFUSED] == verdicts(told)
    assert Reason.REPLACED == told[1].row.reason
    assert told[1].badge is not None
    assert (1, "Desk 2") == (told[1].badge.issue, told[1].badge.issued_by)


def test_the_same_id_gets_its_stored_judgement_even_after_the_badge_was_revoked(
    database: Database, event: Event
) -> None:
    with database.transaction() as session:
        visitor = make_visitor(session)
        badge = make_badge(session, event, visitor)
        _, device = make_device(session, event)
    item = make_item(token_of(event, badge), DAY_ONE)
    send(database, event, device, item)
    with database.transaction() as session:
        badges.revoke(session, visitor.id, now=DAY_ONE - timedelta(hours=1), actor="tests", reason="stolen")
    (told,) = send(database, event, device, item | {"shown": {"verdict": "admitted"}, "news": "a field of the future"})
    assert (Verdict.ADMITTED, True) == (told.row.verdict, told.repeated)
    assert Verdict.ADMITTED == told.row.shown_verdict
    (later,) = send(database, event, device, item | {"shown": {"verdict": "refused"}})
    assert Verdict.ADMITTED == later.row.shown_verdict
    assert count(database, ScanRow) == 1


def test_the_same_id_with_other_content_is_a_conflict_kept_beside(database: Database, event: Event) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event)
        _, device = make_device(session, event)
    item = make_item(token_of(event, badge), DAY_ONE)
    before = send(database, event, device, item) and admissions(database)
    for _ in range(2):
        (told,) = send(database, event, device, item | {"gate": "gate-2"})
        assert told.conflict
    assert (1, 1) == (count(database, ScanRow), count(database, ConflictRow))
    assert before == admissions(database)


def test_a_late_scan_from_before_midnight_counts_for_its_own_day(database: Database, event: Event) -> None:
    with database.transaction() as session:
        badge = make_badge(session, event)
        _, device = make_device(session, event)
    late = datetime.fromisoformat("2026-01-24T23:59:59+05:00")
    (told,) = send(database, event, device, make_item(token_of(event, badge), late))
    assert (DAY, Verdict.ADMITTED, "after_hours") == (told.row.day, told.row.verdict, told.row.note)


moves = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 40), st.sampled_from(["gate-1", "gate-2", "gate-3"]), st.uuids(version=4)
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda move: move[3],
)


@trial(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=moves, order=st.randoms(use_true_random=False), cut=st.integers(1, 5))
def test_permuting_doubling_and_splitting_batches_never_changes_an_admission(
    database: Database, event: Event, moves: list[tuple[int, int, str, uuid.UUID]], order: object, cut: int
) -> None:
    """Each example invents its own people, so that one database serves all."""
    with database.transaction() as session:
        people = [make_badge(session, event, name=f"Person {number}") for number in range(3)]
        twins = [make_badge(session, event, name=f"Twin {number}") for number in range(3)]
        _, device = make_device(session, event)

    def items(badges_of: list[object], salt: int) -> list[dict[str, object]]:
        return [
            make_item(token_of(event, badges_of[who]), DAY_ONE + timedelta(minutes=minute), gate=gate)  # type: ignore[arg-type]
            | {"id": str(uuid.UUID(int=(identity.int + salt) % 2**128))}
            for who, minute, gate, identity in moves
        ]

    for item in items(list(people), uuid.uuid4().int):
        send(database, event, device, item)
    shuffled = items(list(twins), uuid.uuid4().int) * 2
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    for start in range(0, len(shuffled), cut):
        send(database, event, device, *shuffled[start : start + cut])
    found = {(who, zone, at) for who, _, zone, at, _ in admissions(database)}

    def of(group: list[object]) -> set[tuple[int, str, datetime]]:
        ids = [badge.visitor_id for badge in group]  # type: ignore[attr-defined]
        return {(ids.index(who), zone, at) for who, zone, at in found if who in ids}

    assert of(list(people)) == of(list(twins))
    earliest = {who: min(m for w, m, _, _ in moves if w == who) for who, _, _, _ in moves}
    assert {(who, "expo", DAY_ONE + timedelta(minutes=minute)) for who, minute in earliest.items()} == of(list(twins))


def test_sixteen_gates_at_once_make_exactly_one_admission_in_every_round(
    database: Database, event: Event, backend: str
) -> None:
    rounds = {"sqlite": 50, "postgresql": 20}[backend]
    gates = tuple(Gate(slug=f"gate-{n}", name=f"Gate {n}", zone="expo", direction=Direction.IN) for n in range(16))
    event = replace(event, gates=gates)
    with database.transaction() as session:
        people = [make_badge(session, event, name=f"Round {number}") for number in range(rounds)]
        tablets = [make_device(session, event, f"gate-{number}")[1] for number in range(16)]
    for badge in people:
        start, answers = threading.Barrier(16), []

        def scan(
            device: object, badge: object = badge, start: threading.Barrier = start, answers: list[Verdict] = answers
        ) -> None:
            start.wait()
            answers += verdicts(send(database, event, device, make_item(token_of(event, badge), DAY_ONE)))  # type: ignore[arg-type]

        threads = [threading.Thread(target=scan, args=(device,)) for device in tablets]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert 16 == len(answers)
        with database.snapshot() as session:
            mine = session.scalars(select(AdmissionRow).where(AdmissionRow.visitor_id == badge.visitor_id)).all()
            first = session.scalar(select(func.min(ScanRow.id)).where(ScanRow.visitor_id == badge.visitor_id))
        assert [first] == [row.scan_id for row in mine]
    assert rounds * 16 == count(database, ScanRow)
