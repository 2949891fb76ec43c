"""Formulas of listed substances where they stand in a text as whole words: KMnO4, Ac2O, (CH3CO)2O.

The formulas stand in `resources/substances/formulas.csv`. In its own capitals a formula is read anywhere;
all in capitals or all in small letters it may be a part number, and counts only where chemicals are meant.
Formulas that many substances share, and HCl, which is written behind every salt, are not among them.
"""

import re
import unicodedata
from functools import lru_cache

from fieldapp.substances import lists
from fieldapp.substances.answer import Reason
from fieldapp.substances.evidence import Evidence
from fieldapp.substances.lists import Lists

_EDGE = re.compile(r"[\s,;:/|\"'·•]+")
_ENDS = ".)]}([{"


@lru_cache(maxsize=1)
def load() -> dict[str, str]:
    """Return the substance each formula is of."""
    return {row["formula"]: row["substance"] for row in lists.rows("formulas.csv")}


def find(known: Lists, text: str, *, chemical: bool) -> list[Evidence]:
    """Return what the formulas in `text` are evidence of; `chemical` says that chemicals are meant."""
    words = list(dict.fromkeys(_EDGE.split(unicodedata.normalize("NFKC", text))))
    alike = {formula.casefold(): formula for formula in load()}
    found = []
    for word in words:
        formula = next((alike[one.casefold()] for one in _bare(word) if one.casefold() in alike), "")
        if not formula:
            continue
        code = "substance-formula" if formula in word else "substance-acronym"
        if code == "substance-formula" or chemical or len(words) == 1:
            substance = known.substances[load()[formula]]
            found.append(Evidence(substance.id, Reason(code, {"text": word[:40], "name": substance.name})))
    return found


def _bare(word: str) -> tuple[str, ...]:
    """Return a word as it stands and without what may be set around it."""
    inner = word[1:-1] if word[:1] in "([{" and word[-1:] in ")]}" else word
    return word, word.rstrip("."), inner, word.strip(_ENDS), word.lstrip("([{").rstrip(".")
