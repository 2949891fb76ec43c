"""Names of listed substances in Chinese, Russian and Hindi.

Names stand in `resources/substances/names_languages.csv`; those in Latin letters are read like the English
names (`names`) and not here. A Russian or Hindi word that is not there is spelt out in Latin letters
(anyascii) and compared by sound with the listed names: international names of substances travel by sound.
Chinese names mean rather than sound, so only listed ones are found, and not inside the name of another
chemical.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec
from anyascii import anyascii
from rapidfuzz.distance import OSA

from fieldapp.substances.lists import Name
from fieldapp.substances.normal import normalise, squash

_HAN = re.compile(r"[一-鿿]")
_FOREIGN = re.compile(r"[Ѐ-ԯऀ-ॿ一-鿿]")
_FOREIGN_WORD = re.compile(r"[Ѐ-ԯऀ-ॿ]+")
_ENDING = 3  # letters that a case can add to a Russian noun
# A neighbour among these makes a Chinese name part of another chemical's name.
_CHEMICAL = frozenset(
    "苯基甲乙丙丁戊己氨酸酯醇醛酮胺氯溴氟碘硝羟氧氢硫磷哌啶吡咯酰脲腈酚醚萘喹烯炔烷酐脂肼肟肽糖苷酶二三四异叔仲邻间对酸磺碱盐腙胂钠钾"
)
_SALTS = ("盐酸盐", "硫酸盐", "草酸盐", "盐")
_SOUNDS = (
    ("shch", "s"), ("ph", "f"), ("kh", "h"), ("th", "t"), ("ts", "s"), ("ps", "s"), ("x", "ks"), ("q", "k"),
    ("ck", "k"),
    ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"), ("y", "i"), ("j", "i"), ("w", "v"), ("z", "s"),
    ("ee", "i"), ("oo", "u"), ("aa", "a"), ("ai", "i"), ("ei", "i"), ("md", "nd"), ("mt", "nt"), ("eu", "iu"),
)  # fmt: skip
_FEWEST_CONSONANTS = 4


class Foreign(msgspec.Struct, frozen=True, kw_only=True):
    """A listed substance named in another script at [start, end) of the normalised text."""

    substance: str
    name: str
    start: int
    end: int
    spelt: bool = False  # by sound, not by a name of the list


Sounds = dict[str, tuple[tuple[str, str], ...]]  # first consonant -> (sound, substance)


def sounds(names: Iterable[Name]) -> Sounds:
    """Spell out how the listed names sound."""
    heard_by: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in names:
        if name.kind in ("official", "name") and name.name.isascii() and squash(name.name).isalpha():
            heard = sound(name.name)
            if len(skeleton(heard)) >= _FEWEST_CONSONANTS:
                heard_by[skeleton(heard)[0]].append((heard, name.substance))
    return {first: tuple(held) for first, held in heard_by.items()}


class Tongues:
    """The names in other scripts, and the sounds of the listed names."""

    def __init__(self, foreign: Iterable[tuple[str, str]], sounds: Sounds) -> None:
        pairs = ((normalise(name), one) for one, name in foreign)
        self._names = sorted(pairs, key=lambda pair: -len(pair[0]))
        self._sounds = sounds

    def find(self, normal: str) -> list[Foreign]:
        """Return the substances that `normal` names in another script, none overlapping another."""
        if not _FOREIGN.search(normal):
            return []
        found: list[Foreign] = []
        taken = bytearray(len(normal))  # one byte a character: set where a name stands already
        for one in (*self._listed(normal), *self._spelt(normal)):
            if not any(taken[one.start : one.end]):
                taken[one.start : one.end] = b"\1" * (one.end - one.start)
                found.append(one)
        return sorted(found, key=lambda one: one.start)

    def _listed(self, normal: str) -> Iterator[Foreign]:
        for name, substance in self._names:
            at = normal.find(name)
            while at >= 0:
                end = at + len(name)
                if _stands_free(normal, at, end):
                    yield Foreign(substance=substance, name=name, start=at, end=end)
                at = normal.find(name, end)

    def _spelt(self, normal: str) -> Iterator[Foreign]:
        heard: dict[str, str] = {}  # a long text repeats its words
        for found in _FOREIGN_WORD.finditer(normal):
            word = found.group()
            if word not in heard:
                heard[word] = self._nearest(sound(anyascii(word)))
            if heard[word]:
                yield Foreign(
                    substance=heard[word], name=word, start=found.start(), end=found.end(), spelt=True
                )

    def _nearest(self, heard: str) -> str:
        """Return the substance whose name sounds most like `heard`; empty if none is near."""
        bones = skeleton(heard)
        if len(bones) < _FEWEST_CONSONANTS:
            return ""
        alike = (
            (OSA.distance(heard, listed), one)
            for listed, one in self._sounds.get(bones[0], ())
            if _alike(heard, listed)
        )
        return min(alike, default=(0, ""))[1]


def sound(name: str) -> str:
    """Return how `name` sounds: one letter for each sound, no doubles, no silent end."""
    text = re.sub(r"[^a-z]", "", name.lower())
    for written, heard in _SOUNDS:
        text = text.replace(written, heard)
    text = re.sub(r"(.)\1+", r"\1", text)
    return text.removesuffix("e")


def skeleton(heard: str) -> str:
    """Return the consonants of a sound."""
    return re.sub(r"[aeiouh]", "", heard)


def has_other_script(normal: str) -> bool:
    """Say whether words of another script stand in the text."""
    return bool(_FOREIGN.search(normal))


def _alike(heard: str, listed: str) -> bool:
    if skeleton(heard) != skeleton(listed):
        return len(listed) >= 8 and OSA.distance(heard, listed, score_cutoff=1) <= 1
    return OSA.distance(heard, listed) <= max(1, len(listed) // 4)


def _stands_free(normal: str, start: int, end: int) -> bool:
    before = normal[start - 1] if start else ""
    rest = normal[end:]
    if not _HAN.match(normal[end - 1]):
        # A case ending is no other word; more letters than that are.
        return not _FOREIGN.match(before) and len(_letters(rest)) <= _ENDING
    if any(rest.startswith(salt) for salt in _SALTS):
        rest = ""
    return before not in _CHEMICAL and (not rest or rest[0] not in _CHEMICAL)


def _letters(rest: str) -> str:
    found = _FOREIGN_WORD.match(rest)
    return found.group() if found else ""
