"""The checklist validator on the command line."""

import json
from pathlib import Path

import pytest

import resources
from fieldapp.verbs.checklist import main


def test_a_sound_file_says_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(resources.path("checklists", "air-cargo.toml"))]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["id"], told["version"]) == ("air-cargo", 1)
    assert told["questions"] > 10


def test_a_fault_on_line_14_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = resources.path("checklists", "air-cargo.toml").read_text("utf-8").splitlines()
    lines[13] = "required = perhaps"
    file = tmp_path / "bad.toml"
    file.write_text("\n".join(lines), "utf-8")
    assert main([str(file)]) == 1
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["line"], fault["code"]) == (14, "not-toml")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"PK\x03\x04"])
def test_anything_else_is_answered_not_raised(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.toml", "a.xlsx"):
        (tmp_path / name).write_bytes(content)
        assert main([str(tmp_path / name)]) == 1
        assert json.loads(capsys.readouterr().out)["faults"]
    assert main([str(tmp_path / "absent.toml")]) == 1
