"""That the officer gave the passphrase again, for one signature and no other (21 CFR 11.200).

A proof is made where the passphrase was checked, in the vault's process, and spent by the act that signs. It
names what is to be signed and with which meaning, holds for two minutes, once, and a newer one takes its
place. Who walks up to an open window has none.
"""

import hmac
import os

import msgspec

from fieldapp import clock
from fieldapp.errors import InspectorError

GOOD_FOR = 120.0  # seconds


class SignatureUnproven(InspectorError):
    """The passphrase was not given for this signature; `why` is missing, other or late."""

    code = "signature-unproven"


class _Given(msgspec.Struct, frozen=True):
    proof: str
    subject: str
    at: float  # seconds since start


def subject(meaning: str, what: str) -> str:
    """Return what a proof is for: the meaning of the signature, and the id or digest of what it is under."""
    return f"{meaning}:{what}"


class Proofs:
    """The one proof that is open, if any."""

    def __init__(self) -> None:
        self._given: _Given | None = None

    def make(self, subject: str) -> str:
        """Return a new proof for `subject`; one not yet spent is void."""
        self._given = _Given(os.urandom(16).hex(), subject, clock.since_boot())
        return self._given.proof

    def spend(self, proof: str, subject: str) -> None:
        """Take the proof; whatever comes of it, it is gone."""
        given, self._given = self._given, None
        if given is None or not hmac.compare_digest(given.proof.encode(), proof.encode()):
            raise SignatureUnproven(why="missing")
        if given.subject != subject:
            raise SignatureUnproven(why="other")
        if clock.since_boot() - given.at > GOOD_FOR:
            raise SignatureUnproven(why="late")
