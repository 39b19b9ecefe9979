"""What the deployment guide and its files name is there: variables, commands, options, files."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from checkin.app import create_app
from checkin.launch.serve import site_of
from checkin.settings import Settings

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "deployment.md"
FILES = sorted(path for path in (ROOT / "docs" / "deploy").iterdir() if path.is_file())
VARIABLE = re.compile(r"\bCHECKIN_[A-Z_]+\b")
OF_TESTS = {"CHECKIN_CLOCK_SHIFT"}  # the demo's and the tests'


def read_here() -> set[str]:
    """Every variable that some module of ours reads."""
    found = set()
    for path in (ROOT / "checkin").rglob("*.py"):
        found |= set(re.findall(r"""environ(?:\.get\(|\[)\s*"(CHECKIN_[A-Z_]+)""", path.read_text("utf-8")))
    return found - OF_TESTS


def lines_of_all() -> Iterator[tuple[str, str]]:
    for path in (GUIDE, *FILES):
        for line in path.read_text("utf-8").splitlines():
            yield path.name, line


@pytest.mark.parametrize("path", [GUIDE, *FILES], ids=lambda path: path.name)
def test_every_variable_that_is_named_is_read(path: Path) -> None:
    assert set() == set(VARIABLE.findall(path.read_text("utf-8"))) - read_here()


def test_the_guide_names_every_variable_that_is_read() -> None:
    assert len(read_here()) > 10
    assert set() == read_here() - set(VARIABLE.findall(GUIDE.read_text("utf-8")))


def test_the_environment_file_is_taken_as_it_is_once_the_secrets_are_filled_in(tmp_path: Path) -> None:
    lines = (ROOT / "docs" / "deploy" / "checkin.env").read_text("utf-8").splitlines()
    told = dict(line.lstrip("#").split("=", 1) for line in lines if re.match("#?[A-Z_]+=", line))
    told |= {"CHECKIN_INSTANCE": str(tmp_path), "CHECKIN_SECRET_KEY": "0" * 64, "CHECKIN_TOKEN_MASTER": "0" * 64}
    assert 1 == Settings.load(told).proxies


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    example = ROOT / "instance" / "event.example.toml"
    (tmp_path / "event.toml").write_bytes(example.read_bytes())
    made = create_app(Settings.load({"CHECKIN_INSTANCE": str(tmp_path)}))
    yield made
    site_of(made).database.close()


def words_after(start: str) -> set[tuple[str, ...]]:
    """What follows `start` in any file, up to where the command ends."""
    found = set()
    for _, line in lines_of_all():
        text = line.replace(", ", " ") if "[" in line else line  # a list of YAML or of a Dockerfile
        for rest in re.findall(re.escape(start) + r"((?: (?!  )[-\w./:${}]+)+)", re.sub(r'["\]\[]', "", text)):
            found.add(tuple(shlex.split(rest)))
    return found


def test_every_flask_command_is_there_with_its_options(app: Flask) -> None:
    asked = words_after("flask --app wsgi")
    assert len(asked) >= 5
    for words in asked:
        command: click.Command = app.cli
        for word in words:
            if isinstance(command, click.Group):
                assert word in command.commands, words
                command = command.commands[word]
            elif word.startswith("-"):
                assert word in {option for one in command.params for option in one.opts}, words
        assert not isinstance(command, click.Group), words


def test_every_word_of_checkin_is_there_with_its_options() -> None:
    asked = words_after("python3 -m checkin")
    assert any("--no-worker" in words for words in asked)
    for word, *rest in asked:
        said = subprocess.run(
            [sys.executable, "-m", "checkin", word, "--help"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert 0 == said.returncode, word
        options = [one for one in rest if one.startswith("--")]
        assert [] == [one for one in options if one not in said.stdout], word


def test_every_link_of_the_guide_leads_somewhere() -> None:
    text = GUIDE.read_text("utf-8")
    headings = {re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in text.splitlines()}
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert target[1:] in headings if target.startswith("#") else (GUIDE.parent / target).exists(), target


def test_every_deploy_file_is_named_in_the_guide_or_by_another_file() -> None:
    text = GUIDE.read_text("utf-8") + "".join(path.read_text("utf-8") for path in FILES)
    assert [] == [path.name for path in FILES if not path.name.endswith(".dockerignore") and path.name not in text]
