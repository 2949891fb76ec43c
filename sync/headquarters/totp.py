"""The second factor: time-based codes (RFC 6238 over RFC 4226, SHA-1, 6 digits, 30 seconds).

Pure functions of a secret and a time. A code counts in its own step and in the ones beside it; who asks keeps
the step a code was used in, so that no code counts twice.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote

STEP = 30  # seconds
DIGITS = 6
DRIFT = 1  # steps to either side
SECRET_BYTES = 20


def code(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """Return the code of one step (RFC 4226, section 5.3)."""
    made = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = made[-1] & 0x0F
    number = int.from_bytes(made[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}d}"


def step_at(moment: datetime) -> int:
    """Return the step that `moment` lies in."""
    return int(moment.timestamp()) // STEP


def accepted(secret: bytes, given: str, at: datetime, used: int) -> int | None:
    """Return the step whose code `given` is, later than the step `used` last; None if it is none."""
    plain = "".join(given.split())
    here = step_at(at)
    found = None
    for step in range(here - DRIFT, here + DRIFT + 1):
        right = hmac.compare_digest(code(secret, step).encode("ascii"), plain.encode("utf-8"))
        if right and step > used:
            found = step
    return found


def spelled(secret: bytes) -> str:
    """Return the secret as it is typed into a telephone, in groups of four."""
    text = base64.b32encode(secret).decode("ascii").rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, issuer: str, name: str) -> str:
    """Return the text of the code that a telephone scans."""
    key = base64.b32encode(secret).decode("ascii").rstrip("=")
    label = quote(f"{issuer}:{name}")
    return f"otpauth://totp/{label}?secret={key}&issuer={quote(issuer)}&digits={DIGITS}&period={STEP}"
