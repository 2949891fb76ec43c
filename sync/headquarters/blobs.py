"""Sealed files at headquarters: received byte by byte, kept by the hash of their sealed bytes.

A blob on its way lies in pieces, each under the offset it begins at: what lies without a gap from 0 is the
offset from which it goes on, after a cut as after a crash, at whichever worker asks. No piece is ever written
twice, so of two requests that bring the same stretch one is told the true offset. Each laptop's pieces lie by
themselves: none goes on from what another sent. Only bytes that have the hash move to the store, where
nothing is ever overwritten with something else. Names are 64 hex digits, checked before they name anything.

The store is a folder, or S3 where `blobs.url` in headquarters' folder says so; both are used in the same way.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from fieldapp.errors import SituationError
from sync.wire import MAX_BLOB, STORAGE_SECONDS, BlobDamaged, BlobOffset, BlobUnwanted, HeadquartersBusy

_HEX = re.compile(r"[0-9a-f]{64}")
_PIECE = re.compile(r"(?P<h>[0-9a-f]{64})/(?P<offset>[0-9]{12})")
_CHUNK = 1 << 20


class BlobsElsewhere(SituationError):
    """The address in `blobs.url` names no store that is known here."""

    code = "blobs-elsewhere"


class Upload:
    """One PATCH being received. Bytes are in the store as soon as `write` returns."""

    def __init__(self, pieces: ObjectStore, begin: str, here: int, limit: int) -> None:
        self._pieces = pieces
        self._begin = begin  # of the names of this blob's pieces
        self._here = here
        self._limit = limit

    def write(self, chunk: bytes) -> None:
        """Append `chunk`; bytes past the limit are refused before they are written."""
        if not chunk:
            return
        if self._here + len(chunk) > self._limit:
            raise BlobDamaged(why="longer")
        try:
            self._pieces.put(f"{self._begin}/{self._here:012d}", chunk, mode="create")
        except AlreadyExistsError:
            # Another request brought this stretch: what it wrote stays, this one begins after it.
            raise BlobOffset(offset=_without_gap(_sizes(self._pieces, self._begin))) from None
        except (BaseError, OSError):
            raise HeadquartersBusy(why="storage", retry_after=STORAGE_SECONDS) from None
        self._here += len(chunk)

    def close(self) -> int:
        """Stop here; return how many bytes are here now."""
        return self._here

    def __enter__(self) -> "Upload":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Blobs:
    """The blob store of the headquarters in `home`: whole ones, and pieces of those on their way."""

    def __init__(self, home: Path) -> None:
        self._home = home
        named = home / "blobs.url"
        self._folder = None if named.exists() else home / "blobs"
        if self._folder is not None:
            self._pieces: ObjectStore = LocalStore(home / "partial", mkdir=True)
            self._whole: ObjectStore = LocalStore(self._folder, mkdir=True)
            return
        url = named.read_text("utf-8").strip().rstrip("/")
        if not url.startswith("s3://"):
            raise BlobsElsewhere
        self._pieces, self._whole = from_url(f"{url}/partial"), from_url(f"{url}/blobs")

    def arriving(self, device: str) -> dict[str, int]:
        """Return how many bytes are here of each blob on its way from `device`; asks the store once."""
        found: dict[str, dict[int, int]] = {}
        for h, offset, size in _listed(self._pieces, device):
            found.setdefault(h, {})[offset] = size
        return {h: _without_gap(sizes) for h, sizes in found.items()}

    def offset(self, h: str, device: str) -> int:
        """Return how many bytes of a blob on its way from `device` are here."""
        return _without_gap(_sizes(self._pieces, _begin(h, device)))

    def receive(self, h: str, device: str, offset: int, *, limit: int = MAX_BLOB) -> Upload:
        """Open the blob `h` from `device` to go on at `offset`, `limit` bytes at most; no other place."""
        begin = _begin(h, device)
        sizes = _sizes(self._pieces, begin)
        here = _without_gap(sizes)
        if here != offset:
            raise BlobOffset(offset=here)
        if here in sizes:  # a power cut kept a piece's name and none of its bytes: it would bar the way
            self._pieces_gone(iter((f"{begin}/{here:012d}",)))
        return Upload(self._pieces, begin, here, limit)

    def finish(self, h: str, device: str) -> None:
        """Put what `device` sent into the store if it is the blob `h`; else BlobDamaged, nothing moved."""
        if self.holds(h):
            return  # another worker was as fast
        digest = hashlib.sha256()
        with tempfile.TemporaryFile(dir=self._home, prefix=".blob-") as whole:
            for chunk in self._arrived(h, device):
                digest.update(chunk)
                whole.write(chunk)
            if digest.hexdigest() != h:
                raise BlobDamaged(why="hash")
            whole.seek(0)
            self._keep(h, whole)

    def forget_partial(self, h: str, device: str) -> None:
        """Drop what lay on its way: the store and the database hold it, or it is not the blob."""
        begin = _begin(h, device)
        # From the end: should this stop in the middle, what is left still begins at 0.
        self._pieces_gone(
            f"{begin}/{offset:012d}" for offset in sorted(_sizes(self._pieces, begin), reverse=True)
        )

    def put(self, content: bytes) -> str:
        """Keep `content` whole; return its name."""
        h = hashlib.sha256(content).hexdigest()
        self._keep(h, content)
        return h

    def take_over(self, h: str, file: Path) -> None:
        """Keep the blob that lies in `file`, of a backup; BlobDamaged where it is another."""
        with file.open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != h:
                raise BlobDamaged(why="hash")
            content.seek(0)
            self._keep(h, content)

    def holds(self, h: str) -> bool:
        """Say whether the blob is here whole."""
        try:
            self._whole.head(_key(h))
        except FileNotFoundError:
            return False
        return True

    def names(self) -> Iterator[str]:
        """Give the name of every whole blob."""
        for page in self._whole.list():
            for one in page:
                name = one["path"].rpartition("/")[2]
                if well_named(name):
                    yield name

    def read(self, h: str) -> bytes:
        """Return a whole blob; raises FileNotFoundError."""
        return bytes(self._whole.get(_key(h)).bytes())

    def chunks(self, h: str) -> Iterator[bytes]:
        """Give a whole blob part by part; raises FileNotFoundError."""
        for some in self._whole.get(_key(h)).stream(min_chunk_size=_CHUNK):
            yield bytes(some)

    def read_part(self, h: str, offset: int, length: int) -> bytes:
        """Return at most `length` bytes of a whole blob from `offset`."""
        return bytes(self._whole.get_range(_key(h), start=offset, length=length))

    def _arrived(self, h: str, device: str) -> Iterator[bytes]:
        begin, here = _begin(h, device), 0
        sizes = _sizes(self._pieces, begin)
        while sizes.get(here):
            yield bytes(self._pieces.get(f"{begin}/{here:012d}").bytes())
            here += sizes[here]

    def _keep(self, h: str, content: BinaryIO | bytes) -> None:
        """Put a blob into the store: under its name when it is whole, and on disk when this returns."""
        try:
            self._whole.put(_key(h), content)
            if self._folder is not None:
                _settle(self._folder / _key(h))
        except (BaseError, OSError):
            raise HeadquartersBusy(why="storage", retry_after=STORAGE_SECONDS) from None

    def _pieces_gone(self, names: Iterator[str]) -> None:
        for name in names:
            try:
                self._pieces.delete(name)
            except FileNotFoundError:
                continue  # another worker dropped it


def _settle(file: Path) -> None:
    """Have a new file and its name on disk, whatever happens next."""
    with file.open("rb+") as content:
        os.fsync(content.fileno())
    if os.name == "nt":
        return  # a folder cannot be opened there; NTFS keeps its own journal of names
    for folder in (file.parent, file.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _listed(pieces: ObjectStore, device: str) -> Iterator[tuple[str, int, int]]:
    """Give blob, offset and size of each piece from `device`."""
    for page in pieces.list(device):
        for one in page:
            read = _PIECE.fullmatch(one["path"].removeprefix(f"{device}/"))
            if read is not None:
                yield read["h"], int(read["offset"]), one["size"]


def _sizes(pieces: ObjectStore, begin: str) -> dict[int, int]:
    """Return the size of each piece of one blob, by the offset it begins at."""
    found: dict[int, int] = {}
    for page in pieces.list(begin):
        for one in page:
            name = one["path"].rpartition("/")[2]
            if name.isdigit():
                found[int(name)] = one["size"]
    return found


def _without_gap(sizes: dict[int, int]) -> int:
    """Return how far the pieces reach from 0 without a gap."""
    here = 0
    while sizes.get(here):
        here += sizes[here]
    return here


def well_named(h: str) -> bool:
    """Say whether `h` can name a blob: 64 lower-case hex digits."""
    return _HEX.fullmatch(h) is not None


def _checked(h: str) -> str:
    if not well_named(h):
        raise BlobUnwanted
    return h


def _begin(h: str, device: str) -> str:
    return f"{device}/{_checked(h)}"


def _key(h: str) -> str:
    # Two levels, so that no folder grows past what people can list.
    return f"{_checked(h)[:2]}/{h}"
