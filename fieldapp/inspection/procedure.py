"""A procedure of law as data: how samples are drawn, who may hold them, which clocks run.

Profiles are TOML in `resources/procedures`, versioned, each with its source and the remark that the
department has to confirm the text. Code knows no law: least weights, duplicates, stations of custody and
deadlines come from here. A profile that was once shipped never changes: another wording of the law is
another file with a name of its own, because records name the profile they were made under.
"""

import tomllib
from decimal import Decimal
from functools import cache
from typing import Annotated, Literal

import msgspec

import resources
from fieldapp.inspection.checklist import Wording

PROFILES = ("ndps-2022", "customs-test-memo", "dea-evidence")
Party = Literal["officer", "station", "laboratory", "court", "store", "carrier", "owner"]


class LeastWeight(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The least net weight of one sample, grams, for a group of substances ("" for all others)."""

    group: str
    grams: Decimal


class Move(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of custody that is allowed: `action` brings an exhibit from one of `before` to `after`."""

    action: str
    before: tuple[str, ...]
    after: str
    to: tuple[Party, ...] = ()
    seal: Literal["kept", "broken", "new"] = "kept"
    words: Wording


class Clock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time limit: it starts with an event and is satisfied by another."""

    kind: str
    starts: Literal["seized", "sampled", "opened"]
    hours: Annotated[int, msgspec.Meta(ge=1)]
    satisfied: Literal["sealed", "sent", "dispatched"]
    words: Wording
    source: Wording


class Procedure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole profile."""

    id: str
    version: Annotated[int, msgspec.Meta(ge=1)]
    words: Wording
    source: Wording
    verified: Literal["primary", "secondary", "no"]
    numbering: str  # "{inspection}/{package}/{serial}{letter}"
    duplicate: bool
    letters: tuple[str, str]  # what marks an original and its duplicate
    witnesses: int
    tolerance_g: Decimal  # how far two weighings of one exhibit may differ
    least: tuple[LeastWeight, ...]
    final: tuple[str, ...]
    move: tuple[Move, ...]
    clock: tuple[Clock, ...] = ()
    label: tuple[str, ...] = ()  # the fields a label bears, in order


@cache
def profile(name: str) -> Procedure:
    """Return a shipped profile, read once in this process."""
    text = resources.path("procedures", f"{name}.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Procedure, strict=False)


def least_grams(procedure: Procedure, group: str = "") -> Decimal:
    """Return the least net weight of a sample, grams, for a group of substances."""
    by_group = {one.group: one.grams for one in procedure.least}
    return by_group.get(group, by_group.get("", Decimal(0)))
