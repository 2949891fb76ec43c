"""Who may publish a watchlist: two officers' keys, the server's key for freshness, and the root over them.

The root key that vaults were enrolled under signs `1.root.json`, which names both officers (two of two) and
the server's release key. A new root follows the old one under the next number and is signed by both, so every
laptop can walk from the root it knows to the newest. Real officers' keys are made beside the root, in
`root/`, and go with their officers; practice keeps its own two in `keys/`, for there one command publishes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import Metadata, Role, Root

from fieldapp.clock import Clock
from fieldapp.errors import InspectorError
from sync import identity
from sync.headquarters import keys
from sync.headquarters.keys import KeysMissing

ROOT_DAYS = 5 * 365
OFFICERS = 2


class OfficerKeyRefused(InspectorError):
    """The file is no officer's key, or the public keys given are not two different ones."""

    code = "officer-key-refused"


def signer(key: Ed25519PrivateKey) -> CryptoSigner:
    """Return what signs metadata with `key`."""
    return CryptoSigner(key)


def read_key(file: Path) -> Ed25519PrivateKey:
    """Read a private key file as headquarters makes them: 32 bytes."""
    with file.open("rb") as opened:
        raw = opened.read(33)
    if len(raw) != 32:
        raise OfficerKeyRefused(file=file.name)
    return Ed25519PrivateKey.from_private_bytes(raw)


def make_key(file: Path) -> str:
    """Make an officer's key in the new file `file`; return its public half in hex."""
    key = Ed25519PrivateKey.generate()
    keys.keep(file, key.private_bytes_raw())
    return key.public_key().public_bytes_raw().hex()


def make_missing(home: Path, clock: Clock) -> None:
    """Make the keys of releases where a realm has none yet, while its root is at hand."""
    for which in keys.REALMS:
        folder = home / "keys" / which
        offline = home / "root" / which
        if (folder / "1.root.json").exists() or not (offline / "root.key").exists():
            continue
        place = folder if which == "practice" else offline
        named = [make_key(place / f"officer-{number}.key") for number in range(1, OFFICERS + 1)]
        online = make_key(folder / "release.key")
        root = read_key(offline / "root.key")
        first = _root(1, [_public(root)], 1, named, online, clock())
        keys.keep(folder / "1.root.json", _signed(first, [root]).to_bytes())


def own_officers(home: Path, practice: bool) -> tuple[Ed25519PrivateKey, ...]:
    """Return the officers' keys that lie at headquarters itself: those of practice."""
    if not practice:
        return ()
    folder = _folder(home, practice)
    return tuple(read_key(file) for file in sorted(folder.glob("officer-*.key")))


def online(home: Path, practice: bool) -> Ed25519PrivateKey:
    """Return the server's key for snapshot and timestamp."""
    file = _folder(home, practice) / "release.key"
    if not file.exists():
        raise KeysMissing(file=file.name)
    return read_key(file)


def roots(home: Path, practice: bool) -> tuple[bytes, ...]:
    """Return the chain of roots from the first on."""
    folder = _folder(home, practice)
    found: list[bytes] = []
    while (file := folder / f"{len(found) + 1}.root.json").exists():
        found.append(file.read_bytes())
    if not found:
        raise KeysMissing(file="1.root.json")
    return tuple(found)


def roots_made(home: Path, practice: bool) -> int:
    """Return how long the chain of roots is."""
    folder, count = _folder(home, practice), 0
    while (folder / f"{count + 1}.root.json").exists():
        count += 1
    return count


def rotate(
    home: Path,
    practice: bool,
    by: Sequence[Ed25519PrivateKey],
    officers: Sequence[str],
    clock: Clock,
    *,
    holders: Sequence[str] = (),
    needed: int = 0,
    new_server_key: bool = False,
) -> int:
    """Name other officers, by their public keys in hex, in a root of the next version; return the version.

    `by` are root keys: as many as the last root asks for, and as many as the new one does. `holders` names
    other root keys and `needed` how many of them sign from then on; without them both stay as they are. With
    `new_server_key` the server gets another release key too. Laptops learn of a root when the targets in
    force are good under it: publish again after the officers have changed.
    """
    chain, folder = roots(home, practice), _folder(home, practice)
    last = Metadata[Root].from_bytes(chain[-1]).signed
    if len(set(officers)) != OFFICERS or not _are_keys((*officers, *holders)):
        raise OfficerKeyRefused(file="")
    before = last.roles["root"]
    held = tuple(holders) or tuple(last.keys[keyid].keyval["public"] for keyid in before.keyids)
    server = last.keys[last.roles["timestamp"].keyids[0]].keyval["public"]
    version, fresh = len(chain) + 1, folder / "release.key.part"
    if new_server_key:
        fresh.unlink(missing_ok=True)
        server = make_key(fresh)
    following = _signed(_root(version, held, needed or before.threshold, officers, server, clock()), by)
    try:
        last.verify_delegate("root", following.signed_bytes, following.signatures)
        following.signed.verify_delegate("root", following.signed_bytes, following.signatures)
    except (UnsignedMetadataError, ValueError):
        fresh.unlink(missing_ok=True)
        raise OfficerKeyRefused(file="root.key") from None
    keys.keep(folder / f"{version}.root.json", following.to_bytes())
    if new_server_key:
        fresh.replace(folder / "release.key")
    return version


def _folder(home: Path, practice: bool) -> Path:
    return home / "keys" / ("practice" if practice else "real")


def _are_keys(named: Sequence[str]) -> bool:
    try:
        return all(identity.is_public_key(bytes.fromhex(one)) for one in named)
    except ValueError:
        return False


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def _named(public: str) -> SSlibKey:
    # The same identifier whichever way the key comes: from its private half, or as hex on a sheet of paper.
    return SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)))


def _root(
    version: int, holders: Sequence[str], needed: int, officers: Sequence[str], server: str, now: datetime
) -> Root:
    own, two, online_key = [_named(one) for one in holders], [_named(one) for one in officers], _named(server)
    return Root(
        version=version,
        expires=now.replace(microsecond=0) + timedelta(days=ROOT_DAYS),
        keys={key.keyid: key for key in (*own, *two, online_key)},
        roles={
            "root": Role([key.keyid for key in own], needed),
            "targets": Role([key.keyid for key in two], OFFICERS),
            "snapshot": Role([online_key.keyid], 1),
            "timestamp": Role([online_key.keyid], 1),
        },
        consistent_snapshot=False,
    )


def _signed(root: Root, by: Sequence[Ed25519PrivateKey]) -> Metadata[Root]:
    made = Metadata(root)
    for key in by:
        made.sign(signer(key), append=True)
    return made
