"""What says which release headquarters stands by: signed metadata after The Update Framework (TUF 1.0).

Four roles sign. The root, kept offline, names the keys of the others; two officers together sign the
targets, which name each release by length and SHA-256; headquarters' server signs the snapshot and, every
day, the timestamp. A vault keeps what it last believed and takes nothing older, nothing run out, nothing
signed by too few. Every refusal is an error of its own; then what was believed before still holds.

Here are the values and the refusals; `verification` decides. A release travels with its metadata: over the
wire in a sync answer, or in one file on a stick (`carried`).
"""

import hashlib
import hmac
from datetime import datetime
from typing import Annotated

import msgspec

from fieldapp import canonical
from fieldapp.errors import InspectorError, TrustError
from fieldapp.watchlist.frames import ReleaseDamaged

CARRIED = b"FIELDLIST1\n"
MAX_CARRIED = 16 << 20  # bytes of metadata in a carried file
LAST_VERSION = 1 << 53  # what every reader of JSON still counts exactly
_PERMIT = b"FIELDPERMIT1"

Version = Annotated[int, msgspec.Meta(ge=0, le=LAST_VERSION)]


class Metadata(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Signed files as their bytes; what the other side has may be absent. Roots stand in order of version."""

    roots: tuple[bytes, ...] = ()
    timestamp: bytes = b""
    snapshot: bytes = b""
    targets: bytes = b""


class Versions(msgspec.Struct, frozen=True, array_like=True):
    """How far a vault's belief has come, by role; 0 where it has none."""

    root: Version = 0
    timestamp: Version = 0
    snapshot: Version = 0


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A release that headquarters stands by, or what leads to it from release `base` where that is not 0.

    `number`, `name` and `issued` are those of the release; `sha256` is of the file, `size` its bytes.
    `permit` is the vault's word to the screening process, under the key that only these two share.
    """

    number: int
    name: str
    issued: datetime
    sha256: str
    size: int
    base: int = 0
    permit: bytes = b""


class Trusted(msgspec.Struct, frozen=True, kw_only=True):
    """What a vault believes: the newest root and the files verified under it, and what they say."""

    root: bytes
    timestamp: bytes
    snapshot: bytes
    targets: bytes
    versions: Versions
    target: Target
    deltas: tuple[Target, ...] = ()
    expires: datetime  # of the timestamp: until then headquarters' newest word counts as its newest


class MetadataUnreadable(TrustError):
    """The file is no metadata of this role: cut, altered in form, or something else. `part` says which."""

    code = "metadata-unreadable"


class MetadataTooLarge(TrustError):
    """A metadata file, or the chain of roots, is larger than any headquarters makes."""

    code = "metadata-too-large"


class RootForeign(TrustError):
    """The root is not the one this vault was enrolled under."""

    code = "metadata-root-foreign"


class RootGap(TrustError):
    """A link is missing in the chain from the root that is trusted to the one offered."""

    code = "metadata-root-gap"


class SignerUnknown(TrustError):
    """No key that the root names for this role has signed."""

    code = "metadata-signer-unknown"


class SignersTooFew(TrustError):
    """Fewer officers have signed than the root asks for: `signed` of `needed`."""

    code = "metadata-signers-too-few"


class MetadataRolledBack(TrustError):
    """Older than what was believed before: `offered` is the version, `known` the one believed."""

    code = "metadata-rolled-back"


class MetadataMixed(TrustError):
    """Files of different publications were put together."""

    code = "metadata-mixed"


class MetadataExpired(TrustError):
    """What this role signed has run out on `on`, by the latest moment known to be past."""

    code = "metadata-expired"


class HeadquartersFrozen(TrustError):
    """The newest word of headquarters is too old: it is down, cut off, or its newer word is withheld."""

    code = "metadata-frozen"


class ReleaseUnnamed(TrustError):
    """The metadata holds and names no release."""

    code = "metadata-names-no-release"


class ReleaseMisdated(TrustError):
    """Release `number` is dated where no release can be: without a time zone, or after today (`issued`)."""

    code = "release-misdated"


class ReleaseMisnumbered(TrustError):
    """The number of a release is none that any headquarters gives: below one, or beyond all counting."""

    code = "release-misnumbered"


class ReleaseAltered(TrustError):
    """The file is not the release that headquarters stands by; `why` is length, hash or permit."""

    code = "release-altered"


class CarriedForeign(InspectorError):
    """The file is no release with its metadata."""

    code = "carried-release-foreign"


# Whatever may be said against a release or its metadata; the list in use stays.
REFUSALS: tuple[type[TrustError], ...] = (
    MetadataUnreadable, MetadataTooLarge, RootForeign, RootGap, SignerUnknown, SignersTooFew,
    MetadataRolledBack, MetadataMixed, MetadataExpired, HeadquartersFrozen, ReleaseUnnamed, ReleaseMisdated,
    ReleaseMisnumbered, ReleaseAltered, ReleaseDamaged,
)  # fmt: skip


def check_content(target: Target, content: bytes) -> None:
    """Refuse bytes that are not the release `target`."""
    if len(content) != target.size:
        raise ReleaseAltered(number=target.number, why="length")
    if canonical.sha256(content) != target.sha256:
        raise ReleaseAltered(number=target.number, why="hash")


def permitted(target: Target, key: bytes) -> Target:
    """Return `target` with the vault's word under `key` that it was verified."""
    return msgspec.structs.replace(target, permit=_permit(target, key))


def check_permit(target: Target, key: bytes) -> None:
    """Refuse a target that did not come from the vault's own verification, whoever hands it over."""
    if not hmac.compare_digest(target.permit, _permit(target, key)):
        raise ReleaseAltered(number=target.number, why="permit")


def _permit(target: Target, key: bytes) -> bytes:
    bare = msgspec.structs.replace(target, permit=b"")
    return hmac.new(key, _PERMIT + canonical.encode(bare), hashlib.sha256).digest()


def pack_carried(metadata: Metadata, content: bytes) -> bytes:
    """Return one file that holds a release and everything needed to believe it."""
    head = msgspec.msgpack.encode(metadata)
    return CARRIED + len(head).to_bytes(4, "big") + head + content


def is_carried(raw: bytes) -> bool:
    """Say whether `raw` begins like a carried release."""
    return raw.startswith(CARRIED)


def unpack_carried(raw: bytes) -> tuple[Metadata, bytes]:
    """Take a carried file apart; nothing in it is believed yet."""
    body = raw[len(CARRIED) :]
    size = int.from_bytes(body[:4], "big")
    if not is_carried(raw) or not 0 < size <= min(MAX_CARRIED, len(body) - 4):
        raise CarriedForeign
    try:
        return msgspec.msgpack.decode(body[4 : 4 + size], type=Metadata), body[4 + size :]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise CarriedForeign from None
