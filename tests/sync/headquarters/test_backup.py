"""The drill: a backup taken while it runs, restored elsewhere, and what laptops see of it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from fieldapp import clock, enrolment
from sync.headquarters import __main__ as program
from sync.headquarters import backup, feed, intake, office, store, tables
from sync.headquarters.office import Office
from tests.support import bucket, records
from tests.support.headquarters import Chain, sealed_evidence, upload
from tests.support.postgres import fresh_database


@pytest.fixture(params=["sqlite", "postgresql", "postgresql and s3"])
def elsewhere(request: pytest.FixtureRequest) -> dict[str, str]:
    """Where a backup is restored to: what it came from does not matter."""
    return {
        "database": fresh_database() if "postgresql" in request.param else "",
        "blobs": bucket.fresh() if "s3" in request.param else "",
    }


def test_a_restored_headquarters_is_another_life_with_the_same_keys(
    at: Office, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    chain = Chain(at)
    item, sealed = sealed_evidence(at, records.photo())
    chain.seal(records.record(inspection=records.inspection(evidence=(item,))))
    before = chain.push()
    upload(at, chain, sealed)
    assert backup.backup(at.home, tmp_path / "copy") == 1
    kept = rows(at)
    chain.append()
    chain.push()

    restored, done = backup.restore(tmp_path / "copy", tmp_path / "new", clock.now, **elsewhere)
    try:
        assert (done.records, done.blobs, done.missing) == (1, 1, 0)
        assert done.audit > 2
        assert restored.keyring.real.root == at.keyring.real.root
        assert restored.blobs.read(item.sealed_sha256) == sealed
        for name, before_it in kept.items():
            again = rows(restored)[name]
            assert again[: len(before_it)] == before_it, name
            assert len(again) == len(before_it) + (name in ("generation", "audit"))
        with store.reading(restored.engine) as connection:
            assert store.generation(connection) != before.generation
            assert intake.head(connection, chain.device.hex()).seq == 1
        moved = Chain(restored, enrol=False)
        moved.key, moved.device = chain.key, chain.device
        moved.entries, moved.head = chain.entries, chain.head
        answer = moved.push(generation=before.generation)
        assert [ack.state for ack in answer.acks] == ["dup", "new"]
        assert answer.witness is not None
    finally:
        office.close(restored)


def rows(of: Office) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in the order of its keys."""
    with store.reading(of.engine) as connection:
        return {
            table.name: sorted(
                (tuple(row) for row in connection.execute(select(table))),
                key=lambda row: str(row[: len(table.primary_key)]),
            )
            for table in tables.metadata.sorted_tables
            if table.name != "session"  # opened while the test looks
        }


def test_numbers_are_never_given_out_twice_after_a_restore(
    at: Office, tmp_path: Path, elsewhere: dict[str, str]
) -> None:
    statement = enrolment.sign("note", {"note": 1}, at.keyring.real.signing)
    with store.writing(at.engine) as connection:
        given = [feed.append(connection, "real", statement, clock.now) for _ in range(3)]
    backup.backup(at.home, tmp_path / "copy")
    restored, _done = backup.restore(tmp_path / "copy", tmp_path / "new", clock.now, **elsewhere)
    with store.writing(restored.engine) as connection:
        assert feed.append(connection, "real", statement, clock.now) > max(given)
    office.close(restored)


def test_evidence_damaged_in_the_backup_is_asked_for_again(at: Office, tmp_path: Path) -> None:
    chain = Chain(at)
    made = [sealed_evidence(at, bytes([number]) * 999, number) for number in (1, 2, 3)]
    chain.seal(records.record(inspection=records.inspection(evidence=tuple(item for item, _sealed in made))))
    chain.push()
    for _item, sealed in made:
        assert upload(at, chain, sealed).done
    backup.backup(at.home, tmp_path / "copy")
    spoiled, lost, good = (item.sealed_sha256 for item, _sealed in made)
    (tmp_path / "copy" / "blobs" / spoiled[:2] / spoiled).write_bytes(b"rotten")
    (tmp_path / "copy" / "blobs" / lost[:2] / lost).unlink()

    restored, done = backup.restore(tmp_path / "copy", tmp_path / "new", clock.now)
    assert (done.blobs, done.missing) == (1, 2)
    assert [*restored.blobs.names()] == [good]
    moved = Chain(restored, enrol=False)
    moved.key, moved.device, moved.head, moved.entries = chain.key, chain.device, chain.head, chain.entries
    assert {one.h for one in moved.push().need} == {spoiled, lost}
    assert upload(restored, moved, made[0][1]).done
    office.close(restored)


def test_a_database_in_use_is_not_restored_into(at: Office, tmp_path: Path) -> None:
    backup.backup(at.home, tmp_path / "copy")
    with pytest.raises(backup.BackupRefused) as refused:
        backup.restore(tmp_path / "copy", tmp_path / "new", clock.now, database=str(store.url_of(at.home)))
    assert refused.value.facts == {"why": "taken"}


def test_a_replica_that_takes_over_is_another_life(at: Office, capsys: pytest.CaptureFixture[str]) -> None:
    with store.reading(at.engine) as connection:
        before = store.generation(connection)
    assert program.main(["promote", "--home", str(at.home)]) == 0
    assert json.loads(capsys.readouterr().out) == {"home": str(at.home)}
    with store.reading(at.engine) as connection:
        assert store.generation(connection) != before


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
    assert json.loads(capsys.readouterr().out)["missing"] == 0
    assert program.main(["restore", copy, "--home", new]) == 1
    assert "there already" in capsys.readouterr().err
