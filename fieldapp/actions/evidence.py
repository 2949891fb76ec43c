"""Taking in a file as evidence, and showing it."""

from datetime import datetime
from pathlib import Path

import msgspec

from fieldapp import canonical, ids
from fieldapp.actions import drafting
from fieldapp.errors import InspectorError
from fieldapp.inspection.evidence import Evidence, media_type
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.vault.outbox import BlobRow
from fieldapp.vault.vault import Vault

LARGEST = 256 * 1024 * 1024  # bytes


class FileUnreadable(InspectorError):
    """The file is not there or cannot be read."""

    code = "file-unreadable"


class FileTooLarge(InspectorError):
    """The file is over the limit."""

    code = "file-too-large"


class AttachEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """Take in the file at `path`."""

    inspection: str
    path: str
    caption: str = ""


class ShowEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for the plain bytes of one piece of evidence."""

    inspection: str
    evidence: str
    revision: int = 0


class EvidenceContent(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence with its bytes."""

    evidence: Evidence
    content: bytes


def attach(vault: Vault, command: AttachEvidence) -> Inspection:
    """Hash the bytes as they are, seal them durably, then name them in the inspection."""
    path = Path(command.path)
    try:
        if not path.is_file():  # no device, no pipe: reading one need not end
            raise FileUnreadable(name=path.name)
        size = path.stat().st_size
        if size > LARGEST:
            raise FileTooLarge(name=path.name, limit_mb=LARGEST // 1024 // 1024)
        content = path.read_bytes()
    except OSError:
        raise FileUnreadable(name=path.name) from None
    with vault.reading() as tx:
        drafting.draft(tx, command.inspection)
        recipients = tx.require_enrolment().keys.evidence_recipients
    mime = media_type(content)
    sealed, sealed_size = vault.seal_file(content, recipients)
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        made = Evidence(
            id=ids.uuid7(vault.clock()),
            at=datetime.fromisoformat(tx.now),
            mime=mime,
            size=len(content),
            plain_sha256=canonical.sha256(content),
            sealed_sha256=sealed,
            sealed_size=sealed_size,
            caption=command.caption,
            original_name=path.name[:200],
        )
        row = BlobRow(h=sealed, n=sealed_size, t=mime, c="photo" if mime.startswith("image/") else "attach")
        tx.outbox.put_blob(row, before.id, made.id)
        facts: dict[str, object] = {"evidence": made.id, "sha256": made.plain_sha256}
        return drafting.keep(tx, before, "evidence-attached", facts, evidence=(*before.evidence, made))


def show(vault: Vault, command: ShowEvidence) -> EvidenceContent:
    """Return the plain bytes, both hashes checked."""
    with vault.reading() as tx:
        inspection = tx.inspections.get(command.inspection, command.revision)
    found = next((item for item in inspection.evidence if item.id == command.evidence), None)
    if found is None:
        raise NotFound(what="evidence", id=command.evidence)
    return EvidenceContent(evidence=found, content=vault.open_file(found.sealed_sha256, found.plain_sha256))
