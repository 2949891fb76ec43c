"""Answering a report that headquarters returned: the next revision, as a draft."""

import msgspec

from fieldapp.actions import rescreening
from fieldapp.errors import InspectorError
from fieldapp.inspection.inspection import Inspection
from fieldapp.vault.vault import Vault


class NotReturned(InspectorError):
    """Only a returned report can be reopened."""

    code = "not-returned"


class Reopen(msgspec.Struct, frozen=True, kw_only=True):
    """Take a returned report up again."""

    inspection: str


def reopen(vault: Vault, command: Reopen) -> Inspection:
    """Return revision n+1 as a draft that names the record and the review it answers. The old one stays."""
    with vault.transaction() as tx:
        before = tx.inspections.get(command.inspection)
        if before.state != "returned":
            raise NotReturned(number=before.number)
        held = tx.inspections.record_of(before.id, before.revision)
        assert held is not None, "only a sealed record can be returned"
        after = msgspec.structs.replace(
            before,
            revision=before.revision + 1,
            state="draft",
            parents=(held[1],),
            answers=before.reviews[-1].id,
        )
        tx.inspections.put(after)
        tx.journal.note("reopened", tx.now, inspection=after.id, revision=after.revision)
        return rescreening.take_up(vault, tx, after)
