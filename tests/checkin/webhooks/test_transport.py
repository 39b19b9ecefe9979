"""One message over real HTTPS: to the very address that was checked, and never for long."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from checkin.webhooks import transport
from checkin.webhooks.model import Outcome, Problem
from checkin.webhooks.policy import Target
from checkin.webhooks.transport import post

from .receiver import HOST, PUBLIC, Receiver, receiving, resolve

BODY = b'{"type":"test"}'


def sent(receiver: Receiver, *, host: str = HOST, trial: Path | None = None) -> Outcome:
    return post(
        Target(host, receiver.port, "/hook?a=b"), {"webhook-id": "msg_1"}, BODY, trial=trial or receiver.authority
    )


def test_a_message_arrives_as_it_was_sent(receiver: Receiver) -> None:
    assert Outcome(status=204) == sent(receiver)
    (taken,) = receiver.taken
    assert ("/hook?a=b", BODY, "msg_1") == (taken.path, taken.body, taken.headers["webhook-id"])
    assert (f"{HOST}:{receiver.port}", "application/json") == (taken.headers["host"], taken.headers["content-type"])


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (200, Outcome(200)),
        (302, Outcome(302, Problem.REDIRECT)),
        (410, Outcome(410, Problem.REFUSED)),
        (500, Outcome(500, Problem.REFUSED)),
        ("hang up", Outcome(problem=Problem.NO_ANSWER)),
        ("long", Outcome(problem=Problem.NO_ANSWER)),
    ],
)
def test_what_the_receiver_answers_is_told_and_no_redirect_is_followed(
    receiver: Receiver, answer: int | str, outcome: Outcome
) -> None:
    receiver.answers = [answer]
    assert outcome == sent(receiver)
    assert 1 == len(receiver.taken)


@pytest.mark.parametrize("how", ["hang", "drip"])
def test_a_receiver_that_takes_its_time_is_left(receiver: Receiver, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr(transport, "TRY_S", 0.5)
    receiver.answers = [how]
    assert Outcome(problem=Problem.TIME) == sent(receiver)


def test_a_name_that_nobody_answers_for_is_left(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    forever = threading.Event()
    monkeypatch.setattr(transport, "NAME_S", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: forever.wait(30) and [])
    assert Outcome(problem=Problem.TIME) == sent(receiver)
    forever.set()


def test_a_name_that_there_is_not_is_told(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert Outcome(problem=Problem.NAME) == sent(receiver)


PRIVATE = (
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "192.168.4.10",
    "::1",
    "::ffff:127.0.0.1",
    "fe80::1%1",
    "fd00::1",
)


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("beside", [(), (PUBLIC,)], ids=["alone", "beside a public one"])
def test_nothing_private_is_ever_connected_to(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, address: str, beside: tuple[str, ...]
) -> None:
    resolve(monkeypatch, *beside, address)
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("it was connected to"))
    assert Outcome(problem=Problem.PRIVATE) == post(Target(HOST, receiver.port, "/"), {}, BODY)


def test_it_connects_to_the_very_address_that_was_checked_and_looks_no_name_up_again(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[Any] = []

    def connect(address: tuple[str, int], **_: object) -> None:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    asked = resolve(monkeypatch, PUBLIC, "2606:2800:21f::1")
    assert Outcome(problem=Problem.NO_CONNECTION) == post(Target(HOST, 443, "/"), {}, BODY)
    assert ([HOST], [(PUBLIC, 443), ("2606:2800:21f::1", 443)]) == (asked, reached)


def test_without_the_tests_own_setting_this_machine_is_private(receiver: Receiver) -> None:
    assert Outcome(problem=Problem.PRIVATE) == post(Target(HOST, receiver.port, "/"), {}, BODY, trial=None)
    assert [] == receiver.taken


def test_even_the_tests_setting_opens_no_other_private_network(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, "192.168.4.10")
    assert Outcome(problem=Problem.PRIVATE) == sent(receiver)


def test_a_receiver_under_another_name_or_authority_hears_nothing(receiver: Receiver, tmp_path: Path) -> None:
    assert Outcome(problem=Problem.CERTIFICATE) == sent(receiver, host="other.example.org")
    (tmp_path / "other").mkdir()
    with receiving(tmp_path / "other") as stranger:
        assert Outcome(problem=Problem.CERTIFICATE) == sent(stranger, trial=receiver.authority)
    assert [] == receiver.taken


def test_who_speaks_no_tls_hears_nothing(receiver: Receiver) -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        receiver.port = door.getsockname()[1]

        def answer() -> None:
            with door.accept()[0] as line:
                heard.append(line.recv(4096))
                line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                time.sleep(0.1)

        thread = threading.Thread(target=answer)
        thread.start()
        assert Outcome(problem=Problem.NO_TLS) == sent(receiver)
        thread.join()
    assert BODY not in b"".join(heard)


def test_a_closed_door_is_no_connection(receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        receiver.port = door.getsockname()[1]
    assert Outcome(problem=Problem.NO_CONNECTION) == sent(receiver)
