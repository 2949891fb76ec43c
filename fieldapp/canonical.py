"""The one canonical form of a value, and its hash.

Promises: equal values give equal bytes, on any machine, in any process. The form is UTF-8 JSON with
sorted keys and no white space. Bytes once signed are kept and never made again from the value, so a
later change of this form breaks no signature.
"""

import hashlib
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_encoder = msgspec.json.Encoder(order="deterministic")


def encode(value: Any) -> bytes:  # noqa: ANN401 - any msgspec value
    """Return the canonical JSON bytes of `value` (a Struct, or plain dicts, lists and scalars)."""
    return _encoder.encode(value)


def decode(raw: bytes | str, kind: type[T]) -> T:
    """Read JSON bytes as `kind`; raises msgspec.DecodeError (or its ValidationError), whatever the bytes."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except (RecursionError, UnicodeDecodeError, OverflowError) as error:
        raise msgspec.DecodeError(type(error).__name__) from None


def sha256(raw: bytes) -> str:
    """Return the SHA-256 of `raw` as 64 lower-case hex digits."""
    return hashlib.sha256(raw).hexdigest()
