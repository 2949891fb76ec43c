"""Result files: the best hit with where it stood, in every form; hostile and unknown files are refused."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp import canonical
from fieldapp.instrument import profile, result
from fieldapp.instrument.cell import FILE_BYTES, ResultUnreadable
from fieldapp.instrument.result import Result, ResultUnmatched
from tests.support import results

SHIPPED = profile.shipped()


def read(content: bytes, chosen: str = "") -> Result:
    return result.read(content, SHIPPED, "result.dat", chosen)


@pytest.mark.parametrize(
    ("make", "form", "scale"),
    [(results.delimited, "delimited-hits", 1.0), (results.pairs, "pairs-report", 100.0),
     (results.xml, "xml-result", 1000.0), (results.json_, "json-result", 1.0)],
)  # fmt: skip
def test_each_form_gives_the_same_result(make: Callable[[], bytes], form: str, scale: float):
    found = read(make())
    assert (found.profile, found.technique is not None, found.shown) == (form, True, "match")
    assert found.text("substance") == "4-ANPP"
    assert found.score == pytest.approx(0.97 * scale)
    assert found.bar == pytest.approx(0.9 * scale)
    assert found.most == scale
    assert (found.text("library"), found.text("library_version")) == ("Precursors", "4.2")
    assert (found.text("serial"), found.text("operator")) == ("SN-77", "A. Rao")
    assert (found.measured, found.calibrated_until) == ("2026-11-20T10:11:12", date(2027, 3, 31))
    assert found.unread == ()


def test_a_value_says_on_which_line_it_stood():
    lines = results.delimited().decode().splitlines()
    for value in read(results.delimited()).values:
        assert value.text in lines[value.line - 1]
    for value in read(results.xml()).values:
        assert value.text in results.xml().decode().splitlines()[value.line - 1]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_read_with_whatever_sign_parts_it(delimiter: str):
    assert read(results.delimited(delimiter=delimiter)).text("substance") == "4-ANPP"


def test_a_score_that_cannot_be_read_leaves_none_for_the_best_might_be_that_one():
    found = read(results.delimited((("Starch", 0.61), ("4-ANPP", "0,97"))))
    assert found.score is None
    assert found.unread == ("score",)


def test_a_word_that_the_profile_does_not_know_is_no_result():
    found = read(results.pairs().replace(b"Result: Match", b"Result: Perhaps"))
    assert found.shown is None
    assert found.unread == ("shown",)


def test_a_spectrum_is_no_crowd_of_values():
    assert read(results.json_()).hits == 3


def test_utf_16_and_windows_files_are_read():
    text = results.delimited(operator="Ä. Müller").decode()
    assert read(text.encode("utf-16")).text("operator") == "Ä. Müller"
    assert read(text.encode("cp1252")).text("operator") == "Ä. Müller"
    assert read(b"\xef\xbb\xbf" + text.encode()).text("operator") == "Ä. Müller"


def test_a_file_that_no_profile_knows_is_said_so():
    with pytest.raises(ResultUnmatched) as refused:
        read(b"one,two\n1,2\n")
    assert refused.value.facts["count"] == len(SHIPPED)
    with pytest.raises(ResultUnmatched):
        read(results.delimited(), "pairs-report")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><Run>&x;</Run>', "entities"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><Run/>', "entities"),
        (b"<Run><Hit>", "not-xml"),
        (b"<a>" * 60 + b"</a>" * 60, "too-deep"),
        (b'{"technique": ', "not-json"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "not-json"),
        (b'{"a": NaN}', "not-json"),
        (b"[" * 40 + b'"x"' + b"]" * 40, "too-deep"),
        (b"\x00\x01\x02 not a text", "not-text"),
        (b"x" * 70_000, "line-too-long"),
        (b"\n" * 250_000, "too-large"),
        (b"a" * (FILE_BYTES + 1), "too-large"),
        (b"<r>" + b"<a>1</a>" * 60_000 + b"</r>", "too-large"),
    ],
)
def test_hostile_files_are_refused(content: bytes, why: str):
    with pytest.raises((ResultUnreadable, ResultUnmatched)) as refused:
        read(content)
    if isinstance(refused.value, ResultUnreadable) or why != "too-deep":
        assert refused.value.facts["why"] == why


def test_half_a_sign_is_a_text_that_can_be_kept():
    found = read(b'{"library": {"version": 1}, "technique": "raman", "hits": [{"name": "\\ud83d"}]}')
    assert canonical.decode(canonical.encode(found), Result) == found
    assert found.text("substance") == "?"


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise_anything_else(content: bytes):
    with pytest.raises((ResultUnreadable, ResultUnmatched)):
        read(content)


@given(st.integers(0, 200), st.integers(1, 40))
def test_a_file_cut_short_or_with_a_piece_missing_never_invents_a_value(at: int, length: int):
    for whole in (results.delimited(), results.pairs(), results.xml(), results.json_()[:700]):
        damaged = whole[:at] + whole[at + length :]
        try:
            found = read(damaged)
        except (ResultUnreadable, ResultUnmatched):
            continue
        for value in found.values:
            assert value.text
            assert value.text in damaged.decode()


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.97", 0.97), ("97 %", 97.0), ("1e3", 1000.0), ("0,97", None), ("nan", None), ("1_0", None),
     ("٩٧", None), ("", None)],
)  # fmt: skip
def test_numbers(text: str, value: float | None):
    assert result.number(text, ".") == value
    assert result.number("0,97", ",") == 0.97
    assert result.number("1.234,5", ",") is None
