"""The listed structures by their keys, for comparing without drawing anything.

An InChIKey has a block for the skeleton, one for stereochemistry and a letter for protonation. Skeleton and
letter must agree, so that an acid is not taken for another substance's anion. Carbon-free substances are
compared whole: a sulphate is not sulphuric acid.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from fieldapp.substances.lists import Substance

How = Literal["exact", "salt", "flat", "isomer"]
_ORDER: tuple[How, ...] = ("exact", "salt", "flat", "isomer")


class Same(NamedTuple):
    """A listed substance and in which way a structure is that substance.

    `flat`: the same skeleton, and the list or the papers draw no stereochemistry; `isomer`: both draw it, and
    not the same.
    """

    substance: str
    how: How


class StructureKeys:
    """The listed structures by InChIKey and by formula."""

    def __init__(self, substances: Iterable[Substance]) -> None:
        self._whole: dict[str, list[str]] = defaultdict(list)
        self._flat: dict[tuple[str, str], list[Substance]] = defaultdict(list)
        self._formulas: dict[str, list[Substance]] = defaultdict(list)
        for one in substances:
            if one.inchikey:
                self._whole[one.inchikey].append(one.id)
                self._formulas[one.formula].append(one)
            if one.flat_key:
                self._flat[_skeleton(one.flat_key)].append(one)

    def with_formula(self, formula: str) -> tuple[Substance, ...]:
        """Return the listed substances that, without counter-ions, have the formula (Hill order), or none."""
        return (*self._formulas.get(formula, ()), *self._formulas.get("", ()))

    def has_skeleton(self, flat: str) -> bool:
        """Say whether a listed substance has the skeleton of a key without stereochemistry."""
        return _skeleton(flat) in self._flat

    def whole(self, inchikey: str) -> tuple[Same, ...]:
        """Return the substances listed with exactly this key."""
        return tuple(Same(one, "exact") for one in self._whole.get(inchikey, ()))

    def parts(self, stereo: str, flat: str) -> tuple[Same, ...]:
        """Return the substances whose skeleton is that of a key with, and of one without, stereochemistry."""
        some = self._flat.get(_skeleton(flat), ())
        return closest(Same(one.id, _how(one, stereo, flat)) for one in some)

    def by_key(self, inchikey: str) -> tuple[Same, ...]:
        """Return the listed substances with an InChIKey, or else with its skeleton."""
        return self.whole(inchikey) or self.parts(inchikey, flattened(inchikey))


def closest(found: Iterable[Same]) -> tuple[Same, ...]:
    """Return what was found, each once, closest first, and nothing else beside an exact one."""
    some = sorted(dict.fromkeys(found), key=lambda one: _ORDER.index(one.how))
    exact = tuple(one for one in some if one.how == "exact")
    return exact or tuple(some)


def _how(listed: Substance, stereo: str, flat: str) -> How:
    if stereo == listed.parent_key:
        return "exact"
    if listed.parent_key == listed.flat_key or stereo == flat:
        return "flat"
    return "isomer"


def _skeleton(key: str) -> tuple[str, str]:
    blocks = key.split("-")
    return blocks[0], blocks[-1]


def flattened(key: str) -> str:
    """Return the InChIKey without its stereochemistry."""
    blocks = key.split("-")
    return f"{blocks[0]}-UHFFFAOYSA-{blocks[-1]}"
