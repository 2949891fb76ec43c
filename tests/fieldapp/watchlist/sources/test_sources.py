"""What every source promises, asked of each in turn."""

from pathlib import Path

import pytest

from fieldapp.watchlist.entry import Entry
from fieldapp.watchlist.release import Header, write_release
from fieldapp.watchlist.sources import SOURCES, released, source
from fieldapp.watchlist.sources.refusal import SourceRefused
from fieldapp.watchlist.trust import RootForeign, pack_carried
from tests.support.lists import ISSUED, SAMPLES, Publisher, entry, people, release_of

_PARTS = "<DistinctParty FixedRef='1'>&b;</DistinctParty><INDIVIDUAL>&b;</INDIVIDUAL>"
HOSTILE = {
    f"{kind} as {root}": f"<!DOCTYPE x [{declared}]><{root}>{_PARTS}</{root}>"
    for root in ("CONSOLIDATED_LIST", "Sanctions", "export")
    for kind, declared in {
        "billion laughs": '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">',
        "file of this machine": '<!ENTITY b SYSTEM "file:///etc/hostname">',
        "outside document type": '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;',
    }.items()
}


def test_every_source_has_a_sample():
    assert {item.name for item in SOURCES} == {sample.source for sample in SAMPLES.values()}


def entries_of(form: str, paths: list[Path]) -> list[Entry]:
    return list(source(SAMPLES[form].source).read(paths))


@pytest.mark.parametrize("form", SAMPLES)
class TestEveryForm:
    """What every source promises, in every form that it reads."""

    def test_reads_entries_with_ids_names_and_its_own_mark(self, form: str, tmp_path):
        entries = entries_of(form, SAMPLES[form].make(tmp_path))
        assert len(entries) >= 2
        assert all(entry.id and entry.names and entry.source == SAMPLES[form].mark for entry in entries)
        assert len({entry.key for entry in entries}) == len(entries)

    def test_tells_of_every_byte_it_reads_and_of_no_more(self, form: str, tmp_path):
        paths, told = SAMPLES[form].make(tmp_path), []
        list(source(SAMPLES[form].source).read(paths, told.append))
        size = sum(path.stat().st_size for path in paths)
        assert 0.95 * size <= sum(told) <= size

    def test_a_file_cut_anywhere_in_its_last_line_or_middle_is_refused_whole(self, form: str, tmp_path):
        paths = SAMPLES[form].make(tmp_path)
        for path in paths:
            whole = path.read_bytes()
            for at in (len(whole) // 3, len(whole) // 2, len(whole) - 4):
                path.write_bytes(whole[:at])
                with pytest.raises(SourceRefused):
                    entries_of(form, sorted(paths, key=lambda other: other != path))
            path.write_bytes(whole)

    def test_a_refused_file_leaves_the_last_good_release(self, form: str, tmp_path):
        paths, out = SAMPLES[form].make(tmp_path), tmp_path / "out" / "release.zst"
        read = source(SAMPLES[form].source).read
        write_release(out, Header(number=1, name="x", issued=ISSUED), read(paths))
        good = out.read_bytes()
        paths[0].write_bytes(paths[0].read_bytes()[:-4])
        with pytest.raises(SourceRefused):
            write_release(out, Header(number=2, name="x", issued=ISSUED), read(paths))
        assert [item.read_bytes() for item in out.parent.iterdir()] == [good]

    @pytest.mark.parametrize("kind", HOSTILE)
    def test_hostile_xml_is_refused(self, form: str, kind: str, tmp_path):
        evil = tmp_path / "evil.xml"
        evil.write_text(f'<?xml version="1.0"?>{HOSTILE[kind]}')
        with pytest.raises(SourceRefused):
            entries_of(form, [evil])

    def test_bytes_that_are_no_text_are_refused(self, form: str, tmp_path):
        noise = tmp_path / "noise"
        noise.write_bytes(bytes(range(256)) * 4)
        with pytest.raises(SourceRefused):
            entries_of(form, [noise])

    def test_an_empty_file_is_refused_or_holds_nothing(self, form: str, tmp_path):
        empty = tmp_path / "empty"
        empty.write_bytes(b"")
        if SAMPLES[form].source == "ftm":
            assert entries_of(form, [empty]) == []
            return
        with pytest.raises(SourceRefused):
            entries_of(form, [empty])


def test_ofac_takes_aliases_addresses_and_remarks(tmp_path):
    by_id = {entry.id: entry for entry in source("ofac-sdn").read(SAMPLES["ofac-sdn"].make(tmp_path))}
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
    sdn, alt, add = SAMPLES["ofac-sdn"].make(tmp_path)
    lines = sdn.read_bytes().rstrip(b"\x1a").splitlines(keepends=True)
    sdn.write_bytes(b"".join(lines))
    assert len(list(source("ofac-sdn").read([sdn, alt, add]))) == 3
    sdn.write_bytes(b"".join(lines[:-1]))  # cut exactly between two lines
    with pytest.raises(SourceRefused):
        list(source("ofac-sdn").read([sdn, alt, add]))


def test_un_takes_quality_birth_year_and_document(tmp_path):
    man, airline = source("un").read(SAMPLES["un"].make(tmp_path))
    assert (man.id, man.primary, man.kind) == ("CDi.001", "ERIC BADEGE", "person")
    assert man.names[1].quality == "weak"
    assert man.birth_dates == ("1971",)
    assert man.identifiers[0].type == "passport"
    assert (airline.kind, airline.countries, airline.cities) == ("company", ("cd",), ("Butembo",))


def test_eu_xml_and_csv_agree(tmp_path):
    from_xml, _ = source("eu").read(SAMPLES["eu"].make(tmp_path))
    from_csv, _ = source("eu").read(SAMPLES["eu-csv"].make(tmp_path))
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


def test_ftm_deltas_change_the_whole_file_they_come_with(tmp_path):
    base, delta = SAMPLES["ftm-delta"].make(tmp_path)
    for order in ([base, delta], [delta, base]):
        assert {entry.id: entry.primary for entry in source("ftm").read(order)} == {
            "Q1": "Victor Bout", "N1": "New Co",
        }  # fmt: skip
    later = tmp_path / "later.delta.json"
    later.write_text('{"op":"DEL","entity":{"id":"N1"}}\n')
    assert [entry.id for entry in source("ftm").read([base, delta, later])] == ["Q1"]
    with pytest.raises(SourceRefused) as told:
        list(source("ftm").read([delta]))
    assert told.value.facts["reason"] == "base"


def test_stix_takes_identities_domains_urls_and_addresses_and_leaves_the_revoked(tmp_path):
    path = tmp_path / "bundle.json"
    path.write_text(
        '{"type":"bundle","id":"bundle--1","objects":['
        '{"type":"email-addr","id":"email-addr--1","value":"sales@shop.example"},'
        '{"type":"identity","id":"identity--1","name":"Gone","identity_class":"individual","revoked":true},'
        '{"type":"identity","id":"identity--2","name":"Li Fangwei","identity_class":"individual"},'
        '{"type":"indicator","id":"indicator--1","pattern":'
        "\"[domain-name:value = 'a.example' OR domain-name:value = 'b.example']\"}]}\n"
    )
    mail, man, shops = source("stix").read([path])
    assert (mail.identifiers[0].type, mail.identifiers[0].value) == ("email", "sales@shop.example")
    assert (man.kind, man.primary) == ("person", "Li Fangwei")
    assert [held.value for held in shops.identifiers] == ["a.example", "b.example"]


def test_a_release_keeps_the_sources_of_its_entries_and_several_become_one(tmp_path):
    one = release_of([entry("Ali Hassan", source="un")], tmp_path, 1)
    two = release_of([entry("Viktor Bout", source="ofac-sdn")], tmp_path, 2)
    assert [item.key for item in source("release").read([one, two])] == ["un:1", "ofac-sdn:1"]


def test_a_carried_release_is_verified_down_to_its_file(tmp_path):
    (path,) = SAMPLES["release-carried"].make(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(SourceRefused) as told:
        list(source("release").read([path]))
    assert told.value.facts["reason"] == "signature"


def test_a_carried_release_is_anchored_only_under_the_root_that_signed_it(tmp_path):
    content = release_of(people("Ali Hassan"), tmp_path).read_bytes()
    publisher, path = Publisher(), tmp_path / "stick"
    path.write_bytes(pack_carried(publisher.metadata(content), content))
    assert released.opened(path)[1] is False
    assert released.opened(path, publisher.anchor)[1] is True
    with pytest.raises(RootForeign):
        released.opened(path, Publisher().anchor)
