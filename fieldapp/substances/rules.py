"""Class rules: what a law controls as a whole, as data from `resources/substances/class_rules.toml`.

A rule is a core, regions of it, and the substituents the law allows in each region. How a rule is held
against a structure is the business of `structure`; what a rule means is here.
"""

import tomllib
from functools import lru_cache
from typing import Literal

import msgspec

import resources

Tier = Literal["law", "borderline", "screen"]
Standing = Literal["member", "low", "unchecked", "borderline", "screen"]
RingKind = Literal["monocycle", "aromatic_monocycle", "phenyl", "phenyl_or_fused"]


class Ring(msgspec.Struct, frozen=True, kw_only=True):
    """A ring that starts at the numbered core `atom` and must be of `kind`."""

    atom: int
    kind: RingKind


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """Numbered atoms, or a ring, and what may be attached there.

    `limb` is the part of the law that a change here falls under; `reference` (SMILES) is what stands here
    in the unchanged substance, hydrogen where empty.
    """

    atoms: tuple[int, ...] = ()
    ring: str = ""
    allow: tuple[str, ...]
    limb: str = ""
    reference: str = ""
    optional: bool = False


class ClassRule(msgspec.Struct, frozen=True, kw_only=True):
    """One class of substances."""

    id: str
    tier: Tier
    name: str
    effect: str
    cores: tuple[str, ...]
    regions: dict[str, Region]
    rings: dict[str, Ring] = {}
    lists: tuple[str, ...] = ()
    jurisdiction: str = ""
    instrument: str = ""
    verified: Literal["primary", "secondary", "no"] = "no"
    note: str = ""
    severity: Literal["", "low"] = ""
    zero_modifications: Literal["", "not_member"] = ""
    require: str = ""
    not_if: tuple[str, ...] = ()
    loose: bool = False
    max_mw: float | None = None
    max_heavy: int | None = None
    low_priority_if_heavy_over: int | None = None
    otherwise_listed: tuple[str, ...] = ()


def read(text: str) -> tuple[ClassRule, ...]:
    """Read rules from TOML; raises msgspec.ValidationError or tomllib.TOMLDecodeError."""
    return msgspec.convert(tomllib.loads(text)["rule"], tuple[ClassRule, ...])


@lru_cache(maxsize=1)
def load() -> tuple[ClassRule, ...]:
    """Return the rules of the resource, read once in this process."""
    return read(resources.path("substances", "class_rules.toml").read_text("utf-8"))


def standing(rule: ClassRule, *, low: bool = False) -> Standing:
    """Return what membership of a class means: only a law whose text was read makes goods controlled.

    `low` marks a member that everyday trade knows too; rules of low severity have no other.
    """
    if rule.tier != "law":
        return rule.tier
    if low or rule.severity == "low":
        return "low"
    return "unchecked" if rule.verified == "no" else "member"
