"""Wrong passphrases in a row: a growing wait, and after ten the vault is sealed.

The count lies beside the header and survives a restart. Somebody with the disk can put the file back, so the
real barrier is what a guess costs; this one stops the person who finds the laptop open at the unlock screen.
"""

import contextlib
import os
from pathlib import Path

import msgspec

from fieldapp import canonical
from fieldapp.errors import SituationError
from fieldapp.vault.connection import sync_folder

FILE = "attempts"
WAITS = (0, 0, 0, 2, 5, 15, 60, 300)  # seconds after the n-th wrong passphrase
MOST = 10


class TooManyTries(SituationError):
    """Wait before the next passphrase."""

    code = "too-many-tries"


class Tries(msgspec.Struct, frozen=True):
    """Wrong passphrases in a row, and when the next may be tried (seconds since 1970)."""

    wrong: int = 0
    not_before: float = 0.0

    def wait(self, now: float) -> float:
        """Return how long to wait at `now`; never longer than the longest wait, whatever the clock did."""
        return min(max(0.0, self.not_before - now), WAITS[-1])

    def after_wrong(self, now: float) -> "Tries":
        """Return the count after one more."""
        wrong = self.wrong + 1
        return Tries(wrong, now + WAITS[min(wrong, len(WAITS) - 1)])


def read(folder: Path) -> Tries:
    """Return the count kept in `folder`."""
    try:
        return canonical.decode((folder / FILE).read_bytes(), Tries)
    except (OSError, msgspec.DecodeError):
        return Tries()


def keep(folder: Path, tries: Tries) -> None:
    """Keep the count durably, or as well as a full disk allows: it must not hide that a try was wrong."""
    part = folder / f"{FILE}.part"
    with contextlib.suppress(OSError):
        with part.open("wb") as file:
            file.write(canonical.encode(tries))
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / FILE)
        sync_folder(folder)


def forget(folder: Path) -> None:
    """Begin to count anew."""
    with contextlib.suppress(OSError):
        (folder / FILE).unlink(missing_ok=True)
