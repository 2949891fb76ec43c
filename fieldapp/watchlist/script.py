"""Any script into Latin letters, one written word at a time.

A word is a stretch of letters, marks and digits, with apostrophes inside it. Before anyascii (a fixed
table, the same on every machine) each script gets what that table lacks: Arabic its long vowels and its
common names, the scripts of India their inherent `a`, Hangul and Han their syllables, words of mixed
scripts the letter that looks the same. The form never depends on the machine's language.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from fieldapp.watchlist import tables

_APOSTROPHES = "'’‘ʼʻ`´′ʹʿʾ׳＇"
# What nobody sees, in classes of a regular expression: control characters that are no white space, soft
# hyphens and joiners, marks of direction, variation selectors, fillers, tags, anchors of objects.
_UNSEEN = (
    "\\x00-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_IGNORED = re.compile(f"[{_UNSEEN}\u0640]+")  # and the stroke that lengthens Arabic words
_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed" + (
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    + "".join(
        f"{chr(block)}-{chr(block + 3)}{chr(block + 0x3C)}-{chr(block + 0x57)}"
        for block in range(0x980, 0xD80, 0x80)
    )
    + "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u1056-\u1059"
    + "\u17b4-\u17d3\u20d0-\u20f0\u3099\u309a"
)
_LETTER = rf"[^\W_]|[{_MARKS}{_UNSEEN}]"
WRITTEN = re.compile(rf"(?:{_LETTER})+(?:[{_APOSTROPHES}.](?:{_LETTER})+)*\.?")

_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_INDIC = re.compile("[\u0900-\u0d7f]")
_SYLLABLE = re.compile("[A-Z][a-z]*|[a-z]+|[0-9]+")
_VIRAMA, _SIGNS = 0x4D, range(0x3E, 0x4D)


def seen(written: str) -> str:
    """Return `written` without the characters that nobody sees."""
    return _IGNORED.sub("", written)


@lru_cache(maxsize=1 << 16)
def latin(written: str) -> tuple[str, ...]:
    """Return the Latin words of one written word, in lower case; several for syllables."""
    if written.isascii() and written.isalnum():
        return (written.lower(),)
    text = seen(unicodedata.normalize("NFKC", written))
    if "." in text:
        parts = [part for part in text.split(".") if part]
        if len(parts) > 1 and any(len(part) > 1 for part in parts):
            return tuple(word for part in parts for word in latin(part))
        text = "".join(parts)
    if text[-2:-1] in _APOSTROPHES and text[-1:] in "sS" and len(text) > 2 and text[-2:-1]:
        text = text[:-2]
    text = "".join(character for character in text if character not in _APOSTROPHES)
    text = _one_script(text)
    if _HAN.search(text) or _HANGUL.search(text):
        return _syllables(text)
    if _ARABIC.search(text):
        return _arabic(text)
    if _INDIC.search(text):
        text = _indic(text)
    plain = re.sub("[^a-z0-9]", "", anyascii(text).lower())
    return (plain,) if plain else ()


_UNVOWELLED = re.compile("[\u0590-\u06ff\u0750-\u077f\ufb1d-\ufdff\ufe70-\ufeff]")
_HOOKED = str.maketrans(
    {
        "č": "ch",
        "š": "sh",
        "ž": "zh",
        "ş": "sh",
        "ç": "ch",
        "ș": "sh",
        "ť": "t",
        "ż": "zh",
        "ś": "sh",
        "ł": "l",
    }
)


def script_of(written: str) -> str:
    """Return "han" for characters, "abjad" for scripts that leave vowels out, or nothing."""
    if _HAN.search(written):
        return "han"
    return "abjad" if _UNVOWELLED.search(written) else ""


def spelled_out(written: str) -> str:
    """Return the Latin word with hooked letters written as two ("Čech" as "chech"), or nothing if none is."""
    if written.isascii():
        return ""
    text = unicodedata.normalize("NFC", written).lower()
    out = text.translate(_HOOKED)
    return "".join(latin(out)) if out != text else ""


@lru_cache(maxsize=1)
def _lookalikes() -> tuple[dict[str, str], dict[str, str]]:
    drawn, digits = {}, {}
    for line in tables.rows("lookalikes.tsv"):
        letter, groups = line
        drawn.update(dict.fromkeys(groups[0] if groups else "", letter))
        digits.update(dict.fromkeys(groups[1] if len(groups) > 1 else "", letter))
    return drawn, digits


def leet(word: str) -> str:
    """Return `word` with its digits read as the letters they are drawn like, or nothing.

    Only a word of mostly letters with a digit among them counts: "ig0r", not "h7", not "2004".
    """
    if word.isalpha():
        return ""
    letters = sum(character.isalpha() for character in word)
    if letters == len(word) or letters < 3 or letters * 3 < len(word) * 2:
        return ""
    digits = _lookalikes()[1]
    return "".join(digits.get(character, character) for character in word)


def drawn_like(text: str) -> str:
    """Return `text` with every letter and digit that is drawn like a Latin letter replaced by that letter."""
    drawn, digits = _lookalikes()
    folded = "".join(drawn.get(character, digits.get(character, character)) for character in text.lower())
    return re.sub("[^a-z0-9]", "", anyascii(folded).lower())


def _one_script(text: str) -> str:
    """Read a word that mixes Latin with Greek, Cyrillic or Armenian in its main script."""
    latin_letters = sum("a" <= character.lower() <= "z" for character in text)
    others = sum("\u0370" <= character <= "\u058f" for character in text)
    if not latin_letters or not others:
        return text
    drawn = _lookalikes()[0]
    if latin_letters >= others:
        return "".join(drawn.get(character.lower(), character) for character in text)
    cyrillic: dict[str, str] = {}
    for letter, base in drawn.items():
        if "\u0400" <= letter <= "\u045f":
            cyrillic.setdefault(base, letter)
    return "".join(cyrillic.get(character.lower(), character) for character in text)


def _syllables(text: str) -> tuple[str, ...]:
    """Cut Hangul into syllables; Han into surname and given name, or by pairs beyond a name's length."""
    found = [syllable.lower() for syllable in _SYLLABLE.findall(anyascii(text))]
    if _HANGUL.search(text) or len(found) <= 1:
        return tuple(found)
    if len(found) == 2:
        return ("".join(found),)
    if len(found) <= 4:
        return (found[0], "".join(found[1:]))
    return tuple("".join(found[at : at + 2]) for at in range(0, len(found), 2))


@lru_cache(maxsize=1)
def _arabic_letters() -> tuple[dict[str, str], dict[str, str]]:
    inside = {letter: values[0] if values else "" for letter, values in tables.rows("arabic.tsv")}
    first = {letter: values[-1] if values else "" for letter, values in tables.rows("arabic.tsv")}
    return inside, first


@lru_cache(maxsize=1)
def _arabic_names() -> dict[str, str]:
    return {written: values[0] for written, values in tables.rows("arabic_names.tsv")}


def _arabic(text: str) -> tuple[str, ...]:
    bare = "".join(character for character in text if not unicodedata.combining(character))
    known = _arabic_names()
    if bare in known:
        return (known[bare],)
    if bare.startswith("ال") and len(bare) > 3:
        return ("al", *_arabic(bare[2:]))
    if bare.startswith("عبدال") and len(bare) > 6:
        return ("abd", "al", *_arabic(bare[5:]))
    inside, first = _arabic_letters()
    word = "".join((inside if at else first).get(letter, letter) for at, letter in enumerate(bare))
    plain = re.sub("[^a-z0-9]", "", anyascii(word).lower())
    return (plain,) if plain else ()


def _indic(text: str) -> str:
    """Write the vowel that the scripts of India leave out after a consonant, save at the end."""
    spelled: list[str] = []
    for at, character in enumerate(text):
        spelled.append(anyascii(character))
        following = text[at + 1] if at + 1 < len(text) else ""
        if _consonant(character) and following and not _silences(following):
            spelled.append("a")
    return "".join(spelled)


def _consonant(character: str) -> bool:
    code = ord(character)
    return 0x900 <= code < 0xD80 and 0x15 <= code % 0x80 <= 0x39


def _silences(character: str) -> bool:
    code = ord(character)
    if not 0x900 <= code < 0xD80:
        return True
    return code % 0x80 == _VIRAMA or code % 0x80 in _SIGNS or code % 0x80 == 0x3C
