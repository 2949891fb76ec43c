"""What a photo's file says of itself: when, where and by what it was taken. Claimed, and never trusted."""

from typing import Annotated

import msgspec

Short = Annotated[str, msgspec.Meta(max_length=100)]


class Claims(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """EXIF as found. `taken` is ISO 8601, with an offset only where the file has one; degrees are WGS 84."""

    taken: Short = ""
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    camera: Short = ""

    def told(self) -> bool:
        """Say whether the file says anything."""
        return self != Claims()
