"""Headquarters' keys: for each realm a root, a signing key, an age key for evidence, a recovery key.

Promises: real and practice share no key; private files are made with mode 0600, under folders of mode
0700. What the running server needs lies in `keys/`; the roots and the recovery keys lie in `root/`, which
belongs on a medium in a safe once the keys statement is made. A recovery key is written in three shares only,
one for each of three officers, any two of whom open a sealed vault. (Windows has no mode bits: there the
folder inherits the rights of the service account's profile.)
"""

import os
from pathlib import Path
from typing import Literal

import msgspec
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import canonical, enrolment
from fieldapp.clock import Clock
from fieldapp.enrolment import HeadquartersKeys, Statement
from fieldapp.errors import SituationError
from fieldapp.vault import recovery, sharing

REALMS: tuple[Literal["real", "practice"], ...] = ("real", "practice")


class KeysMissing(SituationError):
    """`keys/` holds only a part of its keys; `file` names what is missing."""

    code = "headquarters-keys-missing"


class RootMissing(KeysMissing):
    """The medium with the roots is not in place; `file` names what is needed of it."""

    code = "headquarters-root-missing"


class RealmKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What the running server uses of one realm. `root` is the root's public key in hex."""

    practice: bool
    root: str
    signing: Ed25519PrivateKey
    evidence: str  # the age identity that opens evidence
    statement: Statement  # kind `keys`, signed by the root


class Keyring(msgspec.Struct, frozen=True, kw_only=True):
    """Both realms, and the secret under which this server makes nonces and form tokens."""

    name: str
    real: RealmKeys
    practice: RealmKeys
    secret: bytes


def realm(keyring: Keyring, practice: bool) -> RealmKeys:
    """Return the keys of one realm."""
    return keyring.practice if practice else keyring.real


def keep(file: Path, content: bytes) -> None:
    """Write a private file once; never over an old one."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def make(home: Path, name: str, clock: Clock) -> None:
    """Make the keys of a new headquarters called `name`."""
    for folder in ("keys", "root"):
        (home / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    for which in REALMS:
        _make_realm(home, which, name, clock)
    keep(home / "keys" / "server.key", os.urandom(32))
    # Last of all: its presence says that the rest is whole.
    keep(home / "keys" / "name", name.encode("utf-8"))


def _make_realm(home: Path, which: Literal["real", "practice"], name: str, clock: Clock) -> None:
    root, signing = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    evidence, opener = pyrage.x25519.Identity.generate(), recovery.new_key()
    named = HeadquartersKeys(
        headquarters=name,
        practice=which == "practice",
        signing=(signing.public_key().public_bytes_raw().hex(),),
        evidence_recipients=(str(evidence.to_public()),),
        recovery_recipients=(recovery.public_of(opener),),
        issued=clock(),
    )
    keep(home / "root" / which / "root.key", root.private_bytes_raw())
    for share in recovery.split_key(opener):
        file = home / "root" / which / f"officer-{share.number}.share"
        keep(file, sharing.to_text(share).encode("ascii"))
    keep(home / "keys" / which / "signing.key", signing.private_bytes_raw())
    keep(home / "keys" / which / "evidence.key", str(evidence).encode("ascii"))
    keep(home / "keys" / which / "statement.json", canonical.encode(enrolment.sign_keys(named, root)))


def renewed(own: RealmKeys, root: Ed25519PrivateKey, signing: Ed25519PrivateKey, clock: Clock) -> RealmKeys:
    """Return a realm's keys with `signing` in use; the older signing keys stay named, the root says so."""
    before = enrolment.open_statement(own.statement, "keys", HeadquartersKeys, (own.root,))
    new = signing.public_key().public_bytes_raw().hex()
    named = msgspec.structs.replace(before, signing=(new, *before.signing), issued=clock())
    return msgspec.structs.replace(own, signing=signing, statement=enrolment.sign_keys(named, root))


def rotate(home: Path, which: Literal["real", "practice"], clock: Clock) -> RealmKeys:
    """Put a new signing key of one realm in use; needs its root in `root/`, and the server started again."""
    folder, signing = home / "keys" / which, Ed25519PrivateKey.generate()
    own = _load_realm(folder, practice=which == "practice")
    new = renewed(own, _root(home, which), signing, clock)
    # The statement first: it names both keys, so a server started between the two still signs what holds.
    replace(folder / "statement.json", canonical.encode(new.statement))
    replace(folder / "signing.key", signing.private_bytes_raw())
    return new


def name_authority(
    home: Path, which: Literal["real", "practice"], authorities: tuple[str, ...], clock: Clock
) -> None:
    """Name the certificate authorities (PEM) that laptops trust from now on, the newest first."""
    folder = home / "keys" / which
    own = _load_realm(folder, practice=which == "practice")
    before = enrolment.open_statement(own.statement, "keys", HeadquartersKeys, (own.root,))
    named = msgspec.structs.replace(before, authorities=authorities, issued=clock())
    statement = enrolment.sign_keys(named, _root(home, which))
    replace(folder / "statement.json", canonical.encode(statement))


def _root(home: Path, which: Literal["real", "practice"]) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes((home / "root" / which / "root.key").read_bytes())
    except FileNotFoundError:
        raise RootMissing(file="root.key") from None


def replace(file: Path, content: bytes) -> None:
    """Put a private file in the place of an older one, whole or not at all."""
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    keep(part, content)
    part.replace(file)


def made(home: Path) -> bool:
    """Say whether `home` holds a whole set of keys."""
    return (home / "keys" / "name").exists()


def load(home: Path) -> Keyring:
    """Read what the running server needs; the roots are not read."""
    try:
        return Keyring(
            name=(home / "keys" / "name").read_text("utf-8"),
            real=_load_realm(home / "keys" / "real", practice=False),
            practice=_load_realm(home / "keys" / "practice", practice=True),
            secret=(home / "keys" / "server.key").read_bytes(),
        )
    except FileNotFoundError as missing:
        raise KeysMissing(file=Path(str(missing.filename)).name) from None


def _load_realm(folder: Path, *, practice: bool) -> RealmKeys:
    statement = canonical.decode((folder / "statement.json").read_bytes(), Statement)
    root = statement.key.hex()
    # A folder put together from two headquarters fails here and not on a laptop.
    enrolment.open_statement(statement, "keys", HeadquartersKeys, (root,))
    return RealmKeys(
        practice=practice,
        root=root,
        signing=Ed25519PrivateKey.from_private_bytes((folder / "signing.key").read_bytes()),
        evidence=(folder / "evidence.key").read_text("ascii"),
        statement=statement,
    )
