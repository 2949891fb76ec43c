"""The draft an action changes: fetched and refused in one way; and words that are still being typed.

Words on their way are no record: they are kept in the vault so that a lock or a crash loses at most the
last seconds, and forgotten once they have become one.
"""

from typing import Annotated

import msgspec

from fieldapp import canonical
from fieldapp.errors import InspectorError
from fieldapp.inspection.inspection import Inspection, marks_of, require_draft
from fieldapp.vault.vault import Tx, Vault

_HELD = "typing:"
_MARKED = {"evidence", "found", "samples", "scans"}


class ValueUnfit(InspectorError):
    """A value is longer or other than its field can hold; nothing was kept."""

    code = "value-unfit"


class ReasonMissing(InspectorError):
    """This needs a reason in words."""

    code = "reason-missing"


def draft(tx: Tx, inspection: str) -> Inspection:
    """Return the newest revision; refuses when it is not a draft."""
    found = tx.inspections.get(inspection)
    require_draft(found)
    return found


def keep(tx: Tx, before: Inspection, event: str, facts: dict[str, object], **changes: object) -> Inspection:
    """Put the changed draft and its line of the ledger; return it.

    Where a part changed that must not turn up twice, what other inspections bear of it is said in the draft.
    """
    after = msgspec.structs.replace(before, **changes)
    try:
        canonical.decode(canonical.encode(after), Inspection)
    except msgspec.DecodeError as error:
        raise ValueUnfit(detail=str(error)[-160:]) from None  # what could not be read again is not kept
    if _MARKED & changes.keys():
        held = marks_of(after)
        tx.marks.put(after.id, held)
        after = msgspec.structs.replace(after, seen_before=tx.marks.elsewhere(after.id, held))
    tx.inspections.put(after)
    tx.journal.note(event, tx.now, inspection=before.id, revision=before.revision, **facts)
    return after


class HoldWords(msgspec.Struct, frozen=True, kw_only=True):
    """Keep what stands in a field so far; empty words forget it."""

    inspection: str
    field: Annotated[str, msgspec.Meta(max_length=60)]
    text: Annotated[str, msgspec.Meta(max_length=20_000)]


class HeldWords(msgspec.Struct, frozen=True, kw_only=True):
    """What was being typed in a field of an inspection; empty when nothing was."""

    inspection: str
    field: str
    text: str = ""


def hold_words(vault: Vault, command: HoldWords) -> HeldWords:
    """Keep the words, without a line in the ledger."""
    with vault.transaction() as tx:
        key = f"{_HELD}{command.inspection}:{command.field}"
        tx.meta.put(key, command.text) if command.text.strip() else tx.meta.delete(key)
    return HeldWords(inspection=command.inspection, field=command.field, text=command.text)


def held_words(vault: Vault, command: HeldWords) -> HeldWords:
    """Return the words kept for a field."""
    with vault.reading() as tx:
        text = tx.meta.get(f"{_HELD}{command.inspection}:{command.field}", str) or ""
    return msgspec.structs.replace(command, text=text)
