"""`instrument`: profiles are checked by line, and tried against a result file."""

import json
from pathlib import Path

import pytest

import resources
from fieldapp.verbs import instrument
from tests.support import results

PAIRS = resources.path("instruments", "pairs-report.toml")


def answers(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_sound_profiles_are_named_and_a_result_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "run.txt"
    file.write_bytes(results.pairs())
    assert instrument.main([str(PAIRS), "--try", str(file)]) == 0
    profile, tried = answers(capsys)
    assert (profile["id"], profile["form"]) == ("pairs-report", "pairs")
    read = tried["result"]
    assert isinstance(read, dict)
    assert (read["score"], read["shown"], read["verified"]) == (97.0, "match", False)


def test_a_faulty_profile_is_refused_by_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "mine.toml"
    file.write_text(PAIRS.read_text("utf-8").replace('form = "pairs"', 'form = "poem"'), "utf-8")
    line = PAIRS.read_text("utf-8").splitlines().index('form = "pairs"') + 1
    assert instrument.main([str(file), str(tmp_path / "none.toml")]) == 1
    faulty, missing = answers(capsys)
    assert faulty["faults"] == [{"line": line, "code": "misfit", "part": "form"}]
    assert missing["faults"] == [{"line": 1, "code": "not-a-file", "part": ""}]


def test_a_result_that_no_profile_knows_is_an_error_on_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "odd.csv"
    file.write_text("one,two\n1,2\n")
    assert instrument.main(["--try", str(file)]) == 1
    (told,) = answers(capsys)
    assert told["error"] == {"code": "result-unmatched", "facts": {"name": "odd.csv", "count": 4}}


def test_nothing_to_do_is_an_error():
    with pytest.raises(SystemExit):
        instrument.main([])
