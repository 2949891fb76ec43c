"""`watchlist` from the command line: import, progress, info, columns; and pipes, no files or closed early."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.lists import Publisher, pack_carried, people, release_of

ROOT = Path(__file__).resolve().parents[3]
ROWS = "Ref;Firm;Also known as;Country\n1;Rashid Trading Co;RTE|Rashid Est;India\n2;Hubei Vast;;China\n"


def run(*arguments: str, **given):
    return subprocess.run(
        [sys.executable, "-m", "fieldapp", *arguments],
        capture_output=True, text=True, check=False, cwd=ROOT, timeout=120, **given,
    )  # fmt: skip


@pytest.fixture
def agency(tmp_path: Path) -> Path:
    path = tmp_path / "agency.csv"
    path.write_text(ROWS, "utf-8")
    return path


def test_columns_are_proposed_kept_and_followed(agency: Path, tmp_path: Path):
    kept, out = tmp_path / "agency.toml", tmp_path / "list.release"
    ran = run("watchlist", "columns", str(agency), "--save", str(kept))
    shown = json.loads(ran.stdout)
    assert shown["mapping"]["columns"]["name"] == "Firm"
    assert [row["entry"]["id"] for row in shown["rows"]] == ["1", "2"]
    refused = run("watchlist", "import", "csv", str(agency), "--out", str(out))
    assert refused.returncode == 1
    assert "fieldapp watchlist columns agency.csv" in refused.stderr
    assert not out.exists()
    ran = run("watchlist", "import", "csv", str(agency), "--mapping", str(kept), "--out", str(out))
    assert (ran.returncode, json.loads(ran.stdout)["entries"]) == (0, 2)
    assert (
        run("watchlist", "import", "un", str(agency), "--mapping", str(kept), "--out", str(out)).returncode
        == 2
    )


def test_a_long_import_says_how_far_it_has_come(tmp_path: Path):
    path = tmp_path / "long.csv"
    path.write_text("id,name\n" + "".join(f"{at},{'Name of a Person ' * 20}{at}\n" for at in range(30_000)))
    ran = run("watchlist", "import", "csv", str(path), "--out", str(tmp_path / "r"))
    assert ran.returncode == 0
    shares = [int(line.split("%")[0]) for line in ran.stderr.splitlines()]
    assert shares == sorted(shares)
    assert len(shares) >= 2
    assert shares[-1] == 100
    assert ran.stderr.splitlines()[-1].endswith("30000 entries")


def test_info_says_whether_a_release_is_signed_and_under_which_root(tmp_path: Path):
    bare = release_of(people("Ali Hassan"), tmp_path)
    publisher, stick = Publisher(), tmp_path / "stick"
    stick.write_bytes(pack_carried(publisher.metadata(bare.read_bytes()), bare.read_bytes()))
    told = [
        json.loads(run("watchlist", "info", *arguments).stdout)
        for arguments in ((str(bare),), (str(stick),), (str(stick), "--root", publisher.anchor))
    ]
    assert [(one["signed"], one["anchored"]) for one in told] == [(False, False), (True, False), (True, True)]
    foreign = run("watchlist", "info", str(stick), "--root", Publisher().anchor)
    assert foreign.returncode == 1
    assert "another headquarters" in foreign.stderr


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path):
    ran = run("watchlist", "import", "un", str(tmp_path / "absent.xml"), "--out", str(tmp_path / "r"))
    assert ran.returncode == 1
    assert "absent.xml" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes of files are POSIX")
def test_a_pipe_is_no_file(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    ran = run("verify", str(pipe))
    assert (ran.returncode, json.loads(ran.stdout)["error"]["code"]) == (1, "file-unreadable")
    ran = run("watchlist", "import", "un", str(pipe), "--out", str(tmp_path / "r"))
    assert ran.returncode == 1


def test_whoever_stops_reading_gets_no_complaint(tmp_path: Path):
    ran = subprocess.Popen(
        [sys.executable, "-m", "fieldapp", "identify", "--jsonl"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert ran.stdin is not None
    assert ran.stdout is not None
    assert ran.stderr is not None
    ran.stdout.close()
    for at in range(3):
        try:
            ran.stdin.write(json.dumps({"id": at, "text": "FLDU2044184"}).encode() + b"\n")
            ran.stdin.flush()
        except BrokenPipeError:
            break
    with contextlib.suppress(BrokenPipeError):
        ran.stdin.close()
    said = ran.stderr.read()
    ran.stderr.close()
    assert ran.wait(60) == 1
    assert said == b""
