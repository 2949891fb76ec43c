"""A name taken apart: words in Latin letters, each knowing what it is worth and where it stood.

Promises: the same text gives the same words on every machine; the place of every word in the original
text is kept, so a screen can point at the letters. Legal forms, particles and titles are recognised from
tables and never find anything by themselves; abbreviations of the trade are written out; number words
become digits in names of companies and ships, where a number distinguishes.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import msgspec

from fieldapp.watchlist import tables
from fieldapp.watchlist.script import WRITTEN, latin, leet, script_of, seen, spelled_out

WordKind = Literal["word", "number", "initial", "form", "particle", "title"]
MOST_WORDS = 40  # beyond this a person's name is a sentence, and the rest of it is not compared
MOST_TEXT = 20_000  # the same for a text: a declared field, of as many letters, holds fewer
_PERSON_FORMS = frozenset({"llc", "ltd", "limited", "inc", "corp", "corporation", "gmbh", "jsc", "plc"})


class Word(msgspec.Struct, frozen=True):
    """One word: `text` is compared, `shown` is what is seen at [start, end) of the name."""

    text: str
    kind: WordKind
    shown: str
    start: int
    end: int
    variant: str = ""  # the word with look-alike digits read as letters
    plain: str = ""  # the word before abbreviations were written out; empty when the same
    script: str = ""  # "han" where the letters read characters, "abjad" where vowels were not written
    aside: bool = False  # stood in brackets


class Name(msgspec.Struct, frozen=True):
    """The words of a name, and the name itself."""

    raw: str
    words: tuple[Word, ...]

    def telling(self) -> tuple[Word, ...]:
        """Return the words that can find something: no legal forms, particles, titles or lone initials."""
        return tuple(word for word in self.words if word.kind in ("word", "number"))


@lru_cache(maxsize=1 << 14)
def analyse(raw: str, person: bool) -> Name:
    """Take `raw` apart as a person's name, or as the name of a company, ship or thing."""
    found = _written(raw)[: MOST_WORDS if person else MOST_TEXT]
    marked = _numbers(found) if not person else found
    marked = _forms(marked, person)
    if person:
        marked = _titles(marked)
    marked = _particles(marked)
    marked = tuple(_finish(word, person) for word in marked)
    if marked and not any(word.kind in ("word", "number", "initial") for word in marked):
        alone = len(marked) == 1  # several legal forms are still no name
        marked = tuple(
            msgspec.structs.replace(word, kind="word") if alone or word.kind != "form" else word
            for word in marked
        )
    return Name(raw, marked)


def only_forms(raw: str) -> bool:
    """Say whether `raw` holds nothing but legal forms, or nothing at all: a name that can meet no other."""
    return all(word.kind == "form" for word in _forms(_written(raw), False))


class _Piece(msgspec.Struct, frozen=True):
    """A Latin word inside a written one: its letters, where they stood, how else they may be read."""

    text: str
    shown: str
    start: int
    end: int
    script: str
    variant: str


def _written(raw: str) -> tuple[Word, ...]:
    words: list[Word] = []
    depth, last = 0, 0
    brackets = "(" in raw
    for match in WRITTEN.finditer(raw):
        first = match.start()
        if brackets:
            between = raw[last:first]
            depth = max(0, depth + between.count("(") - between.count(")"))
            last = match.end()
        words += [
            Word(
                piece.text,
                "word",
                piece.shown,
                first + piece.start,
                first + piece.end,
                piece.variant,
                "",
                piece.script,
                depth > 0,
            )
            for piece in _pieces(match.group())
        ]
    return tuple(words)


@lru_cache(maxsize=1 << 16)
def _pieces(written: str) -> tuple[_Piece, ...]:
    script = "" if written.isascii() else script_of(written)
    found: list[_Piece] = []
    for start, end in _camel(written):
        part = written[start:end]
        words = latin(part)
        other = leet(words[0]) or spelled_out(part) if len(words) == 1 else ""
        shown = seen(part)
        found += [_Piece(text, shown, start, end, script, other) for text in words]
    return tuple(found)


_HUMP = re.compile(r"(?<=[^\W\d_A-ZА-Я]{3})(?=[A-ZА-Я][^\W\d_])")


def _camel(written: str) -> list[tuple[int, int]]:
    """Cut "VladimirPutin" and "SiemensAG" where a small letter meets a capital; "McDonald" stays whole."""
    if written.isupper() or written.islower() or not written.isalpha():
        return [(0, len(written))]
    cuts = [0, *(match.start() for match in _HUMP.finditer(written)), len(written)]
    return list(pairwise(cuts))


def _numbers(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Write number words, ordinals and Roman numerals as digits; "forty four" and "forty 4" are 44."""
    known = tables.by_value("numbers.tsv")
    out: list[Word] = []
    for word in words:
        text = known.get(word.text, "") or (word.text if word.text.isdigit() else "")
        roman = word.text == "i" and out and word.shown.isascii()  # not the Russian "and"
        if len(word.text) == 1 and not word.text.isdigit() and not roman:
            text = ""
        if not text:
            out.append(word)
            continue
        text = str(int(text[:18]))
        before = out[-1] if out else None
        if (
            before is not None
            and before.kind == "number"
            and not before.shown.isdigit()
            and len(text) == 1
            and len(before.text) == 2
            and before.text.endswith("0")
            and text != "0"
        ):
            out[-1] = msgspec.structs.replace(before, text=before.text[0] + text, end=word.end)
            continue
        out.append(msgspec.structs.replace(word, text=text, kind="number"))
    return tuple(out)


@lru_cache(maxsize=1)
def _form_table() -> tuple[dict[tuple[str, ...], str], dict[str, int]]:
    """Return the forms by their words, and for each first word the length of the longest form it opens."""
    table: dict[tuple[str, ...], str] = {}
    opening: dict[str, int] = {}
    for name, written in tables.rows("legal_forms.tsv"):
        for form in written:
            words = tuple(form.split())
            table.setdefault(words, name)
            opening[words[0]] = max(opening.get(words[0], 0), len(words))
    return table, opening


def _forms(words: tuple[Word, ...], person: bool) -> tuple[Word, ...]:
    table, opening = _form_table()
    out: list[Word] = []
    at = 0
    while at < len(words):
        longest = opening.get(words[at].text, 0)
        for length in range(min(longest, len(words) - at), 0, -1):
            texts = tuple(word.text for word in words[at : at + length])
            allowed = not person or (at > 0 and length == 1 and texts[0] in _PERSON_FORMS)
            if allowed and texts in table and not _brand(words, at, length):
                run = words[at : at + length]
                out.append(
                    Word(table[texts], "form", run[0].shown, run[0].start, run[-1].end, plain=" ".join(texts))
                )
                at += length
                break
        else:
            out.append(words[at])
            at += 1
    return tuple(out)


def _brand(words: tuple[Word, ...], at: int, length: int) -> bool:
    """Two letters in the middle of a name ("AS Roma", "Ag Silver") are a form only at its edge."""
    if length > 1 or len(words[at].text) > 2 or not 0 < at < len(words) - 1:
        return False
    table, opening = _form_table()
    behind = tuple(word.text for word in words[at + 1 : at + 1 + opening.get(words[at + 1].text, 0)])
    forms = any(behind[:end] in table for end in range(1, len(behind) + 1))
    return not forms and len(words[at + 1].text) > 3


def _titles(words: tuple[Word, ...]) -> tuple[Word, ...]:
    known = tables.words("titles.txt")
    out: list[Word] = []
    at = 0
    while at < len(words):
        pair = " ".join(word.text for word in words[at : at + 2])
        length = 2 if " " in pair and pair in known else 1 if words[at].text in known else 0
        left = sum(word.kind == "word" and len(word.text) > 1 for word in (*out, *words[at + length :]))
        if length and left >= 1:
            run = words[at : at + length]
            out.append(msgspec.structs.replace(run[0], kind="title", end=run[-1].end))
            at += length
        else:
            out.append(words[at])
            at += 1
    return tuple(out)


def _particles(words: tuple[Word, ...]) -> tuple[Word, ...]:
    known = tables.words("particles.txt")
    return tuple(
        msgspec.structs.replace(word, kind="particle") if word.kind == "word" and word.text in known else word
        for word in words
    )


def _finish(word: Word, person: bool) -> Word:
    if word.kind != "word":
        return word
    if person and len(word.text) > 1:
        return word
    if len(word.text) == 1 and not word.script:
        return msgspec.structs.replace(word, kind="initial")
    full = tables.by_value("abbreviations.tsv").get(word.text, word.text)
    if full == word.text:
        return word
    return msgspec.structs.replace(
        word,
        text=full,
        plain=word.text,
    )


_PATRONYMIC_ENDS = ("vich", "vych", "vitch", "vic", "vits", "wicz", "vna", "una", "yna")
_PATRONYMICS = tuple(
    sorted(
        (
            stem + ending
            for stem in ("o", "e", "a", "i", "yi", "ii", "ye", "ie", "yo", "io", "je", "ia", "ya")
            for ending in _PATRONYMIC_ENDS
        ),
        key=len,
        reverse=True,
    )
)


@lru_cache(maxsize=1 << 16)
def patronymic_stem(word: str) -> str:
    """Return what stands before the ending of a Slavic patronymic, or nothing when there is none."""
    if not word.endswith(_PATRONYMIC_ENDS):
        return ""
    for ending in _PATRONYMICS:
        if len(word) > len(ending) + 2 and word.endswith(ending):
            return word[: -len(ending)]
    return ""


@lru_cache(maxsize=1 << 16)
def same_name(word: str) -> str:
    """Return the given name that `word` is a form of, `name's` for a patronymic, or nothing."""
    known = tables.by_value("given_names.tsv")
    if word in known:
        return known[word]
    stem = patronymic_stem(word)
    if stem:
        for ending in ("", "y", "i", "iy", "ei", "ey", "a", "ai", "o", "il"):
            if stem + ending in known:
                return known[stem + ending] + "'s"
    return ""


def fold(text: str) -> str:
    """Return `text` for keys and hashes: NFKC, case folded, white space single."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
