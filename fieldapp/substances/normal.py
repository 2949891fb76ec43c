"""Text as it comes off papers, made comparable: one alphabet, one case, no look-alike letters.

Follows Unicode NFKC. Letters of Cyrillic or Greek that hide inside a Latin word are read as the Latin
letters they look like; Greek letters that stand for themselves are spelt out (alpha, beta). What is
left in another script stays as it is: `languages` reads it. Nothing here changes a digit.
"""

import re
import unicodedata

import msgspec

LIMIT = 20_000  # characters of one field; what is longer is cut, and the caller says so

_LOOKALIKE = str.maketrans(
    "авекмнорстухѕіјԁһӏɡаеорсхуοορνικυτχρεαАВЕКМНОРСТУХЅІЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "abekmhopctyxsijdhlgaeopcxyoopvikutxpeaabekmhopctyxsijabezhikmnoptyx",
)
_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ω": "omega",
    "ψ": "psi", "σ": "sigma", "ς": "sigma", "τ": "tau", "π": "pi", "λ": "lambda", "μ": "mu",
}  # fmt: skip
_MARKS = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-") | dict.fromkeys("′’‘`´ʹ″", "'") | {"ß": "ss"})
# Letters forced to run from right to left are shown turned round; pops and isolates end the forcing.
_OVERRIDDEN = re.compile("\u202e([^\u202c\u2069\u2029\n\r]{1,400})")
_WORD = re.compile(r"[^\W\d_]+(?:[\d][^\W\d_]+)*")
_ATOM = re.compile(r"[a-z]+|[0-9]+")
# Variation selectors, fillers and anchors of objects: unseen like the categories Cf and Cc, but not in them.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufffc\U000e0000-\U000e0fff]+"
)
_NOT_LATIN = re.compile(r"[Ѐ-ԯऀ-ॿ一-鿿]")


_LEET = re.compile(
    r"(?<=[a-z])[013457$@](?=[a-z])|(?<![0-9a-z])[013457@](?=[a-z]{4})|(?<=[a-z]{4})[0135](?![0-9a-z])"
)
_LETTER_OF = {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "$": "s", "@": "a"}


class Atom(msgspec.Struct, frozen=True):
    """A run of letters or a run of digits, with its place [start, end) in the normalised text."""

    text: str
    start: int
    end: int


def normalise(text: str) -> str:
    """Return `text` in lower case, composed, unaccented, with look-alike letters repaired."""
    text = unicodedata.normalize("NFKC", _OVERRIDDEN.sub(_both_ways, text[:LIMIT])).translate(_MARKS)
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Cc") or char in "\n\t")
    text = _UNSEEN.sub("", text)
    text = _WORD.sub(_repair, text)
    text = "".join(_GREEK.get(char, char) for char in text.casefold())
    if text.isascii():
        return text
    return _unaccented(text)


def squash(text: str) -> str:
    """Return only the letters and digits of `text`, normalised: how names are compared."""
    return "".join(_ATOM.findall(normalise(text)))


def atoms(normal: str) -> list[Atom]:
    """Cut a normalised text into runs of Latin letters and runs of digits."""
    return [Atom(found.group(), found.start(), found.end()) for found in _ATOM.finditer(normal)]


def unleet(normal: str, one: str = "l") -> str:
    """Return a normalised text with digits that stand for letters read as letters (et0nitazene).

    Only a digit between letters, or in front of or behind a long run of them; the length stays the same,
    so places in the text stay true. `one` is the letter that a 1 stands for: l or i.
    """
    letters = {**_LETTER_OF, "1": one}
    return _LEET.sub(lambda found: letters[found.group()], normal)


def _both_ways(found: re.Match[str]) -> str:
    """Return forced text as it is stored and as it is shown: either may be what is meant."""
    return f" {found[1]} {found[1][::-1]} "


def _repair(found: re.Match[str]) -> str:
    word = found.group()
    if word.isascii() or not any("a" <= char <= "z" or "A" <= char <= "Z" for char in word):
        return word
    # A Greek letter in front of a Latin word is a position (alphaS, betaH), not a disguise.
    first = word[0]
    if first in _GREEK and word[1:].isascii():
        return word
    return word.translate(_LOOKALIKE)


def _unaccented(text: str) -> str:
    kept = []
    for char in unicodedata.normalize("NFKD", text):
        # The vowel signs of Devanagari are marks too, and carry meaning: only Latin loses its accents.
        if unicodedata.category(char) == "Mn" and not _NOT_LATIN.match(char):
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))
