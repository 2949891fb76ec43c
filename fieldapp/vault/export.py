"""A ledger, or a whole vault, as a file that proves itself elsewhere: with no vault, no key and no network.

A ledger export (`.fieldledger`) is text:

    FIELDLEDGER1
    {"v":1,"device":...,"public":...,"head":{...},"certificate":...,"keys":...,"witness":...,"at":...}
    one JSON object an entry, bytes in base64; "digest" stands for a payload that was purged

A vault export (`.fieldvault`) is an uncompressed tar of one `ledger.fieldledger` and of the sealed evidence
files `evidence/<sha256>.age`. They stay sealed: only headquarters and this vault open them. The stand-alone
script in `resources/verify` reads the same two forms.
"""

import hashlib
import io
import tarfile
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fieldapp import canonical, enrolment, ledger
from fieldapp.enrolment import Certificate, HeadquartersKeys, Statement, Witness
from fieldapp.errors import Fact, FieldappError, InspectorError, TrustError
from fieldapp.inspection import record
from fieldapp.ledger import Entry, Head
from fieldapp.vault.vault import Vault

MAGIC = b"FIELDLEDGER1\n"
LEDGER_NAME = "ledger.fieldledger"
_LARGEST = 1 << 30  # bytes of an export that is checked in one piece


class ExportUnreadable(InspectorError):
    """Not an export, or not a whole one."""

    code = "export-unreadable"


class ExportMismatch(TrustError):
    """The parts of an export do not belong together; `why` names which."""

    code = "export-mismatch"


class Front(msgspec.Struct, frozen=True, kw_only=True):
    """The first line: whose ledger, where it stands, what vouches for it."""

    v: int = 1
    device: str
    public: str
    head: Head
    certificate: Statement | None = None
    keys: Statement | None = None
    witness: Statement | None = None
    at: datetime


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry; the device is the front's."""

    kind: str
    seq: int
    prev: bytes
    payload: bytes
    signature: bytes
    digest: bytes = b""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One check: True it holds, False it does not, None it could not be made; `code` says why."""

    name: str
    ok: bool | None
    code: str = "ok"
    facts: dict[str, Fact] = {}


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """The checks in the order they were made."""

    checks: tuple[Check, ...]
    entries: int = 0
    officer: str = ""

    @property
    def ok(self) -> bool:
        """Whether something was checked and nothing failed."""
        return any(check.ok for check in self.checks) and not any(check.ok is False for check in self.checks)


def ledger_file(vault: Vault) -> bytes:
    """Return the ledger of `vault` as a file."""
    with vault.reading() as tx:
        enrolled, purged = tx.enrolment(), tx.journal.purged()
        front = Front(
            device=vault.device.hex(),
            public=vault.public.hex(),
            head=tx.journal.head(),
            certificate=enrolled.certificate_statement if enrolled else None,
            keys=enrolled.keys_statement if enrolled else None,
            witness=tx.meta.get("witness", Statement),
            at=vault.clock(),
        )
        entries = tx.journal.entries(1, -1)
    lines = [canonical.encode(front)]
    lines += [canonical.encode(_line(entry, purged.get(entry.seq, b""))) for entry in entries]
    return MAGIC + b"".join(line + b"\n" for line in lines)


def _line(entry: Entry, digest: bytes) -> Line:
    return Line(
        kind=entry.kind,
        seq=entry.seq,
        prev=entry.prev,
        payload=entry.payload,
        signature=entry.signature,
        digest=digest,
    )


def write_vault(vault: Vault, out: BinaryIO) -> int:
    """Write a vault export to `out`; return how many evidence files are in it."""
    with vault.reading() as tx:
        files = tx.outbox.sealed_files()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as box:
        _add(box, LEDGER_NAME, ledger_file(vault))
        for h, size in files:
            vault.check_sealed(h, size)
            _add(box, f"evidence/{h}.age", vault.read_sealed(h, 0, -1))
    return len(files)


def _add(box: tarfile.TarFile, name: str, content: bytes) -> None:
    item = tarfile.TarInfo(name)
    item.size = len(content)
    box.addfile(item, io.BytesIO(content))


def is_export(content: bytes) -> bool:
    """Say whether this looks like one of the two forms."""
    return content.startswith(MAGIC) or content[257:262] == b"ustar"


def verify_export(content: bytes, root: str | None = None) -> Verification:
    """Check an export, and against headquarters' `root` key (64 hex digits) if given. Never raises."""
    checks: list[Check] = []
    held: dict[str, bytes] | None = None
    entries, officer = 0, ""
    try:
        if not content.startswith(MAGIC):
            held = _unpacked(content)
        front, lines = _read(content if held is None else held.pop(LEDGER_NAME, b""))
        checks.append(Check(name="ledger-file", ok=True))
        ids = _chain(front, lines)
        entries = len(ids) - 1
        checks.append(Check(name="chain", ok=True))
        if root is not None:
            certificate, signing = _anchored(front, root)
            officer = certificate.name
            checks.append(Check(name="anchor", ok=True))
            if front.witness is not None:
                _witnessed(front, ids, signing)
                checks.append(Check(name="witness", ok=True))
        else:
            checks.append(Check(name="anchor", ok=None, code="not-anchored"))
        if held is not None:
            _evidence(lines, held)
            checks.append(Check(name="evidence", ok=True))
    except FieldappError as error:
        checks.append(Check(name=_failed(checks, held), ok=False, code=error.code, facts=dict(error.facts)))
    return Verification(checks=tuple(checks), entries=entries, officer=officer)


def _failed(checks: list[Check], held: dict[str, bytes] | None) -> str:
    order = ["ledger-file", "chain", "anchor", "witness", *(("evidence",) if held is not None else ())]
    done = [check.name for check in checks]
    return str(next((name for name in order if name not in done), order[-1]))


def _unpacked(content: bytes) -> dict[str, bytes]:
    if len(content) > _LARGEST:
        raise ExportUnreadable(why="large")
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as box:
            found: dict[str, bytes] = {}
            for item in box:
                file = box.extractfile(item) if item.isfile() else None
                if file is None or item.name in found:
                    raise ExportUnreadable(why="form")
                found[item.name] = file.read()
            return found
    except (tarfile.TarError, OSError, ValueError):
        raise ExportUnreadable(why="form") from None


def _read(content: bytes) -> tuple[Front, list[Line]]:
    if not content.startswith(MAGIC):
        raise ExportUnreadable(why="form")
    try:
        first, *rest = content.removeprefix(MAGIC).splitlines()
        return canonical.decode(first, Front), [canonical.decode(line, Line) for line in rest]
    except (ValueError, msgspec.DecodeError):
        raise ExportUnreadable(why="content") from None


def _chain(front: Front, lines: Iterable[Line]) -> dict[int, str]:
    try:
        device, public = bytes.fromhex(front.device), bytes.fromhex(front.public)
        key = Ed25519PublicKey.from_public_bytes(public)
    except ValueError:
        raise ExportMismatch(why="key") from None
    head = Head()
    ids = {0: head.id}
    for line in lines:
        entry = Entry(line.kind, device, line.seq, line.prev, line.payload, line.signature)
        digest = {line.seq: line.digest} if line.digest and not line.payload else {}
        head = ledger.verify((entry,), device, key, head, digest)
        ids[head.seq] = head.id
    if head != front.head:
        raise ExportMismatch(why="head")
    return ids


def _anchored(front: Front, root: str) -> tuple[Certificate, tuple[str, ...]]:
    if front.keys is None or front.certificate is None:
        raise ExportMismatch(why="no-certificate")
    named = enrolment.open_statement(front.keys, "keys", HeadquartersKeys, (root.strip().lower(),))
    held = enrolment.open_statement(front.certificate, "certificate", Certificate, named.signing)
    if (held.device, held.public, held.practice) != (front.device, front.public, named.practice):
        raise ExportMismatch(why="certificate")
    return held, named.signing


def _witnessed(front: Front, ids: dict[int, str], signing: tuple[str, ...]) -> None:
    assert front.witness is not None, "asked for only where there is one"
    seen = enrolment.open_statement(front.witness, "witness", Witness, signing)
    if seen.device != front.device or ids.get(seen.seq) != seen.id:
        raise ExportMismatch(why="witness")


def _evidence(lines: Iterable[Line], held: dict[str, bytes]) -> None:
    there = {name.removeprefix("evidence/").removesuffix(".age"): raw for name, raw in held.items()}
    for name, raw in there.items():
        if hashlib.sha256(raw).hexdigest() != name:
            raise ExportMismatch(why="evidence", name=name[:64])
    for line in lines:
        if line.kind == record.KIND and line.payload:
            for blob in record.read(line.payload).blobs:
                if blob.h not in there:
                    raise ExportMismatch(why="evidence-missing", name=blob.h)
