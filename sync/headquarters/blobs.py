"""Sealed files at headquarters: received byte by byte, kept by the hash of their sealed bytes.

A blob on its way lies in `partial/` and keeps every byte that arrived before a cut; its length there is the
offset from which it goes on. Each laptop's bytes lie by themselves: none goes on from what another sent.
Only bytes that have the hash move to the store, where nothing is ever overwritten with something else.
Names are 64 hex digits, checked before they touch a path.
"""

import hashlib
import os
import re
import threading
from pathlib import Path
from typing import BinaryIO

from obstore.store import LocalStore

from sync.wire import MAX_BLOB, STORAGE_SECONDS, BlobDamaged, BlobOffset, BlobUnwanted, HeadquartersBusy

_HEX = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20


class Upload:
    """One PATCH being received. Bytes are on file as soon as `write` returns.

    A newer PATCH of the same blob closes the older one, whose late bytes must not land between its own.
    """

    def __init__(self, file: BinaryIO, limit: int, guard: threading.Lock) -> None:
        self._file = file
        self._here = file.tell()
        self._limit = limit
        self._guard = guard

    def write(self, chunk: bytes) -> None:
        """Append `chunk`; bytes past the limit are refused before they are written."""
        with self._guard:
            if self._file.closed or self._here + len(chunk) > self._limit:
                raise BlobDamaged(why="overtaken" if self._file.closed else "longer")
            left = memoryview(chunk)
            while left:
                left = left[self._put(left) :]

    def _put(self, some: memoryview) -> int:
        """Write what the disk takes of `some`: it may be less than all of it."""
        try:
            written = self._file.write(some) or 0
        except OSError:
            raise HeadquartersBusy(why="storage", retry_after=STORAGE_SECONDS) from None
        self._here += written
        return written

    def close(self) -> int:
        """Stop here; return how many bytes are here now."""
        self._file.close()
        return self._here

    def __enter__(self) -> "Upload":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Blobs:
    """The blob store under `home`: `blobs/` for whole ones, `partial/` for those on their way."""

    def __init__(self, home: Path) -> None:
        self._partial = home / "partial"
        self._partial.mkdir(parents=True, exist_ok=True)
        self._whole = LocalStore(home / "blobs", mkdir=True)
        self._guard = threading.Lock()
        self._arriving: dict[str, Upload] = {}

    def offset(self, h: str, device: str) -> int:
        """Return how many bytes of a blob on its way from `device` are here."""
        try:
            return self._part(h, device).stat().st_size
        except FileNotFoundError:
            return 0

    def receive(self, h: str, device: str, offset: int, *, limit: int = MAX_BLOB) -> Upload:
        """Open the blob `h` from `device` to go on at `offset`, `limit` bytes at most; no other place."""
        part = self._part(h, device)
        with self._guard:
            if (older := self._arriving.pop(part.name, None)) is not None:
                older.close()
            file = part.open("ab", buffering=0)
            here = file.tell()
            if here != offset:
                file.close()
                raise BlobOffset(offset=here)
            self._arriving[part.name] = upload = Upload(file, limit, self._guard)
            return upload

    def finish(self, h: str, device: str) -> None:
        """Put what `device` sent into the store if it is the blob `h`; else BlobDamaged, nothing moved."""
        part = self._part(h, device)
        digest = hashlib.sha256()
        with part.open("rb+") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
            os.fsync(file.fileno())
        if digest.hexdigest() != h:
            raise BlobDamaged(why="hash")
        self._whole.put(_key(h), part)

    def forget_partial(self, h: str, device: str) -> None:
        """Drop what lay on its way: the store and the database hold it, or it is not the blob."""
        part = self._part(h, device)
        with self._guard:
            self._arriving.pop(part.name, None)
        part.unlink(missing_ok=True)

    def put(self, content: bytes) -> str:
        """Keep `content` whole; return its name."""
        h = hashlib.sha256(content).hexdigest()
        self._whole.put(_key(h), content)
        return h

    def read(self, h: str) -> bytes:
        """Return a whole blob; raises FileNotFoundError."""
        return bytes(self._whole.get(_key(h)).bytes())

    def read_part(self, h: str, offset: int, length: int) -> bytes:
        """Return at most `length` bytes of a whole blob from `offset`."""
        return bytes(self._whole.get_range(_key(h), start=offset, length=length))

    def _part(self, h: str, device: str) -> Path:
        return self._partial / f"{_checked(h)}-{device}"


def well_named(h: str) -> bool:
    """Say whether `h` can name a blob: 64 lower-case hex digits."""
    return _HEX.fullmatch(h) is not None


def _checked(h: str) -> str:
    if not well_named(h):
        raise BlobUnwanted
    return h


def _key(h: str) -> str:
    # Two levels, so that no folder grows past what people can list.
    return f"{_checked(h)[:2]}/{h}"
