import re
from collections import defaultdict
from datetime import date

from fieldapp.identifiers.cas import is_valid
from fieldapp.substances import ec, lists
from fieldapp.substances.normal import squash

KNOWN = lists.load()


def test_every_cas_number_has_its_check_digit() -> None:
    wrong = [one.cas for one in KNOWN.substances.values() if one.cas and not is_valid(one.cas)]
    assert wrong == []


def test_no_identifier_belongs_to_two_substances() -> None:
    for field in ("cas", "name"):
        seen = [getattr(one, field) for one in KNOWN.substances.values() if getattr(one, field)]
        assert len(seen) == len(set(seen)), field


def test_only_the_two_forms_of_phosphorus_share_a_structure() -> None:
    shared = defaultdict(set)
    for one in KNOWN.substances.values():
        shared[one.inchikey].add(one.name)
    shared.pop("")
    assert [names for names in shared.values() if len(names) > 1] == [{"Red phosphorus", "White phosphorus"}]


def test_no_row_stands_twice() -> None:
    rows = [(one.id, row.list, row.schedule) for one in KNOWN.substances.values() for row in one.listings]
    assert len(rows) == len(set(rows)) > 370


def test_every_row_has_a_source_and_dates_that_can_be_read() -> None:
    for one in KNOWN.substances.values():
        assert one.listings, one.name
        for row in one.listings:
            assert row.source, row
            for day in (row.valid_from, row.valid_to):
                assert re.fullmatch(r"|\d{4}(-\d\d){0,2}", day), row


def test_every_name_belongs_to_one_substance_or_says_that_it_does_not() -> None:
    owners = defaultdict(set)
    for name in KNOWN.names:
        assert name.substance in KNOWN.substances
        owners[squash(name.name)].add((name.substance, name.kind))
    unmarked = {
        key: held
        for key, held in owners.items()
        if len({one for one, _ in held}) > 1 and any(kind != "ambiguous" for _, kind in held)
    }
    assert unmarked == {}


def test_names_in_other_scripts_belong_to_listed_substances() -> None:
    rows = lists.rows("names_languages.csv")
    assert {row["language"] for row in rows} == {"zh", "ru", "hi", *lists.LATIN}
    assert all(row["substance"] in KNOWN.substances for row in rows)
    assert len({row["name"] for row in rows}) == len(rows)


def test_un_numbers_point_at_listed_substances() -> None:
    for number, known in KNOWN.un_numbers.items():
        assert re.fullmatch(r"\d{4}", number)
        assert known.substance in KNOWN.substances


def test_ec_numbers_have_their_check_digit_and_point_at_listed_substances() -> None:
    for number, known in KNOWN.ec_numbers.items():
        assert ec.is_valid(number)
        assert known.substance in KNOWN.substances


def test_the_edition_is_a_day() -> None:
    assert date.fromisoformat(KNOWN.edition) >= date(2026, 11, 1)


def test_a_row_holds_from_its_first_to_its_last_day() -> None:
    row = lists.Listing(list="UN-1988", schedule="Table II", valid_from="1988", valid_to="2001")
    assert not lists.in_force(row)
    assert lists.in_force(row, date(1995, 6, 1))
    assert not lists.in_force(row, date(1987, 12, 31))
    assert not lists.in_force(row, date(2001, 1, 1))


def test_a_watch_list_or_a_proposal_is_no_law() -> None:
    by_name = {one.name: one for one in KNOWN.substances.values()}
    assert not lists.is_law(by_name["Helional"])
    assert lists.is_law(by_name["4-Piperidone"])
