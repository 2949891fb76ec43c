"""Which watchlist this vault believes in: metadata is verified here, and what was believed is kept here.

The sync worker brings metadata, or a file from a stick does; either way the vault alone decides, against the
root of its enrolment and against everything it believed before. An old copy of a vault therefore comes with
old versions, which its next exchange tells headquarters.
"""

from datetime import datetime

import msgspec

from fieldapp import canonical
from fieldapp.errors import TrustError
from fieldapp.vault.outbox import SyncState
from fieldapp.vault.vault import Tx, Vault
from fieldapp.watchlist import trust
from fieldapp.watchlist.trust import Metadata, Target, Trusted, Versions

_LOOKED_AT = 50  # ledger entries; opening the vault writes one


class TakeMetadata(msgspec.Struct, frozen=True, kw_only=True):
    """Verify metadata that came over the wire or on a stick.

    `whole` asks for the whole release where a delta would lead to it.
    """

    metadata: Metadata
    whole: bool = False


class Believed(msgspec.Struct, frozen=True, kw_only=True):
    """The release to fetch and take in; none when the one in use is the newest."""

    target: Target | None = None


class _Line(msgspec.Struct, frozen=True):
    at: datetime


def take_metadata(vault: Vault, command: TakeMetadata) -> Believed:
    """Believe `metadata` or refuse it; a refusal is written down once, and what was believed stays."""
    with vault.reading() as tx:
        anchor = tx.require_enrolment().root
        held = tx.meta.get("trust", Trusted)
        moment = time_floor(tx, vault.clock())
    from fieldapp.watchlist import verification  # loads python-tuf: a quarter of a second, once a release

    try:
        trusted = verification.verify(held, command.metadata, moment, anchor)
    except TrustError as refusal:
        _note_refusal(vault, refusal, command.metadata)
        raise
    with vault.transaction() as tx:
        if held != trusted:
            tx.meta.put("trust", trusted)
    with vault.reading() as tx:
        return Believed(target=wanted(vault, tx, whole=command.whole))


def _note_refusal(vault: Vault, refusal: TrustError, metadata: Metadata) -> None:
    """Write a refusal into the ledger, the same one not again with every exchange."""
    mark = canonical.sha256(canonical.encode(metadata) + refusal.code.encode("ascii"))
    with vault.transaction() as tx:
        if tx.meta.get("trust-refused", str) != mark:
            tx.meta.put("trust-refused", mark)
            tx.journal.note("watchlist-refused", tx.now, code=refusal.code, **refusal.facts)


def wanted(vault: Vault, tx: Tx, *, whole: bool = False) -> Target | None:
    """Return the release that is believed in and not taken in yet, with the vault's permit for it.

    Where a delta leads to it from the release in use, that is what is wanted, unless it is to be `whole`.
    """
    held = tx.meta.get("trust", Trusted)
    adopted = tx.meta.get("release-number", int) or 0
    if held is None or held.target.number <= adopted:
        return None
    fitting = [] if whole else [delta for delta in held.deltas if delta.base == adopted]
    return trust.permitted(fitting[0] if fitting else held.target, vault.watchlist_key)


def versions(tx: Tx) -> Versions:
    """Return how far this vault's belief has come."""
    held = tx.meta.get("trust", Trusted)
    return Versions() if held is None else held.versions


def time_floor(tx: Tx, claimed: datetime) -> datetime:
    """Return the latest moment known to be past: no clock set back makes run-out metadata good again.

    Known are headquarters' witnessed time, the issue of the release believed in, and what this ledger says
    after the witnessed head. Before that head headquarters' time holds: a clock that once ran ahead is
    put right by the next exchange.
    """
    moments = [claimed]
    witnessed = tx.meta.get("time-floor", datetime)
    if witnessed is not None:
        moments.append(witnessed)
    held = tx.meta.get("trust", Trusted)
    if held is not None:
        moments.append(held.target.issued)
    known = tx.meta.get("sync", SyncState) or SyncState()
    first = max(known.witnessed.seq + 1, tx.journal.head().seq - _LOOKED_AT)
    entries = tx.journal.entries(first, _LOOKED_AT + 1)
    moments.extend(canonical.decode(entry.payload, _Line).at for entry in entries if entry.kind == "audit")
    return max(moments)
