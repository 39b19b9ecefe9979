"""Making, taking and renewing certificates in a folder."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from checkin.venue import service
from checkin.venue.folder import Folder
from checkin.venue.model import Certificate, Machine, Names, TlsError
from tests.checkin.venue.certificates import NOW, TITLE, later, make_given, make_machine, shake_hands

NONE = Names()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "tls")


def begin(folder: Folder, machine: Machine | None = None, more: Names = NONE) -> Certificate:
    """The first certificate of a hall."""
    made = service.init(folder, machine or make_machine(), more, title=TITLE, now=NOW).server
    assert made is not None
    return made


def start(folder: Folder, machine: Machine, days: float = 0) -> tuple[Certificate, str]:
    """What a start of the server some days later finds and says."""
    server, told = service.ready(folder, machine, NONE, title=TITLE, now=later(days))
    return server, "\n".join(told)


def test_the_first_certificate_names_the_machine_in_its_network(folder: Folder) -> None:
    server = begin(folder, make_machine("192.168.4.10/24", "10.0.3.2/8"), Names(("gate.example.org",)))
    assert {"laptop", "laptop.local", "localhost", "gate.example.org"} == set(server.names.dns)
    assert {"127.0.0.1", "192.168.4.10", "10.0.3.2"} == set(map(str, server.names.addresses))
    own = folder.standing().authority
    assert own is not None
    assert ip_network("192.168.4.0/24") in own.scope.networks
    assert ip_network("10.0.3.0/24") in own.scope.networks  # 10.0.0.0/8 is no hall's
    shake_hands(folder.server, folder.server_key, folder.authority, "192.168.4.10")


def test_an_address_of_the_internet_is_allowed_alone(folder: Folder) -> None:
    begin(folder, make_machine("8.8.4.4/24"))
    own = folder.standing().authority
    assert own is not None
    assert ip_network("8.8.4.4/32") in own.scope.networks
    assert ip_network("8.8.4.0/24") not in own.scope.networks


def test_keys_are_for_their_owner_alone_and_in_the_form_the_server_reads(folder: Folder) -> None:
    old = os.umask(0)
    try:
        begin(folder)
    finally:
        os.umask(old)
    for path in (folder.authority_key, folder.server_key):
        assert 0o600 == stat.S_IMODE(path.stat().st_mode)
        assert path.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
        load_pem_private_key(path.read_bytes(), password=None)
    assert 0o700 == stat.S_IMODE(folder.path.stat().st_mode)
    assert {"ca.crt", "ca.key", "server.crt", "server.key"} == {path.name for path in folder.path.iterdir()}


def test_an_authority_that_tablets_trust_is_not_replaced_by_accident(folder: Folder) -> None:
    begin(folder)
    before = folder.authority.read_bytes()
    with pytest.raises(TlsError, match=r"--again.*Every tablet"):
        service.init(folder, make_machine(), NONE, title=TITLE, now=NOW)
    assert before == folder.authority.read_bytes()
    service.init(folder, make_machine(), NONE, title=TITLE, now=NOW, again=True)
    assert before != folder.authority.read_bytes()
    shake_hands(folder.server, folder.server_key, folder.authority, "192.168.4.10")


def test_a_new_address_of_the_same_network_gets_a_new_certificate_at_the_next_start(folder: Folder) -> None:
    begin(folder)
    trusted = folder.authority.read_bytes()
    server, told = start(folder, make_machine("192.168.4.77/24"))
    assert {"192.168.4.10", "192.168.4.77"} <= set(map(str, server.names.addresses))
    assert "renewed" in told
    assert trusted == folder.authority.read_bytes()
    assert (server, "") == start(folder, make_machine("192.168.4.10/24"))  # back again: nothing to do


def test_an_address_of_another_network_is_told_with_what_to_do(folder: Folder) -> None:
    before = begin(folder)
    server, told = start(folder, make_machine("10.9.0.5/24"))
    assert before == server
    for words in ("10.9.0.5", "192.168.4.0/24", "laptop.local", "tls init --again"):
        assert words in told


def test_a_network_that_was_named_before_needs_no_new_authority(folder: Folder) -> None:
    service.init(folder, make_machine(), NONE, title=TITLE, now=NOW, networks=[ip_network("10.9.0.0/24")])
    server, told = start(folder, make_machine("10.9.0.5/24"))
    assert ip_address("10.9.0.5") in server.names.addresses
    assert "--again" not in told
    shake_hands(folder.server, folder.server_key, folder.authority, "10.9.0.5")


@pytest.mark.parametrize(("days", "renewals"), [(300, 0), (361, 1)])
def test_a_certificate_with_fewer_than_thirty_days_is_renewed_at_the_next_start(
    folder: Folder, days: int, renewals: int
) -> None:
    before = begin(folder)
    server, _ = start(folder, make_machine(), days)
    assert renewals == len({before, server}) - 1
    assert server.ends_at >= later(days) + timedelta(days=30)


def test_a_start_makes_an_authority_where_there_is_none_and_a_certificate_where_it_was_lost(folder: Folder) -> None:
    _, told = start(folder, make_machine())
    assert "new" in told
    trusted = folder.authority.read_bytes()
    folder.server_key.unlink()
    server, _ = start(folder, make_machine())
    assert ip_address("192.168.4.10") in server.names.addresses
    assert trusted == folder.authority.read_bytes()


def test_without_the_authoritys_key_the_certificate_serves_on_until_its_end(folder: Folder) -> None:
    before = begin(folder)
    folder.authority_key.unlink()
    server, told = start(folder, make_machine("192.168.4.77/24"))
    assert before == server
    assert "ca.key is missing" in told
    with pytest.raises(TlsError, match="over since"):
        start(folder, make_machine(), 400)


def test_an_authority_near_its_end_is_told_and_one_past_it_serves_nobody(folder: Folder) -> None:
    begin(folder)
    _, told = start(folder, make_machine(), 3 * 365 - 20)
    assert "authority ends" in told
    with pytest.raises(TlsError, match=r"over since"):
        start(folder, make_machine(), 3 * 365 + 1)


def test_a_file_that_is_no_certificate_is_told(folder: Folder) -> None:
    begin(folder)
    folder.authority.write_text("half a fi")
    with pytest.raises(TlsError, match=r"ca\.crt cannot be read"):
        start(folder, make_machine())


def test_a_given_certificate_is_taken_with_its_chain_and_needs_no_authority(folder: Folder, tmp_path: Path) -> None:
    standing = service.take(folder, *make_given(tmp_path), now=NOW)
    assert standing.is_given
    server, told = start(folder, make_machine("10.9.0.5/24"))
    assert (("gate.example.org",), "") == (server.names.dns, told)
    assert 0o600 == stat.S_IMODE(folder.server_key.stat().st_mode)
    assert "ends on" in start(folder, make_machine(), 370)[1]
    with pytest.raises(TlsError, match="over since"):
        start(folder, make_machine(), 400)
    with pytest.raises(TlsError, match="was given"):
        service.renew(folder, make_machine(), NONE, now=NOW)
    with pytest.raises(TlsError, match="--again"):
        service.init(folder, make_machine(), NONE, title=TITLE, now=NOW)


def test_a_given_certificate_replaces_an_authority_only_when_asked_again(folder: Folder, tmp_path: Path) -> None:
    begin(folder)
    with pytest.raises(TlsError, match="--again"):
        service.take(folder, *make_given(tmp_path), now=NOW)
    service.take(folder, *make_given(tmp_path), now=NOW, again=True)
    assert folder.authority_der() is None


def test_a_given_certificate_must_be_sound(folder: Folder, tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        (tmp_path / name).mkdir()
    certificate, key = make_given(tmp_path)
    other_key = make_given(tmp_path / "one")[1]
    nameless = make_given(tmp_path / "two", names=NONE)
    certificate_as_key = (certificate, certificate)
    for files, moment, words in (
        ((certificate, other_key), NOW, "is not the key"),
        ((certificate, key), later(400), "over since"),
        ((certificate, key), later(-30), "begins on"),
        (nameless, NOW, "names no machine"),
        (certificate_as_key, NOW, "cannot be read as a private key"),
        ((tmp_path / "nowhere", key), NOW, "cannot be read as certificates"),
        (make_given(tmp_path / "three", password=b"secret"), NOW, "is locked"),
    ):
        with pytest.raises(TlsError, match=words):
            service.take(folder, *files, now=moment)
    assert not folder.path.exists()


def test_a_given_certificate_without_its_key_is_not_replaced_by_our_own(folder: Folder, tmp_path: Path) -> None:
    service.take(folder, *make_given(tmp_path), now=NOW)
    folder.server_key.unlink()
    with pytest.raises(TlsError, match="Put the right one back"):
        start(folder, make_machine())


def test_renewing_keeps_the_old_names_and_tells_those_it_may_not_speak_for(folder: Folder) -> None:
    begin(folder, more=Names(("gate.example.org",)))
    moved = replace(make_machine("192.168.4.77/24", "172.20.0.2/16"), names=("other",))
    standing, left_out = service.renew(folder, moved, NONE, now=NOW)
    assert standing.server is not None
    assert {"gate.example.org", "laptop"} <= set(standing.server.names.dns)
    assert ("other", "172.20.0.2") == left_out.texts()
