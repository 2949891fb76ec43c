"""A sealed record leaves as EPCIS or JSON, and only a record that holds."""

import json
from pathlib import Path

import pytest

from fieldapp.report import recordfile
from fieldapp.verbs.export import main
from tests.support.full_record import full
from tests.support.records import report_input


def test_a_record_is_exported_both_ways(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.fieldrecord"
    file.write_bytes(recordfile.write(recordfile.of_input(report_input(full()))))
    assert main([str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "EPCISDocument"
    assert main([str(file), "--as", "json"]) == 0
    told = json.loads(capsys.readouterr().out)["record"]["inspection"]
    assert told["samples"][0]["seal"] == "SEAL-77"


def test_an_altered_record_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sealed = recordfile.of_input(report_input(full()))
    entry = sealed.entry
    bad = entry.payload.replace(b"Gate three", b"Gate seven")
    assert bad != entry.payload
    altered = recordfile.SealedRecord(
        **{name: getattr(sealed, name) for name in sealed.__struct_fields__} | {
            "entry": type(entry)(entry.kind, entry.device, entry.seq, entry.prev, bad, entry.signature)
        }
    )  # fmt: skip
    file = tmp_path / "a.fieldrecord"
    file.write_bytes(recordfile.write(altered))
    assert main([str(file), str(tmp_path / "absent")]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["error"]["code"] for line in lines] == ["record-refused", "file-unreadable"]
