"""When a listed name in a text does not mean the listed substance.

The words may be another known chemical, or the name may be a piece of a longer one: piperidine in
"piperidine-4-carboxylic acid" is a ring, not a drum of piperidine. A name that only the trade gives
(fentanyl, ephedrine) keeps its meaning inside a longer unknown name: that is how an analogue is sold, and
a question for headquarters.
"""

import bisect
import re

from fieldapp.substances import parts, words
from fieldapp.substances.dictionary import Dictionary
from fieldapp.substances.names import Spot
from fieldapp.substances.normal import Atom, normalise

_REACH = 10  # atoms to each side that a longer name may take in
_LONGEST = 120
_NEARBY = 80  # characters to each side that say whether a name is joined to more
# "acetone free" says that there is none; "acetone, free sample" says how it is paid.
_FREE = re.compile(
    r"[\s-]?free\b"
    r"(?![\s-]+(?:samples?|trial|gift|issue|goods|flowing|from|zone|trade|on board|of (?:charge|cost))\b)"
)
# What is joined to a name without a blank, before it and behind it.
_BEFORE = re.compile(r"([a-z]+|[0-9]+)'?[-,()\[\]{}]{0,3}$")
_BEHIND = re.compile(r"^[)\]}]{0,3}[-,]?[(\[{]{0,2}([a-z]+|[0-9]+(?='?[-,]))")
# A first locant, which names read by their parts may leave out.
_LOCANT = re.compile(r"(?:^|[\s;:])[0-9]+'?-?[(\[{]{0,2}$")
# An index name turned round: "toluene, 2,4-dinitro-".
_INVERTED = re.compile(r"^,\s?\S*[a-z)]-(?=[\s,;]|$)")
# Behind a name these are its salt or its form, not another chemical.
SALTS = frozenset(
    word
    for line in (
        "hydrochloride hcl dihydrochloride hydrobromide hbr sulfate sulphate bisulfate phosphate nitrate",
        "citrate tartrate bitartrate maleate fumarate acetate oxalate mesylate tosylate succinate lactate",
        "base salt sodium potassium monohydrate dihydrate hydrate anhydrous",
    )
    for word in line.split()
)


def is_other(spot: Spot, normal: str, atoms: list[Atom], dictionary: Dictionary) -> bool:
    """Say whether the words at `spot` are another known chemical, alone or inside its longer name."""
    if _FREE.match(normal[spot.end : spot.end + _NEARBY]):
        return True
    first = bisect.bisect_left(atoms, spot.start, key=lambda atom: atom.start)
    last = bisect.bisect_right(atoms, spot.end, key=lambda atom: atom.end) - 1
    if spot.how != "exact" and dictionary.has_name(_run(atoms, first, last)):
        return True
    if spot.how == "near" and _reads_as_another(normal[spot.start : spot.end], spot.name):
        return True
    before = [atoms[at].text for at in range(max(0, first - _REACH), first)]
    behind = [atom.text for atom in atoms[last + 1 : last + 1 + _REACH]]
    own, left, left_tells = _run(atoms, first, last), "", False
    for more in ("", *reversed(before)):
        left, left_tells = more + left, left_tells or _tells(more)
        run, tells = left + own, left_tells
        for further in ("", *behind):
            run, tells = run + further, tells or _tells(further)
            if len(run) > _LONGEST:
                break
            if tells and dictionary.has_name(run):
                return True
    return False


def _tells(text: str) -> bool:
    """Say whether a word beside a name could make it another name."""
    return bool(text) and text not in SALTS and not words.is_ordinary(text)


def _reads_as_another(text: str, name: str) -> bool:
    """Say whether words that look misspelt are well spelt parts of another name."""
    read = parts.counted(text)
    return read is not None and sorted(read) != sorted(parts.counted(normalise(name)) or ())


def is_piece(spot: Spot, normal: str) -> bool:
    """Say whether the name at `spot` is joined to more of a chemical name."""
    start, rest = normal[max(0, spot.start - _NEARBY) : spot.start], normal[spot.end : spot.end + _NEARBY]
    before, behind = _BEFORE.search(start), _BEHIND.match(rest)
    if before and _is_chemical(before[1]) and not (spot.how == "parts" and _LOCANT.search(start)):
        return True
    if behind and _is_chemical(behind[1]) and behind[1] not in SALTS:
        return True
    return _INVERTED.match(rest) is not None


def is_systematic(spot: Spot, normal: str) -> bool:
    """Say whether the name at `spot` is built of parts that any chemical may have."""
    runs = re.findall(r"[a-z]+", normal[spot.start : spot.end])
    return all(parts.cut(run) is not None for run in runs)


def _is_chemical(run: str) -> bool:
    return run.isdigit() or (parts.cut(run) is not None and not words.is_ordinary(run))


def _run(atoms: list[Atom], first: int, last: int) -> str:
    return "".join(atom.text for atom in atoms[first : last + 1])
