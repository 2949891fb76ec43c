"""Retention: what headquarters has had for as long as policy says is purged here; a legal hold stops it.

Purging empties the payload of the record's entry, whose digest stays so that the chain still proves itself,
and deletes the inspection's documents and sealed files. Only what headquarters acknowledged, countersigned
and received with every file goes; each purge is an entry of the ledger. What an officer judged of a hit
stays, for it is asked again whenever that name comes back.
"""

from datetime import datetime, timedelta

import msgspec

from fieldapp.inspection.inspection import Inspection
from fieldapp.vault.outbox import SyncState
from fieldapp.vault.vault import Tx, Vault

EVERYTHING = "*"


class Purge(msgspec.Struct, frozen=True, kw_only=True):
    """Purge what is due. `dry` only says what would go."""

    dry: bool = False


class Purged(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of the inspections that went, and of those that a legal hold kept."""

    gone: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


def purge(vault: Vault, command: Purge) -> Purged:
    """Purge the acknowledged inspections past their time, each in a transaction of its own."""
    with vault.reading() as tx:
        policy = tx.policy()
        if policy.retention_days <= 0:
            return Purged()
        # Judged by no earlier time than is known to be past, and never by a clock in doubt.
        if vault.doubt(tx):
            return Purged()
        limit = vault.clock() - timedelta(days=policy.retention_days)
        due = [each for each in tx.inspections.each_newest() if _is_due(tx, each, limit)]
    hold = set(policy.legal_hold)
    held = [each for each in due if EVERYTHING in hold or each.number in hold]
    gone = [each for each in due if each not in held]
    if not command.dry:
        for each in gone:
            _purge_one(vault, each, policy.number)
    return Purged(gone=tuple(each.number for each in gone), held=tuple(each.number for each in held))


def _is_due(tx: Tx, newest: Inspection, limit: datetime) -> bool:
    if newest.state not in ("sealed", "approved"):
        return False  # a draft or a returned report is somebody's work
    witnessed = (tx.meta.get("sync", SyncState) or SyncState()).witnessed.seq
    for revision in range(1, newest.revision + 1):
        held = tx.inspections.record_of(newest.id, revision)
        if held is None or held[0] > witnessed or not tx.outbox.settled(held[0], limit.isoformat()):
            return False
    return True


def _purge_one(vault: Vault, newest: Inspection, policy: int) -> None:
    with vault.transaction() as tx:
        files = tx.outbox.sealed_files(newest.id)
        entries = []
        for revision in range(1, newest.revision + 1):
            held = tx.inspections.record_of(newest.id, revision)
            assert held is not None, "what is due has a record for each revision"
            tx.journal.purge(held[0], tx.now)
            entries.append(held[0])
        tx.outbox.forget_files(newest.id)
        tx.inspections.forget(newest.id)
        tx.journal.note(
            "purged", tx.now, inspection=newest.id, number=newest.number, entries=entries, policy=policy
        )
    # After the commit: files nobody names any more. A crash here leaves them to the sweep.
    for h, _size in files:
        vault.remove_file(h)
