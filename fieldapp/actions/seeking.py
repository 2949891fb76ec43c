"""Finding inspections again: the numbers on home, kept filters, and the story of one consignment."""

import contextlib
from datetime import datetime

import msgspec

from fieldapp.actions import inheriting
from fieldapp.errors import InspectorError
from fieldapp.inspection import record
from fieldapp.inspection.timeline import Moment, Sealing, timeline
from fieldapp.inspection.wanted import Kept
from fieldapp.vault.listed import Tally
from fieldapp.vault.vault import Tx, Vault

MOST_KEPT = 30
_KEPT = "kept-filters"


class TooManyFilters(InspectorError):
    """No more filters can be kept; an old one must go first."""

    code = "too-many-filters"


class Stand(msgspec.Struct, frozen=True, kw_only=True):
    """Ask how the inspections stand, for the numbers on home."""


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """How many stand how, the filters that were kept, the sites there are inspections of."""

    tally: Tally
    kept: tuple[Kept, ...] = ()
    sites: tuple[str, ...] = ()


class KeepFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Keep filters under a name, in place of an earlier one of that name."""

    kept: Kept


class ForgetFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Forget the filters of this name."""

    name: str


class KeptFilters(msgspec.Struct, frozen=True, kw_only=True):
    """All that are kept, by name."""

    kept: tuple[Kept, ...] = ()


class TellTimeline(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for the story of an inspection."""

    inspection: str


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """The story: what happened, earliest first."""

    inspection: str
    number: str
    reference: str
    moments: tuple[Moment, ...]


def stand(vault: Vault, _command: Stand) -> Numbers:
    """Count what a person should see without looking for it."""
    with vault.reading() as tx:
        listed = tx.inspections.listed
        return Numbers(
            tally=listed.tally(datetime.fromisoformat(tx.now)), kept=_kept(tx), sites=listed.sites()
        )


def keep_filter(vault: Vault, command: KeepFilter) -> KeptFilters:
    """Keep filters. They are a convenience of this vault and no line of its ledger."""
    with vault.transaction() as tx:
        others = [one for one in _kept(tx) if one.name != command.kept.name]
        if len(others) >= MOST_KEPT:
            raise TooManyFilters(most=MOST_KEPT)
        return _put(tx, (*others, command.kept))


def forget_filter(vault: Vault, command: ForgetFilter) -> KeptFilters:
    """Forget filters; a name that is not kept changes nothing."""
    with vault.transaction() as tx:
        return _put(tx, tuple(one for one in _kept(tx) if one.name != command.name))


def tell_timeline(vault: Vault, command: TellTimeline) -> Timeline:
    """Return the story of one consignment, with the moments its revisions were sealed."""
    with vault.reading() as tx:
        found = inheriting.find(tx, command.inspection)
        sealings = [
            sealing for number in range(1, found.revision + 1) if (sealing := _sealing(tx, found.id, number))
        ]
    return Timeline(
        inspection=found.id,
        number=found.number,
        reference=found.consignment.reference,
        moments=timeline(found, sealings),
    )


def _kept(tx: Tx) -> tuple[Kept, ...]:
    return tx.meta.get(_KEPT, tuple[Kept, ...]) or ()


def _put(tx: Tx, kept: tuple[Kept, ...]) -> KeptFilters:
    in_order = tuple(sorted(kept, key=lambda one: one.name.casefold()))
    tx.meta.put(_KEPT, in_order)
    return KeptFilters(kept=in_order)


def _sealing(tx: Tx, inspection: str, revision: int) -> Sealing | None:
    """Return when a revision was sealed; None for one that was not, or whose record was purged."""
    held = tx.inspections.record_of(inspection, revision)
    if held is None:
        return None
    with contextlib.suppress(msgspec.DecodeError):
        signed = record.read(tx.journal.entry(held[0]).payload).signature
        return Sealing(revision=revision, at=signed.at, by=signed.name, record=held[1])
    return None
