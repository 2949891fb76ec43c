import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from fieldapp import text
from sync.headquarters import exports
from sync.headquarters.words import Words
from tests.support.lines import line


def read(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_headings_and_words_in_both_languages() -> None:
    for language in text.LANGUAGES:
        heads, row = read(exports.reports_csv([line()], Words(language)))
        assert len(heads) == len(row)
        assert text.say("verdict.hold", language) in row
        assert not any("hq." in head for head in heads)


@given(st.text(max_size=30))
def test_no_field_is_a_formula_and_every_field_stays_in_its_place(outside: str) -> None:
    made = line(consignee=outside, number=outside, site=outside)
    rows = read(exports.reports_csv([made, line()], Words("en")))
    assert len(rows) == 3
    assert {len(row) for row in rows} == {len(exports.COLUMNS)}
    for field in rows[1]:
        assert not field.lstrip(" ").startswith(
            ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
        )


def test_text_that_is_no_formula_is_left_alone() -> None:
    assert exports.tame("Suryodaya = Fine") == "Suryodaya = Fine"
    assert exports.tame("=HYPERLINK(1)") == "'=HYPERLINK(1)"
