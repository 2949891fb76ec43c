"""A drawn page. Apart from what draws it, so that a window can name it without loading an engine."""

import msgspec


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """One page as PNG, with its size in pixels and how many pages there are."""

    png: bytes
    pages: int
    width: int
    height: int
