"""Photos in the reader process: proved to be photos, asked what they say of themselves, and marked.

Nothing here keeps a photo: the vault does, and an original leaves here as it came.
"""

import msgspec

from fieldapp import canonical
from fieldapp.scan.claims import Claims
from fieldapp.scan.reader import Reader
from fieldapp.scan.stroke import Stroke


class LookAtPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """Prove that the file at `path` is a photo, and read what it says of itself."""

    path: str
    edge: int = 480


class PhotoSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A small JPEG, the claims, and the SHA-256 of the bytes that were looked at."""

    jpeg: bytes
    claims: Claims
    sha256: str


class DrawStrokes(msgspec.Struct, frozen=True, kw_only=True):
    """Draw strokes on a copy of a photo; `edge` pixels at most, 0 for its own size."""

    content: bytes
    strokes: tuple[Stroke, ...]
    edge: int = 0


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """The copy as JPEG."""

    jpeg: bytes


def look_at_photo(reader: Reader, command: LookAtPhoto) -> PhotoSeen:
    """Return what a photo shows and says; raises the errors of `fieldapp.scan.picture`."""
    from fieldapp.scan import exif
    from fieldapp.scan.picture import PictureUnknown

    content = reader.content(command.path)
    jpeg = reader.thumbnail(command.path, content, edge=max(64, min(command.edge, 1920)))
    try:
        claims = exif.claims(content)
    except PictureUnknown:
        claims = Claims()  # a PDF was drawn; it has no EXIF
    return PhotoSeen(jpeg=jpeg, claims=claims, sha256=canonical.sha256(content))


def draw_strokes(reader: Reader, command: DrawStrokes) -> Drawn:
    """Return the marked copy; raises the errors of `fieldapp.scan.picture`."""
    del reader
    from fieldapp.scan import marking  # the reader's engine

    return Drawn(jpeg=marking.marked(command.content, command.strokes, command.edge))
