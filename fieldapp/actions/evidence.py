"""Taking in a file as evidence, and showing it: what a person takes in, and what codes were read from."""

from datetime import datetime
from pathlib import Path
from typing import Literal

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


class FileChanged(InspectorError):
    """The file is not the one that was read a moment ago."""

    code = "file-changed"


class AttachEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """Take in the file at `path`."""

    inspection: str
    path: str
    caption: str = ""


class KeepPicture(msgspec.Struct, frozen=True, kw_only=True):
    """Take in what codes were read from: `content`, or the file at `path` where there is none.

    `sha256` is that of the bytes that were read; other bytes are refused.
    """

    inspection: str
    sha256: str
    path: str = ""
    content: bytes = b""


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
    content = _content(path)
    with vault.reading() as tx:
        drafting.draft(tx, command.inspection)
    after, _made = _keep(vault, command.inspection, content, name=path.name, caption=command.caption)
    return after


def keep_picture(vault: Vault, command: KeepPicture) -> Evidence:
    """Hash, seal and name what codes were read from, before any of them is remembered; once an inspection."""
    path = Path(command.path)
    content = command.content or _content(path)
    if canonical.sha256(content) != command.sha256:
        raise FileChanged(name=path.name)
    with vault.reading() as tx:
        held = drafting.draft(tx, command.inspection).evidence
    kept = next(
        (item for item in held if item.plain_sha256 == command.sha256 and item.purpose == "scan"), None
    )
    if kept is not None:
        return kept
    _after, made = _keep(vault, command.inspection, content, name=path.name, purpose="scan")
    return made


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():  # no device, no pipe: reading one need not end
            raise FileUnreadable(name=path.name)
        size = path.stat().st_size
        if size > LARGEST:
            raise FileTooLarge(name=path.name, limit_mb=LARGEST // 1024 // 1024)
        return path.read_bytes()
    except OSError:
        raise FileUnreadable(name=path.name) from None


def _keep(
    vault: Vault,
    inspection: str,
    content: bytes,
    *,
    name: str,
    caption: str = "",
    purpose: Literal["exhibit", "scan"] = "exhibit",
) -> tuple[Inspection, Evidence]:
    with vault.reading() as tx:
        recipients = tx.require_enrolment().keys.evidence_recipients
    mime = media_type(content)
    sealed, sealed_size = vault.seal_file(content, recipients)
    with vault.transaction() as tx:
        before = drafting.draft(tx, inspection)
        made = Evidence(
            id=ids.uuid7(vault.clock()),
            at=datetime.fromisoformat(tx.now),
            mime=mime,
            size=len(content),
            plain_sha256=canonical.sha256(content),
            sealed_sha256=sealed,
            sealed_size=sealed_size,
            caption=caption,
            original_name=name[:200],
            purpose=purpose,
        )
        row = BlobRow(h=sealed, n=sealed_size, t=mime, c="photo" if mime.startswith("image/") else "attach")
        tx.outbox.put_blob(row, before.id, made.id)
        facts: dict[str, object] = {"evidence": made.id, "sha256": made.plain_sha256}
        after = drafting.keep(tx, before, "evidence-attached", facts, evidence=(*before.evidence, made))
    return after, made


def show(vault: Vault, command: ShowEvidence) -> EvidenceContent:
    """Return the plain bytes, both hashes checked."""
    with vault.reading() as tx:
        inspection = tx.inspections.get(command.inspection, command.revision)
    found = next((item for item in inspection.evidence if item.id == command.evidence), None)
    if found is None:
        raise NotFound(what="evidence", id=command.evidence)
    return EvidenceContent(evidence=found, content=vault.open_file(found.sealed_sha256, found.plain_sha256))
