"""Looking into the watchlist: rows while typing, one entry in full, and what happens without a list."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fieldapp.actions import listing
from fieldapp.actions.listing import ShowEntry, Suggest
from fieldapp.actions.rooms import Screener
from tests.support.lists import ISSUED, entry, release_of

FIRM = msgspec.structs.replace(
    entry(
        "Boyle Chemical Co., Ltd.", "Shanghai Boyle Chemical", "Boyle Chem Shanghai", number="16907",
        identifiers=(("registration", "310106000205236"), ("website", "www.boylechem.example")),
        countries=("cn",),
    ),
    addresses=("Pudong, Shanghai",),
)  # fmt: skip
OTHERS = [entry(f"{name} Trading", number=name) for name in ("Golden Star", "Ocean Gulf", "Crystal Palm")]


@pytest.fixture
def screener(tmp_path: Path) -> Iterator[Screener]:
    made = Screener(tmp_path, bytes(range(32)))
    yield made
    made.close()


@pytest.fixture
def filled(screener: Screener, tmp_path: Path) -> Screener:
    screener.adopt(release_of([FIRM, *OTHERS], tmp_path).read_bytes())
    return screener


def test_without_a_list_there_are_no_rows_and_the_answer_says_so(screener: Screener):
    found = listing.suggest(screener, Suggest(text="boyle"))
    assert (found.rows, found.watchlist.number) == ((), 0)
    assert listing.show_entry(screener, ShowEntry(key="test:16907")).entry is None


def test_an_entry_with_three_names_that_come_near_is_one_row(filled: Screener):
    rows = listing.suggest(filled, Suggest(text="shanghai boyle chemical")).rows
    assert [row.key for row in rows].count("test:16907") == 1
    assert rows[0].key == "test:16907"
    assert (rows[0].name, rows[0].met, rows[0].quality) == (
        "Boyle Chemical Co., Ltd.",
        "Shanghai Boyle Chemical",
        "aka",
    )


@pytest.mark.parametrize(
    ("typed", "how"),
    [
        ("3101 0600 0205 236", "exact"),
        ("boylechem.example", "domain-exact"),
        ("shop.boylechem.example", "domain-sub"),
    ],
)
def test_a_number_or_domain_comes_first(filled: Screener, typed: str, how: str):
    first = listing.suggest(filled, Suggest(text=typed)).rows[0]
    assert (first.key, first.how) == ("test:16907", how)


def test_a_number_beside_the_listed_one_is_not_offered(filled: Screener):
    rows = listing.suggest(filled, Suggest(text="310106000205237")).rows
    assert [row for row in rows if row.how != "name"] == []


@pytest.mark.parametrize("typed", ["", " ", "b", "?!", "x" * 5000, "\x00\x1d"])
def test_whatever_is_typed_is_answered(filled: Screener, typed: str):
    found = listing.suggest(filled, Suggest(text=typed))
    assert found.text == typed
    assert found.watchlist.issued == ISSUED


def test_an_entry_is_shown_whole_with_its_list(filled: Screener):
    shown = listing.show_entry(filled, ShowEntry(key="test:16907"))
    assert shown.entry == FIRM
    assert (shown.watchlist.number, shown.watchlist.issued) == (1, ISSUED)
    assert listing.show_entry(filled, ShowEntry(key="test:gone")).entry is None
