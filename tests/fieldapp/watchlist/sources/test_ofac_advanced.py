"""The advanced list says what the CSV files say, and more: parts of names, scripts, periods."""

from pathlib import Path

import pytest

from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.sources import source
from fieldapp.watchlist.sources.refusal import SourceRefused
from tests.support.advanced_list import advanced, alias, born, party, said
from tests.support.lists import SAMPLES

LATIN = {"1520": "BATARJEE", "1521": "Adel"}
MAN = alias("1403", LATIN, Primary="true")


def read(folder: Path, text: str) -> list[Entry]:
    path = folder / "sdn_advanced.xml"
    path.write_text(text, "utf-8")
    return list(source("ofac-sdn").read([path]))


def test_it_agrees_with_the_csv_files(tmp_path):
    (tmp_path / "csv").mkdir()
    from_csv = {
        entry.id: entry for entry in source("ofac-sdn").read(SAMPLES["ofac-sdn"].make(tmp_path / "csv"))
    }
    from_xml = {entry.id: entry for entry in source("ofac-sdn").read(SAMPLES["ofac-advanced"].make(tmp_path))}
    assert from_csv.keys() == from_xml.keys()
    for number, entry in from_xml.items():
        other = from_csv[number]
        assert (entry.key, entry.primary, entry.kind) == (other.key, other.primary, other.kind)
        assert entry.birth_dates == other.birth_dates
        assert set(entry.identifiers) <= set(other.identifiers)
    airline, man, ship = from_xml["36"], from_xml["173"], from_xml["306"]
    assert (airline.programme, airline.listed_on, airline.cities) == ("CUBA", "1986-12-10", ("Havana",))
    assert airline.countries == ("cu",)
    assert (man.countries, man.gender) == (("sa",), "male")
    assert [name.quality for name in man.names] == ["primary", "weak"]
    assert [name.quality for name in ship.names] == ["primary", "former"]
    assert ("imo", "9187629") in {(held.type, held.value) for held in ship.identifiers}


@pytest.mark.parametrize(
    ("ends", "dates"),
    [
        (("1946-07-01", "1946-07-01"), ("1946-07-01",)),
        (("1946-07-01", "1946-07-31"), ("1946-07",)),
        (("1946-01-01", "1946-12-31"), ("1946",)),
        (("1946-05-01", "1946-06-01"), ("1946",)),
        (("1946-01-01", "1948-12-31"), ("1946", "1948")),
        (("1946-0-0", "1946-0-0"), ("1946",)),
    ],
)
def test_a_period_becomes_what_all_of_it_shares(tmp_path, ends, dates):
    (entry,) = read(tmp_path, advanced(party("1", "4", MAN, said=born(*ends))))
    assert entry.birth_dates == dates


def test_websites_wallets_and_titles_are_taken_and_other_texts_left(tmp_path):
    texts = {"14": "shop.example", "344": "bc1qexample", "26": "Minister", "999": "of no known kind"}
    more = "".join(said(feature, text) for feature, text in texts.items())
    (entry,) = read(tmp_path, advanced(party("1", "4", MAN, said=more)))
    assert {(held.type, held.value) for held in entry.identifiers} == {
        ("website", "shop.example"), ("wallet", "bc1qexample"),
    }  # fmt: skip
    assert entry.remarks == "Minister"


def test_a_name_in_another_script_is_an_alias(tmp_path):
    cyrillic = {"1520": "БАТАРДЖИ", "1521": "Адель"}
    (entry,) = read(tmp_path, advanced(party("1", "4", alias("1403", [LATIN, cyrillic], Primary="true"))))
    assert [(name.text, name.quality) for name in entry.names] == [
        ("BATARJEE, Adel", "primary"), ("БАТАРДЖИ, Адель", "aka"),
    ]  # fmt: skip


def test_a_party_without_a_name_and_a_file_without_values_are_refused(tmp_path):
    with pytest.raises(SourceRefused):
        read(tmp_path, advanced(party("1", "4")))
    with pytest.raises(SourceRefused):
        read(tmp_path, '<Sanctions xmlns="x"><DistinctParties/></Sanctions>')
