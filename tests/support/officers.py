"""A second officer with a certificate of headquarters, what he is asked, and his answer."""

from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import canonical, enrolment
from fieldapp.enrolment import Certificate, Statement
from fieldapp.inspection.countersign import Ask, Countersignature, countersign
from tests.support.records import AT, moment

HEADQUARTERS = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SECOND = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
TRUSTED = (HEADQUARTERS.public_key().public_bytes_raw().hex(),)


def certificate(key: Ed25519PrivateKey = SECOND, **changes: Any) -> Statement:
    given = {
        "device": "ab" * 16, "public": key.public_key().public_bytes_raw().hex(), "name": "S. Rao",
        "role": "Superintendent", "unit": "Customs", "site": "JNPT", "practice": False,
        "issued": AT - timedelta(days=1), "lease_until": AT + timedelta(days=30),
    }  # fmt: skip
    return enrolment.sign("certificate", Certificate(**(given | changes)), HEADQUARTERS)


def ask(**changes: Any) -> Ask:
    given = {
        "meaning": "release", "inspection": "FA-7", "revision": 1, "digest": canonical.sha256(b"decision"),
        "lines": ("Release despite a hit", "Reason: another firm"), "asked_by": "R. Nair",
        "public": "cd" * 32, "practice": False,
    }  # fmt: skip
    return Ask(**(given | changes))


def answer(to: Ask, **changes: Any) -> Countersignature:
    return countersign(to, certificate(**changes), SECOND.sign, moment(5))
