"""Reports of an officer's earlier laptop, handed on by headquarters: kept to read, never to change.

They come with the feed, each entry as the lost vault signed it, and are no part of this vault's own chain: no
action that writes finds them. Their files are fetched with the exchange, sealed anew to this vault, and are
kept only where their plain bytes are those that the record names.
"""

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp import canonical, enrolment, ledger
from fieldapp.enrolment import Certificate, GivenBack, Statement, StatementRefused
from fieldapp.errors import SituationError
from fieldapp.inspection import record
from fieldapp.inspection.evidence import Evidence
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.ledger import Entry
from fieldapp.vault.evidence import EvidenceAltered
from fieldapp.vault.vault import Tx, Vault

MOST_FILES = 1000  # asked for in one exchange
_CERTIFICATE = "earlier-certificate:"  # meta, with the device


class EvidenceNotHere(SituationError):
    """A file of an earlier laptop has not come from headquarters yet."""

    code = "evidence-not-here"


class MissingFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Ask which files of earlier laptops have not come yet."""


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """Files, by the hash that the records give their sealed bytes."""

    files: tuple[str, ...]


class KeepFile(msgspec.Struct, frozen=True, kw_only=True):
    """Keep what headquarters sealed anew of the file `sealed`."""

    sealed: str
    content: bytes


class KeptFiles(msgspec.Struct, frozen=True, kw_only=True):
    """How many are still missing, `MOST_FILES` at most."""

    missing: int


def take_given(vault: Vault, tx: Tx, statement: Statement) -> int:
    """Keep what headquarters gives back; return how many records were new. Refuses what does not hold."""
    enrolled = tx.require_enrolment()
    given = enrolment.open_statement(statement, "given", GivenBack, enrolled.keys.signing)
    held = enrolment.open_statement(given.certificate, "certificate", Certificate, enrolled.keys.signing)
    own = enrolled.certificate
    if given.device != vault.device.hex() or held.device == own.device:
        raise StatementRefused(kind="given", why="device")
    if (held.name, held.practice) != (own.name, own.practice):
        raise StatementRefused(kind="given", why="officer")
    for entry in given.entries:
        _check(entry, held)
    fresh = [entry for entry in given.entries if tx.kept.put(entry)]
    if fresh:
        tx.meta.put(_CERTIFICATE + held.device, given.certificate)
        tx.journal.note("records-taken-back", tx.now, device=held.device, fresh=len(fresh))
    _list(tx)
    return len(fresh)


def _check(entry: Entry, held: Certificate) -> None:
    """Refuse an entry that the certified vault did not sign, or that is no record of this realm."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(held.public))
        ledger.check_signature(entry, public)
        sealed = record.read(entry.payload)
    except (ValueError, ledger.LedgerBroken, msgspec.DecodeError):
        raise StatementRefused(kind="given", why="signature") from None
    if entry.kind != record.KIND or entry.device.hex() != held.device or sealed.practice != held.practice:
        raise StatementRefused(kind="given", why="device")


def _list(tx: Tx) -> None:
    for name in tx.kept.unlisted():
        found = tx.kept.inspection(name)
        if found is not None:
            tx.inspections.listed.put(found, earlier=True)


def fill_list(vault: Vault) -> None:
    """Put what an older program or a salvage left out into the list."""
    with vault.reading() as tx:
        missing = tx.kept.unlisted()
    if missing and not vault.damage:
        with vault.transaction() as tx:
            _list(tx)


def find(tx: Tx, inspection: str, revision: int = 0) -> Inspection:
    """Return a revision to read: of this vault, or of an earlier one. Nothing that writes may use it."""
    kept = None if tx.inspections.holds(inspection) else tx.kept.inspection(inspection, revision)
    return tx.inspections.get(inspection, revision) if kept is None else kept


def sealed_entry(tx: Tx, inspection: str, revision: int) -> tuple[Entry, Statement, tuple[str, ...]] | None:
    """Return the record of an earlier vault, that vault's certificate, and the ids of records before it."""
    if tx.inspections.holds(inspection):
        return None
    entries = [
        entry
        for entry in tx.kept.revisions(inspection)
        if not revision or record.read(entry.payload).inspection.revision <= revision
    ]
    if not entries:
        return None
    certificate = tx.meta.get(_CERTIFICATE + entries[-1].device.hex(), Statement)
    if certificate is None:
        raise NotFound(what="inspection", id=inspection)  # kept by a salvage: nobody vouches for it here
    return entries[-1], certificate, tuple(ledger.entry_id(entry).hex() for entry in entries[:-1])


def open_evidence(vault: Vault, item: Evidence) -> bytes:
    """Return the plain bytes of a piece of evidence of this or of an earlier vault, all hashes checked."""
    with vault.reading() as tx:
        kept = None if tx.outbox.blob_size(item.sealed_sha256) else tx.kept.file(item.sealed_sha256)
    if kept is None:
        return vault.open_file(item.sealed_sha256, item.plain_sha256)
    if not kept.h:
        raise EvidenceNotHere(name=item.caption or item.original_name)
    return vault.open_file(kept.h, item.plain_sha256)


def missing_files(vault: Vault, _command: MissingFiles) -> Missing:
    """Return the files to ask headquarters for."""
    with vault.reading() as tx:
        return Missing(files=tx.kept.missing_files(MOST_FILES))


def keep_file(vault: Vault, command: KeepFile) -> KeptFiles:
    """Open what came, hold it against the record, and keep it; a file that is not missing changes nothing."""
    with vault.reading() as tx:
        known = tx.kept.file(command.sealed)
    if known is not None and not known.h:
        if canonical.sha256(vault.unseal(command.content)) != known.plain:
            raise EvidenceAltered(why="plain")
        h = vault.keep_sealed(command.content)
        with vault.transaction() as tx:
            tx.kept.note_file(command.sealed, h, len(command.content))
            tx.journal.note("file-taken-back", tx.now, sha256=known.plain)
    return KeptFiles(missing=len(missing_files(vault, MissingFiles()).files))
