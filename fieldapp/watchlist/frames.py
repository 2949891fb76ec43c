"""Lines in zstd, a header first: the file form that releases and deltas share.

The first frame holds the header line, the second the body. Reading is bounded: 128 MiB of window, 64 KiB
a line. What cannot be read raises `ReleaseDamaged`; whoever reads compares count and hash at the end.
"""

import os
import tempfile
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import BinaryIO

import zstandard

from fieldapp.errors import InspectorError, TrustError
from fieldapp.watchlist.entry import LINE_LIMIT

_WINDOW = 2**27
_CHUNK = 1 << 20

Packed = Path | BinaryIO  # a file, or bytes that must not lie on a disk in clear


class ReleaseForeign(InspectorError):
    """The file is no watchlist release."""

    code = "release-foreign"


class ReleaseDamaged(TrustError):
    """The file began as a release but is cut, changed or out of bounds."""

    code = "release-damaged"


def write_lines(path: Path, body: Iterable[bytes], header: Callable[[], bytes], level: int = 10) -> None:
    """Write `body` and then the header, asked for when the body is through; nothing stays on failure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".release-") as folder:
        packed = Path(folder) / "body"
        with packed.open("wb") as raw, zstandard.ZstdCompressor(level=level).stream_writer(raw) as writer:
            for line in body:
                writer.write(line + b"\n")
        whole = Path(folder) / "whole"
        with whole.open("wb") as out, packed.open("rb") as rest:
            out.write(zstandard.ZstdCompressor(level=3).compress(header() + b"\n"))
            while chunk := rest.read(_CHUNK):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        whole.replace(path)


def name_of(packed: Packed) -> str:
    """Return the file's name for an error's facts."""
    return packed.name if isinstance(packed, Path) else ""


def read_lines(packed: Packed) -> Generator[bytes, None, None]:
    """Yield the lines of `packed`, header first, without their ends."""
    try:
        if isinstance(packed, Path):
            with packed.open("rb") as raw:
                yield from _bounded(packed, raw)
        else:
            yield from _bounded(packed, packed)
    except zstandard.ZstdError as error:
        raise ReleaseDamaged(file=name_of(packed), reason="zstd", line=0) from error


def _bounded(packed: Packed, raw: BinaryIO) -> Generator[bytes, None, None]:
    unpacked = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(raw, read_across_frames=True)
    rest = b""
    with unpacked:
        while chunk := unpacked.read(_CHUNK):
            pieces = (rest + chunk).split(b"\n")
            rest = pieces.pop()
            for piece in pieces:
                if len(piece) > LINE_LIMIT:
                    raise ReleaseDamaged(file=name_of(packed), reason="line", line=0)
                yield piece
            if len(rest) > LINE_LIMIT:
                raise ReleaseDamaged(file=name_of(packed), reason="line", line=0)
    if rest:
        raise ReleaseDamaged(file=name_of(packed), reason="cut", line=0)
