"""The parts a chemical name is made of, without their order.

"N-Phenyl ethyl piperidone-4" and "N-phenethyl-4-piperidone" name one thing in two orders. A name is cut
into known parts (`resources/substances/morphemes.txt`), each part counts as what it means, and locants
are kept as a bag of numbers; position 1 and N are left out because writers use them as they like. A name
with letters that no part explains has no signature: half a reading is no reading.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

import resources

_RUN = re.compile(r"[a-z]+|[0-9]+")
_LONGEST = 22
_MOST_LETTERS = 200  # of one run; what is longer is no word of a name
# Writings that say the same, brought to one before a name is cut. Each is no longer than what it replaces.
_SAME = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        # (1R,2S)-, (E)-; every letter has one reading only, so that "eeeee" is not tried in all its cuts
        (r"\(?\b(?:\d{0,2}[a-df-qt-y]?[rsez]\*?,?){1,40}\)-?", ""),
        (r"\((?:\+|-|\+/-|\+-|±|dl|rac)\)-?", ""),
        (r"\b(alpha|beta)[rs]\b", r"\1"),
        (r"\b\d+h\b-?", ""),  # the extra hydrogen of a ring: 1H-
        (r"\[[\w,]{1,5}\]", ""),  # the bond two rings share: benzo[d]
        (r"(?<![\d,])[\d,]+-?dihydro", "dihydro"),
        (r"1,3-benzodi([ao])", r"benzodi\1"),
        (r"1,1-dimethyl-?ethyl", "tert-butyl"),
        (r"1-methyl-?ethyl", "isopropyl"),
        (r"2-?phenyl-?ethyl", "phenethyl"),
        (r"\bn,n-di", "di"),
    )
)
_FEWEST = 3  # parts that say anything, and then only with a locant among them


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, tuple[str, ...]]:
    """Return what every known part counts as."""
    known = {}
    text = resources.path("substances", "morphemes.txt").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            written, means = line.split("=", 1)
            known[written.strip()] = tuple(means.split())
    return known


@lru_cache(maxsize=4096)
def cut(word: str) -> tuple[str, ...] | None:
    """Cut a run of letters into parts and return what they count as; None if letters are left over."""
    if len(word) > _MOST_LETTERS:
        return None
    known = vocabulary()
    best: list[tuple[str, ...] | None] = [None] * (len(word) + 1)
    cost = [0] + [len(word) + 1] * len(word)
    best[0] = ()
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST), end):
            head = best[start]
            if head is None or word[start:end] not in known or cost[start] + 1 >= cost[end]:
                continue
            best[end], cost[end] = head + known[word[start:end]], cost[start] + 1
    return best[-1]


def plain(normal: str) -> str:
    """Return a normalised text in the plainest writing of its names, every end at its place."""
    for pattern, same in _SAME:
        normal = pattern.sub(lambda found, same=same: found.expand(same).rjust(len(found[0])), normal)  # type: ignore[misc]
    return normal


def of(run: str) -> tuple[str, ...] | None:
    """Return what a run of letters or digits counts as; None if it cannot be read whole."""
    if run.isdigit():
        return tuple(digit for digit in ([run] if len(run) < 3 else run) if digit != "1")
    return () if len(run) == 1 else cut(run)


def sign(some: Iterable[str]) -> str:
    """Return the signature of what the parts of a name count as; empty where they are too few."""
    bag = sorted(some)
    enough = len(bag) > _FEWEST or (len(bag) == _FEWEST and bag[0].isdigit())
    return " ".join(bag) if enough else ""


def counted(normal: str) -> list[str] | None:
    """Return what all parts of a normalised name count as, in order; None where it cannot be read whole."""
    found: list[str] = []
    for run in _RUN.findall(plain(normal)):
        read = of(run)
        if read is None:
            return None
        found.extend(read)
    return found


def signature(normal: str) -> str:
    """Return the sorted parts and locants of a normalised name; empty where it cannot be read whole."""
    return sign(counted(normal) or ())
