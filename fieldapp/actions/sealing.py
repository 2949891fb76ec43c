"""Sealing: the draft becomes a record, the record a ledger entry, the entry an outbox row, all or nothing."""

from datetime import datetime
from typing import Literal

import msgspec

import fieldapp
from fieldapp import ledger
from fieldapp.actions import disposing, drafting, sanctioning
from fieldapp.actions.provisioning import clock_suspect
from fieldapp.inspection import machine, record
from fieldapp.inspection.inspection import Inspection, require_sealable
from fieldapp.inspection.record import BlobRef, Record, Signature
from fieldapp.screening.verdict import ListState
from fieldapp.vault.proofs import subject
from fieldapp.vault.vault import Tx, Vault


class SealInspection(msgspec.Struct, frozen=True, kw_only=True):
    """Seal the draft; `meaning` is what the signature says (21 CFR 11.50).

    `proof` is what `confirm_passphrase` returned: the passphrase was given again for this signature (11.200).
    """

    inspection: str
    proof: str
    meaning: Literal["authored", "reviewed", "approved", "witnessed"] = "authored"


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """The sealed inspection, its record id (64 hex digits) and its place in the ledger."""

    inspection: Inspection
    record: str
    seq: int


def seal(vault: Vault, command: SealInspection) -> Sealed:
    """Freeze, sign, chain and queue in one transaction, once the passphrase was proven."""
    vault.spend_proof(command.proof, subject(command.meaning, command.inspection))
    with vault.transaction() as tx:
        tx.require_enrolment()
        draft = drafting.draft(tx, command.inspection)
        require_sealable(draft)
        disposing.require_second_still_right(draft, tx.policy())
        tx.require_newest()
        for item in draft.evidence:
            vault.check_sealed(item.sealed_sha256, item.sealed_size)
        sealed = msgspec.structs.replace(draft, state="sealed")
        officer = sealed.officer
        made = Record(
            practice=sealed.practice,
            software=f"fieldapp {fieldapp.__version__}",
            inspection=sealed,
            watchlist=tx.meta.get("watchlist", ListState) or ListState(),
            signature=Signature(
                name=officer.name,
                role=officer.role,
                at=datetime.fromisoformat(tx.now),
                meaning=command.meaning,
            ),
            blobs=tuple(
                BlobRef(
                    h=item.sealed_sha256,
                    n=item.sealed_size,
                    t=item.mime,
                    c="photo" if item.mime.startswith("image/") else "attach",
                )
                for item in sealed.evidence
            ),
            clock_suspect=clock_suspect(vault, tx),
            machine=machine.read(),
        )
        entry = tx.journal.append(record.KIND, record.payload(made), tx.now)
        record_id = ledger.entry_id(entry).hex()
        _use_sanctions(tx, sealed)
        tx.inspections.put(sealed)
        tx.inspections.note_record(entry.seq, record_id, sealed)
        tx.outbox.attach_blobs(sealed.id, entry.seq)
    return Sealed(inspection=sealed, record=record_id, seq=entry.seq)


def _use_sanctions(tx: Tx, sealed: Inspection) -> None:
    """Count what the released lines take of the papers that sanction a quantity."""
    declared, kilograms = sealed.consignment, sanctioning.released_kg(sealed)
    if kilograms:
        for paper in declared.documents:
            if paper.quantity_kg is not None:
                tx.sanctions.put(paper.kind, paper.number, declared.id, kilograms)
