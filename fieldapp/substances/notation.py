"""A SMILES that stands bare in a text, without a word that says so.

Only what no word of a language and no part number looks like is taken: the atoms of organic molecules and
nothing else, with at least one bond, branch or ring mark and some size.
"""

import re

LONGEST = 400  # characters of one structure
MOST = 8  # structures of one text
_FEWEST_ATOMS = 4
_ATOM = r"(?:Cl|Br|[BCNOPSFI]|[bcnops]|\[[0-9]{0,3}(?:[A-Z][a-z]?|[cnops])@{0,2}H?[0-9]?[+-]{0,3}[0-9]?\])"
_ATOMS = re.compile(_ATOM)
_SMILES = re.compile(rf"{_ATOM}(?:{_ATOM}|[0-9()=#@/\\.+-]|%[0-9]{{2}})*")
_MARK = re.compile(r"[=#]|[A-Za-z\]][0-9]?\((?:[=#]?[A-Z\[cnops])|[cnos][0-9]")
_STANDARD = re.compile(r"[A-Za-z0-9]{2,}-")  # of part numbers and names: "CN-445", "N-"


def bare(text: str) -> tuple[str, ...]:
    """Return the words of `text` that are written as structures."""
    found = (word.strip(",;\"'") for word in text.split())
    return tuple(dict.fromkeys(word for word in found if _is_structure(word)))[:MOST]


def _is_structure(word: str) -> bool:
    if len(word) > LONGEST or _MARK.search(word) is None or _STANDARD.search(word):
        return False
    if _SMILES.fullmatch(word) is None or word.count("(") != word.count(")"):
        return False
    # A formula counts its atoms (C6H5CH3); a structure has bonds, or each ring number twice.
    return len(_ATOMS.findall(word)) >= _FEWEST_ATOMS and all(word.count(n) % 2 == 0 for n in _rings(word))


def _rings(word: str) -> set[str]:
    return set(re.findall(r"[0-9]", re.sub(r"\[[^\]]*\]|%[0-9]{2}", "", word)))
