"""A disk that is full when it matters: one clear error, nothing recorded is lost, and then it works again."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.actions import opening
from fieldapp.vault.connection import DiskFull
from tests.fieldapp.actions.test_sealing import ready
from tests.support.laptops import laptop
from tests.support.vaults import seal


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 40 MiB; without the right to mount there is none to fill."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a small disk needs root on Linux")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this machine mounts no small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


def fill(disk: Path) -> Path:
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as out:
        while True:
            out.write(bytes(1 << 16))
    assert shutil.disk_usage(disk).free < 1 << 16
    return filler


def test_a_full_disk_at_seal_time_seals_nothing_and_loses_nothing(small_disk: Path):
    desk = laptop(small_disk)
    inspection = ready(desk)
    with desk.vault.reading() as tx:
        head = tx.journal.head()
    filler = fill(small_disk)
    with pytest.raises(DiskFull):
        seal(desk.vault, inspection.id)
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))
    assert held.state == "draft"
    assert len(held.scans) == 1
    with desk.vault.reading() as tx:
        assert tx.journal.verify() == head
    filler.unlink()
    sealed = seal(desk.vault, inspection.id)
    assert sealed.inspection.state == "sealed"
    desk.close()


def test_a_full_disk_leaves_no_torn_evidence(small_disk: Path, tmp_path: Path):
    from fieldapp.actions import evidence

    desk = laptop(small_disk)
    inspection = desk.open("2-tablets")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8\xff" + os.urandom(3 << 20))
    filler = fill(small_disk)
    with pytest.raises(DiskFull):
        evidence.attach(desk.vault, evidence.AttachEvidence(inspection=inspection.id, path=str(photo)))
    assert list((small_disk / "vault" / "evidence").rglob("*.age")) == []
    assert list((small_disk / "vault" / "evidence").rglob("*.tmp")) == []
    filler.unlink()
    held = evidence.attach(desk.vault, evidence.AttachEvidence(inspection=inspection.id, path=str(photo)))
    assert len(held.evidence) == 1
    desk.close()


def test_an_unlock_on_a_full_disk_is_owed_and_goes_in_before_anything_else(small_disk: Path):
    from fieldapp import canonical
    from fieldapp.actions import provisioning
    from tests.support.vaults import PASSPHRASE, directory, enrolled_vault

    enrolled_vault(small_disk).close()
    filler = fill(small_disk)
    for _ in range(2):  # the first is killed before it could write
        place = directory(small_disk)
        provisioning.unlock(place, provisioning.Unlock(passphrase=PASSPHRASE))
        place.vault.close()
    place = directory(small_disk)
    vault = place.unlock(PASSPHRASE)
    with pytest.raises(DiskFull), vault.transaction() as tx:
        tx.journal.note("never", tx.now)
    filler.unlink()
    with vault.transaction() as tx:
        tx.journal.note("first thing recorded", tx.now)
    with vault.reading() as tx:
        events = [canonical.decode(entry.payload, dict)["event"] for entry in tx.journal.entries(1, -1)]
    assert events[-3:] == ["unlocked", "unlocked", "first thing recorded"]
    vault.close()
    again = directory(small_disk).unlock(PASSPHRASE)
    with again.transaction() as tx:
        tx.journal.note("later", tx.now)
    with again.reading() as tx:
        assert tx.journal.head().seq == len(events) + 1  # paid once
    again.close()
