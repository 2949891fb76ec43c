"""The draft an action changes: fetched and refused in one way."""

import msgspec

from fieldapp.errors import InspectorError
from fieldapp.inspection.inspection import Inspection, require_draft
from fieldapp.vault.vault import Tx


class ReasonMissing(InspectorError):
    """This needs a reason in words."""

    code = "reason-missing"


def draft(tx: Tx, inspection: str) -> Inspection:
    """Return the newest revision; refuses when it is not a draft."""
    found = tx.inspections.get(inspection)
    require_draft(found)
    return found


def keep(tx: Tx, before: Inspection, event: str, facts: dict[str, object], **changes: object) -> Inspection:
    """Put the changed draft and its line of the ledger; return it."""
    after = msgspec.structs.replace(before, **changes)
    tx.inspections.put(after)
    tx.journal.note(event, tx.now, inspection=before.id, revision=before.revision, **facts)
    return after
