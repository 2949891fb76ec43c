"""A person's second factor: set up once, shown at every sign-in, replaced by recovery codes when it is lost.

The secret is kept sealed under headquarters' own secret (ChaCha20-Poly1305), recovery codes only as SHA-256.
Both are shown once. A code counts once; wrong ones are counted like wrong passwords.
"""

import hashlib
import hmac
import os
import secrets

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from fieldapp.errors import InspectorError
from fieldapp.scan import draw
from sync.headquarters import accounts, audit, store, tables, totp
from sync.headquarters.office import Office

RECOVERY_CODES = 8
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
INK = 128


class CodeRefused(InspectorError):
    """The code is wrong, was used, or has run out; which of them is not said."""

    code = "code-refused"


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A new secret, to be shown once. `sealed` travels in the form, and nobody but us opens it."""

    spelled: str
    path: str  # of an SVG drawing of the QR code, one unit a module
    size: int
    sealed: str


def offer(office: Office, name: str) -> Offered:
    """Make a secret that counts once its first code is shown."""
    secret = os.urandom(totp.SECRET_BYTES)
    grid = draw.draw_code(totp.address(secret, office.keyring.name, name), "QRCode")
    rows, columns = grid.shape
    dark = [(x, y) for y in range(rows) for x in range(columns) if grid[y, x] < INK]
    return Offered(
        spelled=totp.spelled(secret),
        path="".join(f"M{x} {y}h1v1h-1z" for x, y in dark),
        size=columns,
        sealed=_seal(office, secret, f"offer:{name}").hex(),
    )


def reopen(office: Office, name: str, sealed: str) -> bytes:
    """Return the secret that was offered to `name`."""
    try:
        return _open(office, bytes.fromhex(sealed), f"offer:{name}")
    except (ValueError, InvalidTag):
        raise CodeRefused from None


def set_up(office: Office, name: str, token: str, sealed: str, code: str) -> tuple[str, ...]:
    """Keep the offered secret once its code is right; return new recovery codes, which are shown once."""
    accounts.refuse_guessing(office, name)
    secret = reopen(office, name, sealed)
    step = totp.accepted(secret, code, office.clock(), 0)
    if step is None:
        accounts.note_wrong(office, name)
        raise CodeRefused
    codes = tuple("-".join(_word() for _ in range(3)) for _ in range(RECOVERY_CODES))
    with store.writing(office.engine) as connection:
        if _held(connection, name)["factor"] is not None or not may_add(connection, name, token):
            raise CodeRefused  # a second one is set up after two admins took the first away
        kept = {"factor": _seal(office, secret, f"factor:{name}"), "factor_step": step}
        connection.execute(update(tables.account).where(tables.account.c.name == name).values(**kept))
        connection.execute(delete(tables.recovery).where(tables.recovery.c.account == name))
        rows = [{"code": _hash(name, one), "account": name} for one in codes]
        connection.execute(insert(tables.recovery), rows)
        accounts.complete(connection, token)
        audit.note(connection, office.clock(), name, "factor-set", name)
    return codes


def show(office: Office, name: str, token: str, code: str) -> None:
    """Take a code, or a recovery code, which is used up; the visit is whole then."""
    accounts.refuse_guessing(office, name)
    with store.writing(office.engine) as connection:
        held = _held(connection, name)
        taken = held["factor"] is not None and (
            _take_code(connection, office, held, code) or _take_recovery(connection, office, name, code)
        )
        if taken:
            accounts.complete(connection, token)
    if not taken:
        accounts.note_wrong(office, name)
        raise CodeRefused


def _take_code(connection: Connection, office: Office, held: RowMapping, code: str) -> bool:
    name = held["name"]
    secret = _open(office, held["factor"], f"factor:{name}")
    step = totp.accepted(secret, code, office.clock(), held["factor_step"])
    if step is None:
        return False
    kept = tables.account
    connection.execute(update(kept).where(kept.c.name == name).values(factor_step=step))
    return True


def _take_recovery(connection: Connection, office: Office, name: str, code: str) -> bool:
    kept = tables.recovery.c
    used = delete(tables.recovery).where(kept.code == _hash(name, code), kept.account == name)
    if connection.execute(used).rowcount != 1:
        return False
    audit.note(connection, office.clock(), name, "recovery-code-used", name)
    return True


def standing(office: Office, name: str) -> tuple[bool, int]:
    """Return whether `name` has a second factor, and how many recovery codes are left."""
    kept = tables.recovery.c
    with store.reading(office.engine) as connection:
        left = connection.execute(select(func.count()).where(kept.account == name)).scalar_one()
        return _held(connection, name)["factor"] is not None, left


def has_any(connection: Connection, name: str) -> bool:
    """Say whether `name` has a second factor of any kind."""
    kept = tables.passkey.c
    passkeys = connection.execute(select(func.count()).where(kept.account == name)).scalar_one()
    return bool(passkeys) or _held(connection, name)["factor"] is not None


def may_add(connection: Connection, name: str, token: str) -> bool:
    """Say whether this visit may add a second factor: it has shown one, or there is none yet."""
    return accounts.is_whole(connection, token) or not has_any(connection, name)


def take_away(connection: Connection, name: str) -> None:
    """Forget lost second factors, with the recovery codes."""
    connection.execute(delete(tables.passkey).where(tables.passkey.c.account == name))
    gone = {"factor": None, "factor_step": 0}
    connection.execute(update(tables.account).where(tables.account.c.name == name).values(**gone))
    connection.execute(delete(tables.recovery).where(tables.recovery.c.account == name))


def _held(connection: Connection, name: str) -> RowMapping:
    row = store.one(connection, select(tables.account).where(tables.account.c.name == name))
    if row is None:
        raise CodeRefused
    return row


def _word() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(5))


def _hash(name: str, code: str) -> bytes:
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return hashlib.sha256(f"{name}\x1f{plain}".encode()).digest()


def _cipher(office: Office) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hmac.new(office.keyring.secret, b"second factor", hashlib.sha256).digest())


def _seal(office: Office, secret: bytes, bound: str) -> bytes:
    nonce = os.urandom(12)
    return nonce + _cipher(office).encrypt(nonce, secret, bound.encode("utf-8"))


def _open(office: Office, sealed: bytes, bound: str) -> bytes:
    return _cipher(office).decrypt(sealed[:12], sealed[12:], bound.encode("utf-8"))
