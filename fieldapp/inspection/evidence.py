"""Evidence: a file taken in, by its hashes. The bytes lie sealed beside the vault."""

from datetime import datetime

import msgspec


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One file. `plain_sha256` is of the bytes as taken, `sealed_sha256` of the age file that is kept and sent.

    `thumbnail` says whether a small derived picture exists. Sizes are bytes.
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
