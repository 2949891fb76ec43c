"""What a Latin word sounds like, coarsely: two keys that the romanisations of one name share.

`skeleton` keeps the consonants in classes that romanisations of Arabic, Cyrillic, Persian, Hindi or
Chinese names confuse, and marks an opening vowel. `abjad` goes further for scripts that write no
vowels: weak letters go too. Equal keys mean "may be the same name", never "is".
"""

import re
from functools import lru_cache

_GROUPS: tuple[tuple[str, str], ...] = (
    ("shch", "S"), ("sch", "S"), ("tch", "C"), ("tsch", "C"), ("dzh", "J"), ("dsch", "J"), ("dj", "J"),
    ("ch", "C"), ("cz", "C"), ("sh", "S"), ("sz", "S"), ("zh", "J"), ("kh", "H"), ("gh", "G"), ("ph", "F"),
    ("th", "T"), ("dh", "D"), ("bh", "B"), ("ck", "K"), ("qu", "K"), ("ks", "X"), ("ts", "Z"), ("tz", "Z"),
    ("dz", "Z"), ("ce", "se"), ("ci", "si"), ("cy", "sy"), ("ju", "yu"), ("ja", "ya"),
)  # fmt: skip
_CLASS = {
    **dict.fromkeys("bB", "b"),
    **dict.fromkeys("pP", "p"),
    **dict.fromkeys("dDtT", "t"),
    **dict.fromkeys("kKqc", "k"),
    **dict.fromkeys("gG", "g"),
    **dict.fromkeys("szZ", "s"),
    **dict.fromkeys("SC", "c"),
    **dict.fromkeys("jJ", "j"),
    **dict.fromkeys("fF", "f"),
    **dict.fromkeys("vw", "v"),
    **dict.fromkeys("hH", "h"),
    "x": "ks",
    "X": "ks",
    **{letter: letter for letter in "lmnr"},
    **{digit: digit for digit in "0123456789"},
}
_VOWELS = "aeiouy"
_DOUBLE = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 17)
def skeleton(word: str) -> str:
    """Return the consonant classes of `word`, with `a` in front when it opens with a vowel."""
    grouped = word
    for written, sound in _GROUPS:
        if written in grouped:
            grouped = grouped.replace(written, sound)
    kept: list[str] = ["a"] if grouped[:1] in _VOWELS else []
    for at, letter in enumerate(grouped):
        if letter == "h" and at and (at + 1 == len(grouped) or grouped[at + 1] not in _VOWELS):
            continue  # a silent h: Mehdi, Fatah
        kept.append(_CLASS.get(letter, ""))
    return _DOUBLE.sub(r"\1", "".join(kept))


@lru_cache(maxsize=1 << 17)
def abjad(word: str) -> str:
    """Return the strong consonants of `word`: no vowels, no h, w, y, no opening mark."""
    return re.sub("[ahv]", "", skeleton(word)).replace("g", "k").replace("j", "k").replace("c", "s")
