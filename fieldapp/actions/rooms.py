"""The rooms besides the vault in which actions run: what each process holds and nothing more.

The screener holds the watchlist's key and index; the press holds nothing. The reader's room lives with the
picture engines, in `fieldapp.scan`.
"""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fieldapp.errors import InspectorError
from fieldapp.screening.verdict import ListState
from fieldapp.vault.connection import Connection, VaultDamaged, checkpoint, known_errors, open_index

if TYPE_CHECKING:  # loads numpy, which only the screening process needs
    from fieldapp.watchlist.index import Index

Progress = Callable[[int, int], None]  # entries done, entries in all


class ScreenerLocked(InspectorError):
    """The watchlist's key has not arrived: the vault is locked."""

    code = "vault-locked"


class Screener:
    """The watchlist's own encrypted file, open while the vault is."""

    def __init__(self, folder: Path, key: bytes | None = None) -> None:
        self.folder = folder
        self._key = key
        self._connection: Connection | None = None
        self._index: Index | None = None

    def unlock(self, key: bytes) -> None:
        """Take the watchlist's key; the file is opened with its first use."""
        self._key = key

    @property
    def has_key(self) -> bool:
        """Say whether the key has arrived."""
        return self._key is not None

    @property
    def file(self) -> Path:
        """Where the index lies."""
        return self.folder / "watchlist.db"

    def state(self) -> ListState:
        """Return which list is in use; number 0 when there is none."""
        opened = self.index()
        if opened is None:
            return ListState()
        held = opened.state
        return ListState(number=held.number, name=held.name, issued=held.issued, entries=held.entries)

    def index(self) -> "Index | None":
        """Return the index, or None when no list was ever taken in."""
        from fieldapp.watchlist.index import Index

        if self._index is None and self.file.exists():
            try:
                with known_errors():
                    self._index = Index(self._open())
            except VaultDamaged:
                self.discard()
        return self._index

    def discard(self) -> None:
        """Put a damaged index aside: there is no list until the next one is taken in, and verdicts say so."""
        self.close()
        for name in (self.file.name, f"{self.file.name}-wal"):
            with contextlib.suppress(FileNotFoundError):
                (self.folder / name).replace(self.folder / f"{name}.damaged")

    def _open(self) -> Connection:
        if self._key is None:
            raise ScreenerLocked
        if self._connection is None:
            self._connection = open_index(self.file, self._key)
        return self._connection

    def adopt(self, content: bytes, progress: Progress | None = None) -> ListState:
        """Build the index of a release beside the one in force and swap; on any error the old one stays."""
        from fieldapp.watchlist import index

        self.index()  # a damaged one is put aside
        try:
            with known_errors():
                index.build(self._open(), io.BytesIO(content), progress)
        except VaultDamaged:
            self.discard()
            index.build(self._open(), io.BytesIO(content), progress)
        connection = self._open()
        checkpoint(connection)
        self._index = index.Index(connection)
        return self.state()

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._index = None, None


class Press:
    """Where reports are made: no keys, no files, only what it is handed."""
