"""What headquarters may do to a vault that is lost, or has not been heard of for too long: seal it.

An order to lock is signed, numbered and names the vault. A lease ends where policy gives leases and neither
the certificate nor the policy was renewed in time; time is never earlier than what is known to be past, so a
clock set back wins nothing. Before a lease seals, the officer is warned, and has a day: a clock that ran
ahead can be put right, and headquarters heard. Sealing leaves headquarters' slot: two of its officers open
the vault again, and nothing recorded is lost. A vault without that slot is never sealed.
"""

import contextlib
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from fieldapp import clock
from fieldapp.enrolment import Order
from fieldapp.vault.connection import DiskFull
from fieldapp.vault.directory import VaultDirectory, VaultSealed
from fieldapp.vault.vault import Tx, Vault, VaultReadOnly

NEAR = timedelta(days=7)  # before the end of a lease the officer is told; of a short one in its last quarter
GRACE = timedelta(days=1)  # between the first warning after the end, and the seal

LeaseState = Literal["none", "held", "near", "ended"]


class Obey(msgspec.Struct, frozen=True, kw_only=True):
    """Do what headquarters ordered, and what the lease says."""


class Obeyed(msgspec.Struct, frozen=True, kw_only=True):
    """How the lease stands, when it ends or the vault seals itself, and whether the vault was sealed now."""

    lease: LeaseState = "none"
    until: datetime | None = None
    sealed: bool = False


def obey(directory: VaultDirectory, _command: Obey) -> Obeyed:
    """Seal the vault where an order or the end of its lease demands it; say how the lease stands."""
    vault = directory.vault
    with vault.reading() as tx:
        ordered = tx.meta.get("order", Order)
        moment = clock.at_least(vault.clock(), tx.time_floor())
        told = _lease(tx, moment)
        warned = tx.meta.get("lease-warned", datetime)
    if ordered is not None and not _was_obeyed(directory, ordered):
        return _seal(directory, "order", told)
    if told.lease != "ended":
        if warned is not None and not vault.damage:
            with vault.transaction() as tx:
                tx.meta.delete("lease-warned")
        return told
    if warned is None:
        return _warn(vault, moment, told)
    if moment - warned >= GRACE:
        return _seal(directory, "lease", told)
    return msgspec.structs.replace(told, until=warned + GRACE)


def enforce(directory: VaultDirectory) -> None:
    """Right after an unlock: raises VaultSealed where the vault may not be open any longer."""
    if obey(directory, Obey()).sealed:
        raise VaultSealed


def _lease(tx: Tx, moment: datetime) -> Obeyed:
    enrolled, policy = tx.enrolment(), tx.policy()
    if enrolled is None or policy.lease_days <= 0:
        return Obeyed()
    until = enrolled.certificate.lease_until
    if policy.issued is not None:
        until = max(until, policy.issued + timedelta(days=policy.lease_days))
    if moment > until:
        return Obeyed(lease="ended", until=until)
    near = min(NEAR, timedelta(days=policy.lease_days) / 4)
    return Obeyed(lease="near" if until - moment < near else "held", until=until)


def _warn(vault: Vault, moment: datetime, told: Obeyed) -> Obeyed:
    if not vault.damage:
        with vault.transaction() as tx:
            tx.meta.put("lease-warned", moment)
            tx.journal.note("lease-ended", tx.now, until=str(told.until))
    return msgspec.structs.replace(told, until=moment + GRACE)


def reopened(vault: Vault) -> None:
    """Headquarters opened the vault again: what it ordered until now is done with."""
    with contextlib.suppress(DiskFull, VaultReadOnly), vault.transaction() as tx:
        tx.meta.put("orders-done", tx.meta.get("orders", int) or 0)


def _was_obeyed(directory: VaultDirectory, order: Order) -> bool:
    """Say whether headquarters has opened the vault since the order came.

    Nothing else ends an order: not a crash before the seal, not a header from before it that is put back.
    """
    with directory.vault.reading() as tx:
        return (tx.meta.get("orders-done", int) or 0) >= order.number


def _seal(directory: VaultDirectory, why: Literal["order", "lease"], told: Obeyed) -> Obeyed:
    vault = directory.vault
    if not directory.recoverable:
        return told  # nobody could open it any more
    if not vault.damage:
        with vault.transaction() as tx:
            tx.meta.delete("lease-warned")
            tx.journal.note("vault-sealed", tx.now, why=why)
    directory.seal()
    return msgspec.structs.replace(told, sealed=True)
