from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checkin import clock
from checkin.database import Database
from checkin.staff import service
from tests.checkin.staff.people import PASSWORD, make_staff, post, sign_in

SANA = ["staff", "add", "Sana Iqbal", "--email", "sana@example.com", "--role", "organiser"]


def test_add_prints_a_link_that_works(app: Flask, client: FlaskClient) -> None:
    result = app.test_cli_runner().invoke(args=SANA)
    assert result.exit_code == 0, result.output
    link = result.output.split()[-1]
    assert link.startswith(app.extensions["checkin"].event.public_url.rstrip("/") + "/invitation/")
    path = "/invitation/" + link.rpartition("/")[2]
    assert post(client, path, password=PASSWORD, password_again=PASSWORD).location == "/organise/"


def test_add_takes_a_password_from_standard_input_and_does_not_repeat_it(app: Flask, client: FlaskClient) -> None:
    result = app.test_cli_runner().invoke(args=[*SANA, "--password-stdin"], input=PASSWORD + "\n")
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert sign_in(client).status_code == 303


def test_an_address_that_is_taken_is_refused_with_the_way_out(app: Flask, database: Database) -> None:
    make_staff(database)
    result = app.test_cli_runner().invoke(args=SANA)
    assert result.exit_code == 2
    assert "already signs in with sana@example.com" in result.output
    assert "staff link sana@example.com" in result.output


@pytest.mark.parametrize(
    ("says", "args", "typed"),
    [
        ("too short", [*SANA, "--password-stdin"], "short\n"),
        ("too short", [*SANA, "--password-stdin"], ""),
        ("name or e-mail", [*SANA, "--password-stdin"], "sana@example.com\n"),
        ("no e-mail address", ["staff", "add", "Sana", "--email", "sana", "--role", "desk"], ""),
        ("name is empty", ["staff", "add", " ", "--email", "sana@example.com", "--role", "desk"], ""),
        ("emperor", ["staff", "add", "Sana", "--email", "sana@example.com", "--role", "emperor"], ""),
        ("Nobody signs in", ["staff", "link", "nobody@example.com"], ""),
    ],
)
def test_what_cannot_be_done_is_refused_with_2_and_changes_nothing(
    app: Flask, database: Database, says: str, args: list[str], typed: str
) -> None:
    result = app.test_cli_runner().invoke(args=args, input=typed)
    assert result.exit_code == 2
    assert says in result.output
    with database.snapshot() as session:
        assert service.members(session) == ()


def test_link_lets_the_only_organiser_back_in(app: Flask, client: FlaskClient, database: Database) -> None:
    make_staff(database)
    result = app.test_cli_runner().invoke(args=["staff", "link", "Sana@example.com"])
    assert result.exit_code == 0, result.output
    path = "/invitation/" + result.output.split()[-1].rpartition("/")[2]
    new = "seven kites over lahore"
    assert post(client, path, password=new, password_again=new).status_code == 303
    assert sign_in(app.test_client()).status_code == 422
    assert sign_in(app.test_client(), password=new).status_code == 303


def test_an_installation_with_an_organiser_offers_no_first_link(database: Database) -> None:
    make_staff(database)
    with database.transaction() as session:
        assert service.first_organiser_invitation(session, clock.now()) is None
