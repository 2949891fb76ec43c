"""Deciding about the goods: hold, release, seize, refer."""

from datetime import datetime

import msgspec

from fieldapp.actions import drafting
from fieldapp.inspection.disposition import Decision, Disposition, follow
from fieldapp.inspection.inspection import Inspection, open_hits, standing_verdict
from fieldapp.vault.vault import Vault


class Decide(msgspec.Struct, frozen=True, kw_only=True):
    """Decide, with the reason."""

    inspection: str
    disposition: Disposition
    reason: str


def decide(vault: Vault, command: Decide) -> Inspection:
    """Add the decision. A seizure, and a release despite a hit, wait for a second officer."""
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        policy = tx.policy()
        despite = command.disposition == "release" and (
            bool(open_hits(before)) or standing_verdict(before) in ("hold", "check")
        )
        needs_second = (despite and policy.release_needs_second) or (
            command.disposition == "seize" and policy.seize_needs_second
        )
        made = Decision(
            at=datetime.fromisoformat(tx.now),
            disposition=command.disposition,
            reason=command.reason.strip(),
            by=tx.officer().name,
            needs_second=needs_second,
        )
        decisions = follow(before.decisions, made)
        facts: dict[str, object] = {"disposition": made.disposition, "needs_second": needs_second}
        return drafting.keep(tx, before, "decided", facts, decisions=decisions)
