"""A stranger's CSV: a mapping is proposed, shown on the first rows, kept, corrected and followed."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.watchlist.sources.csv_guess import guess, preview
from fieldapp.watchlist.sources.csv_mapping import (
    PLAIN,
    Mapping,
    date_of,
    load_mapping,
    read_mapped,
    save_mapping,
    titles,
)
from fieldapp.watchlist.sources.refusal import SourceRefused

AGENCY = (
    "Sl. No;Firm Name;Also known as;Country;Date of Birth;Licence No\n"
    "1;Shenzhen Peak Pharma Co, Ltd;Peak Pharm|SPP;China;;L-77\n"
    "2;Li Fangwei;Karl Lee;CN;18/09/1972;G123\n"
)


@pytest.fixture
def agency(tmp_path):
    path = tmp_path / "agency.csv"
    path.write_text(AGENCY, "utf-8")
    return path


def test_titles_delimiter_lists_and_dates_are_found(agency):
    found = guess(agency)
    assert found.columns == {
        "id": "Sl. No", "name": "Firm Name", "aliases": "Also known as", "countries": "Country",
        "birth_dates": "Date of Birth", "identifiers": "Licence No",
    }  # fmt: skip
    assert (found.delimiter, found.separator, found.day_first) == (";", "|", True)
    firm, man = read_mapped([agency], found)
    assert [name.text for name in firm.names] == ["Shenzhen Peak Pharma Co, Ltd", "Peak Pharm", "SPP"]
    assert (man.birth_dates, man.countries) == (("1972-09-18",), ("cn",))


def test_columns_without_a_known_title_are_judged_by_their_values(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(
        "a,b,c,d,e\nX-1,Rashid Trading Est,person,1961-04-15,India\nX-2,Hubei Vast Chemical,company,1970,cn\n"
    )
    assert guess(path).columns == {"id": "a", "name": "b", "kind": "c", "birth_dates": "d", "countries": "e"}


def test_month_first_dates_give_themselves_away(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("id,name,dob\n1,A B,04/15/1961\n2,C D,05/06/1970\n")
    found = guess(path)
    assert not found.day_first
    assert [entry.birth_dates for entry in read_mapped([path], found)] == [("1961-04-15",), ("1970-05-06",)]


def test_a_preview_shows_rows_and_says_what_is_wrong_with_each(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("id,kind,name\n1,person,A B\n2,spaceship,C D\n3,person,\n4,person,E F\n")
    seen = preview(path, PLAIN)
    assert [(row.line, row.issue, row.entry and row.entry.primary) for row in seen.rows] == [
        (2, "", "A B"), (3, "kind", None), (4, "empty", None), (5, "", "E F"),
    ]  # fmt: skip
    assert seen.titles == ("id", "kind", "name")
    assert len(preview(path, PLAIN, limit=2).rows) == 2
    torn = tmp_path / "torn.csv"
    torn.write_text("id,name\n1,A B\n2\n")
    assert (preview(torn, PLAIN).issue, preview(torn, PLAIN).line) == ("columns", 3)


def test_a_file_without_names_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(SourceRefused):
        guess(path)


def test_a_mapping_is_kept_and_followed(agency, tmp_path):
    kept = tmp_path / "agency.toml"
    save_mapping(guess(agency), kept)
    assert load_mapping(kept) == guess(agency)
    assert 'name = "Firm Name"' in kept.read_text("utf-8")


@pytest.mark.parametrize(
    "text",
    ["", "x", "columns = 1", "[columns]\nnose = 'x'", "delimiter = ',,'\n[columns]\nname = 'x'", "\x00"],
)
def test_anything_else_is_no_mapping(tmp_path, text):
    kept = tmp_path / "x.toml"
    kept.write_text(text)
    with pytest.raises(SourceRefused):
        load_mapping(kept)


def test_rows_without_ids_get_lasting_ones(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("name\nA B\nC D\n")
    mapping = Mapping(columns={"name": "name"}, source="agency", kind="person")
    first = [entry.key for entry in read_mapped([path], mapping)]
    path.write_text("name\nC D\nNew One\nA B\n")
    assert set(first) < {entry.key for entry in read_mapped([path], mapping)}
    assert all(key.startswith("agency:") for key in first)


def test_titles_are_read_with_their_delimiter(agency):
    assert titles(agency, ";")[:2] == ("Sl. No", "Firm Name")


@settings(max_examples=200)
@given(st.dates(min_value=date(1000, 1, 1)), st.booleans(), st.sampled_from("./-"))
def test_a_written_date_is_read_as_it_was_meant(day, day_first, mark):
    parts = (day.day, day.month) if day_first else (day.month, day.day)
    written = mark.join((*(str(part) for part in parts), f"{day.year:04d}"))
    assert date_of(written, day_first) == day.isoformat()
