"""Headquarters' word on a sealed record: approved, or returned with remarks."""

from datetime import datetime
from typing import Literal

import msgspec


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """One remark, pinned to a part of the report ("findings/1", "" for the whole)."""

    text: str
    path: str = ""


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A supervisor's decision on one record, named by its hash so that a superseded one is noticed."""

    id: str
    record: str
    inspection: str
    revision: int
    outcome: Literal["approved", "returned"]
    by: str
    at: datetime
    remarks: tuple[Remark, ...] = ()
