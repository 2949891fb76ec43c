"""A person's judgement of a hit, kept in its inspection and remembered for the next one."""

from typing import Literal

import msgspec

from fieldapp.actions import drafting
from fieldapp.actions.scanning import judge
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.screening.hit import Adjudication
from fieldapp.vault.vault import Vault


class Adjudicate(msgspec.Struct, frozen=True, kw_only=True):
    """Say that a hit is the listed one, is not, or cannot be told, and why."""

    inspection: str
    hit: str
    verdict: Literal["true", "false", "unsure"]
    reason: str


def adjudicate(vault: Vault, command: Adjudicate) -> Inspection:
    """Keep the judgement, in place of an earlier one, and judge every scan that holds the hit again."""
    if not command.reason.strip():
        raise drafting.ReasonMissing
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        found = next(
            (hit for scan in before.scans for hit in scan.screening.every_hit() if hit.id == command.hit),
            None,
        )
        if found is None:
            raise NotFound(what="hit", id=command.hit)
        made = Adjudication(
            hit=command.hit, verdict=command.verdict, reason=command.reason, by=tx.officer().name, at=tx.now
        )
        tx.adjudications.put(found, made, before.number)
        others = tuple(old for old in before.adjudications if old.hit != command.hit)
        judged = msgspec.structs.replace(before, adjudications=(*others, made))
        scans = tuple(
            scan
            if scan.withdrawn
            else msgspec.structs.replace(scan, verdict=judge(tx, judged, scan, scan.at))
            for scan in judged.scans
        )
        facts: dict[str, object] = {"hit": command.hit, "verdict": command.verdict, "reason": command.reason}
        return drafting.keep(tx, before, "hit-judged", facts, adjudications=judged.adjudications, scans=scans)
