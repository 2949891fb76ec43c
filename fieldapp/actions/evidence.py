"""Taking in a file as evidence, and showing it: what a person takes in, and what codes were read from.

A photo marked or covered is taken in as a derivative beside its original, which stays as it was.
"""

from datetime import datetime
from pathlib import Path

import msgspec

from fieldapp import canonical, ids
from fieldapp.actions import drafting, inheriting
from fieldapp.errors import InspectorError
from fieldapp.inspection import evidence as exhibit
from fieldapp.inspection.evidence import Evidence, Purpose, media_type
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.scan.claims import Claims
from fieldapp.scan.stroke import MOST, Stroke
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


class DerivativeRefused(InspectorError):
    """This is no derivative of a photo of this inspection; `why` names what is wrong."""

    code = "derivative-refused"


class AttachEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """Take in the file at `path`. `claims` are what it says of itself; with `sha256` only those bytes are."""

    inspection: str
    path: str
    caption: str = ""
    claims: Claims | None = None
    sha256: str = ""


class KeepDerivative(msgspec.Struct, frozen=True, kw_only=True):
    """Take in `content`, drawn from the photo `evidence` of this inspection with these strokes."""

    inspection: str
    evidence: str
    content: bytes
    strokes: tuple[Stroke, ...]


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
    if command.sha256 and canonical.sha256(content) != command.sha256:
        raise FileChanged(name=path.name)
    with vault.reading() as tx:
        located = drafting.draft(tx, command.inspection).located
    claims = command.claims if command.claims is not None and command.claims.told() else None
    local = vault.clock().astimezone()  # a camera's clock is read by the clock of this laptop
    return _keep(
        vault,
        command.inspection,
        content,
        original_name=path.name[:200],
        caption=command.caption,
        claims=claims,
        doubts=exhibit.doubts(claims, local, located) if claims is not None else (),
    )[0]


def keep_derivative(vault: Vault, command: KeepDerivative) -> Inspection:
    """Take in a marked or covered copy; the original stays, and is named by its hash and the strokes."""
    with vault.reading() as tx:
        held = drafting.draft(tx, command.inspection).evidence
    found = next((item for item in held if item.id == command.evidence), None)
    if found is None:
        raise NotFound(what="evidence", id=command.evidence)
    if found.derived_from:
        raise DerivativeRefused(why="of-a-derivative")
    if not 0 < len(command.strokes) <= MOST:
        raise DerivativeRefused(why="strokes")
    if not media_type(command.content).startswith("image/"):
        raise DerivativeRefused(why="no-picture")
    if canonical.sha256(command.content) == found.plain_sha256:
        raise DerivativeRefused(why="unchanged")
    return _keep(
        vault,
        command.inspection,
        command.content,
        caption=found.caption or found.original_name,
        derived_from=found.plain_sha256,
        strokes=command.strokes,
    )[0]


def keep_result(vault: Vault, inspection: str, file: str, sha256: str) -> Evidence:
    """Take in an instrument's result file, the very bytes that were read; once an inspection."""
    path = Path(file)
    content = _content(path)
    if canonical.sha256(content) != sha256:
        raise FileChanged(name=path.name)
    with vault.reading() as tx:
        held = drafting.draft(tx, inspection).evidence
    kept = next((item for item in held if item.plain_sha256 == sha256 and item.purpose == "result"), None)
    if kept is not None:
        return kept
    return _keep(vault, inspection, content, original_name=path.name[:200], purpose="result")[1]


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
    return _keep(vault, command.inspection, content, original_name=path.name[:200], purpose="scan")[1]


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
    purpose: Purpose = "exhibit",
    **known: object,
) -> tuple[Inspection, Evidence]:
    """Seal the bytes, then name them in the inspection with what is `known` of them."""
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
            purpose=purpose,
            **known,  # type: ignore[arg-type]  # fields of Evidence, named by the callers above
        )
        row = BlobRow(h=sealed, n=sealed_size, t=mime, c="photo" if mime.startswith("image/") else "attach")
        tx.outbox.put_blob(row, before.id, made.id)
        facts: dict[str, object] = {"evidence": made.id, "sha256": made.plain_sha256}
        if made.derived_from:
            facts["derived_from"] = made.derived_from
        after = drafting.keep(tx, before, "evidence-attached", facts, evidence=(*before.evidence, made))
    return after, made


def show(vault: Vault, command: ShowEvidence) -> EvidenceContent:
    """Return the plain bytes, both hashes checked."""
    with vault.reading() as tx:
        inspection = inheriting.find(tx, command.inspection, command.revision)
    found = next((item for item in inspection.evidence if item.id == command.evidence), None)
    if found is None:
        raise NotFound(what="evidence", id=command.evidence)
    return EvidenceContent(evidence=found, content=inheriting.open_evidence(vault, found))
