from datetime import UTC, datetime
from pathlib import Path

import pytest

from fieldapp import enrolment as statements
from fieldapp.enrolment import ReleasePointer
from fieldapp.watchlist import release
from fieldapp.watchlist.release import Header
from fieldapp.watchlist.sources import source
from sync import wire
from sync.headquarters import publish
from sync.headquarters.office import Office
from sync.transport import Call, answered
from tests.support.headquarters import Chain, at_the_desk

ROWS = (
    "id,kind,name,aliases,countries,birth_dates,identifiers,programme\n"
    "T-1,person,Test Person,,in,,,practice\n"
)


def a_release(folder: Path, number: int = 1) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    rows, made = folder / "list.csv", folder / f"release-{number}"
    rows.write_text(ROWS, "utf-8")
    header = Header(number=number, name=f"WL-{number}", issued=datetime(2026, 11, 22, tzinfo=UTC))
    release.write_release(made, header, source("csv").read([rows]))
    return made


def fetch(at: Office, chain: Chain, pointer: ReleasePointer, offset: int = 0) -> wire.TargetPart:
    call = Call(method="GET", path=f"/v1/target/{pointer.sha256}", token=chain.session(), offset=offset)
    return wire.unpack(answered(at_the_desk(at, call)), wire.TargetPart)


def test_a_release_is_announced_to_its_realm_and_fetched_from_any_byte(at: Office, tmp_path: Path) -> None:
    real, practice, file = Chain(at), Chain(at, practice=True), a_release(tmp_path)
    pointer = publish.publish(at, file, practice=False)
    (item,) = real.push().feed
    signing = at.keyring.real.signing.public_key().public_bytes_raw().hex()
    told = statements.open_statement(item.statement, "watchlist_pointer", ReleasePointer, (signing,))
    assert told == pointer
    assert practice.push().feed == ()
    assert fetch(at, real, pointer).content == file.read_bytes()
    assert fetch(at, real, pointer, 10).content == file.read_bytes()[10:]
    assert fetch(at, real, pointer, pointer.size).content == b""
    with pytest.raises(wire.BlobUnwanted):
        fetch(at, practice, pointer)


def test_numbers_only_grow(at: Office, tmp_path: Path) -> None:
    publish.publish(at, a_release(tmp_path, 5), practice=False)
    for number in (5, 4):
        with pytest.raises(publish.ReleaseOld):
            publish.publish(at, a_release(tmp_path, number), practice=False)
    publish.publish(at, a_release(tmp_path, 4), practice=True)
    newest = publish.newest(at, practice=False)
    assert newest is not None
    assert newest["number"] == 5


def test_a_damaged_release_is_never_announced(at: Office, tmp_path: Path) -> None:
    chain, file = Chain(at), a_release(tmp_path)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises((release.ReleaseDamaged, release.ReleaseForeign)):
        publish.publish(at, file, practice=False)
    assert chain.push().feed == ()
