"""The ways into an open vault, changed: the passphrase's slot, the duress slot, a token's.

Each function takes the open vault and what was just proven (the data key, or the passphrase itself); it
rewrites slots of the header and leaves the database as it is. What policy does not allow is refused.
"""

from collections.abc import Callable

from fieldapp.errors import InspectorError
from fieldapp.vault import keys
from fieldapp.vault.header import DURESS, PASSPHRASE, RECOVERY, Header, KdfCost
from fieldapp.vault.keys import TOKEN, Token
from fieldapp.vault.vault import Vault

Price = Callable[[str], KdfCost]  # what a guess shall cost, by the kind of derivation


class SlotNotAllowed(InspectorError):
    """Headquarters' policy does not allow this way in."""

    code = "slot-not-allowed"


def derivation(vault: Vault) -> str:
    """Return the kind of derivation that policy asks for."""
    with vault.reading() as tx:
        return keys.PBKDF2 if keys.PBKDF2 in tx.policy().slots else keys.ARGON2ID


def put_passphrase(vault: Vault, found: Header, passphrase: str, data_key: bytes, price: Price) -> None:
    """Make `passphrase` the one that opens; a duress slot goes where its derivation changes."""
    kdf = derivation(vault)
    old, duress = found.slot(PASSPHRASE), found.slot(DURESS)
    keep = old is not None and duress is not None and old.kdf == kdf
    cost = old.cost if old is not None and old.kdf == kdf else price(kdf)
    salt = old.salt if old is not None and keep else b""
    slot = keys.make_slot(passphrase, data_key, found.vault, cost, kdf, salt)
    gone = (PASSPHRASE,) if keep else (PASSPHRASE, DURESS)  # a duress slot lives by the shared salt
    vault.put_slots((slot,), gone)


def follow_policy(vault: Vault, found: Header, passphrase: str, data_key: bytes, price: Price) -> None:
    """Bring the slots to what headquarters asks for, now that the passphrase is at hand."""
    kdf, slot = derivation(vault), found.slot(PASSPHRASE)
    if slot is not None and slot.kdf != kdf:
        put_passphrase(vault, found, passphrase, data_key, price)
        vault.owe("passphrase-slot-remade", kdf=kdf)
    with vault.reading() as tx:
        enrolled = tx.enrolment()
    if enrolled is not None:
        vault.keep_recovery(enrolled.keys.recovery_recipients)


def put_duress(vault: Vault, found: Header, duress: str) -> None:
    """Set the passphrase that seals; policy must allow it and headquarters hold a slot."""
    beside = found.slot(PASSPHRASE)
    if found.slot(RECOVERY) is None or beside is None:
        raise SlotNotAllowed(kind=DURESS)
    vault.put_slots((keys.make_duress_slot(duress, beside, found.vault),), (DURESS,))


def put_token(vault: Vault, found: Header, data_key: bytes, token: Token) -> None:
    """Let `token` open the vault as well as the passphrase."""
    vault.put_slots((keys.make_token_slot(token, data_key, found.vault),), (TOKEN,))


def require_allowed(vault: Vault, kind: str) -> None:
    """Raise SlotNotAllowed unless policy names `kind`."""
    with vault.reading() as tx:
        if kind not in tx.policy().slots:
            raise SlotNotAllowed(kind=kind)
