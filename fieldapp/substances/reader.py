"""The lists prepared for reading: names indexed, sounds spelt out, the dictionary opened.

Preparing takes a fifth of a second, so `compile` does it once and keeps the result beside the dictionary,
marked with the hash of the resources it was made from. A stale or missing result is made again here.
"""

import hashlib
from functools import lru_cache

import msgspec

import resources
from fieldapp.substances import lists
from fieldapp.substances.answer import Reason
from fieldapp.substances.dictionary import Dictionary
from fieldapp.substances.keys import StructureKeys
from fieldapp.substances.languages import Sounds, Tongues, sounds
from fieldapp.substances.lists import Lists
from fieldapp.substances.names import Index, Keys, keys

_MADE_BY = b"3"  # another number whenever `prepare` makes something else of the same resources
SOURCES = (
    "substances.csv", "listings.csv", "names.csv", "names_languages.csv", "un_numbers.csv", "ec_numbers.csv",
    "forms.csv", "class_rules.toml", "morphemes.txt", "edition.toml",
)  # fmt: skip


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that takes time to work out from the lists."""

    lists: Lists
    keys: Keys
    foreign: tuple[tuple[str, str], ...]  # (substance, name in another script)
    sounds: Sounds


class Reader:
    """The lists and everything prepared from them, ready for any number of texts.

    `refused` says what a release wanted to add and could not be read; every answer carries it.
    """

    def __init__(self, prepared: Prepared, dictionary: Dictionary, refused: tuple[Reason, ...] = ()) -> None:
        self.refused = refused
        self.prepared = prepared
        self.lists = prepared.lists
        self.index = Index(prepared.keys)
        self.tongues = Tongues(prepared.foreign, prepared.sounds)
        self.structures = StructureKeys(prepared.lists.substances.values())
        self.dictionary = dictionary


def source() -> str:
    """Return the hash of the resources that the lists are made from, and of the way they are made."""
    digest = hashlib.sha256(_MADE_BY)
    for name in SOURCES:
        digest.update(resources.path("substances", name).read_bytes())
    return digest.hexdigest()


def prepare(read: Lists) -> Prepared:
    """Work out what reading needs."""
    foreign = tuple(
        (row["substance"], row["name"])
        for row in lists.rows("names_languages.csv")
        if row["language"] not in lists.LATIN
    )
    return Prepared(lists=read, keys=keys(read.names), foreign=foreign, sounds=sounds(read.names))


def make(dictionary: Dictionary | None = None) -> Reader:
    """Make a reader of the lists in the resources."""
    dictionary = dictionary or Dictionary()
    raw = dictionary.prepared(source()) if dictionary.present else None
    prepared = msgspec.msgpack.decode(raw, type=Prepared) if raw else prepare(lists.load())
    return Reader(prepared, dictionary)


@lru_cache(maxsize=1)
def reader() -> Reader:
    """Return the reader of this process, made once."""
    return make()
