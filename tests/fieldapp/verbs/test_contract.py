"""The command line is a contract: run as a person or a script runs it."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import resources
from fieldapp import ledger
from fieldapp.report import recordfile
from fieldapp.report.render import render
from tests.support import records
from tests.support.laptops import LABELS

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: str, lines: list[object] | None = None, text: str | None = None):
    given = "".join(json.dumps(line) + "\n" for line in lines) if lines is not None else text
    return subprocess.run(
        [sys.executable, "-m", "fieldapp", *arguments],
        input=given, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120,
    )  # fmt: skip


def answers(ran) -> list[dict]:
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release") / "practice.release"
    ran = run(
        "watchlist", "import", "csv", str(resources.path("practice", "watchlist.csv")), "--out", str(out)
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["entries"] == 52
    return out


def test_decode_answers_a_file_a_line_and_goes_on_after_a_bad_one(tmp_path: Path):
    torn = tmp_path / "torn.png"
    torn.write_bytes(b"\x89PNG\r\n\x1a\n not a picture")
    ran = run("decode", str(torn), str(LABELS / "pallet-sscc.png"), str(tmp_path / "absent.png"))
    first, second, third = answers(ran)
    assert ran.returncode == 1
    assert first["error"]["code"] == "picture-damaged"
    assert [symbol["aim"] for symbol in second["symbols"]] == ["]C1"]
    assert second["symbols"][0]["confirmed"]
    assert third["error"]["code"] == "picture-missing"


def test_identify_keeps_the_group_separator_and_the_order():
    ran = run(
        "identify", "--jsonl",
        lines=[
            {"id": "a", "hex": b"0109521234000013172811301010-1\x1d2107".hex(), "aim": "]d2"},
            {"id": "b", "text": "FLDU2044184"},
            {"id": "c"},
        ],
    )  # fmt: skip
    first, second, third = answers(ran)
    assert ran.returncode == 1
    assert first["identifiers"] == {
        "gtin": "09521234000013", "expiry": "2028-11-30", "batch": "10-1", "serial": "07",
    }  # fmt: skip
    assert (second["id"], second["kind"]) == ("b", "iso6346")
    assert third["error"]["code"] == "field-missing"


def test_screen_finds_a_misspelt_firm_and_passes_an_innocent_one(release: Path):
    ran = run(
        "screen", "--watchlist", str(release), "--jsonl",
        lines=[
            {"id": 1, "kind": "party", "name": "Shanghai Boyl Chemicals Co Ltd", "country": "CN"},
            {"id": 2, "kind": "party", "name": "Fjordapotek Grossist AS", "country": "NO"},
            {"id": 3, "kind": "nonsense", "name": "x"},
        ],
    )  # fmt: skip
    first, second, third = answers(ran)
    assert first["band"] == "strong"
    assert first["matches"][0]["entry"] == "OFAC-16907"
    assert all(reason["text"] for reason in first["matches"][0]["reasons"])
    assert (second["band"], second["matches"]) == ("none", [])
    assert third["error"]["code"] == "field-missing"


def test_a_kept_index_answers_the_same(release: Path, tmp_path: Path):
    kept = tmp_path / "kept.db"
    line = [{"id": 1, "kind": "party", "name": "A-Team Chemicals Company"}]
    one = answers(run("screen", "--watchlist", str(release), "--jsonl", "--index", str(kept), lines=line))
    two = answers(run("screen", "--watchlist", str(release), "--jsonl", "--index", str(kept), lines=line))
    assert one[0]["matches"] == two[0]["matches"] != []
    assert b"A-TEAM" not in kept.read_bytes()


def test_a_release_cut_in_the_middle_is_refused_with_a_sentence(release: Path, tmp_path: Path):
    cut = tmp_path / "cut.release"
    cut.write_bytes(release.read_bytes()[:-200])
    ran = run("screen", "--watchlist", str(cut), "--jsonl", lines=[{"id": 1, "name": "x"}])
    assert ran.returncode == 1
    assert ran.stderr.strip().endswith(".")
    assert "Traceback" not in ran.stderr


def test_compare_says_why():
    [answer] = answers(
        run(
            "compare",
            "--jsonl",
            lines=[{"id": 1, "a": "Muhamed Husain", "b": "Mohammad Hussain", "kind": "person"}],
        )
    )
    assert answer["band"] in ("strong", "review")
    assert answer["reasons"]


def test_substance_knows_a_precursor_and_passes_medicine():
    ran = run(
        "substance",
        "--jsonl",
        lines=[
            {"id": 1, "text": "N-phenethyl-4-piperidone 25 kg"},
            {"id": 2, "text": "Paracetamol tablets IP"},
        ],
    )
    first, second = answers(ran)
    assert first["action"] == "controlled"
    assert first["documents_required"]
    assert second["action"] == "none"


@pytest.mark.parametrize(
    "line",
    ["not json", "[1]", '{"id": 1, "text": ' + "[" * 40 + "]" * 40 + "}", '{"text": "' + "x" * 70_000 + '"}'],
)
def test_a_bad_line_stops_nothing(line: str):
    ran = run("substance", "--jsonl", text=f'{line}\n{{"id": 2, "text": "paracetamol"}}\n')
    first, second = answers(ran)
    assert first["error"]["code"] == "line-unreadable"
    assert second["action"] == "none"


def test_verify_refuses_what_is_no_record(tmp_path: Path):
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.4\n%%EOF")
    ran = run("verify", str(other), str(tmp_path / "absent"))
    first, second = answers(ran)
    assert ran.returncode == 1
    assert not first["ok"]
    assert second["error"]["code"] == "file-unreadable"


def test_an_altered_report_or_a_bad_record_fails_with_an_answer(tmp_path: Path):
    given = records.report_input()
    pdf = render(given)
    good, altered, bad, made = (tmp_path / name for name in ("a.pdf", "b.pdf", "c.fieldrecord", "d.pdf"))
    good.write_bytes(pdf)
    altered.write_bytes(pdf.replace(b"/Creator (Fieldapp ", b"/Creator (fieldapp "))
    assert run("verify", str(good)).returncode == 0
    ran = run("verify", str(altered))
    assert (ran.returncode, answers(ran)[0]["ok"]) == (1, False)
    payload = given.record.replace(b"Nhava", b"Nha\xff\xfe")
    entry = ledger.append(ledger.Head(), given.entry.kind, records.DEVICE, payload, records.vault_key())
    sealed = msgspec.structs.replace(recordfile.of_input(given), entry=entry)
    bad.write_bytes(recordfile.write(sealed))
    ran = run("verify", str(bad))
    assert (ran.returncode, answers(ran)[0]["ok"]) == (1, False)
    ran = run("report", str(bad), "--out", str(made))
    assert (ran.returncode, "Traceback" in ran.stderr) == (1, False)
    assert not made.exists()


def test_doctor_names_every_part():
    told = json.loads(run("doctor", "--json").stdout)
    assert {"cipher", "codes", "window", "reports"} <= told["parts"].keys()


def test_an_unknown_verb_shows_the_verbs():
    ran = run("launder")
    assert ran.returncode == 2
    assert "decode" in ran.stderr
