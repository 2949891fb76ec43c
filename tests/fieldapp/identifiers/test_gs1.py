"""Element strings against the official engine's verdicts, and the laws of our own."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.identifiers import gs1, table
from fieldapp.identifiers.identified import Identified
from fieldapp.identifiers.source import source
from tests.support.shared import shared_data

TODAY = date(2026, 11, 22)


def parse(data: str) -> Identified:
    return gs1.parse(data, TODAY)


def rules(found: Identified) -> set[str]:
    return {issue.rule for issue in found.issues}


def test_a_bad_field_keeps_the_good_ones_and_is_placed() -> None:
    found = parse("0109506000134351" + "17279901" + "10AB\x1d21X")
    assert [element.ai for element in found.elements] == ["01", "17", "10", "21"]
    assert found.identifiers["batch"] == "AB"
    assert "expiry" not in found.identifiers
    assert [(issue.rule, issue.position) for issue in found.issues] == [
        ("gs1-incorrect-check-digit", 15),
        ("gs1-illegal-month", 20),
    ]


def test_what_follows_an_unknown_identifier_is_still_read() -> None:
    found = parse("0109506000134352" + "89XYZ\x1d10AB")
    assert found.identifiers == {"gtin": "09506000134352", "batch": "AB"}
    assert rules(found) == {"gs1-unknown"}


def test_positions_count_in_the_text_as_scanned() -> None:
    found = gs1.read(source("]d20109506000134351"), TODAY)
    assert found is not None
    assert found.text[found.issues[0].position] == "1"
    assert found.issues[0].position == 18


def test_day_00_and_the_century() -> None:
    assert parse("0109506000134352" + "17270200").identifiers["expiry"] == "2027-02-28"
    assert parse("0109506000134352" + "11770101").identifiers["production"] == "1977-01-01"
    assert parse("0109506000134352" + "17760101").identifiers["expiry"] == "2076-01-01"


def test_weights_have_their_point() -> None:
    assert parse("0109506000134352" + "3103001250").identifiers["net_weight_kg"] == "1.250"
    assert gs1.decimal("000007", 0) == "7"


def test_brackets_as_people_type_them() -> None:
    found = gs1.parse_bracketed(r"(01) 09506000134352 (10) A\(1)B", TODAY)
    assert found.identifiers == {"gtin": "09506000134352", "batch": "A(1)B"}


def test_associations_are_issues() -> None:
    assert rules(parse("10AB")) == {"gs1-required"}
    assert rules(parse("0109506000134352" + "3712")) >= {"gs1-exclusive"}
    assert rules(parse("400A\x1d400B")) == {"gs1-repeated"}
    assert "gs1-unserialised" in rules(parse("2531234567890128\x1d8030ABC"))


def test_the_table_is_whole() -> None:
    known = table.table()
    assert len(known) == 541
    assert not [ai for ai in known for other in known if ai != other and other.startswith(ai)]
    assert all(entry.least <= entry.most for entry in known.values())


@given(st.text(max_size=90))
def test_any_text_is_answered_with_places_inside_it(text: str) -> None:
    found = parse(text)
    assert all(0 <= issue.position <= len(text) for issue in found.issues)
    assert all(element.value in text for element in found.elements)


fixed = st.sampled_from(["0109506000134352", "00006141411234567890", "17280630", "11260101"])
loose = st.tuples(
    st.sampled_from(["10", "21", "240", "400"]),
    st.text(st.sampled_from("ABCDEFGHKLM0123456789-/"), min_size=1, max_size=20),
)


@given(st.lists(st.one_of(fixed, loose), min_size=1, max_size=6))
def test_what_is_put_together_comes_apart_again(fields: list[str | tuple[str, str]]) -> None:
    data, wanted = "", []
    for field in fields:
        if isinstance(field, str):
            data += field
            wanted.append((field[:2], field[2:]))
        else:
            data += field[0] + field[1] + "\x1d"
            wanted.append(field)
    assert [(element.ai, element.value) for element in parse(data).elements] == wanted


@pytest.mark.parametrize(("mode", "left_out"), [("lax", {"gs1-required"}), ("strict", set())])
def test_the_engines_verdicts(mode: str, left_out: set[str]) -> None:
    path = shared_data("gs1", "oracle_6000.jsonl")
    for line in path.read_text("utf-8").splitlines()[::3]:
        row = json.loads(line)
        found = parse(row["data"])
        assert (not rules(found) - left_out) == row[mode]["ok"], row["data"]
        if row[mode]["ok"]:
            split = "".join(f"({part.ai})" + part.value.replace("(", "\\(") for part in found.elements)
            assert split == row[mode]["ai"]


# Vectors of switches we do not have: unknown identifiers allowed, and a line of the test harness itself.
_OTHER_SWITCHES = ("(89)ABC(89)ABC(89)ABC", "inbuf")


def test_the_engines_own_vectors() -> None:
    path = shared_data("gs1", "engine_vectors.jsonl")
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        wanted, *given_ = row["args"]
        if row["test"] == "test_processAIdata":
            assert (not rules(parse(given_[0].replace("^", "\x1d"))) - {"gs1-required"}) == (
                wanted == "true"
            ), row
        elif row["test"] in ("test_parseAIdata", "test_validateAIs") and given_[-1] not in _OTHER_SWITCHES:
            text = given_[0] if row["test"] == "test_parseAIdata" else given_[1]
            if text in _OTHER_SWITCHES:
                continue
            left_out = set() if given_[0] == "validateAIrequisites" else {"gs1-required"}
            found = gs1.read(source(text), TODAY)
            assert (found is not None and not rules(found) - left_out) == (wanted == "true"), row
