"""A FIDO2 security key as a way into a vault: its hmac-secret (CTAP 2.1, 12.5), behind its PIN and a touch.

The key makes a credential that only it can use and that no server ever sees; for a challenge it answers with
32 bytes, always the same, which open the slot. Speaks CTAP through `fido2` and stores nothing on the key.
Where the library or the right to the device is missing there is simply no key here. A key that is pulled out,
refuses the PIN, or was given another vault's credential is refused by name.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from fieldapp.errors import InspectorError, SituationError

if TYPE_CHECKING:
    from fido2.ctap import CtapDevice, CtapError
    from fido2.ctap2.base import Ctap2

NAME = "fido2"
REALM = "vault.fieldapp.invalid"  # a relying party that no web site can be
_ES256 = {"type": "public-key", "alg": -7}
Devices = Callable[[], "Iterator[CtapDevice]"]
R = TypeVar("R")


class SecurityKeyMissing(SituationError):
    """No security key is plugged in, or it was pulled out."""

    code = "security-key-missing"


class SecurityKeyRefused(InspectorError):
    """The key did not answer as it should; `why` is pin, blocked, no-pin, unfit, other-key or silent."""

    code = "security-key-refused"


def devices() -> "Iterator[CtapDevice]":
    """Give the security keys that are plugged in; none where the library is not installed."""
    try:
        from fido2.hid import CtapHidDevice
    except ImportError:
        return
    with contextlib.suppress(OSError):
        yield from CtapHidDevice.list_devices()


class SecurityKey:
    """The first key that `found` gives, with its PIN."""

    name = NAME

    def __init__(self, found: Devices, pin: str) -> None:
        self._found, self._pin = found, pin

    def register(self) -> bytes:
        """Have the key make a credential; return its id, which is no secret."""
        return self._with_key(self._make)

    def secret(self, credential: bytes, challenge: bytes) -> bytes:
        """Return the 32 bytes that this key alone gives for `challenge` (32 bytes)."""
        return self._with_key(lambda key: self._answer(key, credential, challenge))

    def _with_key(self, work: "Callable[[Ctap2], R]") -> R:
        from fido2.ctap import CtapError
        from fido2.ctap2.base import Ctap2

        try:
            with contextlib.closing(next(self._found())) as device:
                key = Ctap2(device)
                if "hmac-secret" not in key.info.extensions or not key.info.pin_uv_protocols:
                    raise SecurityKeyRefused(why="unfit")
                if not key.info.options.get("clientPin"):
                    raise SecurityKeyRefused(why="no-pin")
                return work(key)
        except CtapError as error:
            raise SecurityKeyRefused(why=_why(error)) from None
        except (StopIteration, OSError):
            raise SecurityKeyMissing from None
        except ValueError:  # an answer that is none
            raise SecurityKeyRefused(why="unfit") from None

    def _make(self, key: "Ctap2") -> bytes:
        from fido2.ctap2.pin import ClientPin

        pin, asked = ClientPin(key), os.urandom(32)
        token = pin.get_pin_token(self._pin, ClientPin.PERMISSION.MAKE_CREDENTIAL, REALM)
        made = key.make_credential(
            asked,
            {"id": REALM, "name": "Fieldapp"},
            {"id": os.urandom(16), "name": "vault"},
            [_ES256],
            extensions={"hmac-secret": True},
            pin_uv_param=pin.protocol.authenticate(token, asked),
            pin_uv_protocol=pin.protocol.VERSION,
        )
        held = made.auth_data.credential_data
        if held is None or (made.auth_data.extensions or {}).get("hmac-secret") is not True:
            raise SecurityKeyRefused(why="unfit")
        return bytes(held.credential_id)

    def _answer(self, key: "Ctap2", credential: bytes, challenge: bytes) -> bytes:
        from fido2.ctap2.pin import ClientPin

        pin, asked = ClientPin(key), os.urandom(32)
        token = pin.get_pin_token(self._pin, ClientPin.PERMISSION.GET_ASSERTION, REALM)
        agreed = key.client_pin(pin.protocol.VERSION, ClientPin.CMD.GET_KEY_AGREEMENT)
        ours, shared = pin.protocol.encapsulate(agreed[ClientPin.RESULT.KEY_AGREEMENT])
        salt = pin.protocol.encrypt(shared, challenge)
        given = key.get_assertion(
            REALM,
            asked,
            [{"type": "public-key", "id": credential}],
            extensions={
                "hmac-secret": {
                    1: ours, 2: salt, 3: pin.protocol.authenticate(shared, salt), 4: pin.protocol.VERSION,
                }
            },
            pin_uv_param=pin.protocol.authenticate(token, asked),
            pin_uv_protocol=pin.protocol.VERSION,
        )  # fmt: skip
        sealed = (given.auth_data.extensions or {}).get("hmac-secret")
        if not isinstance(sealed, bytes):
            raise SecurityKeyRefused(why="unfit")
        secret = bytes(pin.protocol.decrypt(shared, sealed))
        if len(secret) != 32:
            raise SecurityKeyRefused(why="unfit")
        return secret


def _why(error: "CtapError") -> str:
    codes = error.ERR
    return {
        codes.PIN_INVALID: "pin",
        codes.PIN_AUTH_INVALID: "pin",
        codes.PIN_BLOCKED: "blocked",
        codes.PIN_AUTH_BLOCKED: "blocked",
        codes.PIN_NOT_SET: "no-pin",
        codes.NO_CREDENTIALS: "other-key",
        codes.ACTION_TIMEOUT: "silent",
        codes.USER_ACTION_TIMEOUT: "silent",
        codes.KEEPALIVE_CANCEL: "silent",
        codes.OPERATION_DENIED: "silent",
    }.get(codes(error.code), "unfit")
