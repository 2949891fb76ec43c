"""Vaults and a headquarters' keys to test with: real files, real keys, the cheapest passphrase allowed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp import enrolment
from fieldapp.actions import provisioning, reporting, sealing
from fieldapp.actions.reporting import BindSignature, Gather, RenderReport, SignReports, ToSign
from fieldapp.actions.rooms import Press
from fieldapp.actions.sealing import Sealed, SealInspection
from fieldapp.clock import Clock, now
from fieldapp.enrolment import Answer, Certificate, HeadquartersKeys, Invitation, Policy
from fieldapp.report.paper import Copy, Language
from fieldapp.vault import evidence, header, keys, proofs, recovery, tries
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.vault import Owner, Vault
from tests.support import papers

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
        return enrolment.sign_keys(
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
        held, x509 = papers.certified(held, vault.paper_key.public)
        return Answer(
            keys=self.keys(),
            certificate=enrolment.sign("certificate", held, self.signing),
            policy=enrolment.sign("policy", policy or Policy(number=1), self.signing),
            x509=x509,
        )


def proof_of(vault: Vault, meaning: str, what: str) -> str:
    """Return the proof of a passphrase given again, as `confirm_passphrase` does."""
    return vault.prove(
        keys.open_slots(header.read_header(vault.folder), PASSPHRASE), proofs.subject(meaning, what)
    )


def seal(vault: Vault, inspection: str) -> Sealed:
    """Seal an inspection, the passphrase given for it."""
    proof = proof_of(vault, "authored", inspection)
    return sealing.seal(vault, SealInspection(inspection=inspection, proof=proof))


def tried(folder: Path, wrong: int, not_before: float = 0.0) -> None:
    """Leave the count in the vault's `folder` as that many wrong passphrases would."""
    end = header.read_header(folder).tries
    assert isinstance(end, bytes)
    held = tries.read(folder, end)
    while held.wrong < wrong:
        held = held.after_wrong(0.0)
    tries.keep(folder, msgspec.structs.replace(held, not_before=not_before))


def signed_report(
    vault: Vault, press: Press, inspection: str, language: Language = "en", copy: Copy = "full"
) -> bytes:
    """Make the report's file and have it signed, the passphrase given for it."""
    given = reporting.gather(vault, Gather(inspection=inspection))
    made = reporting.render(press, RenderReport(input=given, language=language, copy=copy))
    wanted = (ToSign(inspection=inspection, revision=made.revision, attributes=made.attributes),)
    meaning, what = reporting.subject_of(wanted).split(":")
    asked = SignReports(reports=wanted, proof=proof_of(vault, meaning, what))
    (signature,) = reporting.sign(vault, asked).signatures
    bound = BindSignature(pdf=made.pdf, attributes=made.attributes, x509=given.x509, signature=signature)
    return reporting.bind(press, bound).pdf


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
