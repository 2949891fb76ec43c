"""The drill: a backup taken while it runs, restored elsewhere, and what laptops see of it."""

import json
from pathlib import Path

import pytest

from fieldapp import clock
from sync.headquarters import __main__ as program
from sync.headquarters import audit, backup, intake, office, store
from sync.headquarters.office import Office
from tests.support import records
from tests.support.headquarters import Chain, sealed_evidence, upload


def test_a_restored_headquarters_is_another_life_with_the_same_keys(at: Office, tmp_path: Path) -> None:
    chain = Chain(at)
    item, sealed = sealed_evidence(at, records.photo())
    chain.seal(records.record(inspection=records.inspection(evidence=(item,))))
    before = chain.push()
    upload(at, chain, sealed)
    assert backup.backup(at.home, tmp_path / "copy") == 1
    chain.append()
    chain.push()

    restored = backup.restore(tmp_path / "copy", tmp_path / "new", clock.now)
    try:
        assert restored.keyring.real.root == at.keyring.real.root
        assert restored.blobs.read(item.sealed_sha256) == sealed
        with store.reading(restored.engine) as connection:
            assert store.generation(connection) != before.generation
            assert intake.head(connection, chain.device.hex()).seq == 1
            assert audit.verify(connection) > 2
        moved = Chain(restored, enrol=False)
        moved.key, moved.device = chain.key, chain.device
        moved.entries, moved.head = chain.entries, chain.head
        answer = moved.push(generation=before.generation)
        assert [ack.state for ack in answer.acks] == ["dup", "new"]
        assert answer.witness is not None
    finally:
        office.close(restored)


def test_nothing_is_written_over(at: Office, tmp_path: Path) -> None:
    backup.backup(at.home, tmp_path / "copy")
    with pytest.raises(backup.BackupRefused):
        backup.backup(at.home, tmp_path / "copy")
    with pytest.raises(backup.BackupRefused):
        backup.restore(tmp_path / "copy", at.home, clock.now)


def test_a_folder_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(backup.BackupRefused):
        backup.restore(tmp_path / "empty", tmp_path / "new", clock.now)
    with pytest.raises(backup.BackupRefused):
        backup.backup(tmp_path / "empty", tmp_path / "copy")


def test_the_command_line_does_it(at: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy, new = str(tmp_path / "copy"), str(tmp_path / "new")
    assert program.main(["backup", copy, "--home", str(at.home)]) == 0
    assert json.loads(capsys.readouterr().out)["blobs"] == 0
    assert program.main(["restore", copy, "--home", new]) == 0
    assert program.main(["restore", copy, "--home", new]) == 1
    assert "there already" in capsys.readouterr().err


def test_a_database_that_is_not_in_the_folder_is_not_called_backed_up(at: Office, tmp_path: Path) -> None:
    (at.home / "database.url").write_text("postgresql://nobody@localhost/none\n", "utf-8")
    with pytest.raises(backup.BackupRefused) as refused:
        backup.backup(at.home, tmp_path / "copy")
    assert refused.value.facts == {"why": "postgresql"}
    assert not (tmp_path / "copy").exists()
