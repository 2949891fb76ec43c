"""Publishing: a watchlist release becomes a TUF target that two officers signed.

Three steps, which may be taken in three places: `prepare` reads the release to its end, stores it and writes
what is to be signed; each officer signs that with his own key (`sign`, which needs no headquarters);
`put_in_force` checks that enough of them did, and announces. From then on vaults are told in their next
exchange. What is damaged or cut is never announced, and numbers only grow: versions follow the clock, so a
headquarters restored from a backup still speaks later than it did before.
"""

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Row, RowMapping, delete, func, insert, select
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import Metadata as Signed
from tuf.api.metadata import MetaFile, Root, Snapshot, T, TargetFile, Targets, Timestamp
from tuf.api.serialization import DeserializationError

from fieldapp import clock
from fieldapp.errors import InspectorError
from fieldapp.watchlist import delta, release, trust, verification
from fieldapp.watchlist.release import Header
from fieldapp.watchlist.trust import Target, Versions
from sync.headquarters import audit, officers, store, tables
from sync.headquarters.office import Office

TARGETS_DAYS = 365
TIMESTAMP_DAYS = 45  # how long a laptop believes the newest word it has
RENEWED_DAYS = 1  # how old the timestamp gets before the next exchange renews it
SKIP_DAYS = (7, 30)  # deltas also begin at what was in force so long ago
WORTH_A_DELTA = 0.5  # of the whole release; a larger delta is left out
MAX_PROPOSAL = 1 << 20  # bytes


class ReleaseOld(InspectorError):
    """A release of this number, or a later one, is published already."""

    code = "release-old"


class ReleaseUnsigned(InspectorError):
    """Fewer officers have signed than publishing asks for: `signed` of `needed`."""

    code = "release-unsigned"


class ProposalRefused(InspectorError):
    """The file is no proposal, or its release is not stored here."""

    code = "proposal-refused"


class NothingPublished(InspectorError):
    """There is no release in force in this realm."""

    code = "nothing-published"


def prepare(office: Office, file: Path, *, practice: bool) -> bytes:
    """Store the release in `file` and return the proposal that the officers sign."""
    header, entries = release.open_release(file)
    for _entry in entries:
        pass
    content = file.read_bytes()
    now = office.clock()
    with store.reading(office.engine) as connection:
        _require_newer(connection, practice, header.number)
        before = _all_kept(connection, practice).get("targets")
        bases = _bases(connection, practice, now)
    last = before.version if before else 0
    made = [_stored(office, header, "release", content)]
    for base in bases:
        leading = _delta(office, base["sha256"], file)
        if len(leading) < len(content) * WORTH_A_DELTA:
            made.append(_stored(office, header, "delta", leading, base=base["number"]))
    proposal = Targets(
        version=_next(last, now), expires=_in(now, TARGETS_DAYS), targets={one.path: one for one in made}
    )
    raw = bytes(Signed(proposal).to_bytes())
    _proposed(raw, now)
    return raw


def _bases(connection: Connection, practice: bool, now: datetime) -> list[RowMapping]:
    """Return the releases that deltas begin at: the last one, and those in force a week and a month ago."""
    kept = tables.release
    found: dict[int, RowMapping] = {}
    for days in (0, *SKIP_DAYS):
        until = store.text(now - timedelta(days=days))
        question = select(kept).where(kept.c.practice == practice, kept.c.published <= until)
        row = store.one(connection, question.order_by(kept.c.number.desc()).limit(1))
        if row is not None:
            found[row["number"]] = row
    return list(found.values())


def _delta(office: Office, base: str, new: Path) -> bytes:
    """Return what leads from the release of the hash `base` to the one in `new`."""
    with tempfile.TemporaryDirectory(dir=office.home, prefix=".delta-") as folder:
        old, made = Path(folder) / "base", Path(folder) / "delta"
        old.write_bytes(office.blobs.read(base))
        delta.write_delta(made, old, new)
        return made.read_bytes()


def _stored(office: Office, header: Header, kind: str, content: bytes, base: int = 0) -> TargetFile:
    """Keep a file in the store; return how the targets name it."""
    name = f"delta-{base}-{header.number}.zst" if base else f"release-{header.number}.zst"
    target: TargetFile = TargetFile.from_data(name, content, ["sha256"])
    said: dict[str, object] = {"base": base} if base else {"entries": header.entries, "state": header.state}
    target.unrecognized_fields["custom"] = {
        "kind": kind,
        "number": header.number,
        "name": header.name,
        "issued": header.issued.isoformat(),
        **said,
    }
    office.blobs.put(content)
    return target


def proposed(proposal: bytes) -> Target:
    """Return the release that a proposal is about, for whoever is asked to sign it."""
    return _proposed(proposal, clock.now())[0]


def _proposed(proposal: bytes, moment: datetime) -> tuple[Target, tuple[Target, ...]]:
    """Return the one release of a proposal, and its deltas; refuses what vaults would refuse."""
    targets = _read(Targets, proposal).signed
    try:
        whole, deltas = verification.promised(targets, moment)
    except (trust.MetadataUnreadable, trust.ReleaseUnnamed, KeyError, TypeError, AttributeError):
        raise ProposalRefused(why="form") from None
    if len(deltas) + 1 != len(targets.targets):
        raise ProposalRefused(why="form")  # one release at a time
    return whole, deltas


def merge(office: Office, proposal: bytes, brought: bytes, *, practice: bool) -> tuple[bytes, int, int]:
    """Put the officers' signatures of `brought` beside those of `proposal`; both sign the same targets.

    Return the proposal, how many officers' signatures on it are good, and how many are needed.
    """
    held, other = _read(Targets, proposal), _read(Targets, brought)
    if held.signed_bytes != other.signed_bytes:
        raise ProposalRefused(why="other")
    held.signatures.update(other.signatures)
    root = _read(Root, officers.roots(office.home, practice)[-1]).signed
    found = root.get_verification_result("targets", held.signed_bytes, held.signatures)
    # Signatures that are no officer's are left out: nobody after this one has to wonder about them.
    good = {keyid: held.signatures[keyid] for keyid in found.signed}
    held.signatures.clear()
    held.signatures.update(good)
    return bytes(held.to_bytes()), len(found.signed), found.threshold


def sign(proposal: bytes, key: Ed25519PrivateKey) -> bytes:
    """Return the proposal with the signature of `key` beside those it has."""
    read = _read(Targets, proposal)
    read.sign(officers.signer(key), append=True)
    return bytes(read.to_bytes())


def put_in_force(office: Office, proposal: bytes, *, practice: bool, by: str = "command") -> Target:
    """Announce a proposal that enough officers have signed."""
    read, (target, deltas) = _read(Targets, proposal), _proposed(proposal, office.clock())
    root = _read(Root, officers.roots(office.home, practice)[-1]).signed
    try:
        root.verify_delegate("targets", read.signed_bytes, read.signatures)
    except UnsignedMetadataError:
        found = root.get_verification_result("targets", read.signed_bytes, read.signatures)
        raise ReleaseUnsigned(signed=len(found.signed), needed=found.threshold) from None
    try:
        for each in (target, *deltas):
            trust.check_content(each, office.blobs.read(each.sha256))
    except FileNotFoundError:
        raise ProposalRefused(why="release") from None
    now = office.clock()
    with store.writing(office.engine) as connection:
        _require_newer(connection, practice, target.number)
        before = _all_kept(connection, practice).get("targets")
        if before and read.signed.version <= before.version:
            raise ReleaseOld(number=target.number, latest=target.number)
        _enter(connection, practice, target, deltas, now)
        _keep(connection, practice, read.signed, proposal, now)
        _speak(connection, office, practice)
        audit.note(connection, now, by, "published", target.sha256)
    return target


def _enter(
    connection: Connection, practice: bool, target: Target, deltas: Sequence[Target], now: datetime
) -> None:
    connection.execute(
        insert(tables.release).values(
            sha256=target.sha256,
            practice=practice,
            number=target.number,
            name=target.name,
            issued=store.text(target.issued),
            size=target.size,
            published=store.text(now),
        )
    )
    for each in deltas:
        row = {"sha256": each.sha256, "base": each.base, "number": each.number, "size": each.size}
        connection.execute(insert(tables.release_delta).values(practice=practice, **row))


def size_of(connection: Connection, practice: bool, sha256: str) -> int | None:
    """Return the size of a published file of a realm, None for any other."""
    for kept in (tables.release, tables.release_delta):
        question = select(kept.c.size).where(kept.c.sha256 == sha256, kept.c.practice == practice)
        found: int | None = connection.execute(question).scalar()
        if found is not None:
            return found
    return None


def publish(
    office: Office,
    file: Path,
    *,
    practice: bool,
    keys: Sequence[Ed25519PrivateKey] = (),
    by: str = "command",
) -> Target:
    """All steps at one desk: publish the release in `file`, signed with `keys` (in practice, its own)."""
    proposal = prepare(office, file, practice=practice)
    for key in keys or officers.own_officers(office.home, practice):
        proposal = sign(proposal, key)
    return put_in_force(office, proposal, practice=practice, by=by)


def metadata_for(
    connection: Connection, office: Office, practice: bool, known: Versions
) -> trust.Metadata | None:
    """Return what a vault that knows `known` has to hear, None when it is nothing.

    Runs inside the writing transaction of its exchange: the timestamp is renewed here, once a day.
    """
    kept = _all_kept(connection, practice)
    if not kept:
        return None
    if known.snapshot > kept["snapshot"].version:
        return None  # restored from a backup: the vault knows a later release, which is to be published again
    renewed = store.moment(kept["timestamp"].signed) + timedelta(days=RENEWED_DAYS) > office.clock()
    here = Versions(
        officers.roots_made(office.home, practice), kept["timestamp"].version, kept["snapshot"].version
    )
    if renewed and known == here:
        return None
    chain = _good_roots(office, practice, kept["targets"].content)
    following = chain[known.root :]
    if following and not _by_our_key(office, practice, kept["timestamp"].content):
        _speak(connection, office, practice)
    elif not renewed:
        _renew(connection, office, practice)
    kept = _all_kept(connection, practice)
    if known.timestamp >= kept["timestamp"].version and not following:
        return None
    fresh = known.snapshot != kept["snapshot"].version
    return trust.Metadata(
        roots=following,
        timestamp=kept["timestamp"].content,
        snapshot=kept["snapshot"].content if fresh else b"",
        targets=kept["targets"].content if fresh else b"",
    )


def carried(office: Office, *, practice: bool) -> bytes:
    """Return the release in force with everything needed to believe it, for a stick."""
    with store.writing(office.engine) as connection:
        metadata = metadata_for(connection, office, practice, Versions())
    if metadata is None:
        raise NothingPublished
    target = proposed(metadata.targets)
    return trust.pack_carried(metadata, office.blobs.read(target.sha256))


def newest(office: Office, practice: bool) -> RowMapping | None:
    """Return the row of the newest release of a realm."""
    kept = tables.release
    question = select(kept).where(kept.c.practice == practice).order_by(kept.c.number.desc()).limit(1)
    with store.reading(office.engine) as connection:
        return store.one(connection, question)


def _require_newer(connection: Connection, practice: bool, number: int) -> None:
    kept = tables.release
    latest = (
        connection.execute(select(func.max(kept.c.number)).where(kept.c.practice == practice)).scalar() or 0
    )
    if number <= latest:
        raise ReleaseOld(number=number, latest=latest)


def _good_roots(office: Office, practice: bool, targets: bytes) -> tuple[bytes, ...]:
    """Return the chain as far as the targets in force are good under it."""
    chain = officers.roots(office.home, practice)
    read = _read(Targets, targets)
    while len(chain) > 1:
        last = _read(Root, chain[-1]).signed
        if last.get_verification_result("targets", read.signed_bytes, read.signatures).verified:
            break
        chain = chain[:-1]
    return chain


def _by_our_key(office: Office, practice: bool, timestamp: bytes) -> bool:
    ours = officers.signer(officers.online(office.home, practice)).public_key.keyid
    return ours in _read(Timestamp, timestamp).signatures


def _speak(connection: Connection, office: Office, practice: bool) -> None:
    """Sign a snapshot of the targets in force, and a timestamp of it."""
    kept, now = _all_kept(connection, practice), office.clock()
    targets = kept["targets"]
    snapshot = Snapshot(
        version=_next(kept["snapshot"].version if "snapshot" in kept else 0, now),
        expires=_in(now, TARGETS_DAYS),
        meta={"targets.json": MetaFile.from_data(targets.version, targets.content, ["sha256"])},
    )
    _sign_online(connection, office, practice, snapshot)
    _renew(connection, office, practice)


def _renew(connection: Connection, office: Office, practice: bool) -> None:
    """Sign a timestamp of the snapshot in force: headquarters' newest word, as of now."""
    kept, now = _all_kept(connection, practice), office.clock()
    snapshot = kept["snapshot"]
    timestamp = Timestamp(
        version=_next(kept["timestamp"].version if "timestamp" in kept else 0, now),
        expires=_in(now, TIMESTAMP_DAYS),
        snapshot_meta=MetaFile.from_data(snapshot.version, snapshot.content, ["sha256"]),
    )
    _sign_online(connection, office, practice, timestamp)


def _sign_online(connection: Connection, office: Office, practice: bool, said: Snapshot | Timestamp) -> None:
    made: Signed[Any] = Signed(said)
    made.sign(officers.signer(officers.online(office.home, practice)))
    _keep(connection, practice, said, bytes(made.to_bytes()), office.clock())


def _next(last: int, now: datetime) -> int:
    return max(last + 1, int(now.timestamp()))


def _in(now: datetime, days: int) -> datetime:
    return now.astimezone(UTC).replace(microsecond=0) + timedelta(days=days)


def _read(role: type[T], raw: bytes) -> Signed[T]:
    """Read metadata that this headquarters, or a proposal, holds."""
    if len(raw) > MAX_PROPOSAL:
        raise ProposalRefused(why="form")
    try:
        read: Signed[T] = Signed.from_bytes(raw)
    except (DeserializationError, RecursionError):
        raise ProposalRefused(why="form") from None
    if not isinstance(read.signed, role):
        raise ProposalRefused(why="form")
    return read


def _all_kept(connection: Connection, practice: bool) -> dict[str, Row[Any]]:
    kept = tables.release_metadata
    return {row.role: row for row in connection.execute(select(kept).where(kept.c.practice == practice))}


def _keep(
    connection: Connection,
    practice: bool,
    said: Targets | Snapshot | Timestamp,
    content: bytes,
    now: datetime,
) -> None:
    kept = tables.release_metadata
    connection.execute(delete(kept).where(kept.c.practice == practice, kept.c.role == said.type))
    row = {"role": said.type, "version": said.version, "signed": store.text(now), "content": content}
    connection.execute(insert(kept).values(practice=practice, **row))
