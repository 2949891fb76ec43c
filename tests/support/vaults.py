"""Vaults and a headquarters' keys to test with: real files, real keys, the cheapest passphrase allowed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import enrolment
from fieldapp.actions import provisioning
from fieldapp.clock import Clock, now
from fieldapp.enrolment import Answer, Certificate, HeadquartersKeys, Invitation, Policy
from fieldapp.vault import evidence, keys, recovery
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.vault import Owner, Vault

PASSPHRASE = "correct horse battery staple"
FAR = datetime(2099, 1, 1, tzinfo=UTC)


class Headquarters:
    """The keys of a headquarters, and what it signs with them."""

    def __init__(self, *, practice: bool = False) -> None:
        self.root = Ed25519PrivateKey.generate()
        self.signing = Ed25519PrivateKey.generate()
        self.practice = practice
        self.identity, self.recipient = evidence.new_identity()
        self.recovery = recovery.new_key()

    @property
    def root_hex(self) -> str:
        return self.root.public_key().public_bytes_raw().hex()

    def keys(self) -> enrolment.Statement:
        return enrolment.sign(
            "keys",
            HeadquartersKeys(
                headquarters="Test headquarters",
                practice=self.practice,
                signing=(self.signing.public_key().public_bytes_raw().hex(),),
                evidence_recipients=(self.recipient,),
                recovery_recipients=(recovery.public_of(self.recovery),),
                issued=now(),
            ),
            self.root,
        )

    def invitation(self, **changes: object) -> Invitation:
        given: dict[str, object] = {
            "id": "inv-1",
            "url": "http://127.0.0.1:9",
            "headquarters": "Test headquarters",
            "practice": self.practice,
            "root": self.root_hex,
            "secret": "00" * 16,
            "expires": FAR,
        }
        return Invitation(**(given | changes))  # type: ignore[arg-type]

    def answer(self, vault: Vault, policy: Policy | None = None, name: str = "R. Nair") -> Answer:
        held = Certificate(
            device=vault.device.hex(),
            public=vault.public.hex(),
            name=name,
            role="Drugs inspector",
            unit="CFS gate 3",
            site="Nhava Sheva",
            practice=self.practice,
            issued=now(),
            lease_until=now() + timedelta(days=30),
        )
        return Answer(
            keys=self.keys(),
            certificate=enrolment.sign("certificate", held, self.signing),
            policy=enrolment.sign("policy", policy or Policy(number=1), self.signing),
        )


def directory(folder: Path, clock: Clock = now) -> VaultDirectory:
    return VaultDirectory(folder / "vault", cost=keys.FLOOR, now=clock)


def new_vault(folder: Path, clock: Clock = now) -> Vault:
    return directory(folder, clock).create(PASSPHRASE, Owner(name="R. Nair", site="Nhava Sheva"))


def enrolled_vault(
    folder: Path,
    headquarters: Headquarters | None = None,
    policy: Policy | None = None,
    clock: Clock = now,
    name: str = "R. Nair",
) -> Vault:
    headquarters = headquarters or Headquarters()
    vault = new_vault(folder, clock)
    provisioning.accept_enrolment(
        vault,
        provisioning.AcceptEnrolment(
            invitation=headquarters.invitation(), answer=headquarters.answer(vault, policy, name)
        ),
    )
    return vault
