"""A security key in software, spoken to at its CTAP interface, as `fido2` speaks to one of plastic.

It keeps its PIN, counts wrong ones, makes credentials and answers hmac-secret, over the protocols and the
encodings of CTAP 2.1. It can be pulled out, block itself, know no credential, and answer with a lie.
"""

import hashlib
import hmac
import os
from collections.abc import Iterator
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.ctap import CtapDevice
from fido2.ctap2.pin import PinProtocolV2
from fido2.hid import CAPABILITY, CTAPHID
from fido2.webauthn import Aaguid, AttestedCredentialData, AuthenticatorData

OK, NO_CREDENTIALS, PIN_INVALID, PIN_BLOCKED, PIN_AUTH_INVALID = 0x00, 0x2E, 0x31, 0x32, 0x33
MAKE, ASSERT, INFO, PIN = 0x01, 0x02, 0x04, 0x06
RETRIES = 8


class SoftKey(CtapDevice):
    """One key with one PIN. `pulled` is the state of the plug, `lies` of its honesty."""

    def __init__(self, pin: str = "4711", *, extensions: tuple[str, ...] = ("hmac-secret",)) -> None:
        self.pulled = False
        self.lies = False
        self._pin, self._left = pin, RETRIES
        self._extensions = extensions
        self._agreement = ec.generate_private_key(ec.SECP256R1())
        self._token = os.urandom(32)
        self._secrets: dict[bytes, bytes] = {}
        self._keys: dict[bytes, ec.EllipticCurvePrivateKey] = {}
        self._protocol = PinProtocolV2()

    def devices(self) -> Iterator[CtapDevice]:
        """Give this key, if it is plugged in."""
        if not self.pulled:
            yield self

    @property
    def capabilities(self) -> int:
        return int(CAPABILITY.CBOR)

    @classmethod
    def list_devices(cls) -> Iterator[CtapDevice]:
        return iter(())

    def call(self, cmd: int, data: bytes = b"", event: Any = None, on_keepalive: Any = None) -> bytes:
        """Take one message, as the wire would bring it, and answer it: at once, so nothing is kept alive."""
        del event, on_keepalive
        if self.pulled:
            raise OSError("the device is gone")
        assert cmd == CTAPHID.CBOR
        asked = cbor.decode(data[1:]) if len(data) > 1 else {}
        status, answer = {INFO: self._info, PIN: self._pins, MAKE: self._make, ASSERT: self._assert}[data[0]](
            asked
        )
        return bytes([status]) + (cbor.encode(answer) if answer is not None else b"")

    def _info(self, _asked: Any) -> tuple[int, Any]:
        return OK, {
            1: ["FIDO_2_0", "FIDO_2_1"], 2: list(self._extensions), 3: bytes(16),
            4: {"rk": True, "up": True, "clientPin": True, "pinUvAuthToken": True}, 6: [2],
        }  # fmt: skip

    def _shared(self, theirs: Any) -> bytes:
        point = ec.EllipticCurvePublicNumbers(
            int.from_bytes(theirs[-2], "big"), int.from_bytes(theirs[-3], "big"), ec.SECP256R1()
        )
        return self._protocol.kdf(self._agreement.exchange(ec.ECDH(), point.public_key()))

    def _pins(self, asked: Any) -> tuple[int, Any]:
        if asked[2] == 2:  # key agreement
            point = self._agreement.public_key().public_numbers()
            return OK, {
                1: {1: 2, 3: -25, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
            }
        if self._left == 0:
            return PIN_BLOCKED, None
        shared = self._shared(asked[3])
        given = self._protocol.decrypt(shared, asked[6])
        if not hmac.compare_digest(given, hashlib.sha256(self._pin.encode()).digest()[:16]):
            self._left -= 1
            return (PIN_BLOCKED if self._left == 0 else PIN_INVALID), None
        self._left = RETRIES
        return OK, {2: self._protocol.encrypt(shared, self._token)}

    def _proven(self, message: bytes, proof: bytes) -> bool:
        return hmac.compare_digest(self._protocol.authenticate(self._token, message), proof)

    def _make(self, asked: Any) -> tuple[int, Any]:
        if not self._proven(asked[1], asked[8]):
            return PIN_AUTH_INVALID, None
        name, key = os.urandom(32), ec.generate_private_key(ec.SECP256R1())
        self._secrets[name], self._keys[name] = os.urandom(32), key
        held = AttestedCredentialData.create(
            Aaguid(bytes(16)), name, ES256.from_cryptography_key(key.public_key())
        )
        said = AuthenticatorData.create(
            hashlib.sha256(asked[2]["id"].encode()).digest(), AuthenticatorData.FLAG(0xC5), 1, held,
            {"hmac-secret": "hmac-secret" in self._extensions},
        )  # fmt: skip
        return OK, {1: "none", 2: bytes(said), 3: {}}

    def _assert(self, asked: Any) -> tuple[int, Any]:
        if not self._proven(asked[2], asked[6]):
            return PIN_AUTH_INVALID, None
        name = next((one["id"] for one in asked[3] if one["id"] in self._secrets), None)
        if name is None:
            return NO_CREDENTIALS, None
        given = asked[4]["hmac-secret"]
        shared = self._shared(given[1])
        assert hmac.compare_digest(self._protocol.authenticate(shared, given[2]), given[3])
        salt = self._protocol.decrypt(shared, given[2])
        secret = hmac.digest(os.urandom(32) if self.lies else self._secrets[name], salt, "sha256")
        said = AuthenticatorData.create(
            hashlib.sha256(asked[1].encode()).digest(), AuthenticatorData.FLAG(0x85), 2, b"",
            {"hmac-secret": self._protocol.encrypt(shared, secret)},
        )  # fmt: skip
        signature = self._keys[name].sign(bytes(said) + asked[2], ec.ECDSA(hashes.SHA256()))
        return OK, {1: {"type": "public-key", "id": name}, 2: bytes(said), 3: signature}
