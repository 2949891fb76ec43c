"""Makes `resources/substances/substances.db`: the dictionary of known chemicals and the prepared lists.

    python -m fieldapp.substances.compile         the database, from the resources and `chemicals`
    python -m fieldapp.substances.compile forms   forms.csv as well, salts, isomers and members (needs RDKit)

The dictionary comes from the `chemicals` package (MIT; names and structures from PubChem), which is needed
to build and never to run. `forms.csv` is kept with the sources, so a build without RDKit knows the same
salts and members. The file is written beside its place and moved into it, so a broken build leaves the
old one.
"""

import csv
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import msgspec

import resources
from fieldapp.identifiers.cas import is_valid
from fieldapp.substances import ec, lists, reader
from fieldapp.substances.dictionary import FILE, cas_number, name_hash
from fieldapp.substances.lists import Form, Lists, Name
from fieldapp.substances.normal import squash

_SCHEMA = """
CREATE TABLE compound (cas INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE name (hash INTEGER PRIMARY KEY, cas INTEGER NOT NULL);
CREATE TABLE ec (ec INTEGER PRIMARY KEY, cas INTEGER NOT NULL);
CREATE TABLE prepared (source TEXT PRIMARY KEY, value BLOB NOT NULL);
"""
_FILES = (
    "chemical identifiers pubchem large.tsv",
    "chemical identifiers pubchem small.tsv",
    "chemical identifiers example user db.tsv",
    "Inorganic db.tsv",
)
_EC = re.compile(r"(?:EC|EINECS|ELINCS|NLP)?\s*([0-9]{3}-[0-9]{3}-[0-9])")
_SHORTEST = 4  # squashed names below this are codes
_FORM_NAMES = 12  # letters and digits that a name of a form must at least spell, codes left out


class Compound(msgspec.Struct, frozen=True):
    """One row of the dictionary's source."""

    cas: str
    smiles: str
    names: tuple[str, ...]


class Built(msgspec.Struct, frozen=True):
    """What a build holds."""

    compounds: int
    names: int
    forms: int
    bytes: int


def source() -> Path | None:
    """Return the folder of the `chemicals` package's tables; None where it is not installed."""
    found = find_spec("chemicals")
    places = found.submodule_search_locations if found else None
    return Path(places[0]) / "Identifiers" if places else None


def compounds(folder: Path) -> Iterator[Compound]:
    """Read every compound once: number, structure, names."""
    seen: set[str] = set()
    for name in _FILES:
        with (folder / name).open(encoding="utf-8") as file:
            for line in file:
                row = line.rstrip("\n").split("\t")
                if len(row) > 7 and row[1] not in seen and is_valid(row[1]):
                    seen.add(row[1])
                    yield Compound(cas=row[1], smiles=row[4], names=tuple(dict.fromkeys(row[7:])))


def build(out: Path | None = None, folder: Path | None = None) -> Built:
    """Write the database to `out`; without the `chemicals` tables it holds the prepared lists alone."""
    out = out or resources.path("substances", FILE)
    folder = folder or source()
    known = lists.read()
    part = out.with_suffix(".part")
    part.unlink(missing_ok=True)
    names = list(known.names)
    with closing(sqlite3.connect(part)) as db:
        db.executescript(_SCHEMA)
        if folder is not None:
            names += _fill(db, known, folder)
        whole = msgspec.structs.replace(known, names=tuple(names))
        raw = msgspec.msgpack.encode(reader.prepare(whole))
        db.execute("INSERT INTO prepared VALUES (?, ?)", (reader.source(), raw))
        db.commit()
        (number,) = db.execute("SELECT count(*) FROM compound").fetchone()
        (hashes,) = db.execute("SELECT count(*) FROM name").fetchone()
        db.execute("VACUUM")
    part.replace(out)
    return Built(number, hashes, len(known.forms), out.stat().st_size)


def _fill(db: sqlite3.Connection, known: Lists, folder: Path) -> list[Name]:
    """Write the compounds that are on no list; return the names of those that are forms of listed ones."""
    taken = {squash(name.name) for name in known.names}
    forms: list[Name] = []
    for compound in compounds(folder):
        db.executemany("INSERT OR IGNORE INTO ec VALUES (?, ?)", _ec_rows(compound))
        if compound.cas in known.by_cas:
            continue
        if compound.cas in known.forms:
            forms += [Name(compound.cas, name, "form") for name in _form_names(compound, taken)]
            continue
        db.execute(
            "INSERT INTO compound (cas, name) VALUES (?, ?)", (cas_number(compound.cas), _plain(compound))
        )
        cas = cas_number(compound.cas)
        hashes = {(name_hash(key), cas) for name in compound.names if len(key := squash(name)) >= _SHORTEST}
        db.executemany("INSERT OR IGNORE INTO name VALUES (?, ?)", hashes)
    # A name that is also listed is a listed name, whatever else PubChem has filed under it.
    for name in (*known.names, *forms):
        db.execute("DELETE FROM name WHERE hash = ?", (name_hash(squash(name.name)),))
    return forms


def _ec_rows(compound: Compound) -> Iterator[tuple[int, int]]:
    for name in compound.names:
        number = _EC.fullmatch(name)
        if number and ec.is_valid(number[1]):
            yield cas_number(number[1]), cas_number(compound.cas)


def _form_names(compound: Compound, taken: set[str]) -> Iterator[str]:
    for name in compound.names:
        key = squash(name)
        letters = sum(char.isalpha() for char in key)
        if letters >= _FORM_NAMES and 2 * letters > len(key) and key not in taken:
            taken.add(key)
            yield name


def _plain(compound: Compound) -> str:
    """Return the name a person would know: the second in the table is the common one."""
    return compound.names[1] if len(compound.names) > 1 else compound.names[0]


def write_forms(out: Path | None = None, folder: Path | None = None) -> int:
    """Write forms.csv from the structures of the dictionary; return the number of rows. Needs RDKit."""
    from fieldapp.substances.structure import recognise  # the engine is optional

    known = lists.read()
    folder = folder or source()
    if folder is None:
        raise FileNotFoundError("chemicals")
    found = list(_filed(known, folder))
    for compound in compounds(folder):
        if compound.cas not in known.by_cas:
            found += recognise.forms(known, compound.cas, _plain(compound), compound.smiles)
    out = out or resources.path("substances", "forms.csv")
    with out.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(Form.__struct_fields__)
        for form in sorted(found, key=lambda one: cas_number(one.cas)):
            table.writerow(msgspec.structs.astuple(form))
    return len(found)


def _filed(known: Lists, folder: Path) -> Iterator[Form]:
    """Yield the other CAS numbers that stand among the names of a listed substance, and of no one else."""
    owners: dict[str, set[str]] = {}
    own = set(known.by_cas)
    for compound in compounds(folder):
        own.add(compound.cas)
        for name in compound.names:
            if name != compound.cas and is_valid(name):
                owners.setdefault(name, set()).add(known.by_cas.get(compound.cas, ""))
    for cas, substances in owners.items():
        if cas not in own and len(substances) == 1 and (substance := next(iter(substances))):
            yield Form(cas=cas, name=known.substances[substance].name, kind="filed", substance=substance)


def main(arguments: list[str]) -> int:
    """Build what the arguments name."""
    if "forms" in arguments:
        print(f"forms.csv: {write_forms()} rows")  # noqa: T201 - a build step reports
    built = build()
    print(  # noqa: T201
        f"{FILE}: {built.compounds} known chemicals, {built.names} names, {built.forms} forms,"
        f" {built.bytes / 1e6:.1f} MB"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
