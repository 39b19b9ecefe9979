"""Mails in the database: one for each issue, sent again only by a person, and only once for each asking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from checkin import clock
from checkin.badges import service as badges
from checkin.journal.queries import latest as journal
from checkin.mail import service
from checkin.mail.model import Accepted, Counts, Problem
from checkin.mail.policy import MOST_A_DAY, STALE_AFTER
from checkin.mail.tables import MailRow
from checkin.mail.tasks import send_due
from checkin.registration import service as registration
from checkin.visitors.model import Visitor
from checkin.web import Site
from tests.checkin.mail.people import let_pass, mails, register, states
from tests.checkin.mail.post import Post
from tests.factories import make_visitor


def note(site: Site, visitor: Visitor) -> None:
    with site.database.transaction() as session:
        badge = badges.current_badge(session, visitor.id)
        service.note_badge(session, site.event, visitor, badge, now=clock.now())


def again(site: Site, *, even_if_double: bool = False, address: str = "new@example.com") -> None:
    (mail,) = mails(site)
    with site.database.transaction() as session:
        service.send_again(
            session, mail, address=address, even_if_double=even_if_double, now=clock.now(), actor="staff:1"
        )


def test_one_issue_of_a_badge_has_one_mail_however_often_it_is_noted(site: Site, post: Post) -> None:
    visitor = register(site)
    note(site, visitor)
    send_due(site)
    note(site, visitor)
    send_due(site)
    assert (["sent"], 1) == (states(site), len(post.taken))


def test_the_database_itself_refuses_a_second_mail_of_an_issue(site: Site) -> None:
    register(site)
    (mail,) = mails(site)
    copy = MailRow(
        visitor_id=mail.visitor_id,
        number=mail.number,
        issue=mail.issue,
        kind=mail.kind,
        address="x@example.com",
        state="waiting",
        made_at=mail.made_at,
        next_try_at=mail.made_at,
    )
    with pytest.raises(IntegrityError), site.database.transaction() as session:
        session.add(copy)


def test_a_registration_that_is_rolled_back_leaves_no_mail(site: Site) -> None:
    with pytest.raises(DiskFullError):
        register_in_vain(site)
    assert [] == mails(site)


class DiskFullError(Exception):
    pass


def register_in_vain(site: Site) -> None:
    with site.database.transaction() as session:
        visitor = make_visitor(session, email="ayesha@example.com")
        badge = badges.issue(session, site.event, visitor, now=clock.now(), by="online")
        service.note_badge(session, site.event, visitor, badge, now=clock.now())
        raise DiskFullError


def test_the_next_issue_has_a_mail_of_its_own_where_it_is_noted(site: Site, post: Post) -> None:
    visitor = register(site)
    send_due(site)
    with site.database.transaction() as session:
        badges.replace(session, site.event, visitor, now=clock.now(), by="online", actor="nobody")
    note(site, visitor)
    send_due(site)
    assert ([0, 1], ["sent", "sent"]) == ([mail.issue for mail in mails(site)], states(site))
    assert 2 == len({message["Message-ID"] for message in post.taken})


def test_a_reprint_at_the_desk_is_not_mailed(site: Site) -> None:
    visitor = register(site)
    with site.database.transaction() as session:
        registration.reprint(session, site.event, visitor, lost=0, now=clock.now(), by="Desk 2", actor="staff:1")
    assert [0] == [mail.issue for mail in mails(site)]


def test_a_mail_is_claimed_once(site: Site) -> None:
    register(site)
    (mail,) = mails(site)
    with site.database.transaction() as session:
        assert [True, False] == [service.claim(session, mail.id, now=clock.now()) for _ in range(2)]
    assert ["sending"] == states(site)


def test_a_claim_whose_worker_is_gone_becomes_unsure_and_is_not_sent_again(site: Site, post: Post) -> None:
    register(site)
    claimed_at = clock.now()
    with site.database.transaction() as session:
        service.claim(session, mails(site)[0].id, now=claimed_at)
    send_due(site)
    assert ["sending"] == states(site)
    let_pass(STALE_AFTER + timedelta(seconds=1))
    send_due(site)
    (mail,) = mails(site)
    assert ("unsure", Problem.STALE, []) == (mail.state, mail.trouble and mail.trouble.problem, post.taken)
    with site.database.transaction() as session:  # it was only slow
        service.settle(session, mail, Accepted(), claimed_at=claimed_at, now=clock.now())
    assert ["sent"] == states(site)


@pytest.mark.parametrize("state", ["sent", "unsure"])
def test_what_may_be_there_already_is_sent_again_only_by_whoever_says_so(site: Site, post: Post, state: str) -> None:
    register(site)
    post.at_content = ["hang up"] if state == "unsure" else []
    send_due(site)
    assert [state] == states(site)
    with pytest.raises(service.MayBeDoubleError):
        again(site)
    again(site, even_if_double=True)
    send_due(site)
    assert (["sent"], ["ayesha@example.com", "new@example.com"]) == (states(site), post.recipients)
    assert 2 == len({message["Message-ID"] for message in post.taken})
    with site.database.snapshot() as session:
        entry = journal(session, 1)[0]
    assert ("mail.send_again", "staff:1", {"issue": 0, "was": state}) == (entry.action, entry.actor, entry.detail)
    assert "example" not in f"{entry}"


def test_what_was_given_up_is_sent_to_the_address_that_is_right_now(site: Site, post: Post) -> None:
    register(site)
    post.at_recipient = ["550 5.1.1 no"]
    send_due(site)
    again(site)
    send_due(site)
    (mail,) = mails(site)
    assert ("sent", "new@example.com", 1) == (mail.state, mail.address, mail.tries)


def test_of_two_who_ask_at_once_one_is_heard(site: Site) -> None:
    register(site)
    send_due(site)
    (mail,) = mails(site)
    for _ in range(2):
        with site.database.transaction() as session:
            service.send_again(
                session, mail, address="a@example.com", even_if_double=True, now=clock.now(), actor="staff:1"
            )
    assert 1 == mails(site)[0].again


def test_a_form_cannot_flood_a_strangers_mailbox(site: Site, post: Post) -> None:
    for number in range(MOST_A_DAY + 2):
        register(site, f"Visitor {number}")
    assert [Problem.TOO_MANY] * 2 == [mail.trouble.problem for mail in mails(site) if mail.trouble]
    with site.database.snapshot() as session:
        assert Counts(waiting=MOST_A_DAY, given_up=2) == service.count(session)
    let_pass(timedelta(days=1, minutes=1))
    register(site, "Visitor of tomorrow")
    assert "waiting" == mails(site)[-1].state


def test_the_command_line_lists_and_sends_again(app: Flask, site: Site, post: Post) -> None:
    run = app.test_cli_runner().invoke
    register(site)
    assert (0, True) == ((done := run(args=["mail", "list"])).exit_code, "0 sent, 1 waiting" in done.output)
    post.at_recipient = ["550 5.1.1 no"]
    send_due(site)
    told = run(args=["mail", "list"])
    assert (1, True, False) == (told.exit_code, "address 550 5.1.1" in told.output, "ayesha" in told.output)
    assert 0 == run(args=["mail", "retry", "1"]).exit_code
    send_due(site)
    refused = run(args=["mail", "retry", "1"])
    assert (2, True) == (refused.exit_code, "--even-if-double" in refused.output)
    assert 0 == run(args=["mail", "retry", "1", "--even-if-double"]).exit_code
    assert ["waiting"] == states(site)
    assert 2 == run(args=["mail", "retry", "99"]).exit_code
