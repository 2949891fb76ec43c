"""A second officer with a certificate of headquarters, what he is asked, and his answer."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import canonical, enrolment
from fieldapp.actions import disposing, provisioning
from fieldapp.actions.disposing import Asked, SecondAnswer, SignAsSecond
from fieldapp.actions.provisioning import AcceptEnrolment
from fieldapp.enrolment import Certificate, Statement
from fieldapp.inspection.countersign import Ask, Countersignature, countersign
from fieldapp.vault import keys
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.vault import Owner, Vault
from tests.support.records import AT, moment
from tests.support.vaults import PASSPHRASE, Headquarters, proof_of

HEADQUARTERS = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SECOND = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
OTHER_PASSPHRASE = "another long and quiet phrase"
_VAULTS = (("inspector-2", OTHER_PASSPHRASE, "S. Rao"), ("vault", PASSPHRASE, "R. Nair"))
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


def sign_second(vault: Vault, asked: Asked) -> SecondAnswer:
    """Agree on another laptop, the passphrase given again."""
    proof = proof_of(vault, asked.ask.meaning, asked.ask.digest)
    return disposing.sign_as_second(vault, SignAsSecond(text=asked.text, agreed=True, proof=proof))


def shared_laptop(folder: Path, headquarters: Headquarters) -> VaultDirectory:
    """Two inspectors' vaults side by side on one laptop; R. Nair's is open, and returned."""
    for place, passphrase, name in _VAULTS:
        directory = VaultDirectory(folder / place, cost=keys.FLOOR)
        vault = directory.create(passphrase, Owner(name=name, site="Nhava Sheva"))
        given = headquarters.answer(vault, name=name)
        provisioning.accept_enrolment(
            vault, AcceptEnrolment(invitation=headquarters.invitation(), answer=given)
        )
        if place != "vault":
            directory.lock()
    return directory
