"""Recording and withdrawing a finding."""

from datetime import datetime

import msgspec

from fieldapp import ids
from fieldapp.actions import drafting
from fieldapp.inspection.finding import Finding, Severity
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.vault.vault import Vault

LONGEST_NOTE = 20_000  # characters


class RecordFinding(msgspec.Struct, frozen=True, kw_only=True):
    """Record what was seen, how grave it is, and what proves it."""

    inspection: str
    severity: Severity
    note: str
    scan: str = ""
    evidence: tuple[str, ...] = ()


class WithdrawFinding(msgspec.Struct, frozen=True, kw_only=True):
    """Withdraw a finding; it stays, with the reason."""

    inspection: str
    finding: str
    reason: str


def record(vault: Vault, command: RecordFinding) -> Inspection:
    """Add the finding under the next number."""
    note = command.note.strip()[:LONGEST_NOTE]
    if not note:
        raise drafting.ReasonMissing
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        if command.scan and not any(scan.id == command.scan for scan in before.scans):
            raise NotFound(what="scan", id=command.scan)
        missing = set(command.evidence) - {item.id for item in before.evidence}
        if missing:
            raise NotFound(what="evidence", id=min(missing))
        made = Finding(
            id=ids.uuid7(vault.clock()),
            number=len(before.findings) + 1,
            at=datetime.fromisoformat(tx.now),
            severity=command.severity,
            note=note,
            scan=command.scan,
            evidence=command.evidence,
        )
        facts: dict[str, object] = {"finding": made.id, "severity": made.severity}
        return drafting.keep(tx, before, "finding-recorded", facts, findings=(*before.findings, made))


def withdraw(vault: Vault, command: WithdrawFinding) -> Inspection:
    """Mark the finding withdrawn, with the reason."""
    if not command.reason.strip():
        raise drafting.ReasonMissing
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        if not any(item.id == command.finding for item in before.findings):
            raise NotFound(what="finding", id=command.finding)
        findings = tuple(
            msgspec.structs.replace(item, withdrawn=command.reason) if item.id == command.finding else item
            for item in before.findings
        )
        facts: dict[str, object] = {"finding": command.finding, "reason": command.reason}
        return drafting.keep(tx, before, "finding-withdrawn", facts, findings=findings)
