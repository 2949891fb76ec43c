"""Not one byte of a case lies in clear on the disk, through every flow; three planted leaks are found."""

import base64
import os
import sqlite3
import tempfile
import zlib
from pathlib import Path

import pytest

from fieldapp import clock
from fieldapp.actions import evidence, exporting, finding, healing, provisioning, recovering
from fieldapp.actions.reporting import NotSealed
from fieldapp.vault import backup, keys
from fieldapp.vault.connection import Connection
from fieldapp.vault.vault import Vault
from tests.durability import leaks
from tests.fieldapp.actions.test_recovering import NEW, OFFICERS, shares
from tests.fieldapp.actions.test_sealing import ready
from tests.support.laptops import laptop
from tests.support.vaults import PASSPHRASE, Headquarters, directory, seal

CANARY = "Zufallsfund-Kanarienvogel-4711"


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One folder that is home, temporary folder and vault at once."""
    for name in ("HOME", "TMPDIR", "FIELDAPP_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def _undone(vault: Vault) -> None:
    """Write much, and have it undone in the middle."""
    with vault.transaction() as tx:
        tx.journal.note(CANARY * 2000, tx.now)
        raise NotSealed


def test_no_flow_leaves_a_byte_in_clear(disk: Path, tmp_path_factory: pytest.TempPathFactory):
    office, outside = Headquarters(), tmp_path_factory.mktemp("stick")
    photo = outside / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff" + CANARY.encode() * 200)
    desk = laptop(disk, office)
    inspection = ready(desk)
    evidence.attach(
        desk.vault, evidence.AttachEvidence(inspection=inspection.id, path=str(photo), caption=CANARY)
    )
    finding.record(
        desk.vault, finding.RecordFinding(inspection=inspection.id, severity="major", note=CANARY * 300)
    )
    with pytest.raises(NotSealed):
        _undone(desk.vault)
    seal(desk.vault, inspection.id)
    assert backup.keep(desk.vault, keys.subkey(desk.vault.data_key, "db"), every=1)
    assert healing.check(desk.vault, healing.CheckHealth()).whole
    exporting.export_vault(desk.vault, exporting.ExportVault(path=str(outside / "out.fieldvault")))
    desk.vault.owe(CANARY)
    everything = desk.vault.connection.execute("SELECT payload FROM ledger ORDER BY random()").fetchall()
    assert any(CANARY.encode() in bytes(payload) for (payload,) in everything)  # it is there, and sealed
    assert leaks.found(CANARY, [disk]) == []
    desk.close()

    place = directory(disk)
    provisioning.unlock(place, provisioning.Unlock(passphrase=PASSPHRASE))
    recovering.seal_vault(place, recovering.SealVault())
    asked = recovering.ask_recovery(place, recovering.AskRecovery(passphrase=NEW))
    answered = recovering.answer(asked.raw, shares(office)[:2], OFFICERS, clock.now())
    (disk / "answer.json").write_bytes(answered)
    recovering.take_recovery(place, recovering.TakeRecovery(raw=answered, passphrase=NEW))
    healing.salvage(place, healing.Salvage(passphrase=NEW))
    place.lock()
    assert leaks.found(CANARY, [disk]) == []
    for secret in (PASSPHRASE, NEW):
        assert leaks.found(secret, [disk]) == []
    # Outside the vault: what the officer brought himself, and the signed text of an export he asked for.
    assert leaks.found(CANARY, [outside]) == [str(outside / "out.fieldvault"), str(photo)]


def _in_a_file(folder: Path) -> object:
    (folder / "crash.log").write_text(f"Traceback: {CANARY}", "utf-16-le")
    return None


def _in_a_pdf_stream(folder: Path) -> object:
    (folder / "draft.pdf").write_bytes(b"%PDF-1.7 stream " + zlib.compress(b"x" * 99 + CANARY.encode()))
    return None


def _in_a_deleted_file(folder: Path) -> object:
    """SQLite's own temporary file, as a build with temp_store=FILE leaves it: deleted and still open."""
    handle = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - it stays open on purpose
    handle.write(base64.b64encode(b"ab" + CANARY.encode() + b"cde"))
    handle.flush()
    return handle


@pytest.mark.parametrize("plant", [_in_a_file, _in_a_pdf_stream, _in_a_deleted_file])
def test_a_planted_leak_is_found(disk: Path, plant):
    held = plant(disk)
    found = leaks.found(CANARY, [disk])
    assert len(found) == 1, found
    if held is not None:
        held.close()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="deleted files are seen on Linux")
def test_a_vault_with_temporary_files_would_be_caught(disk: Path):
    """The mutant: a plain SQLite with temp_store=FILE sorts a large table and leaves its rows on the disk."""
    os.environ["SQLITE_TMPDIR"] = str(disk)
    made: Connection = sqlite3.connect(disk / "plain.db", isolation_level=None)  # type: ignore[assignment]
    try:
        made.execute("PRAGMA temp_store=FILE")
        made.execute("PRAGMA cache_size=10")
        made.execute("CREATE TEMP TABLE t (a)")
        made.execute("BEGIN")
        made.executemany("INSERT INTO t VALUES (?)", [(CANARY * 20,) for _ in range(20_000)])
        assert any("(deleted)" in name for name in leaks.found(CANARY, [disk]))
    finally:
        made.close()
        del os.environ["SQLITE_TMPDIR"]
