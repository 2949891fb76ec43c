"""Passkeys (WebAuthn level 2) as a second factor, beside the codes of a telephone.

A passkey is bound to the address under which people reach headquarters: a copied page gets nothing from it.
It signs a challenge made for one visit: the challenge travels in the form, sealed under headquarters' own
secret with its hour, so any worker takes the answer and no other visit can use it. The authenticator verifies
the person; a signature count that falls back means a copy and is refused. Needs the extra `signin`.
"""

import hmac
import os
import struct

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from sqlalchemy import func, insert, select, update

from sync.headquarters import accounts, audit, factor, store, tables
from sync.headquarters.factor import CodeRefused
from sync.headquarters.office import Office

SECONDS = 300  # to answer a challenge
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError)  # what a made-up answer raises
MOST = 10  # of one person


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a page hands to the browser: WebAuthn's options (JSON), and the sealed challenge for the form."""

    options: str
    sealed: str


def held(office: Office, name: str) -> int:
    """Return how many passkeys `name` has."""
    kept = tables.passkey.c
    with store.reading(office.engine) as connection:
        return int(connection.execute(select(func.count()).where(kept.account == name)).scalar_one())


def offer(office: Office, name: str, visit: str, host: str) -> Asked:
    """Return what the browser needs to make a passkey for `name` at `host`."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    challenge = os.urandom(32)
    made = generate_registration_options(
        rp_id=host,
        rp_name=office.keyring.name,
        user_name=name,
        user_id=hmac.digest(office.keyring.secret, b"passkey" + name.encode("utf-8"), "sha256"),
        challenge=challenge,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            user_verification=structs.UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=own) for own in _ids(office, name)],
    )
    return Asked(options=options_to_json(made), sealed=_seal(office, challenge, f"make:{name}:{visit}"))


def keep(office: Office, name: str, visit: str, host: str, origin: str, sealed: str, answer: str) -> None:
    """Keep the passkey that the browser made; the visit is whole then."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    accounts.refuse_guessing(office, name)
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=_open(office, sealed, f"make:{name}:{visit}"),
            expected_rp_id=host,
            expected_origin=origin,
            require_user_verification=True,
        )
    except (WebAuthnException, *_BROKEN):
        accounts.note_wrong(office, name)
        raise CodeRefused from None
    kept = tables.passkey
    with store.writing(office.engine) as connection:
        known = connection.execute(select(kept.c.account).where(kept.c.id == made.credential_id)).first()
        mine = select(func.count()).where(kept.c.account == name)
        if known is not None or connection.execute(mine).scalar_one() >= MOST:
            raise CodeRefused
        # A second factor is added by whoever can show the first one, or has none yet.
        if not factor.may_add(connection, name, visit):
            raise CodeRefused
        row = {"id": made.credential_id, "public": made.credential_public_key, "count": made.sign_count}
        connection.execute(insert(kept).values(account=name, added=store.text(office.clock()), **row))
        accounts.complete(connection, visit)
        audit.note(connection, office.clock(), name, "passkey-added", name)


def ask(office: Office, name: str, visit: str, host: str) -> Asked:
    """Return what the browser needs to show a passkey of `name`."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers import structs

    challenge = os.urandom(32)
    made = generate_authentication_options(
        rp_id=host,
        challenge=challenge,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=own) for own in _ids(office, name)],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return Asked(options=options_to_json(made), sealed=_seal(office, challenge, f"show:{name}:{visit}"))


def show(office: Office, name: str, visit: str, host: str, origin: str, sealed: str, answer: str) -> None:
    """Take the answer of a passkey of `name`; the visit is whole then."""
    accounts.refuse_guessing(office, name)
    try:
        _check(office, name, host, origin, _open(office, sealed, f"show:{name}:{visit}"), answer, visit)
    except CodeRefused:
        accounts.note_wrong(office, name)
        raise


def _check(
    office: Office, name: str, host: str, origin: str, challenge: bytes, answer: str, visit: str
) -> None:
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    kept = tables.passkey
    with store.writing(office.engine, f"passkey {name}") as connection:
        try:
            shown = parse_authentication_credential_json(answer)
            question = select(kept).where(kept.c.id == shown.raw_id, kept.c.account == name)
            row = store.one(connection, question)
            if row is None:
                raise CodeRefused
            done = verify_authentication_response(
                credential=shown,
                expected_challenge=challenge,
                expected_rp_id=host,
                expected_origin=origin,
                credential_public_key=row["public"],
                credential_current_sign_count=row["count"],
                require_user_verification=True,
            )
        except (WebAuthnException, *_BROKEN):
            raise CodeRefused from None
        connection.execute(update(kept).where(kept.c.id == row["id"]).values(count=done.new_sign_count))
        accounts.complete(connection, visit)


def _ids(office: Office, name: str) -> list[bytes]:
    kept = tables.passkey.c
    with store.reading(office.engine) as connection:
        return list(connection.execute(select(kept.id).where(kept.account == name)).scalars())


def _cipher(office: Office) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hmac.digest(office.keyring.secret, b"passkey challenge", "sha256"))


def _seal(office: Office, challenge: bytes, bound: str) -> str:
    nonce, until = os.urandom(12), int(office.clock().timestamp()) + SECONDS
    body = struct.pack(">Q", until) + challenge
    return (nonce + _cipher(office).encrypt(nonce, body, bound.encode("utf-8"))).hex()


def _open(office: Office, sealed: str, bound: str) -> bytes:
    try:
        raw = bytes.fromhex(sealed)
        body = _cipher(office).decrypt(raw[:12], raw[12:], bound.encode("utf-8"))
    except (ValueError, InvalidTag):
        raise CodeRefused from None
    if struct.unpack(">Q", body[:8])[0] < office.clock().timestamp():
        raise CodeRefused
    return body[8:]
