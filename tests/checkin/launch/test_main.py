"""`python3 -m checkin`: what it says when it cannot go on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from checkin import __main__ as starter


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout without `.venv/`."""
    monkeypatch.setattr(starter, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(starter, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return tmp_path


def test_a_missing_venv_module_is_told_with_its_mend(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)  # as Debian's python3 comes
    monkeypatch.setattr(starter, "_apt", lambda *_: False)  # and as nobody but root may mend it
    assert 2 == starter.prepare("requirements.txt")
    assert "apt install python3-venv" in capsys.readouterr().err
    assert not (nowhere / ".venv").exists()


def test_packages_are_installed_once_for_each_state_of_the_list(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []

    def run(words: list[str], **_: object) -> object:
        ran.append(words)
        starter.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        starter.PYTHON.touch()
        return type("Done", (), {"returncode": 0})

    monkeypatch.setattr(starter.subprocess, "run", run)
    assert [0, 0] == [starter.prepare("requirements.txt") for _ in range(2)]
    assert ["venv", "pip"] == [words[2] for words in ran]


def test_the_test_tools_bring_all_that_running_needs(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    starter.PYTHON.parent.mkdir(parents=True)
    starter.PYTHON.touch()
    ran: list[object] = []
    monkeypatch.setattr(starter.subprocess, "run", lambda *w, **_: ran.append(w) or type("Done", (), {"returncode": 0}))
    assert [0, 0] == [starter.prepare(name) for name in ("requirements-dev.txt", "requirements.txt")]
    assert 1 == len(ran)


def test_a_failed_installation_is_told_and_tried_again_next_time(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    starter.PYTHON.parent.mkdir(parents=True)
    starter.PYTHON.touch()
    monkeypatch.setattr(starter.subprocess, "run", lambda *_, **__: type("Done", (), {"returncode": 1}))
    assert [2, 2] == [starter.prepare("requirements.txt") for _ in range(2)]
    assert "is the network there?" in capsys.readouterr().err


def test_the_starter_needs_the_standard_library_alone() -> None:
    text = Path(starter.__file__).read_text("utf-8")
    words = (
        line.split()[1].split(".")[0] for line in text.splitlines() if line.strip().startswith(("import ", "from "))
    )
    imported = set(words)
    assert imported <= sys.stdlib_module_names
