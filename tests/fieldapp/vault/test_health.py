"""Damage of every kind is found and named; then a backup is restored or a new vault salvaged."""

import os
import random
import shutil
from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical, enrolment
from fieldapp.actions import opening
from fieldapp.enrolment import Witness
from fieldapp.ledger import Head
from fieldapp.vault import anchor, backup, header, health, keys, mending
from fieldapp.vault.backup import NothingToRestore
from fieldapp.vault.connection import HeaderAltered, VaultDamaged
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.health import Fault, Health
from fieldapp.vault.keys import FLOOR
from fieldapp.vault.salvage import SalvageFailed
from fieldapp.vault.vault import VaultReadOnly, VaultRolledBack
from tests.fieldapp.actions.test_sealing import ready
from tests.support.laptops import laptop
from tests.support.vaults import PASSPHRASE, Headquarters, enrolled_vault, new_vault, seal

PAGE = 4096


def again(folder: Path) -> VaultDirectory:
    return VaultDirectory(folder / "vault", cost=FLOOR)


def database(folder: Path) -> Path:
    return folder / "vault" / "vault.db"


def filled(folder: Path, lines: int = 60):
    vault = new_vault(folder)
    for number in range(lines):
        with vault.transaction() as tx:
            tx.journal.note("event", tx.now, number=number, text="x" * 700)
    return vault


def flip(file: Path, page: int) -> None:
    raw = bytearray(file.read_bytes())
    raw[page * PAGE + 200] ^= 1
    file.write_bytes(raw)


def witness(vault, office: Headquarters) -> None:
    """Have headquarters countersign where the chain stands."""
    with vault.transaction() as tx:
        head = tx.journal.head()
        seen = Witness(device=vault.device.hex(), seq=head.seq, id=head.id, at=vault.clock())
        statement = enrolment.sign("witness", seen, office.signing)
        tx.meta.put("witness", statement)
    anchor.keep(vault.folder, statement)


def test_a_whole_vault_is_whole(tmp_path: Path):
    desk = laptop(tmp_path)
    seal(desk.vault, ready(desk).id)
    found = health.full(desk.vault)
    assert found.whole, found
    assert found.entries > 5
    with desk.vault.transaction() as tx:
        tx.journal.note("and on", tx.now)
    desk.close()


def test_every_flipped_page_is_found(tmp_path: Path):
    vault = filled(tmp_path)
    data_key = vault.data_key
    vault.close()
    whole, unmarked = database(tmp_path).read_bytes(), again(tmp_path).header()
    for page in range(len(whole) // PAGE):
        database(tmp_path).write_bytes(whole)
        flip(database(tmp_path), page)
        header.write_header(tmp_path / "vault", unmarked)
        try:
            opened = again(tmp_path).open_with(data_key)
        except VaultDamaged:
            continue
        found = health.full(opened)
        assert {fault.what for fault in found.faults} & {"pages", "ledger"}, page
        with pytest.raises(VaultReadOnly), opened.transaction():
            pass
        opened.close()


def test_an_old_page_put_back_is_found(tmp_path: Path):
    desk = laptop(tmp_path)
    inspection = ready(desk)
    data_key = desk.vault.data_key
    desk.close()
    old = database(tmp_path).read_bytes()
    vault = again(tmp_path).open_with(data_key)
    for text in ("first", "second"):
        with vault.transaction() as tx:
            held = tx.inspections.get(inspection.id)
            tx.inspections.put(type(held)(**{**_fields(held), "site": text}))
            tx.journal.note("site-changed", tx.now)
    told = _told(vault)
    vault.close()
    new, unmarked = database(tmp_path).read_bytes(), again(tmp_path).header()
    changed = [
        page
        for page in range(len(old) // PAGE)
        if old[page * PAGE : (page + 1) * PAGE] != new[page * PAGE : (page + 1) * PAGE]
    ]
    assert changed
    for page in changed:
        mixed = bytearray(new)
        mixed[page * PAGE : (page + 1) * PAGE] = old[page * PAGE : (page + 1) * PAGE]
        database(tmp_path).write_bytes(mixed)
        header.write_header(tmp_path / "vault", unmarked)
        try:
            vault = again(tmp_path).open_with(data_key)
        except VaultDamaged:
            continue
        # An old page that holds nothing but counters changes nothing that can be read.
        assert not health.full(vault).whole or _told(vault) == told, f"page {page} of {changed}"
        vault.close()


def _told(vault) -> tuple:
    with vault.reading() as tx:
        rows = [
            tuple(tx.inspections._connection.execute(f"SELECT * FROM {table}").fetchall())
            for table in ("meta", "ledger", "outbox", "inspection", "consignment", "blob", "record")
        ]
    return tuple(rows)


def _fields(held) -> dict:
    return {name: getattr(held, name) for name in held.__struct_fields__}


def test_a_row_that_the_ledger_does_not_know_is_found(tmp_path: Path):
    desk = laptop(tmp_path)
    inspection = ready(desk)
    with desk.vault.transaction() as tx:
        tx.inspections._connection.execute(
            "UPDATE inspection SET doc = ? WHERE id = ?",
            (
                canonical.encode(type(inspection)(**{**_fields(inspection), "site": "elsewhere"})),
                inspection.id,
            ),
        )
    found = health.full(desk.vault)
    assert [fault.what for fault in found.faults] == ["rows"]
    desk.close()


def test_the_whole_file_rolled_back_is_found_by_headquarters_head(tmp_path: Path):
    office = Headquarters()
    vault = enrolled_vault(tmp_path, office)
    data_key = vault.data_key
    witness(vault, office)
    vault.close()
    old = database(tmp_path).read_bytes()
    vault = again(tmp_path).open_with(data_key)
    with vault.transaction() as tx:
        tx.journal.note("later", tx.now)
    witness(vault, office)
    vault.close()
    database(tmp_path).write_bytes(old)
    vault = again(tmp_path).open_with(data_key)
    assert [fault.what for fault in health.quick(vault).faults] == ["anchor"]
    vault.close()
    (tmp_path / "vault" / "anchor").unlink()  # without the anchor nothing on this laptop can tell
    vault = again(tmp_path).open_with(data_key)
    assert health.full(vault).whole
    vault.close()


def test_damaged_evidence_and_a_torn_header_are_named_and_stop_nothing(tmp_path: Path):
    desk = laptop(tmp_path)
    sealed, size = desk.vault.seal_file(b"photo" * 500, ())
    from fieldapp.vault.outbox import BlobRow

    with desk.vault.transaction() as tx:
        tx.outbox.put_blob(BlobRow(h=sealed, n=size, t="image/jpeg", c="photo"), "i", "e")
    file = tmp_path / "vault" / "evidence" / sealed[:2] / f"{sealed}.age"
    raw = bytearray(file.read_bytes())
    raw[50] ^= 1
    file.write_bytes(raw)
    (tmp_path / "vault" / "vault.hdr2").write_bytes(b"torn")
    found = health.full(desk.vault)
    assert {(fault.what, fault.where) for fault in found.faults} == {
        ("evidence", sealed),
        ("header", "vault.hdr2"),
    }
    with desk.vault.transaction():
        pass
    desk.close()


def test_damage_is_remembered_after_a_restart(tmp_path: Path):
    vault = filled(tmp_path)
    data_key = vault.data_key
    health.mark(vault, Health(faults=(Fault(what="pages"),)))
    vault.close()
    vault = again(tmp_path).open_with(data_key)
    with pytest.raises(VaultReadOnly), vault.transaction():
        pass
    with vault.reading() as tx:
        assert tx.journal.head().seq == 60
    vault.note_soon("unlocked")  # owed, not refused
    vault.close()


def test_a_backup_is_kept_when_due_and_only_two_of_them(tmp_path: Path):
    vault = filled(tmp_path)
    key = keys.subkey(vault.data_key, "db")
    assert backup.keep(vault, key) is not None
    assert backup.keep(vault, key) is None
    for _ in range(3):
        with vault.transaction() as tx:
            tx.journal.note("event", tx.now)
        assert backup.keep(vault, key, every=1) is not None
    assert len(backup.names(vault.folder)) == backup.KEPT
    vault.close()


def test_a_damaged_file_is_never_kept_as_a_backup(tmp_path: Path):
    vault = filled(tmp_path)
    data_key, key = vault.data_key, keys.subkey(vault.data_key, "db")
    backup.keep(vault, key)
    good = backup.names(vault.folder)
    vault.close()
    flip(database(tmp_path), 9)
    vault = again(tmp_path).open_with(data_key)
    with pytest.raises(VaultDamaged):
        backup.keep(vault, key, every=0)
    assert backup.names(vault.folder) == good
    assert list((tmp_path / "vault" / "backup").glob("*.part")) == []
    vault.close()


def test_going_back_to_a_backup_keeps_the_damaged_file(tmp_path: Path):
    vault = filled(tmp_path)
    backup.keep(vault, keys.subkey(vault.data_key, "db"))
    vault.close()
    raw = bytearray(database(tmp_path).read_bytes())
    raw[: PAGE * 3] = os.urandom(PAGE * 3)
    database(tmp_path).write_bytes(raw)
    directory = again(tmp_path)
    found = mending.to_backup(directory, PASSPHRASE)
    assert found.head.seq == 60
    with directory.vault.reading() as tx:
        assert tx.journal.verify().seq == 61  # and "restored"
    [aside] = (tmp_path / "vault" / backup.ASIDE).iterdir()
    assert (aside / "vault.db").read_bytes() == bytes(raw)
    directory.lock()


def test_going_back_behind_headquarters_is_known_and_stops_sealing(tmp_path: Path):
    office = Headquarters()
    vault = enrolled_vault(tmp_path, office)
    backup.keep(vault, keys.subkey(vault.data_key, "db"), every=1)
    with vault.transaction() as tx:
        tx.journal.note("at headquarters", tx.now)
    witness(vault, office)
    vault.close()
    flip(database(tmp_path), 0)
    directory = again(tmp_path)
    mending.to_backup(directory, PASSPHRASE)
    with directory.vault.reading() as tx, pytest.raises(VaultRolledBack):
        tx.require_newest()
    directory.lock()


def test_a_vault_of_which_nothing_can_be_read_is_left_as_it_was(tmp_path: Path):
    filled(tmp_path).close()
    raw = os.urandom(database(tmp_path).stat().st_size)
    database(tmp_path).write_bytes(raw)
    with pytest.raises(SalvageFailed):
        mending.by_salvage(again(tmp_path), PASSPHRASE)
    assert database(tmp_path).read_bytes() == raw


def test_without_a_backup_there_is_nothing_to_go_back_to(tmp_path: Path):
    filled(tmp_path).close()
    before = database(tmp_path).read_bytes()
    with pytest.raises(NothingToRestore):
        mending.to_backup(again(tmp_path), PASSPHRASE)
    assert database(tmp_path).read_bytes() == before


def test_salvage_of_a_whole_vault_loses_nothing(tmp_path: Path):
    desk = laptop(tmp_path)
    inspection = ready(desk)
    seal(desk.vault, inspection.id)
    with desk.vault.reading() as tx:
        head = tx.journal.head()
    desk.close()
    directory = again(tmp_path)
    found = mending.by_salvage(directory, PASSPHRASE)
    assert found.whole
    with directory.vault.reading() as tx:
        assert tx.journal.check_place(Head(seq=head.seq, id=head.id))
        tx.journal.verify()
    held = opening.get_inspection(directory.vault, opening.GetInspection(id=inspection.id))
    assert held.state == "sealed"
    directory.lock()


@pytest.mark.parametrize("seed", range(6))
def test_salvage_saves_what_can_be_read_and_never_patches_a_chain(tmp_path: Path, seed: int):
    desk = laptop(tmp_path)
    inspection = ready(desk)
    for number in range(40):
        with desk.vault.transaction() as tx:
            tx.journal.note("event", tx.now, number=number, text="x" * 900)
        if number == 30:
            backup.keep(desk.vault, keys.subkey(desk.vault.data_key, "db"))
    with desk.vault.reading() as tx:
        head = tx.journal.head().seq
    desk.close()
    dice = random.Random(seed)
    pages = database(tmp_path).stat().st_size // PAGE
    for page in dice.sample(range(pages), 3):
        flip(database(tmp_path), page)
    directory = again(tmp_path)
    found = mending.by_salvage(directory, PASSPHRASE)
    assert found.entries >= head - 10
    assert found.rows["inspection"] == 1
    with directory.vault.reading() as tx:
        tx.journal.verify()
        kept = tx.kept.entries()
        enrolled = tx.enrolment()
    assert found.whole or enrolled is None
    assert bool(kept) != found.whole
    assert opening.get_inspection(directory.vault, opening.GetInspection(id=inspection.id))
    assert list((tmp_path / "vault" / backup.ASIDE).iterdir())
    with directory.vault.transaction() as tx:
        tx.journal.note("and on", tx.now)
    assert health.full(directory.vault).whole
    directory.lock()


def test_salvage_takes_from_the_backup_what_the_file_lost(tmp_path: Path):
    vault = filled(tmp_path)
    backup.keep(vault, keys.subkey(vault.data_key, "db"))
    with vault.transaction() as tx:
        tx.journal.note("after the backup", tx.now)
    vault.close()
    pages = database(tmp_path).stat().st_size // PAGE
    for page in (pages // 2, pages // 3):
        flip(database(tmp_path), page)
    shutil.copyfile(database(tmp_path), tmp_path / "as-found.db")
    directory = again(tmp_path)
    found = mending.by_salvage(directory, PASSPHRASE)
    # The newest entry was in no backup: it is saved, or the chain is not said to be whole.
    assert found.entries == 61 or not found.whole
    assert found.entries >= 60
    directory.lock()


def test_salvage_lists_again_what_lost_its_row(tmp_path: Path):
    desk = laptop(tmp_path)
    sealed = seal(desk.vault, ready(desk).id)
    connection = desk.vault.connection
    connection.set_authorizer(lambda *_asked: 0)
    for table in ("record", "outbox"):
        connection.execute("DROP TRIGGER IF EXISTS record_no_delete")
        connection.execute(f"DELETE FROM {table}")
    desk.close()
    directory = again(tmp_path)
    assert mending.by_salvage(directory, PASSPHRASE).whole
    with directory.vault.reading() as tx:
        assert tx.inspections.record_of(sealed.inspection.id, 1) == (sealed.seq, sealed.record)
        assert tx.outbox.unlisted() == ()
        assert tx.outbox.first_open() == 1
    assert health.full(directory.vault).whole
    directory.lock()


def test_the_damage_is_in_the_header_and_no_file_taken_away_forgets_it(tmp_path: Path):
    vault = new_vault(tmp_path)
    health.mark(vault, Health(faults=(Fault(what="rows"),)))
    vault.close()
    for file in (tmp_path / "vault").iterdir():
        if file.is_file() and file.name not in ("vault.hdr", "vault.hdr2", "vault.db", "attempts"):
            file.unlink()
    place = VaultDirectory(tmp_path / "vault", cost=FLOOR)
    vault = place.unlock(PASSPHRASE)
    assert vault.damage == "rows"
    with pytest.raises(VaultReadOnly), vault.transaction():
        pass
    place.lock()
    found = place.header()
    header.write_header(place.folder, msgspec.structs.replace(found, damage=msgspec.UNSET))
    with pytest.raises(HeaderAltered):
        place.unlock(PASSPHRASE)
