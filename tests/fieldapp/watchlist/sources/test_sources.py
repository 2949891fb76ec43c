"""What every source promises, asked of each in turn."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fieldapp.watchlist.release import Header, write_release
from fieldapp.watchlist.sources import SOURCES, ListSource, source
from fieldapp.watchlist.sources.refusal import SourceRefused
from tests.support.lists import ISSUED, SAMPLES

Sample = Callable[[Path], list[Path]]


def test_every_source_has_a_sample():
    assert {item.name for item in SOURCES} == set(SAMPLES)


@pytest.mark.parametrize("item", SOURCES, ids=lambda item: item.name)
class TestEverySource:
    def test_reads_entries_with_ids_names_and_its_own_mark(self, item: ListSource, tmp_path):
        entries = list(item.read(SAMPLES[item.name](tmp_path)))
        assert len(entries) >= 2
        assert all(entry.id and entry.names and entry.source == item.name for entry in entries)
        assert len({entry.key for entry in entries}) == len(entries)

    def test_a_file_cut_anywhere_in_its_last_line_or_middle_is_refused_whole(
        self, item: ListSource, tmp_path
    ):
        for path in SAMPLES[item.name](tmp_path):
            whole = path.read_bytes()
            for at in (len(whole) // 3, len(whole) // 2, len(whole) - 4):
                path.write_bytes(whole[:at])
                with pytest.raises(SourceRefused):
                    list(item.read(_together(tmp_path, path)))
            path.write_bytes(whole)

    def test_a_refused_file_leaves_no_release(self, item: ListSource, tmp_path):
        paths = SAMPLES[item.name](tmp_path)
        paths[0].write_bytes(paths[0].read_bytes()[:-4])
        out = tmp_path / "out" / "release.zst"
        with pytest.raises(SourceRefused):
            write_release(out, Header(number=1, name="x", issued=ISSUED), item.read(paths))
        assert list(out.parent.iterdir()) == []

    def test_hostile_xml_is_refused(self, item: ListSource, tmp_path):
        evil = tmp_path / "evil.xml"
        evil.write_text(
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
            "<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><FIRST_NAME>&b;</FIRST_NAME></INDIVIDUAL>"
            "</INDIVIDUALS></CONSOLIDATED_LIST>"
        )
        with pytest.raises(SourceRefused):
            list(item.read([evil]))

    def test_bytes_that_are_no_text_are_refused(self, item: ListSource, tmp_path):
        noise = tmp_path / "noise"
        noise.write_bytes(bytes(range(256)) * 4)
        with pytest.raises(SourceRefused):
            list(item.read([noise]))

    def test_an_empty_file_is_refused_or_holds_nothing(self, item: ListSource, tmp_path):
        empty = tmp_path / "empty"
        empty.write_bytes(b"")
        if item.name == "ftm":
            assert list(item.read([empty])) == []
            return
        with pytest.raises(SourceRefused):
            list(item.read([empty]))


def _together(folder: Path, changed: Path) -> list[Path]:
    """Return all files of the sample that `changed` belongs to."""
    return sorted((path for path in folder.iterdir() if path.is_file()), key=lambda path: path != changed)


def test_ofac_takes_aliases_addresses_and_remarks(tmp_path):
    by_id = {entry.id: entry for entry in source("ofac-sdn").read(SAMPLES["ofac-sdn"](tmp_path))}
    airline, man, ship = by_id["36"], by_id["173"], by_id["306"]
    assert [name.text for name in airline.names] == ["AEROCARIBBEAN AIRLINES", "AERO-CARIBBEAN"]
    assert airline.cities == ("Havana",)
    assert airline.countries == ("cu",)
    assert man.kind == "person"
    assert man.birth_dates == ("1946-07-01",)
    assert man.countries == ("sa",)
    assert {(held.type, held.value) for held in man.identifiers} == {
        ("passport", "F 572010"),
        ("email", "adelb@shabakah.net.sa"),
        ("website", "www.shabakah.net.sa"),
    }
    assert ("ABU-'UMAR", "weak") in {(name.text, name.quality) for name in man.names}
    assert ship.kind == "vessel"
    assert ("imo", "9187629") in {(held.type, held.value) for held in ship.identifiers}
    assert {name.quality for name in ship.names} == {"primary", "former"}


def test_ofac_without_end_byte_is_taken_when_every_alias_has_its_owner_and_refused_otherwise(tmp_path):
    sdn, alt, add = SAMPLES["ofac-sdn"](tmp_path)
    lines = sdn.read_bytes().rstrip(b"\x1a").splitlines(keepends=True)
    sdn.write_bytes(b"".join(lines))
    assert len(list(source("ofac-sdn").read([sdn, alt, add]))) == 3
    sdn.write_bytes(b"".join(lines[:-1]))  # cut exactly between two lines
    with pytest.raises(SourceRefused):
        list(source("ofac-sdn").read([sdn, alt, add]))


def test_un_takes_quality_birth_year_and_document(tmp_path):
    man, airline = source("un").read(SAMPLES["un"](tmp_path))
    assert (man.id, man.primary, man.kind) == ("CDi.001", "ERIC BADEGE", "person")
    assert man.names[1].quality == "weak"
    assert man.birth_dates == ("1971",)
    assert man.identifiers[0].type == "passport"
    assert (airline.kind, airline.countries, airline.cities) == ("company", ("cd",), ("Butembo",))


def test_eu_xml_and_csv_agree(tmp_path):
    (from_xml, _) = source("eu").read(SAMPLES["eu"](tmp_path))
    table = tmp_path / "eu.csv"
    table.write_text(
        "Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_SubjectType;NameAlias_WholeName;BirthDate_BirthDate;"
        "Citizenship_CountryIso2Code\n13;EU.27.28;P;Saddam Hussein Al-Tikriti;;\n13;EU.27.28;P;Abu Ali;;\n"
        "13;EU.27.28;P;;1937-04-28;\n13;EU.27.28;P;;;IQ\n"
    )
    (from_csv,) = source("eu").read([table])
    assert (from_csv.id, from_csv.primary, from_csv.kind) == (from_xml.id, from_xml.primary, from_xml.kind)
    assert from_csv.birth_dates == from_xml.birth_dates == ("1937-04-28",)
    assert from_csv.countries == from_xml.countries == ("iq",)


def test_ftm_delta_gives_changes(tmp_path):
    from fieldapp.watchlist.sources.ftm import read_delta

    path = tmp_path / "delta.json"
    path.write_text(
        '{"op":"ADD","entity":{"id":"N1","schema":"Company","properties":{"name":["New Co"]}}}\n'
        '{"op":"DEL","entity":{"id":"Q1"}}\n'
    )
    first, second = read_delta(path)
    assert (first.op, first.id, first.entry and first.entry.primary) == ("ADD", "N1", "New Co")
    assert (second.op, second.id, second.entry) == ("DEL", "Q1", None)


def test_csv_reads_the_columns_of_another_file_through_a_mapping(tmp_path):
    from fieldapp.watchlist.sources.csv_mapping import read_mapped, titles

    path = tmp_path / "agency.csv"
    path.write_text("Ref,Firm,Also known\nA1,Shenzhen Peak Pharma,Peak Pharm;SPP\n")
    assert titles(path) == ("Ref", "Firm", "Also known")
    (entry,) = read_mapped([path], {"id": "Ref", "name": "Firm", "aliases": "Also known"}, "agency")
    assert (entry.id, entry.source) == ("A1", "agency")
    assert [name.text for name in entry.names] == ["Shenzhen Peak Pharma", "Peak Pharm", "SPP"]
