"""One Fieldapp per vault: an operating-system lock beside the database, so that a second one gets a sentence.

SQLite's own exclusive lock would refuse it too, in its own words. The lock ends with its process, whatever
becomes of it; the file itself means nothing and stays.
"""

import os
import sys
from pathlib import Path

from fieldapp.vault.connection import VaultBusy

FILE = "lock"


class LockFile:
    """The lock of the vault in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._place = folder / FILE
        self._handle: int | None = None

    def take(self) -> None:
        """Take it, or raise VaultBusy at once. A disk too full for the file leaves SQLite's lock alone."""
        if self._handle is not None:
            return
        try:
            handle = os.open(self._place, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            raise VaultBusy from None
        self._handle = handle

    def release(self) -> None:
        """Let it go."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __del__(self) -> None:
        self.release()
