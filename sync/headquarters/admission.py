"""Admission of vaults: a challenge signed with the vault's key opens a session with a token.

The nonce is made under this server's secret and not kept, so asking costs nothing and a restart loses
nothing; used, it is kept with its session and never opens a second. Tokens are kept as hashes.
"""

import hashlib
import hmac
import secrets
import struct
from datetime import timedelta

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select

from sync import identity, wire
from sync.headquarters import enrolment, store, tables
from sync.headquarters.office import Office
from sync.wire import DeviceUnknown, SessionAnswer, SessionRefused, SessionRequest

# Built once: putting a statement together costs more than running it.
_HOLDER = (
    select(tables.device)
    .join(tables.session, tables.session.c.device == tables.device.c.id)
    .where(tables.session.c.token == bindparam("token"), tables.session.c.expires > bindparam("now"))
)


def challenge(office: Office, device: bytes) -> bytes:
    """Return a nonce for `device`, 32 bytes: 12 random ones, 4 of expiry, a mac over both."""
    until = office.clock() + timedelta(seconds=wire.NONCE_SECONDS)
    body = secrets.token_bytes(12) + struct.pack(">I", int(until.timestamp()))
    return body + _mac(office, device, body)


def _mac(office: Office, device: bytes, body: bytes) -> bytes:
    return hmac.new(office.keyring.secret, b"nonce" + device + body, hashlib.sha256).digest()[:16]


def admit(office: Office, request: SessionRequest) -> SessionAnswer:
    """Challenge a vault, or open a session for one that signed its challenge."""
    now = office.clock()
    if not request.nonce:
        return SessionAnswer(nonce=challenge(office, request.device), time=now)
    body, mac = request.nonce[:16], request.nonce[16:]
    if len(body) != 16 or not hmac.compare_digest(mac, _mac(office, request.device, body)):
        raise SessionRefused(why="nonce")
    if now.timestamp() > struct.unpack(">I", body[12:])[0]:
        raise SessionRefused(why="late")
    token = secrets.token_urlsafe(24)
    until = now + timedelta(seconds=wire.TOKEN_SECONDS)
    with store.writing(office.engine, request.device.hex()) as connection:
        known = enrolment.find(connection, request.device.hex())
        if known is None or not identity.check_session(
            known["public"], request.device, request.nonce, request.signature
        ):
            raise DeviceUnknown
        kept = tables.session
        connection.execute(delete(kept).where(kept.c.expires < store.text(now)))
        if connection.execute(select(kept.c.device).where(kept.c.nonce == request.nonce)).first():
            raise SessionRefused(why="again")
        connection.execute(
            insert(kept).values(
                token=_hash(token), nonce=request.nonce, device=known["id"], expires=store.text(until)
            )
        )
    return SessionAnswer(token=token, seconds=wire.TOKEN_SECONDS, time=now)


def holder(office: Office, connection: Connection, token: str) -> RowMapping:
    """Return the device that holds `token`; refuses a token unknown or run out."""
    asked = {"token": _hash(token), "now": store.text(office.clock())}
    device = connection.execute(_HOLDER, asked).mappings().first()
    if device is None:
        raise SessionRefused(why="token")
    return device


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8")).digest()
