"""Key slots: how a passphrase opens the vault without ever being its key.

The data key is 32 random bytes, made once; every key in use is an HKDF-SHA256 child of it with a label of
its own. A slot keeps the data key under AES-256-GCM with a key from the passphrase. Changing a passphrase
rewrites one slot and no data. What a guess costs is calibrated on the machine at hand to 0.75 s, never below
Argon2id with 64 MiB, 3 passes, 4 lanes (RFC 9106, second recommended option). An agency bound to
SP 800-132 may ask for PBKDF2-HMAC-SHA512 instead, of at least 210,000 rounds: weaker against graphics
processors, and said so. A header that asks for more than 1 GiB or 16 passes is refused: it is an attack on
this machine's memory.

The duress passphrase, where policy allows one, shares the salt and the cost of the true one, so that trying
both takes one stretch: how long an answer takes says nothing.
"""

import os
import time
from collections.abc import Callable
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from fieldapp.errors import InspectorError
from fieldapp.vault.connection import VaultDamaged
from fieldapp.vault.header import DURESS, PASSPHRASE, Header, KdfCost, Slot, authenticated

SHORTEST_PASSPHRASE = 15
ARGON2ID, PBKDF2, TOKEN = "argon2id", "pbkdf2-sha512", "token"
FLOOR = KdfCost(65_536, 3, 4)
PBKDF2_FLOOR = KdfCost(0, 210_000, 1)
_MOST_MEMORY = 1_048_576  # KiB
_MOST_ROUNDS = 20_000_000
UNLOCK_SECONDS = 0.75


class WrongPassphrase(InspectorError):
    """No slot opened. Which part was wrong is not said."""

    code = "wrong-passphrase"


class PassphraseTooShort(InspectorError):
    """SP 800-63B asks for 15 characters where the passphrase is the only factor."""

    code = "passphrase-too-short"


class Duress(Exception):
    """The passphrase given was the one that seals the vault."""


class Token(Protocol):
    """Something that answers a challenge: a FIDO2 key (`fieldapp.vault.securitykey`)."""

    name: str

    def register(self) -> bytes:
        """Return what a slot has to remember for the token to answer: its credential, no secret."""

    def secret(self, credential: bytes, challenge: bytes) -> bytes:
        """Return 32 bytes that only this token gives for `challenge` (32 bytes)."""


def subkey(data_key: bytes, purpose: str) -> bytes:
    """Return the 32-byte key for `purpose` ("db", "watchlist", "header", "backup")."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"fieldapp/" + purpose.encode("ascii")).derive(data_key)


def stretch(passphrase: str, kdf: str, cost: KdfCost, salt: bytes) -> bytes:
    """Return 32 bytes that cost what `cost` says; refuses a cost below the floor or above all reason."""
    secret = passphrase.encode("utf-8")
    try:
        if kdf == PBKDF2:
            if not PBKDF2_FLOOR.passes <= cost.passes <= _MOST_ROUNDS:
                raise VaultDamaged(why="header-cost")
            return PBKDF2HMAC(hashes.SHA512(), 32, salt, cost.passes).derive(secret)
        if kdf != ARGON2ID:
            raise VaultDamaged(why="header")
        possible = FLOOR.memory <= cost.memory <= _MOST_MEMORY
        if not (possible and 1 <= cost.passes <= 16 and 1 <= cost.lanes <= 16):
            raise VaultDamaged(why="header-cost")
        made = Argon2id(
            salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory
        )
        return made.derive(secret)
    except ValueError:
        raise VaultDamaged(why="header") from None


def calibrate(kdf: str = ARGON2ID, measure: Callable[[KdfCost], float] | None = None) -> KdfCost:
    """Return the cost that takes about 0.75 s here, never below the floor; `measure` gives seconds."""
    if kdf == PBKDF2:
        taken = (measure or (lambda cost: _seconds(kdf, cost)))(PBKDF2_FLOOR)
        rounds = int(PBKDF2_FLOOR.passes * UNLOCK_SECONDS / max(taken, 1e-3))
        return KdfCost(0, max(PBKDF2_FLOOR.passes, min(rounds, _MOST_ROUNDS)), 1)
    taken = (measure or (lambda cost: _seconds(kdf, cost)))(FLOOR)
    times = UNLOCK_SECONDS / max(taken, 1e-3)  # how much dearer than the floor it may be
    memory = FLOOR.memory
    while memory * 2 <= min(_MOST_MEMORY // 2, FLOOR.memory * times):
        memory *= 2
    passes = int(FLOOR.passes * times * FLOOR.memory / memory)
    return KdfCost(memory, max(FLOOR.passes, min(passes, 16)), FLOOR.lanes)


def _seconds(kdf: str, cost: KdfCost) -> float:
    """Return the shortest of three runs: what this machine can do, not what it happens to be busy with."""
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        stretch("a passphrase of usual length", kdf, cost, bytes(16))
        taken.append(time.perf_counter() - start)
    return min(taken)


def _wrap(key: bytes, secret: bytes, vault: str, slot: Slot) -> Slot:
    nonce = os.urandom(12)
    wrapped = AESGCM(key).encrypt(nonce, secret, authenticated(vault, slot))
    return msgspec.structs.replace(slot, nonce=nonce, wrapped=wrapped)


def _unwrap(key: bytes, vault: str, slot: Slot) -> bytes | None:
    try:
        return AESGCM(key).decrypt(slot.nonce, slot.wrapped, authenticated(vault, slot))
    except InvalidTag:
        return None
    except ValueError:
        raise VaultDamaged(why="header") from None


def _label(kind: str) -> str:
    return "slot" if kind == PASSPHRASE else f"slot/{kind}"


def require_strong(passphrase: str) -> None:
    """Refuse a passphrase that is too short to be the only factor."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise PassphraseTooShort(least=SHORTEST_PASSPHRASE)


def make_slot(
    passphrase: str, data_key: bytes, vault: str, cost: KdfCost, kdf: str = ARGON2ID, salt: bytes = b""
) -> Slot:
    """Return a passphrase slot for `data_key`; `salt` only to keep the one a duress slot shares."""
    require_strong(passphrase)
    bare = Slot(kind=PASSPHRASE, kdf=kdf, cost=cost, salt=salt or os.urandom(16), wrapped=b"")
    return _wrap(subkey(stretch(passphrase, kdf, cost, bare.salt), _label(PASSPHRASE)), data_key, vault, bare)


def make_duress_slot(passphrase: str, beside: Slot, vault: str) -> Slot:
    """Return the slot of a passphrase that seals the vault, beside the true one's."""
    require_strong(passphrase)
    bare = Slot(kind=DURESS, kdf=beside.kdf, cost=beside.cost, salt=beside.salt, wrapped=b"")
    key = subkey(stretch(passphrase, beside.kdf, beside.cost, beside.salt), _label(DURESS))
    return _wrap(key, os.urandom(32), vault, bare)


def make_token_slot(token: Token, data_key: bytes, vault: str) -> Slot:
    """Return a slot that `token` opens. It never stands alone: a token is lost, or breaks."""
    credential, salt = token.register(), os.urandom(32)
    bare = Slot(kind=TOKEN, kdf=TOKEN, name=token.name, salt=salt, credential=credential, wrapped=b"")
    return _wrap(subkey(token.secret(credential, salt), _label(TOKEN)), data_key, vault, bare)


def open_slots(header: Header, passphrase: str) -> bytes:
    """Return the data key, or refuse with `WrongPassphrase`; raises `Duress` for the one that seals."""
    stretched: dict[tuple[str, KdfCost, bytes], bytes] = {}
    for slot in header.slots:
        if slot.kind not in (PASSPHRASE, DURESS):
            continue
        way = (slot.kdf, slot.cost, slot.salt)
        if way not in stretched:
            stretched[way] = stretch(passphrase, *way)
        secret = _unwrap(subkey(stretched[way], _label(slot.kind)), header.vault, slot)
        if secret is not None and slot.kind == DURESS:
            raise Duress
        if secret is not None:
            return secret
    raise WrongPassphrase


def open_token_slot(header: Header, token: Token) -> bytes:
    """Return the data key that `token` guards; refuses one that is not this vault's."""
    for slot in header.slots:
        if slot.kind == TOKEN and slot.name == token.name:
            key = subkey(token.secret(slot.credential, slot.salt), _label(TOKEN))
            secret = _unwrap(key, header.vault, slot)
            if secret is not None:
                return secret
    raise WrongPassphrase
