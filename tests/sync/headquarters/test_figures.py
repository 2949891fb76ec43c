from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.screening.verdict import WORDS
from sync.headquarters import figures
from tests.support.lines import line

lines = st.lists(
    st.builds(
        line,
        site=st.sampled_from("ABCDEFGHIJKL"),
        verdict=st.sampled_from(WORDS),
        substances=st.sampled_from(["", "x", "x; y"]),
        standing=st.sampled_from(["waiting", "superseded", "approved"]),
        hits=st.integers(0, 3),
    ),
    max_size=30,
)


@given(lines)
def test_bars_are_whole_and_never_longer_than_the_page(given_lines: list[figures.ReportLine]) -> None:
    made = figures.count(given_lines)
    kept = [one for one in given_lines if one.standing != "superseded"]
    assert made.total == len(kept) == sum(number for _, number in made.verdicts)
    assert made.hits == sum(one.hits for one in kept)
    for bars in (made.sites, made.firms, made.substances, made.weeks):
        assert len(bars) <= figures.WEEKS
        for bar in bars:
            assert bar.total == sum(number for _, number, _, _ in bar.parts)
            assert max(left + length for _, _, left, length in bar.parts) <= 1000
            places = [(left, left + length) for _, _, left, length in bar.parts]
            assert all(one[1] == other[0] for one, other in pairwise(places))


def test_the_longest_bar_fills_the_width_and_overrides_are_counted_by_inspector() -> None:
    made = figures.count(
        [line(site="A", hits=3, overrides=1), line(site="A"), line(site="B", officer="S. Rao")]
    )
    assert [(bar.name, bar.parts[-1][2] + bar.parts[-1][3]) for bar in made.sites] == [
        ("A", 1000),
        ("B", 500),
    ]
    assert made.by_inspector == (figures.Share(name="R. Nair", hits=3, overrides=1),)
    assert made.by_site == (figures.Share(name="A", hits=3, overrides=1),)
    assert made.by_site[0].percent == 33


def test_each_bar_leads_to_the_reports_it_counts() -> None:
    made = figures.count([line(site="Gate & 3", consignee="A=B", substances="x")])
    assert made.sites[0].query == "site=Gate+%26+3"
    assert made.firms[0].query == "q=A%3DB"
    assert made.substances[0].query == "substance=x"
    begin, _, end = made.weeks[0].query.partition("&")
    monday, sunday = (date.fromisoformat(part.partition("=")[2]) for part in (begin, end))
    assert (monday.weekday(), (sunday - monday).days) == (0, 6)
    assert monday <= line().sealed.astimezone().date() <= sunday
