"""Sign-in through an agency's identity provider: OpenID Connect 1.0, authorization code with PKCE (RFC 7636).

What the provider says counts for who a person is, never for what he may do: `tie` binds an account to the
provider's name for him beforehand, and role and realm are the account's. State, nonce and the PKCE verifier
travel in a cookie sealed under headquarters' own secret, so any worker takes the answer. It is believed
when its issuer, audience, signature, nonce and times are right, and refused without telling which was wrong.

`oidc.toml` in headquarters' folder: `label`, `issuer`, `client`, `secret` (may be empty), and `url`, the
address under which people reach headquarters. Needs the packages of the extra `signin`.
"""

import hmac
import json
import os
import secrets
import tomllib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from sqlalchemy import delete, insert, select

from fieldapp import canonical
from fieldapp.errors import InspectorError, SituationError
from sync.headquarters import accounts, audit, store, tables
from sync.headquarters.office import Office

BACK = "/sign-in/provider/back"
SECONDS = 600  # between leaving for the provider and coming back
LEEWAY = 60
MAX_ANSWER = 1 << 20
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class ProviderRefused(InspectorError):
    """The answer of the identity provider is not believed, or belongs to no account; which is not said."""

    code = "provider-refused"


class ProviderSilent(SituationError):
    """The identity provider does not answer, or not as it should."""

    code = "provider-silent"


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """What `oidc.toml` says."""

    label: str
    issuer: str
    client: str
    url: str
    secret: str = ""


class _Left(msgspec.Struct, frozen=True, kw_only=True):
    """What this browser takes along."""

    state: str
    nonce: str
    verifier: str
    until: int
    then: str


def provider(office: Office) -> Provider | None:
    """Return the provider that people may sign in through, None where there is none."""
    file = office.home / "oidc.toml"
    if not file.exists():
        return None
    return msgspec.convert(tomllib.loads(file.read_text("utf-8")), Provider)


def label(office: Office) -> str:
    """Return what people call the provider, empty where there is none."""
    named = provider(office)
    return named.label if named else ""


def leave(office: Office, then: str) -> tuple[str, str]:
    """Return the provider's address to lead a browser to, and the sealed text it brings back."""
    named = _required(office)
    verifier = secrets.token_urlsafe(48)
    left = _Left(
        state=secrets.token_urlsafe(24),
        nonce=secrets.token_urlsafe(24),
        verifier=verifier,
        until=int(office.clock().timestamp()) + SECONDS,
        then=then,
    )
    asked = {
        "response_type": "code",
        "client_id": named.client,
        "redirect_uri": named.url.rstrip("/") + BACK,
        "scope": "openid",
        "state": left.state,
        "nonce": left.nonce,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
    }
    at = _text(_described(named), "authorization_endpoint")
    return f"{at}{'&' if '?' in at else '?'}{urlencode(asked)}", _seal(office, left)


def come_back(office: Office, sealed: str, answer: Mapping[str, str]) -> tuple[str, str]:
    """Take the provider's answer; return the token of a new visit, and where the person was going."""
    named, left = _required(office), _open(office, sealed)
    if left.until < office.clock().timestamp() or not hmac.compare_digest(
        left.state.encode(), answer.get("state", "").encode()
    ):
        raise ProviderRefused
    # RFC 9207: a provider that names itself in the answer must be the one that was asked.
    if answer.get("iss", named.issuer) != named.issuer or not answer.get("code"):
        raise ProviderRefused
    described = _described(named)
    asked = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": named.url.rstrip("/") + BACK,
        "client_id": named.client,
        "code_verifier": left.verifier,
    }
    if named.secret:
        asked["client_secret"] = named.secret
    told = _ask(_text(described, "token_endpoint"), asked)
    subject = _subject(office, named, left, told, _ask(_text(described, "jwks_uri")))
    return _visit(office, named, subject), left.then


def tie(office: Office, name: str, subject: str) -> None:
    """Bind the account `name` to the provider's name for a person; a person has one account."""
    kept, held = tables.setting, tables.account
    own = _kept_as(_required(office), subject)
    with store.writing(office.engine) as connection:
        if connection.execute(select(held.c.name).where(held.c.name == name)).first() is None:
            raise accounts.NameRefused
        connection.execute(delete(kept).where(kept.c.name == own))
        connection.execute(insert(kept).values(name=own, value=name))
        audit.note(connection, office.clock(), "command", "provider-tied", name)


def _visit(office: Office, named: Provider, subject: str) -> str:
    kept, held = tables.setting, tables.account
    question = select(held).join(kept, kept.c.value == held.c.name)
    with store.reading(office.engine) as connection:
        row = store.one(connection, question.where(kept.c.name == _kept_as(named, subject)))
    if row is None or row["disabled"]:
        raise ProviderRefused
    return accounts.begin(office, row)


def _kept_as(named: Provider, subject: str) -> str:
    return f"oidc:{named.issuer} {subject}"


def _subject(
    office: Office,
    named: Provider,
    left: _Left,
    told: dict[str, object],
    keys: Any,  # noqa: ANN401 - a set of keys as the provider wrote it
) -> str:
    """Return the provider's name for the person, if everything about the ID token is right."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    wanted = {
        "iss": {"essential": True, "value": named.issuer},
        "aud": {"essential": True, "value": named.client},
    }
    bound = {"nonce": left.nonce, "client_id": named.client, "access_token": told.get("access_token")}
    try:
        read = jwt.decode(_text(told, "id_token"), KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        claims = CodeIDToken(read.claims, read.header, wanted, bound)
        claims.validate(now=int(office.clock().timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError):
        raise ProviderRefused from None
    subject = read.claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise ProviderRefused
    return subject


def _described(named: Provider) -> dict[str, object]:
    """Return the provider's description; it must be of the issuer that was set up (Discovery 1.0, 4.3)."""
    told = _ask(named.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if told.get("issuer") != named.issuer:
        raise ProviderRefused
    return told


def _ask(url: str, form: dict[str, str] | None = None) -> dict[str, object]:
    """Ask the provider, over TLS or on this machine, for a JSON object of a sane size; no redirects."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ProviderSilent
    try:
        with (
            httpx.Client(timeout=10, trust_env=False) as client,
            client.stream("POST" if form else "GET", url, data=form) as answer,
        ):
            body = bytearray()
            for some in answer.iter_bytes():
                body += some
                if len(body) > MAX_ANSWER:
                    raise ProviderSilent
        told = json.loads(body) if answer.status_code == 200 else None
    except (httpx.HTTPError, ValueError, RecursionError):
        raise ProviderSilent from None
    if not isinstance(told, dict):
        raise ProviderSilent
    return told


def _text(told: dict[str, object], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise ProviderSilent
    return value


def _required(office: Office) -> Provider:
    named = provider(office)
    if named is None:
        raise ProviderSilent
    return named


def _challenge(verifier: str) -> str:
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    return str(create_s256_code_challenge(verifier))


def _cipher(office: Office) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hmac.digest(office.keyring.secret, b"identity provider", "sha256"))


def _seal(office: Office, left: _Left) -> str:
    nonce = os.urandom(12)
    return (nonce + _cipher(office).encrypt(nonce, canonical.encode(left), b"")).hex()


def _open(office: Office, sealed: str) -> _Left:
    try:
        raw = bytes.fromhex(sealed)
        return canonical.decode(_cipher(office).decrypt(raw[:12], raw[12:], b""), _Left)
    except (ValueError, InvalidTag):
        raise ProviderRefused from None
