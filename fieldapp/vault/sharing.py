"""A secret in shares: any `needed` of them give it back, fewer say nothing about it.

Shamir's scheme (1979) over GF(256) with the polynomial of AES (FIPS 197), byte by byte. A share as text
carries whose secret it is of and a check, so that a wrong or mistyped one is named and not mixed in.
"""

import base64
import hashlib
import os
from collections.abc import Sequence

import msgspec

from fieldapp.errors import InspectorError

PREFIX = "FIELDSHARE1"


class ShareUnreadable(InspectorError):
    """Not a share, mistyped, of another secret, or given twice."""

    code = "share-unreadable"


class SharesMissing(InspectorError):
    """More officers are needed."""

    code = "shares-missing"


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """One officer's part. `of` names the secret (its owner's choice), `number` is 1 to 255."""

    of: str
    number: int
    needed: int
    body: bytes


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = (a << 1) ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def _inverse(a: int) -> int:
    result = 1
    for _ in range(254):  # a**254 is its inverse; small enough to need no table
        result = _times(result, a)
    return result


def split(secret: bytes, of: str, count: int = 3, needed: int = 2) -> tuple[Share, ...]:
    """Return `count` shares of `secret`, any `needed` of which give it back."""
    if not 2 <= needed <= count < 256:
        raise ValueError("2 <= needed <= count < 256")
    powers = [secret, *(os.urandom(len(secret)) for _ in range(needed - 1))]
    bodies = []
    for number in range(1, count + 1):
        body = bytearray(len(secret))
        for coefficients in reversed(powers):  # Horner's rule
            for place, coefficient in enumerate(coefficients):
                body[place] = _times(body[place], number) ^ coefficient
        bodies.append(bytes(body))
    return tuple(Share(of=of, number=n, needed=needed, body=body) for n, body in enumerate(bodies, 1))


def join(shares: Sequence[Share]) -> bytes:
    """Return the secret; refuses too few shares, the same one twice, and shares of different secrets."""
    if not shares or len(shares) < shares[0].needed:
        raise SharesMissing(given=len(shares), needed=shares[0].needed if shares else 2)
    numbers = [share.number for share in shares]
    kinds = {(share.of, share.needed, len(share.body)) for share in shares}
    if len(kinds) > 1 or len(set(numbers)) < len(numbers) or 0 in numbers:
        raise ShareUnreadable(why="mixed")
    secret = bytearray(len(shares[0].body))
    for share in shares:
        weight = 1  # of this share in the polynomial's value at nought
        for other in numbers:
            if other != share.number:
                weight = _times(weight, _times(other, _inverse(other ^ share.number)))
        for place, byte in enumerate(share.body):
            secret[place] ^= _times(weight, byte)
    return bytes(secret)


def to_text(share: Share) -> str:
    """Return the share as one line to print or to keep on a stick."""
    body = base64.b32encode(share.body).decode("ascii").rstrip("=")
    front = f"{PREFIX}:{share.of}:{share.needed}:{share.number}:{body}"
    return f"{front}:{hashlib.sha256(front.encode()).hexdigest()[:8].upper()}"


def from_text(text: str) -> Share:
    """Read a share's line; white space and small letters do not matter."""
    front, _colon, check = "".join(text.split()).upper().rpartition(":")
    parts = front.split(":")
    if len(parts) != 5 or parts[0] != PREFIX:
        raise ShareUnreadable(why="form")
    lowered = f"{PREFIX}:{parts[1].lower()}:{parts[2]}:{parts[3]}:{parts[4]}"
    if hashlib.sha256(lowered.encode()).hexdigest()[:8].upper() != check:
        raise ShareUnreadable(why="mistyped")
    try:
        body = base64.b32decode(parts[4] + "=" * (-len(parts[4]) % 8))
        return Share(of=parts[1].lower(), number=int(parts[3]), needed=int(parts[2]), body=body)
    except ValueError:
        raise ShareUnreadable(why="form") from None
