"""Evidence: a file taken in, by its hashes. The bytes lie sealed beside the vault."""

from datetime import datetime
from typing import Literal

import msgspec


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One file. `plain_sha256` is of the bytes as taken, `sealed_sha256` of the sealed file kept and sent.

    Sizes are bytes. An "exhibit" was taken in by a person; a "scan" is the picture, frame or document that
    codes were read from, kept by itself.
    """

    id: str
    at: datetime
    mime: str
    size: int
    plain_sha256: str
    sealed_sha256: str
    sealed_size: int
    caption: str = ""
    original_name: str = ""
    purpose: Literal["exhibit", "scan"] = "exhibit"


_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", "application/pdf"),
)


def media_type(content: bytes) -> str:
    """Return the media type that the first bytes show; a file's name proves nothing."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next(
        (kind for start, kind in _BEGINNINGS if content.startswith(start)), "application/octet-stream"
    )
