"""Whether to believe metadata: python-tuf's trusted set, fed from memory, judged at a moment given.

Promises: no IO and no clock; the decision is the reference implementation's (client workflow 5.3 to 5.6 of
the specification), this module hands it the files in order and gives each refusal its own name. Metadata is
bounded before it is parsed. What a vault believed before is loaded first, so nothing can go back. Where a
new root changes the server's key, what the old key signed is forgotten (5.3.11): that is how headquarters
recovers when that key was stolen and its numbers run ahead.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tuf.api.exceptions import (
    EqualVersionNumberError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata as Signed
from tuf.api.metadata import Root, Snapshot, T, TargetFile, Targets, Timestamp
from tuf.api.serialization import DeserializationError, SerializationError
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.config import EnvelopeType

from fieldapp.errors import TrustError
from fieldapp.watchlist import trust
from fieldapp.watchlist.trust import Metadata, Target, Trusted, Versions

MAX_BYTES = {"root": 64 << 10, "timestamp": 16 << 10, "snapshot": 64 << 10, "targets": 1 << 20}
MAX_ROOTS = 64
AHEAD = timedelta(days=1)  # by which a release may be dated after the moment: two clocks are never one
_KIND, _DELTA = "release", "delta"


def verify(held: Trusted | None, offered: Metadata, moment: datetime, anchor: str) -> Trusted:
    """Return what to believe after `offered`; raises one of the refusals of `trust` and changes nothing.

    `anchor` is the key of the root this vault was enrolled under, in hex; it counts while nothing is held.
    `moment` is the latest moment known to be past.
    """
    trusted = _guarded(held, offered, moment, anchor)
    known = () if held is None else (held.target, *held.deltas)
    for named in (trusted.target, *trusted.deltas):
        # A release from the future would be the newest for good, and move the moment known to be past.
        if named.issued > moment + AHEAD and named not in known:
            raise trust.ReleaseMisdated(number=named.number, issued=named.issued.date().isoformat())
    return trusted


def _guarded(held: Trusted | None, offered: Metadata, moment: datetime, anchor: str) -> Trusted:
    """Decide; whatever the libraries below trip over in a stranger's file is a file that cannot be read."""
    try:
        return _decide(held, offered, moment, anchor)
    except TrustError:
        raise
    except Exception:  # noqa: BLE001 - signed or not, the content is a stranger's, and the answer is the same
        raise trust.MetadataUnreadable(part="metadata") from None


def _decide(held: Trusted | None, offered: Metadata, moment: datetime, anchor: str) -> Trusted:
    _check_sizes(offered)
    roots, first = _first_root(held, offered, anchor)
    believed = _trusting(first)
    believed.reference_time = moment
    for raw in roots:
        version = _read(Root, raw).signed.version
        if version == believed.root.version + 1:
            _step("root", raw, believed, believed.update_root)
            first = raw
        elif version > believed.root.version:
            raise trust.RootGap(have=believed.root.version, offered=version)
    if believed.root.is_expired(moment):
        raise trust.MetadataExpired(part="root", on=believed.root.expires.date().isoformat())
    before = held if held is not None and _same_server(_read(Root, held.root).signed, believed.root) else None
    timestamp = _timestamp(believed, before, offered)
    snapshot = _later(believed, before.snapshot if before else b"", offered.snapshot, "snapshot")
    targets = _later(believed, held.targets if held else b"", offered.targets, "targets")
    target = _newest(believed.targets)
    if held is not None and target.number < held.target.number:
        raise trust.MetadataRolledBack(part=_KIND, offered=target.number, known=held.target.number)
    return Trusted(
        root=first,
        timestamp=timestamp,
        snapshot=snapshot,
        targets=targets,
        versions=Versions(believed.root.version, believed.timestamp.version, believed.snapshot.version),
        target=target,
        deltas=_named(believed.targets, _DELTA, target.number),
        expires=believed.timestamp.expires,
    )


def promised(targets: Targets, moment: datetime) -> tuple[Target, tuple[Target, ...]]:
    """Return the release that `targets` name and its deltas; refuses at `moment` what every vault would.

    For headquarters, before it is signed: what misdates or misnumbers itself reaches no laptop.
    """
    target = _newest(targets)
    deltas = _named(targets, _DELTA, target.number)
    for named in (target, *deltas):
        if named.issued > moment + AHEAD:
            raise trust.ReleaseMisdated(number=named.number, issued=named.issued.date().isoformat())
    return target, deltas


def signed_release(offered: Metadata, anchor: str = "") -> Target:
    """Return the release that complete metadata names, whenever it was signed; for looking into a file.

    Without `anchor` the first root vouches for itself: whole and signed, by whom stays open.
    """
    if not offered.roots:
        raise trust.RootForeign
    first = _read(Root, offered.roots[0]).signed
    own = [first.keys[keyid] for keyid in first.roles["root"].keyids if keyid in first.keys]
    if not own:
        raise trust.RootForeign
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    return _guarded(None, offered, long_ago, anchor or own[0].keyval["public"]).target


def _check_sizes(offered: Metadata) -> None:
    if len(offered.roots) > MAX_ROOTS:
        raise trust.MetadataTooLarge(part="root")
    for role, files in (
        ("root", offered.roots),
        ("timestamp", (offered.timestamp,)),
        ("snapshot", (offered.snapshot,)),
        ("targets", (offered.targets,)),
    ):
        if any(len(raw) > MAX_BYTES[role] for raw in files):
            raise trust.MetadataTooLarge(part=role)


def _read(role: type[T], raw: bytes) -> Signed[T]:
    """Read one file; the trusted set reads it again and checks it."""
    try:
        read: Signed[T] = Signed.from_bytes(raw)
        _ = read.signed_bytes  # what has no signed form, such as a fraction, can bear no signature
    except (DeserializationError, SerializationError, RecursionError):
        raise trust.MetadataUnreadable(part=role.type) from None
    if not isinstance(read.signed, role):
        raise trust.MetadataUnreadable(part=role.type)
    if any(version > trust.LAST_VERSION for version in _versions(read.signed)):
        raise trust.MetadataTooLarge(part=role.type)
    return read


def _versions(signed: Root | Timestamp | Snapshot | Targets) -> Iterator[int]:
    """Give the version of a file and those that it names of others."""
    yield signed.version
    if isinstance(signed, Timestamp):
        yield signed.snapshot_meta.version
    if isinstance(signed, Snapshot):
        yield from (file.version for file in signed.meta.values())


def _first_root(held: Trusted | None, offered: Metadata, anchor: str) -> tuple[tuple[bytes, ...], bytes]:
    """Return the roots to follow and the one to begin with: held, or anchored in the enrolment."""
    if held is not None:
        return offered.roots, held.root
    for at, raw in enumerate(offered.roots):
        read = _read(Root, raw)
        own = read.signed.roles["root"].keyids
        ours = [read.signed.keys[keyid] for keyid in own if keyid in read.signed.keys]
        ours = [key for key in ours if key.keyval.get("public") == anchor]
        if ours and all(_signed_by(read, key.keyid) for key in ours):
            return offered.roots[at + 1 :], raw
    raise trust.RootForeign


def _signed_by(read: Signed[Root], keyid: str) -> bool:
    found = read.signed.get_root_verification_result(None, read.signed_bytes, read.signatures)
    return found.verified and keyid in found.signed


def _trusting(root: bytes) -> TrustedMetadataSet:
    try:
        return TrustedMetadataSet(root, EnvelopeType.METADATA)
    except UnsignedMetadataError:
        raise trust.RootForeign from None
    except RepositoryError:
        raise trust.MetadataUnreadable(part="root") from None


def _same_server(before: Root, now: Root) -> bool:
    return all(
        set(before.roles[role].keyids) == set(now.roles[role].keyids) for role in ("timestamp", "snapshot")
    )


def _timestamp(believed: TrustedMetadataSet, held: Trusted | None, offered: Metadata) -> bytes:
    """Take the offered timestamp where it is newer than the one held; return the one in force."""
    if held is not None:
        _load(believed.update_timestamp, held.timestamp)
    kept = held.timestamp if held is not None else b""
    if offered.timestamp:
        _read(Timestamp, offered.timestamp)  # bounded before it is believed
        try:
            _step("timestamp", offered.timestamp, believed, believed.update_timestamp)
            kept = offered.timestamp
        except EqualVersionNumberError:
            pass  # the one held is as new
    if "timestamp" not in believed:
        raise trust.MetadataUnreadable(part="timestamp")
    if believed.timestamp.is_expired(believed.reference_time):
        raise trust.HeadquartersFrozen(on=believed.timestamp.expires.date().isoformat())
    return kept


def _later(believed: TrustedMetadataSet, held: bytes, offered: bytes, role: str) -> bytes:
    """Take snapshot or targets: the held one while it is the one named above it, else the offered one."""
    trusted_before = {"snapshot": lambda raw: believed.update_snapshot(raw, trusted=True)}
    update: dict[str, Callable[[bytes], object]] = {
        "snapshot": believed.update_snapshot,
        "targets": believed.update_targets,
    }
    if held and _load(trusted_before.get(role, update[role]), held):
        return held
    if not offered:
        raise trust.MetadataMixed(part=role)
    _read_later(role, offered)
    _step(role, offered, believed, update[role])
    return offered


def _load(update: Callable[[bytes], object], raw: bytes) -> bool:
    """Load a file held from before; an outdated one still guards against going back."""
    try:
        update(raw)
    except RepositoryError:
        return False
    return True


def _step(role: str, raw: bytes, believed: TrustedMetadataSet, update: Callable[[bytes], object]) -> None:
    """Have the trusted set take one file, and say in our words why it does not."""
    before = dict(believed.snapshot.meta) if role == "snapshot" and "snapshot" in believed else {}
    try:
        update(raw)
    except EqualVersionNumberError:
        raise
    except UnsignedMetadataError:
        signed = _signers(role, raw, believed)
        needed = believed.root.roles[role].threshold
        if signed:
            raise trust.SignersTooFew(part=role, signed=signed, needed=needed) from None
        raise trust.SignerUnknown(part=role) from None
    except ExpiredMetadataError:
        if role == "timestamp":
            raise trust.HeadquartersFrozen(on=believed.timestamp.expires.date().isoformat()) from None
        on = _expiry(role, raw)
        raise trust.MetadataExpired(part=role, on=on) from None
    except LengthOrHashMismatchError:
        raise trust.MetadataMixed(part=role) from None
    except DeserializationError:
        raise trust.MetadataUnreadable(part=role) from None
    except RepositoryError:
        _name_refusal(role, raw, believed, {name: file.version for name, file in before.items()})


def _name_refusal(role: str, raw: bytes, believed: TrustedMetadataSet, before: dict[str, int]) -> None:
    """Tell going back from putting together: both are a version that does not fit."""
    if role not in believed:  # nothing to go back from
        raise trust.MetadataMixed(part=role) from None
    if role == "timestamp":
        offer, known = _read(Timestamp, raw).signed, believed.timestamp
        if offer.version < known.version:
            raise trust.MetadataRolledBack(part=role, offered=offer.version, known=known.version) from None
        now, then = offer.snapshot_meta.version, known.snapshot_meta.version
        raise trust.MetadataRolledBack(part="snapshot", offered=now, known=then) from None
    if role == "snapshot":
        offered = _read(Snapshot, raw).signed.meta
        for name, version in before.items():
            now = offered[name].version if name in offered else 0
            if now < version:
                raise trust.MetadataRolledBack(part="targets", offered=now, known=version) from None
    raise trust.MetadataMixed(part=role) from None


def _expiry(role: str, raw: bytes) -> str:
    day: datetime = _read_later(role, raw).expires
    return day.date().isoformat()


def _read_later(role: str, raw: bytes) -> Snapshot | Targets:
    return _read(Snapshot, raw).signed if role == "snapshot" else _read(Targets, raw).signed


def _signers(role: str, raw: bytes, believed: TrustedMetadataSet) -> int:
    """Count the keys named for `role` whose signature on `raw` is good."""
    read: Signed[Any] = Signed.from_bytes(raw)
    found = believed.root.get_verification_result(role, read.signed_bytes, read.signatures)
    return len(found.signed)


def _newest(targets: Targets) -> Target:
    """Return the release of the highest number that the targets name."""
    named = _named(targets, _KIND)
    if not named:
        raise trust.ReleaseUnnamed
    return max(named, key=lambda target: target.number)


def _named(targets: Targets, kind: str, number: int | None = None) -> tuple[Target, ...]:
    """Return what the targets name of a kind, for one release or for any."""
    files = (file for file in targets.targets.values() if _said(file).get("kind") == kind)
    return tuple(target for target in map(_target, files) if number in (None, target.number))


def _said(file: TargetFile) -> dict[str, Any]:
    """Return what headquarters says of a file; the officers sign it, and nobody checks its form before."""
    said = file.unrecognized_fields.get("custom") or {}
    if not isinstance(said, dict):
        raise trust.MetadataUnreadable(part="targets")
    return said


def _target(file: TargetFile) -> Target:
    said = _said(file)
    try:
        target = Target(
            number=_whole(said["number"]),
            name=_words(said["name"]),
            issued=datetime.fromisoformat(said["issued"]),
            sha256=_words(file.hashes["sha256"]),
            size=_whole(file.length),
            base=_whole(said.get("base", 0)),
        )
    except (KeyError, TypeError, ValueError):
        raise trust.MetadataUnreadable(part="targets") from None
    if not (0 < target.number <= trust.LAST_VERSION and 0 <= target.base <= trust.LAST_VERSION):
        raise trust.ReleaseMisnumbered(number=str(target.number)[:20])
    if target.size > trust.LAST_VERSION:
        raise trust.MetadataUnreadable(part="targets")
    if target.issued.utcoffset() is None:
        raise trust.ReleaseMisdated(number=target.number, issued=target.issued.isoformat())
    return target


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
