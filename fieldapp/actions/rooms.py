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
from fieldapp.screening.hit import Hit
from fieldapp.screening.verdict import ListState
from fieldapp.vault.connection import Connection, VaultDamaged, checkpoint, known_errors, open_index
from fieldapp.watchlist.trust import Target, check_permit

if TYPE_CHECKING:  # loads numpy, which only the screening process needs
    from fieldapp.substances.reader import Reader as SubstanceReader
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
        self._substances: SubstanceReader | None = None
        self._added: frozenset[str] = frozenset()

    def unlock(self, key: bytes) -> None:
        """Take the watchlist's key; the file is opened with its first use."""
        self._key = key

    @property
    def has_key(self) -> bool:
        """Say whether the key has arrived."""
        return self._key is not None

    def check_permit(self, target: Target) -> None:
        """Refuse a release that the vault of this laptop has not verified."""
        if self._key is None:
            raise ScreenerLocked
        check_permit(target, self._key)

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

    def substances(self) -> "SubstanceReader":
        """Return the reader of the substance lists, with what the watchlist release in use adds to them."""
        from fieldapp.screening.substances import reader_of

        if self._substances is None:
            index = self.index()
            entries = index.substances() if index is not None else []
            self._added = frozenset(entry.key for entry in entries)
            self._substances = reader_of(entries)
        return self._substances

    def is_substance(self, hit: Hit) -> bool:
        """Say whether a hit on goods is on a listed substance: the reader of substances answers for those.

        It knows a salt, a part of a longer name and another chemical, which words alone do not tell.
        """
        self.substances()
        return hit.subject.kind == "goods" and f"{hit.source}:{hit.entry}" in self._added

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

    def apply(self, content: bytes) -> ListState:
        """Put a delta in force in one transaction; on any error the list in use stays as it was."""
        from fieldapp.watchlist import delta, index

        self.index()  # a damaged one is put aside
        connection = self._open()
        with known_errors():
            delta.apply_delta(connection, io.BytesIO(content))
        checkpoint(connection)
        self._index, self._substances = index.Index(connection), None
        return self.state()

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
        self._index, self._substances = index.Index(connection), None
        return self.state()

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._index, self._substances = None, None, None


class Press:
    """Where reports are made: no keys, no files, only what it is handed."""
