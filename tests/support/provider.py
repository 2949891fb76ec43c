"""An identity provider (OpenID Connect) to test with, over HTTP on a loopback port: keeps to PKCE, or lies.

`lies` changes what it says: names of claims, and `key`, `algorithm`, `described`, `iss`.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import uvicorn
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from fieldapp import clock
from tests.support.headquarters import free_port

CLIENT, SECRET = "fieldapp-headquarters", "the client's secret"


class Provider:
    """What the provider knows, and how it lies."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.subject = "4711"
        self.lies: dict[str, Any] = {}
        self.forms: list[dict[str, str]] = []
        self._key = ECKey.generate_key("P-256", {"kid": "one", "use": "sig", "alg": "ES256"})
        self._other = ECKey.generate_key("P-256", {"kid": "one", "use": "sig", "alg": "ES256"})
        self._waiting: dict[str, dict[str, str]] = {}

    def authorize(self, address: str) -> dict[str, str]:
        """The person signs in at `address`; what the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        code = secrets.token_urlsafe(16)
        self._waiting[code] = asked
        brought = {"code": code, "state": asked["state"], "iss": self.lies.get("iss_parameter", self.issuer)}
        return {name: value for name, value in brought.items() if value}

    def app(self) -> Starlette:
        """The provider's face."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._described),
                Route("/keys", self._keys),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    async def _described(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.lies.get("described", self.issuer),
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    async def _keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.forms.append(form)
        asked = self._waiting.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or challenge != asked["code_challenge"] or form["client_secret"] != SECRET:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"token_type": "Bearer", "access_token": "x", "id_token": self._said(asked)})

    def _said(self, asked: dict[str, str]) -> str:
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"],
        } | {name: value for name, value in self.lies.items() if name in _CLAIMS}  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.lies.get("algorithm") == "none":
            head, body = (_plain(one) for one in (b'{"alg":"none"}', _json(claims)))
            return f"{head}.{body}."
        if self.lies.get("algorithm") == "HS256":  # signed with the public key, as if it were a secret
            said = f"{_plain(_json({'alg': 'HS256', 'kid': 'one'}))}.{_plain(_json(claims))}"
            secret = self._key.as_pem(private=False)
            return f"{said}.{_plain(hmac.digest(secret, said.encode(), 'sha256'))}"
        key = self._other if self.lies.get("key") == "other" else self._key
        return str(jwt.encode({"alg": "ES256", "kid": "one"}, claims, key))


_CLAIMS = {"iss", "aud", "sub", "iat", "exp", "nonce", "azp", "nbf", "at_hash"}


def _json(claims: dict[str, Any]) -> bytes:
    return json.dumps(claims).encode()


def _plain(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def toml(of: Provider, url: str = "http://testserver") -> str:
    """What headquarters is told of the provider."""
    told = {"label": "the agency", "issuer": of.issuer, "client": CLIENT, "secret": SECRET, "url": url}
    return "".join(f'{name} = "{value}"\n' for name, value in told.items())


def query(of: dict[str, str]) -> str:
    """What the browser brings back, as it stands in an address."""
    return urlencode(of)


@contextlib.contextmanager
def running() -> Iterator[Provider]:
    """A provider on a loopback port."""
    port = free_port()
    made = Provider(port)
    config = uvicorn.Config(made.app(), host="127.0.0.1", port=port, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="provider", daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the provider does not start"
        time.sleep(0.01)
    try:
        yield made
    finally:
        server.should_exit = True
        thread.join()
