from pathlib import Path

import msgspec
import pytest

from fieldapp.substances import compile as compiling
from fieldapp.substances import lists, reader
from fieldapp.substances.dictionary import Dictionary, name_hash
from fieldapp.substances.normal import squash

ROWS = (
    # number, formula, weight, SMILES, InChI, key, then names
    (
        "1",
        "108-94-1",
        "C6H10O",
        "98.1",
        "O=C1CCCCC1",
        "",
        "KEY",
        "cyclohexanone",
        "pimelic ketone",
        "acetone",
    ),
    (
        "2",
        "6091-44-7",
        "C5H12ClN",
        "121.6",
        "C1CCNCC1.Cl",
        "",
        "KEY",
        "piperidine hydrochloride",
        "hexahydropyridinium chloride",
    ),
    ("3", "67-64-1", "C3H6O", "58.1", "CC(C)=O", "", "KEY", "propan-2-one", "acetone"),
    ("4", "108-94-2", "C6H10O", "98.1", "O=C1CCCCC1", "", "KEY", "wrong check digit", "not taken"),
)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "Identifiers"
    folder.mkdir()
    for name in compiling._FILES:
        (folder / name).write_text("", "utf-8")
    (folder / compiling._FILES[0]).write_text("".join("\t".join(row) + "\n" for row in ROWS), "utf-8")
    compiling.build(tmp_path / "some.db", folder)
    return tmp_path / "some.db"


def test_known_chemicals_are_those_on_no_list(built: Path) -> None:
    dictionary = Dictionary(built)
    known = dictionary.by_cas("108-94-1")
    assert known is not None
    assert known.name == "pimelic ketone"
    assert dictionary.has_name("cyclohexanone")
    assert dictionary.by_cas("67-64-1") is None
    assert dictionary.by_cas("108-94-2") is None
    dictionary.close()


def test_a_listed_name_is_never_that_of_another(built: Path) -> None:
    dictionary = Dictionary(built)
    assert not dictionary.has_name("acetone")
    dictionary.close()


def test_names_of_salts_lead_to_the_substance(built: Path) -> None:
    dictionary = Dictionary(built)
    ready = reader.make(dictionary)
    assert [name.kind for name in ready.prepared.keys.exact["hexahydropyridiniumchloride"]] == ["form"]
    dictionary.close()


def test_a_chemical_that_a_list_took_is_no_longer_another(built: Path) -> None:
    whole = Dictionary(built)
    without = whole.without(["108-94-1"])
    assert not without.has_name("cyclohexanone")
    whole.close()
    without.close()


def test_what_is_prepared_is_what_would_be_prepared_now(built: Path) -> None:
    dictionary = Dictionary(built)
    raw = dictionary.prepared(reader.source())
    assert raw is not None
    prepared = msgspec.msgpack.decode(raw, type=reader.Prepared)
    assert prepared.lists.substances == reader.make().lists.substances
    assert dictionary.prepared("another source") is None
    dictionary.close()


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    dictionary = Dictionary(tmp_path / "none.db")
    assert not dictionary.present
    assert not dictionary.filled
    assert not dictionary.has_name("cyclohexanone")
    assert dictionary.by_cas("108-94-1") is None


def test_names_are_kept_apart_by_their_hashes() -> None:
    hashes = {name_hash(squash(f"compound {number}")) for number in range(5000)}
    assert len(hashes) == 5000


def test_the_database_of_this_checkout_is_what_would_be_prepared_now() -> None:
    dictionary = Dictionary()
    raw = dictionary.prepared(reader.source())
    dictionary.close()
    if raw is None:
        pytest.skip("no database was built from these resources: python -m fieldapp.substances.compile")
    built = msgspec.msgpack.decode(raw, type=reader.Prepared)
    fresh = reader.prepare(lists.read())
    assert (built.lists.substances, built.lists.forms) == (fresh.lists.substances, fresh.lists.forms)
    # The database also holds the names of salts that the dictionary knows.
    assert fresh.keys.parts.keys() <= built.keys.parts.keys()
    assert fresh.keys.exact.keys() <= built.keys.exact.keys()
    assert built.sounds == fresh.sounds
