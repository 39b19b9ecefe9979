from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher

from checkin.staff import passwords
from checkin.staff.model import SecretHash


def test_a_hash_has_owasps_parameters_and_proves_its_own_secret_alone() -> None:
    stored = passwords.hash_secret("four lanterns")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.prove(stored, "four lanterns").holds
    assert not passwords.prove(stored, "four lantern").holds
    assert passwords.prove(stored, "four lanterns").renewed is None


def test_a_password_holds_however_the_keyboard_composes_it() -> None:
    stored = passwords.hash_secret("caf\u00e9 in lahore")
    assert passwords.prove(stored, "cafe\u0301 in lahore").holds


def test_a_hash_with_older_parameters_holds_and_is_renewed() -> None:
    old = SecretHash(PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash("four lanterns"))
    proof = passwords.prove(old, "four lanterns")
    assert proof.holds
    assert proof.renewed is not None
    assert passwords.prove(proof.renewed, "four lanterns").holds


def test_nothing_stored_or_nonsense_stored_proves_nothing() -> None:
    assert not passwords.prove(None, "anything").holds
    assert not passwords.prove(SecretHash("no hash at all"), "anything").holds


class _Counting:
    """Stands in for the hasher and sees how many are inside at once."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.lock = threading.Lock()

    def hash(self, _secret: str) -> str:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(0.02)
        with self.lock:
            self.inside -= 1
        return "hash"


def test_two_are_hashed_at_once_eight_wait_and_the_others_are_told_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counting = _Counting()
    monkeypatch.setattr(passwords, "_hasher", counting)
    together = threading.Barrier(20)

    def one(_: int) -> bool:
        together.wait()
        try:
            return passwords.prove(None, "anything").holds
        except passwords.TooBusyError:
            return True

    with ThreadPoolExecutor(20) as pool:
        busy = sum(pool.map(one, range(20)))
    assert counting.most <= 2
    assert 0 < busy <= 12
    assert not passwords.prove(None, "anything").holds  # and the line is empty again
