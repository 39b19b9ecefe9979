from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from checkin.database import Database
from checkin.journal.queries import latest
from checkin.staff import passwords, service, sessions
from checkin.staff.model import (
    EmailTaken,
    Ending,
    Invitation,
    InvitationGone,
    Invited,
    LockedUntil,
    Proof,
    Role,
    SecretHash,
    SignedIn,
    Staff,
    Standing,
    WrongPassword,
)
from tests.checkin.staff.people import NOW, PASSWORD, add_staff, hash_of_password, make_invitation, make_staff

RIGHT = Proof(hash_of_password(), holds=True)
WRONG = Proof(hash_of_password(), holds=False)


def try_in(session: Session, proof: Proof, now: datetime = NOW, email: str = "sana@example.com") -> object:
    return service.sign_in(session, email, proof, now=now)


def accept(session: Session, code: str, email: str = "", name: str = "") -> object:
    return service.accept(session, code, hash_of_password(), name=name, email=email, now=NOW)


def test_signing_in_opens_a_session(database: Database) -> None:
    with database.transaction() as session:
        staff = add_staff(session)
        found = try_in(session, RIGHT)
        assert isinstance(found, SignedIn)
        assert found.staff == staff
        live = service.find_session(session, found.session_token, NOW)
        assert live is not None
        assert live.staff == staff


def test_signing_in_ends_the_session_that_the_browser_had(database: Database) -> None:
    with database.transaction() as session:
        add_staff(session)
        first = service.sign_in(session, "sana@example.com", RIGHT, now=NOW)
        assert isinstance(first, SignedIn)
        second = service.sign_in(session, "sana@example.com", RIGHT, now=NOW, old_token=first.session_token)
        assert isinstance(second, SignedIn)
        assert first.session_token != second.session_token
        assert service.find_session(session, first.session_token, NOW) is None
        assert service.find_session(session, second.session_token, NOW) is not None


def test_a_proof_of_a_password_that_was_changed_meanwhile_is_worth_nothing(database: Database) -> None:
    with database.transaction() as session:
        add_staff(session)
        assert try_in(session, Proof(SecretHash("an older hash"), holds=True)) == WrongPassword()


def test_a_renewed_hash_is_kept(database: Database) -> None:
    with database.transaction() as session:
        add_staff(session)
        renewed = passwords.hash_secret(PASSWORD)
        assert isinstance(try_in(session, Proof(hash_of_password(), holds=True, renewed=renewed)), SignedIn)
        assert service.find_password(session, "sana@example.com", NOW) == renewed


@pytest.mark.parametrize("email", ["sana@example.com", "nobody@example.com"])
def test_friend_and_stranger_are_locked_alike(database: Database, email: str) -> None:
    with database.transaction() as session:
        add_staff(session)
        assert [try_in(session, WRONG, email=email) for _ in range(4)] == [WrongPassword()] * 4
        lock = LockedUntil(NOW + timedelta(minutes=1))
        assert try_in(session, WRONG, email=email) == lock
        assert try_in(session, RIGHT, email=email) == lock
        assert service.find_password(session, email.upper(), NOW) == lock
        assert service.find_password(session, email, NOW + timedelta(minutes=1)) != lock


def test_forty_tries_sent_at_once_are_worth_four(database: Database) -> None:
    make_staff(database)

    def one(_: int) -> object:
        with database.transaction() as session:
            return try_in(session, WRONG)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(one, range(40)))
    assert outcomes.count(WrongPassword()) == 4


def test_a_session_ends_after_12_idle_hours_and_after_24_in_any_case(database: Database) -> None:
    with database.transaction() as session:
        staff = add_staff(session)
        token = service.open_session(session, staff, NOW)
        assert service.find_session(session, token, NOW + timedelta(hours=11, minutes=59)) is not None
        assert service.find_session(session, token, NOW + timedelta(hours=12)) is None
        for hours in (8, 16, 23):
            sessions.touch_session(session, token, NOW + timedelta(hours=hours))
        assert service.find_session(session, token, NOW + timedelta(hours=23, minutes=59)) is not None
        assert service.find_session(session, token, NOW + timedelta(hours=24)) is None


def test_ending_access_ends_sessions_links_and_password_at_once(database: Database) -> None:
    invited = make_invitation(database)
    with database.transaction() as session:
        boss = add_staff(session)
        token = service.open_session(session, invited.staff, NOW)
        assert service.end_access(session, invited.staff.id, by=boss, now=NOW) is Ending.ENDED
        assert service.find_session(session, token, NOW) is None
        assert service.find_invitation(session, invited.code, NOW) is InvitationGone.USED
        assert service.find_password(session, "bilal@example.com", NOW) is None
        assert service.members(session)[-1].standing is Standing.ENDED
        with pytest.raises(service.NoSuchStaffError):
            service.end_access(session, invited.staff.id, by=boss, now=NOW)


def test_nobody_ends_their_own_access(database: Database) -> None:
    with database.transaction() as session:
        boss = add_staff(session)
        assert service.end_access(session, boss.id, by=boss, now=NOW) is Ending.YOURSELF
        assert service.get_staff(session, boss.id) == boss


def test_an_address_is_taken_whatever_its_letters(database: Database) -> None:
    with database.transaction() as session:
        add_staff(session)
        again = service.invite(session, name="S", email=" SANA@example.com", role=Role.GATE, actor="tests", now=NOW)
        assert again == EmailTaken()


def test_who_left_can_be_invited_again_and_the_old_password_is_gone(database: Database) -> None:
    with database.transaction() as session:
        boss = add_staff(session)
        left = add_staff(session, "bilal@example.com", Role.DESK)
        service.end_access(session, left.id, by=boss, now=NOW)
        back = service.invite(session, name="Bilal", email="bilal@example.com", role=Role.GATE, actor="tests", now=NOW)
        assert isinstance(back, Invited)
        assert (back.staff.id, back.staff.role) == (left.id, Role.GATE)
        assert service.find_password(session, "bilal@example.com", NOW) is None
        assert try_in(session, RIGHT, email="bilal@example.com") == WrongPassword()


def test_an_accepted_invitation_signs_in_and_works_once(database: Database) -> None:
    invited = make_invitation(database)
    with database.transaction() as session:
        assert service.find_invitation(session, invited.code, NOW) == Invitation(Role.DESK, invited.staff)
        assert isinstance(accept(session, invited.code), SignedIn)
        assert accept(session, invited.code) is InvitationGone.USED
        assert isinstance(try_in(session, RIGHT, email="bilal@example.com"), SignedIn)


def test_of_eight_who_use_an_invitation_at_once_one_wins(database: Database) -> None:
    invited = make_invitation(database)

    def one(_: int) -> object:
        with database.transaction() as session:
            return accept(session, invited.code)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(one, range(8)))
    assert sum(isinstance(outcome, SignedIn) for outcome in outcomes) == 1
    assert outcomes.count(InvitationGone.USED) == 7


def test_an_invitation_holds_for_seven_days(database: Database) -> None:
    with database.transaction() as session:
        invited = service.invite(session, name="B", email="b@example.com", role=Role.DESK, actor="tests", now=NOW)
        assert isinstance(invited, Invited)
        week = timedelta(days=7)
        assert isinstance(service.find_invitation(session, invited.code, NOW + week - timedelta(seconds=1)), Invitation)
        assert service.find_invitation(session, invited.code, NOW + week) is InvitationGone.EXPIRED
        assert service.find_invitation(session, "never made", NOW) is InvitationGone.UNKNOWN


def test_a_newer_link_stops_the_older_and_ends_sessions_and_locks_when_used(database: Database) -> None:
    invited = make_invitation(database)
    with database.transaction() as session:
        old = accept(session, invited.code)
        assert isinstance(old, SignedIn)
        for _ in range(5):
            try_in(session, WRONG, email="bilal@example.com")
        first = service.invite_again(session, invited.staff.id, actor="tests", now=NOW)
        second = service.invite_again(session, invited.staff.id, actor="tests", now=NOW)
        assert service.find_invitation(session, first.code, NOW) is InvitationGone.USED
        assert service.find_session(session, old.session_token, NOW) is not None
        assert isinstance(accept(session, second.code), SignedIn)
        assert service.find_session(session, old.session_token, NOW) is None
        assert isinstance(try_in(session, RIGHT, email="bilal@example.com"), SignedIn)


def test_the_first_organiser_says_who_they_are(database: Database) -> None:
    with database.transaction() as session:
        replaced = service.first_organiser_invitation(session, NOW)
        code = service.first_organiser_invitation(session, NOW)
        assert replaced is not None
        assert code is not None
        assert accept(session, replaced, "mallory@example.com", "Mallory") is InvitationGone.USED
        found = accept(session, code, " Sana@example.com", "Sana  Iqbal")
        assert isinstance(found, SignedIn)
        expected = Staff(id=found.staff.id, name="Sana Iqbal", email="sana@example.com", role=Role.ORGANISER)
        assert found.staff == expected
        assert service.first_organiser_invitation(session, NOW) is None


def test_the_first_organisers_link_survives_an_address_that_is_taken(database: Database) -> None:
    with database.transaction() as session:
        add_staff(session, "bilal@example.com", Role.DESK)
        code = service.first_organiser_invitation(session, NOW)
        assert code is not None
        assert accept(session, code, "bilal@example.com", "Bilal") == EmailTaken()
        assert isinstance(accept(session, code, "sana@example.com", "Sana"), SignedIn)


def test_the_first_organisers_link_is_worth_nothing_once_there_is_one(database: Database) -> None:
    with database.transaction() as session:
        code = service.first_organiser_invitation(session, NOW)
        assert code is not None
        add_staff(session)
        assert accept(session, code, "mallory@example.com", "Mallory") is InvitationGone.USED


def test_the_journal_says_who_did_what_without_names_and_secrets(database: Database) -> None:
    invited = make_invitation(database)
    with database.transaction() as session:
        accept(session, invited.code)
        for _ in range(5):
            try_in(session, WRONG, email="stranger@example.com")
        found = try_in(session, RIGHT, email="bilal@example.com")
        assert isinstance(found, SignedIn)
        service.sign_out(session, found.session_token, now=NOW)
        entries = latest(session, 50)
    who = invited.staff.actor
    assert [(entry.actor, entry.action, entry.subject) for entry in reversed(entries)] == [
        ("tests", "staff.add", who),
        ("tests", "staff.invite", who),
        (who, "staff.accept", ""),
        ("nobody", "staff.locked", ""),
        (who, "staff.sign_in", ""),
        (who, "staff.sign_out", ""),
    ]
    for secret in ("example.com", "Bilal", "argon2", invited.code, found.session_token):
        assert secret not in str(entries)


def test_who_read_an_invitation_as_unused_a_moment_too_late_does_not_win(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited = make_invitation(database)
    stale = Invitation(Role.DESK, invited.staff)  # what another transaction of PostgreSQL may still see
    monkeypatch.setattr(service, "find_invitation", lambda *_: stale)
    with database.transaction() as session:
        assert isinstance(accept(session, invited.code), SignedIn)
        assert accept(session, invited.code) is InvitationGone.USED
