"""Who speaks: checks of what a vault signed to open a session, and of what came with an invitation.

Nothing here holds a key of a vault: the vault signs, this only checks. The secret of an invitation is
used once, by the vault that makes the request and by headquarters that checks it.
"""

import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp import enrolment
from fieldapp.enrolment import Request
from sync import wire

_P = 2**255 - 19  # the field and the curve of Ed25519 (RFC 8032, 5.1)
_D = -121665 * pow(121666, -1, _P) % _P


def check_request(request: Request, secret: str) -> bool:
    """Say whether `request` was made by someone who holds the invitation's `secret`."""
    return hmac.compare_digest(request.mac, enrolment.request_mac(request, secret))


def check_session(public: bytes, device: bytes, nonce: bytes, signature: bytes) -> bool:
    """Say whether the vault with the key `public` signed this challenge."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, wire.session_preimage(device, nonce))
    except (InvalidSignature, ValueError):
        return False
    return True


def is_public_key(raw: bytes) -> bool:
    """Say whether `raw` is an Ed25519 public key: a point of the curve (RFC 8032, 5.1.3), not of small order.

    The library takes any 32 bytes and only ever fails at the first signature. Under a point of small order
    signatures can be made by anyone.
    """
    y = int.from_bytes(raw, "little") & ((1 << 255) - 1)
    if len(raw) != 32 or y >= _P:
        return False
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if x * x % _P != square:
        return False
    for _doubling in range(3):  # the small orders are 1, 2, 4 and 8
        both = _D * x * x * y * y
        x, y = 2 * x * y * pow(1 + both, -1, _P) % _P, (y * y + x * x) * pow(1 - both, -1, _P) % _P
    return (x, y) != (0, 1)
