"""Wrong passphrases in a row: a growing wait, and after ten the vault is sealed.

The count lies beside the header and survives a restart. With it lies a link of a chain of hashes: each wrong
try hashes it once more and forgets the one before, and the header holds the chain's end, under its mac. So
the count can be raised and not lowered by whoever edits the file, and a file that is missing or does not fit
is known for what it is: it costs the longest wait at every start, and a line of the ledger once the vault is
open. A copy of the disk put back whole brings its count along: there the cost of a guess is the barrier.
"""

import contextlib
import hashlib
import os
from pathlib import Path

import msgspec

from fieldapp import canonical
from fieldapp.errors import SituationError
from fieldapp.vault.connection import sync_folder

FILE = "attempts"
WAITS = (0, 0, 0, 2, 5, 15, 60, 300)  # seconds after the n-th wrong passphrase
MOST = 10
LINKS = 64  # wrong tries that are told apart; a vault that cannot be sealed may see more


class TooManyTries(SituationError):
    """Wait before the next passphrase."""

    code = "too-many-tries"


def _hashed(link: bytes, times: int) -> bytes:
    for _ in range(times):
        link = hashlib.sha256(link).digest()
    return link


class Tries(msgspec.Struct, frozen=True, omit_defaults=True):
    """Wrong passphrases in a row, when the next may be tried (seconds since 1970), the link that proves it.

    `altered` says that the file was missing or did not fit the header.
    """

    wrong: int = 0
    not_before: float = 0.0
    link: bytes = b""
    altered: bool = False

    def wait(self, now: float) -> float:
        """Return how long to wait at `now`; never longer than the longest wait, whatever the clock did."""
        return min(max(0.0, self.not_before - now), WAITS[-1])

    def after_wrong(self, now: float) -> "Tries":
        """Return the count after one more."""
        wrong = self.wrong + 1
        link = _hashed(self.link, 1) if wrong <= LINKS else self.link
        return Tries(wrong, now + WAITS[min(wrong, len(WAITS) - 1)], link, self.altered)

    def fits(self, end: bytes) -> bool:
        """Say whether this count belongs to the chain that ends with `end`."""
        return self.wrong >= 0 and _hashed(self.link, max(0, LINKS - self.wrong)) == end


class _Kept(msgspec.Struct, frozen=True):
    """Counts by chain: while a new chain begins, the one before counts until the header names the new."""

    tries: tuple[Tries, ...]


def begin(folder: Path, before: Tries | None = None) -> bytes:
    """Begin a chain and keep it beside the one `before`; return its end, for the header."""
    fresh = Tries(link=os.urandom(32))
    _write(folder, (fresh,) if before is None or before.altered else (fresh, before))
    return _hashed(fresh.link, LINKS)


def read(folder: Path, end: bytes | None) -> Tries:
    """Return the count whose chain ends with `end`; None for a vault made before there were chains."""
    try:
        kept = canonical.decode((folder / FILE).read_bytes(), _Kept).tries
    except (OSError, msgspec.DecodeError):
        kept = ()
    if end is None:
        return Tries()
    return next(
        (tries for tries in kept if not tries.altered and tries.fits(end)),
        Tries(len(WAITS) - 1, altered=True),
    )


def keep(folder: Path, tries: Tries) -> None:
    """Keep the count durably, or as well as a full disk allows: it must not hide that a try was wrong."""
    with contextlib.suppress(OSError):
        _write(folder, (tries,))


def _write(folder: Path, tries: tuple[Tries, ...]) -> None:
    part = folder / f"{FILE}.part"
    with part.open("wb") as file:
        file.write(canonical.encode(_Kept(tries)))
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / FILE)
    sync_folder(folder)
