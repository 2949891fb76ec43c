"""Publishing takes two officers; what is announced is what vaults verify, fetched from any byte."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import clock
from fieldapp.watchlist import release, trust
from fieldapp.watchlist.release import Header
from fieldapp.watchlist.sources import source
from fieldapp.watchlist.trust import Target, Trusted, Versions
from fieldapp.watchlist.verification import verify
from sync import wire
from sync.headquarters import backup, desk, keys, office, officers, publish, store
from sync.headquarters.audit import verify as verify_audit
from sync.headquarters.office import Office
from sync.transport import Call, answered
from tests.support.headquarters import Chain, at_the_desk
from tests.support.lists import entry, release_of

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


def both(at: Office) -> list[Ed25519PrivateKey]:
    """The keys of the two real officers, as made with the headquarters."""
    return [officers.read_key(at.home / "root" / "real" / f"officer-{number}.key") for number in (1, 2)]


def fetch(at: Office, chain: Chain, target: Target, offset: int = 0) -> wire.TargetPart:
    call = Call(method="GET", path=f"/v1/target/{target.sha256}", token=chain.session(), offset=offset)
    return wire.unpack(answered(at_the_desk(at, call)), wire.TargetPart)


def told(at: Office, chain: Chain, known: Versions | None) -> trust.Metadata | None:
    """What one exchange tells a vault that knows `known`."""
    chain.at = at
    asked = wire.SyncRequest(v=wire.VERSION, head=chain.head, trusted=known)
    return wire.unpack(desk.sync(at, wire.pack(asked), chain.session()), wire.SyncAnswer).metadata


def believe(
    at: Office, held: Trusted | None, metadata: trust.Metadata | None, *, practice: bool = False
) -> Trusted:
    assert metadata is not None
    return verify(held, metadata, at.clock(), keys.realm(at.keyring, practice).root)


def test_a_release_is_announced_to_its_realm_and_fetched_from_any_byte(at: Office, tmp_path: Path) -> None:
    real, practice, file = Chain(at), Chain(at, practice=True), a_release(tmp_path)
    target = publish.publish(at, file, practice=False, keys=both(at))
    held = believe(at, None, told(at, real, Versions()))
    assert held.target == target
    assert told(at, real, held.versions) is None
    assert told(at, real, None) is None
    assert told(at, practice, Versions()) is None
    assert fetch(at, real, target).content == file.read_bytes()
    assert fetch(at, real, target, 10).content == file.read_bytes()[10:]
    assert fetch(at, real, target, target.size).content == b""
    with pytest.raises(wire.BlobUnwanted):
        fetch(at, practice, target)


def test_practice_never_passes_for_real(at: Office, tmp_path: Path) -> None:
    publish.publish(at, a_release(tmp_path), practice=True)
    metadata = told(at, Chain(at, practice=True), Versions())
    assert believe(at, None, metadata, practice=True).target.number == 1
    with pytest.raises(trust.RootForeign):
        believe(at, None, metadata, practice=False)


def test_two_officers_sign_in_two_places(at: Office, tmp_path: Path) -> None:
    proposal = publish.prepare(at, a_release(tmp_path), practice=False)
    assert publish.proposed(proposal).number == 1
    first, second = both(at)
    for signed in (
        proposal,
        publish.sign(proposal, first),
        publish.sign(publish.sign(proposal, first), first),
    ):
        with pytest.raises(publish.ReleaseUnsigned):
            publish.put_in_force(at, signed, practice=False)
    stranger = publish.sign(publish.sign(proposal, first), Ed25519PrivateKey.generate())
    with pytest.raises(publish.ReleaseUnsigned) as refused:
        publish.put_in_force(at, stranger, practice=False)
    assert refused.value.facts == {"signed": 1, "needed": 2}
    assert told(at, Chain(at), Versions()) is None
    whole = publish.sign(publish.sign(proposal, first), second)
    publish.put_in_force(at, whole, practice=False)
    with pytest.raises(publish.ReleaseOld):
        publish.put_in_force(at, whole, practice=False)
    with store.reading(at.engine) as connection:
        verify_audit(connection)


def test_for_real_one_desk_without_keys_publishes_nothing(at: Office, tmp_path: Path) -> None:
    with pytest.raises(publish.ReleaseUnsigned):
        publish.publish(at, a_release(tmp_path), practice=False)


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b'{"signatures": [], "signed": {}}', b"[1]", b"\xff", b"{" * 2000]
)
def test_anything_else_is_no_proposal(at: Office, raw: bytes) -> None:
    with pytest.raises(publish.ProposalRefused):
        publish.put_in_force(at, raw, practice=False)
    with pytest.raises(publish.ProposalRefused):
        publish.sign(raw, Ed25519PrivateKey.generate())


def test_a_proposal_whose_release_is_elsewhere_is_refused(at: Office, tmp_path: Path) -> None:
    proposal = publish.prepare(at, a_release(tmp_path), practice=True)
    for key in officers.own_officers(at.home, practice=True):
        proposal = publish.sign(proposal, key)
    h = publish.proposed(proposal).sha256
    (at.home / "blobs" / h[:2] / h).unlink()
    with pytest.raises(publish.ProposalRefused):
        publish.put_in_force(at, proposal, practice=True)


def test_numbers_only_grow(at: Office, tmp_path: Path) -> None:
    publish.publish(at, a_release(tmp_path, 5), practice=False, keys=both(at))
    for number in (5, 4):
        with pytest.raises(publish.ReleaseOld):
            publish.publish(at, a_release(tmp_path, number), practice=False, keys=both(at))
    publish.publish(at, a_release(tmp_path, 4), practice=True)
    newest = publish.newest(at, practice=False)
    assert newest is not None
    assert newest["number"] == 5


def test_a_damaged_release_is_never_announced(at: Office, tmp_path: Path) -> None:
    chain, file = Chain(at), a_release(tmp_path)
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises((release.ReleaseDamaged, release.ReleaseForeign)):
        publish.publish(at, file, practice=False, keys=both(at))
    assert told(at, chain, Versions()) is None


def later(at: Office, days: float) -> Office:
    moment = clock.now() + timedelta(days=days)
    fixed: Callable[[], datetime] = lambda: moment  # noqa: E731 - a clock
    return msgspec.structs.replace(at, clock=fixed)


def test_the_newest_word_is_renewed_once_a_day_and_alone(at: Office, tmp_path: Path) -> None:
    publish.publish(at, a_release(tmp_path), practice=True)
    chain = Chain(at, practice=True)
    held = believe(at, None, told(at, chain, Versions()), practice=True)
    assert told(later(at, 0.5), chain, held.versions) is None
    tomorrow = later(at, 1.5)
    renewed = told(tomorrow, chain, held.versions)
    assert renewed is not None
    assert (renewed.roots, renewed.snapshot, renewed.targets) == ((), b"", b"")
    after = believe(tomorrow, held, renewed, practice=True)
    assert after.expires > held.expires
    assert told(tomorrow, chain, after.versions) is None


def test_a_headquarters_restored_from_a_backup_speaks_later_than_before(at: Office, tmp_path: Path) -> None:
    chain = Chain(at, practice=True)
    publish.publish(at, a_release(tmp_path, 1), practice=True)
    office.close(at)
    backup.backup(at.home, tmp_path / "backup")
    publish.publish(at, a_release(tmp_path, 2), practice=True)
    held = believe(at, None, told(at, chain, Versions()), practice=True)
    again, _ = backup.restore(tmp_path / "backup", tmp_path / "again", later(at, 0.1).clock)
    assert told(again, chain, held.versions) is None, "it knows of less than the vault and says nothing"
    publish.publish(again, a_release(tmp_path, 3), practice=True)
    assert believe(again, held, told(again, chain, held.versions), practice=True).target.number == 3
    office.close(again)


@pytest.mark.parametrize("server_key", [False, True])
def test_other_officers_take_over_and_vaults_follow(at: Office, tmp_path: Path, server_key: bool) -> None:
    chain, old = Chain(at), both(at)
    publish.publish(at, a_release(tmp_path, 1), practice=False, keys=old)
    held = believe(at, None, told(at, chain, Versions()))
    new = [Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()]
    root = officers.read_key(at.home / "root" / "real" / "root.key")
    named = [key.public_key().public_bytes_raw().hex() for key in new]
    version = officers.rotate(at.home, False, [root], named, clock.now, new_server_key=server_key)
    assert version == 2
    assert told(at, chain, held.versions) is None, "until the new officers have published"
    with pytest.raises(publish.ReleaseUnsigned):
        publish.publish(at, a_release(tmp_path, 2), practice=False, keys=old)
    publish.publish(at, a_release(tmp_path, 2), practice=False, keys=new)
    after = believe(at, held, told(at, chain, held.versions))
    assert (after.versions.root, after.target.number) == (2, 2)
    fresh = believe(at, None, told(at, chain, Versions()))
    assert fresh.versions == after.versions


def test_the_root_passes_to_three_holders_of_whom_two_sign(at: Office, tmp_path: Path) -> None:
    chain, held_by = Chain(at), [Ed25519PrivateKey.generate() for _ in range(3)]
    publish.publish(at, a_release(tmp_path, 1), practice=False, keys=both(at))
    held = believe(at, None, told(at, chain, Versions()))
    root = officers.read_key(at.home / "root" / "real" / "root.key")
    named = [key.public_key().public_bytes_raw().hex() for key in both(at)]
    holders = [key.public_key().public_bytes_raw().hex() for key in held_by]

    def turn(*by: Ed25519PrivateKey, **how: Any) -> int:
        return officers.rotate(at.home, False, by, named, clock.now, **how)

    for by in ([root], [root, held_by[0]], held_by):
        with pytest.raises(officers.OfficerKeyRefused):
            turn(*by, holders=holders, needed=2)
    assert turn(root, *held_by[:2], holders=holders, needed=2) == 2
    after = believe(at, held, told(at, chain, held.versions))
    assert after.versions.root == 2
    for by in ([root], held_by[:1]):
        with pytest.raises(officers.OfficerKeyRefused):
            turn(*by)
    assert turn(*held_by[1:]) == 3
    assert believe(at, after, told(at, chain, after.versions)).versions.root == 3
    assert believe(at, None, told(at, chain, Versions())).versions.root == 3, (
        "who enrols today walks from the first"
    )


def test_only_the_root_names_officers_and_only_two(at: Office) -> None:
    hexes = [key.public_key().public_bytes_raw().hex() for key in both(at)]
    root = officers.read_key(at.home / "root" / "real" / "root.key")
    for key, named in (
        (both(at)[0], hexes),
        (root, hexes[:1] * 2),
        (root, ["ab", "cd"]),
        (root, ["zz" * 32] * 2),
    ):
        with pytest.raises(officers.OfficerKeyRefused):
            officers.rotate(at.home, False, [key], named, clock.now)
    (at.home / "note").write_bytes(b"no key")
    with pytest.raises(officers.OfficerKeyRefused):
        officers.read_key(at.home / "note")


def test_a_carried_file_is_believed_like_the_wire(at: Office, tmp_path: Path) -> None:
    with pytest.raises(publish.NothingPublished):
        publish.carried(at, practice=True)
    file = a_release(tmp_path)
    publish.publish(at, file, practice=True)
    metadata, content = trust.unpack_carried(publish.carried(at, practice=True))
    assert content == file.read_bytes()
    trust.check_content(believe(at, None, metadata, practice=True).target, content)


def test_a_vault_whose_belief_went_back_is_noted(at: Office, tmp_path: Path) -> None:
    publish.publish(at, a_release(tmp_path), practice=True)
    chain = Chain(at, practice=True)
    held = believe(at, None, told(at, chain, Versions()), practice=True)
    told(at, chain, held.versions)
    told(at, chain, Versions())
    with store.reading(at.engine) as connection:
        said = [row.what for row in connection.exec_driver_sql("SELECT what FROM audit").all()]
    assert said.count("trust-rolled-back") == 1


def long_list(folder: Path, number: int) -> Path:
    listed = [entry(f"Brandolo Kestimar {at}", number=str(at)) for at in range(300 + number)]
    return release_of(listed, folder, number)


def test_deltas_begin_at_the_last_release_and_at_those_of_a_week_and_a_month_ago(
    at: Office, tmp_path: Path
) -> None:
    for number, day in enumerate((0, 20, 25, 40), start=1):
        publish.publish(later(at, day), long_list(tmp_path, number), practice=True)
    with store.reading(at.engine) as connection:
        rows = connection.exec_driver_sql("SELECT base, number, sha256 FROM release_delta").all()
        sizes = [publish.size_of(connection, True, row.sha256) for row in rows]
        foreign = [publish.size_of(connection, False, row.sha256) for row in rows]
    assert {(row.base, row.number) for row in rows} == {(1, 2), (2, 3), (1, 3), (3, 4), (1, 4)}
    assert all(sizes)
    assert not any(foreign)
