"""A finding: something seen that matters, with its severity and what proves it."""

from datetime import datetime
from typing import Literal

import msgspec

Severity = Literal["critical", "major", "other"]  # the three grades of the EU GMP community format


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One observation, a fact and not a judgement on the firm. A withdrawn one stays, with the reason."""

    id: str
    number: int
    at: datetime
    severity: Severity
    note: str
    scan: str = ""
    evidence: tuple[str, ...] = ()
    withdrawn: str = ""
