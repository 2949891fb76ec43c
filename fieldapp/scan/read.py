"""A read: what one engine saw once in one picture. Reads that agree become a symbol."""

import msgspec

from fieldapp.scan.symbol import Corner


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """One sighting: raw bytes with GS kept, AIM identifier, corners clockwise from top left in pixels.

    `symbology` is one of our names (see `fieldapp.scan.zxing.NAMES`); `stage` says which step of the
    ladder saw it.
    """

    symbology: str
    aim: str
    raw: bytes
    text: str
    corners: tuple[Corner, ...]
    stage: str = ""

    @property
    def key(self) -> tuple[str, bytes]:
        """Two reads with the same key saw the same code, or its twin beside it."""
        return self.symbology, self.raw
