import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from printing import SampleCategory, missing_characters, sample_faces
from printing.__main__ import main
from tests.printing.faces import NAMES, PLAIN, written


@pytest.mark.parametrize("name", ["a4-fold", "roll-62"])
def test_a_preview_shows_every_sample_and_says_where(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 0 == main(["preview", name, "--output", str(tmp_path / "here")])

    told = capsys.readouterr().out
    made = {path.name for path in (tmp_path / "here").iterdir()}
    assert str(tmp_path / "here" / f"{name}.png") in told
    assert {f"{name}.png", f"{name}.pdf", f"{name}-01-everyday.png"} <= made
    assert len(sample_faces()) + (3 if name == "a4-fold" else 2) == len(made)
    with Image.open(tmp_path / "here" / f"{name}.png") as picture:
        assert picture.width > 1000
    assert (tmp_path / "here" / f"{name}.pdf").read_bytes().startswith(b"%PDF")


def test_an_organisers_file_is_previewed_from_the_command_line(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "printing", "preview", str(written(tmp_path)), "--output", str(tmp_path)]

    done = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])

    assert (0, "") == (done.returncode, done.stderr)
    assert (tmp_path / "mine.png").exists()


def test_a_broken_template_is_refused_with_its_mends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, PLAIN.replace('kind = "qr"', 'kind = "cr"'))

    assert 2 == main(["preview", str(path), "--output", str(tmp_path / "here")])

    assert 'Did you mean "qr"?' in capsys.readouterr().err
    assert not (tmp_path / "here").exists()


def test_a_name_that_no_template_has_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["preview", "a4fold"])
    assert 'Did you mean "a4-fold"?' in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")

    assert 2 == main(["preview", "cr80", "--output", str(tmp_path / "file")])
    assert "cannot be written" in capsys.readouterr().err


def test_the_templates_are_listed_with_their_titles(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["list"])
    assert list(NAMES) == sorted(line.split()[0] for line in capsys.readouterr().out.splitlines())


def test_samples_can_be_printed_and_take_the_events_own_words_and_categories() -> None:
    faces = sample_faces(event_name="Mine", categories=[SampleCategory("VIP", "وی آئی پی", "#123456")])

    assert 12 <= len(faces)
    assert {("Mine", "VIP", "#123456")} == {(face.event_name, face.category, face.colour) for face in faces.values()}
    assert [()] * len(faces) == [missing_characters(face) for face in faces.values()]
    assert len(faces) == len({face.token for face in faces.values()})
    assert 60 == max(len(face.name) for face in faces.values())
    assert {""} < {face.organisation for face in faces.values()}


def test_every_category_is_seen_among_the_samples() -> None:
    assert 7 == len({face.category for face in sample_faces().values()})
