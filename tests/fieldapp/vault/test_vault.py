import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp import ledger
from fieldapp.vault.connection import VaultDamaged
from fieldapp.vault.directory import VaultDirectory, VaultLocked
from fieldapp.vault.keys import FLOOR, WrongPassphrase
from fieldapp.vault.tries import TooManyTries
from tests.support.vaults import PASSPHRASE, directory, new_vault


def test_lock_and_unlock_keep_what_was_written(tmp_path: Path):
    place = directory(tmp_path)
    new_vault(tmp_path).close()
    vault = place.unlock(PASSPHRASE)
    with vault.transaction() as tx:
        tx.meta.put("note", "kept")
    place.lock()
    with pytest.raises(VaultLocked):
        place.vault.now()
    with place.unlock(PASSPHRASE).reading() as tx:
        assert tx.meta.get("note", str) == "kept"
    place.lock()


def test_an_error_inside_a_transaction_undoes_all_of_it(tmp_path: Path):
    vault = new_vault(tmp_path)
    head = _head(vault)
    with pytest.raises(ValueError, match="stop"), vault.transaction() as tx:  # noqa: PT012
        tx.journal.note("something", tx.now)
        tx.meta.put("note", "never")
        raise ValueError("stop")
    with vault.reading() as tx:
        assert tx.meta.get("note", str) is None
    assert _head(vault) == head
    vault.close()


def test_reading_writes_nothing(tmp_path: Path):
    vault = new_vault(tmp_path)
    with vault.reading() as tx:
        tx.meta.put("note", "never")
    with vault.reading() as tx:
        assert tx.meta.get("note", str) is None
    vault.close()


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE ledger SET payload = x'00' WHERE seq = 1",
        "DELETE FROM ledger WHERE seq = 1",
        "INSERT OR REPLACE INTO ledger SELECT 1, kind, prev, x'00', signature, id FROM ledger WHERE seq = 1",
        "INSERT INTO ledger SELECT 9, kind, prev, payload, signature, x'"
        + "00" * 32
        + "' FROM ledger WHERE seq = 1",
        "UPDATE record SET revision = 9",
    ],
)
def test_the_ledger_is_append_only(tmp_path: Path, attack: str):
    vault = new_vault(tmp_path)
    with vault.transaction() as tx:
        tx.journal.note("first", tx.now)
        seq = tx.journal.head().seq
        tx.inspections._connection.execute(
            "INSERT INTO record (seq, id, inspection, revision) VALUES (?, 'a', 'b', 1)", (seq,)
        )
    with pytest.raises(Exception, match=r"append-only|immutable|not authorized"), vault.transaction() as tx:
        tx.inspections._connection.execute(attack)
    with vault.reading() as tx:
        tx.journal.verify()
    vault.close()


def test_the_chain_verifies_with_nothing_but_the_public_key(tmp_path: Path):
    vault = new_vault(tmp_path)
    for number in range(5):
        with vault.transaction() as tx:
            tx.journal.note("event", tx.now, number=number)
    with vault.reading() as tx:
        entries, head = tx.journal.entries(1, 100), tx.journal.head()
    assert ledger.verify(entries, vault.device, Ed25519PublicKey.from_public_bytes(vault.public)) == head
    vault.close()


def test_wrong_passphrases_cost_a_growing_wait(tmp_path: Path):
    place = directory(tmp_path)
    new_vault(tmp_path).close()
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            place.unlock("not the passphrase at all")
    with pytest.raises(TooManyTries):
        place.unlock(PASSPHRASE)
    assert 0 < place.wait_seconds() <= 2


def test_a_database_of_another_vault_is_refused(tmp_path: Path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    new_vault(tmp_path / "a").close()
    new_vault(tmp_path / "b").close()
    shutil.copyfile(tmp_path / "b" / "vault" / "vault.db", tmp_path / "a" / "vault" / "vault.db")
    with pytest.raises(VaultDamaged):
        directory(tmp_path / "a").unlock(PASSPHRASE)


def _write_until_killed(folder: str, acknowledged: "multiprocessing.connection.Connection") -> None:
    vault = VaultDirectory(Path(folder), cost=FLOOR).unlock(PASSPHRASE)
    for number in range(10_000):
        with vault.transaction() as tx:
            tx.journal.note("event", tx.now, number=number)
            seq = tx.journal.head().seq
        acknowledged.send(seq)


@pytest.mark.parametrize("after", [1, 3, 8, 21])
def test_killed_at_any_moment_keeps_all_that_was_acknowledged(tmp_path: Path, after: int):
    new_vault(tmp_path).close()
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_write_until_killed, args=(str(tmp_path / "vault"), theirs))
    child.start()
    theirs.close()
    last = 0
    for _ in range(after):
        last = ours.recv()
    os.kill(child.pid or 0, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    child.join()
    with contextlib.suppress(EOFError):
        while ours.poll():
            last = ours.recv()
    vault = directory(tmp_path).unlock(PASSPHRASE)
    with vault.reading() as tx:
        assert tx.journal.verify().seq >= last
    vault.close()


def test_a_damaged_log_after_a_kill_loses_nothing_acknowledged(tmp_path: Path):
    vault = new_vault(tmp_path)
    with vault.transaction() as tx:
        tx.journal.note("acknowledged", tx.now)
        head = tx.journal.head()
    copy = tmp_path / "copy" / "vault"
    shutil.copytree(tmp_path / "vault", copy)
    vault.close()
    log = copy / "vault.db-wal"
    log.write_bytes(os.urandom(len(log.read_bytes()) or 4096))
    found = VaultDirectory(copy, cost=FLOOR).unlock(PASSPHRASE)
    assert _head(found) == head
    found.close()


def _head(vault):
    with vault.reading() as tx:
        return tx.journal.head()


def test_a_vault_that_lost_its_header_is_never_made_over(tmp_path: Path):
    from fieldapp.vault.directory import VaultExists
    from fieldapp.vault.vault import Owner

    new_vault(tmp_path).close()
    before = (tmp_path / "vault" / "vault.db").read_bytes()
    for name in ("vault.hdr", "vault.hdr2"):
        (tmp_path / "vault" / name).unlink()
    place = directory(tmp_path)
    assert place.exists
    with pytest.raises(VaultExists):
        place.create(PASSPHRASE, Owner(name="Somebody else"))
    with pytest.raises(VaultDamaged):
        place.unlock(PASSPHRASE)
    assert (tmp_path / "vault" / "vault.db").read_bytes() == before


def test_a_crash_before_the_last_step_of_making_is_mended_by_unlocking(tmp_path: Path):
    new_vault(tmp_path).close()
    (tmp_path / "vault" / "vault.db").rename(tmp_path / "vault" / "vault.db.new")
    vault = directory(tmp_path).unlock(PASSPHRASE)
    assert vault.device
    vault.close()
