import shutil
import stat
import sys
from pathlib import Path

import pytest

from fieldapp import clock, enrolment
from fieldapp.enrolment import HeadquartersKeys, StatementRefused
from sync.headquarters import keys


@pytest.fixture
def home(tmp_path: Path) -> Path:
    keys.make(tmp_path / "hq", "Test headquarters", clock.now)
    return tmp_path / "hq"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits")
def test_private_files_are_for_the_owner_alone(home: Path) -> None:
    for file in home.rglob("*"):
        wanted = 0o700 if file.is_dir() else 0o600
        assert stat.S_IMODE(file.stat().st_mode) == wanted, file


def test_no_key_stands_in_two_realms(home: Path) -> None:
    kept = [file.read_bytes() for file in home.rglob("*.key")]
    assert len(kept) == len(set(kept)) == 7, "root, signing and evidence key of each, and the server's"


def test_the_server_needs_no_root(home: Path) -> None:
    shutil.rmtree(home / "root")
    ring = keys.load(home)
    for own in (ring.real, ring.practice):
        named = enrolment.open_statement(own.statement, "keys", HeadquartersKeys, (own.root,))
        assert named.practice == own.practice
        assert named.signing == (own.signing.public_key().public_bytes_raw().hex(),)


def test_keys_are_never_made_over_old_ones(home: Path) -> None:
    before = keys.load(home).real.root
    with pytest.raises(FileExistsError):
        keys.make(home, "Another", clock.now)
    assert keys.load(home).real.root == before


def test_a_half_copied_folder_says_what_is_missing(home: Path) -> None:
    (home / "keys" / "real" / "signing.key").unlink()
    with pytest.raises(keys.KeysMissing) as told:
        keys.load(home)
    assert told.value.facts == {"file": "signing.key"}


def test_a_changed_statement_is_refused(home: Path) -> None:
    file = home / "keys" / "real" / "statement.json"
    file.write_bytes(file.read_bytes().replace(b'"key":"', b'"key":"A', 1))
    with pytest.raises((StatementRefused, ValueError)):
        keys.load(home)
