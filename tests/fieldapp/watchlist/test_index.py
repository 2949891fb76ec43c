"""What is on the list is found, however it is written."""

import pytest

from fieldapp.watchlist.index import Index, build, state_of
from fieldapp.watchlist.names import analyse
from fieldapp.watchlist.release import ReleaseDamaged
from tests.support.lists import connection, entry, index_of, people, release_of

CROWD = [
    entry(f"{first} {second} Trading Company", number=f"{first}{second}")
    for first in ("Golden", "Rashid", "Ocean", "Crystal", "Delta")
    for second in ("Star", "Gulf", "Peak", "Sun", "Lion", "Palm")
]


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Index:
    listed = [
        entry("Zarkovic Intermodal Trading Company", number="Z"),
        entry("Хубэй Васт Кемикал", number="H"),
        *people("Rami Makhlouf", "Usama bin Ladin", "Аркадий Ротенберг", "محمد حيدر زمار"),
    ]
    return index_of([*CROWD, *listed], tmp_path_factory.mktemp("index"))


@pytest.mark.parametrize(
    ("query", "person", "found"),
    [
        ("Zarkovic Intermodal", False, "Z"),
        ("Zarkovich Trading Company", False, "Z"),  # the distinctive word misspelt beside common ones
        ("Zarkvic Trading Company", False, "Z"),
        ("Zrakovic Intrmodal", False, "Z"),
        ("Zakrovec Trading Company", False, "Z"),  # two slips in the only distinctive word
        ("ZarkovicIntermodal Trading", False, "Z"),
        ("Inter modal Zarkovic", False, "Z"),
        ("Ramimakhlouf", True, "1"),
        ("Makhluf, Rami", True, "1"),
        ("R4mi Makhl0uf", True, "1"),
        ("Osama ben Laden", True, "2"),
        ("Arkadii Rotenberg", True, "3"),
        ("Mohammed Haydar Zammar", True, "4"),
        ("Hubei Vast Kemikal", False, "H"),
    ],
)
def test_found_first(index, query, person, found):
    candidates = index.candidates([analyse(query, person)])
    assert found in [candidate.entry.id for candidate in candidates[:3]]


def test_an_empty_database_is_no_list_and_answers_nothing():
    empty = Index(connection())
    assert empty.state.number == 0
    assert empty.candidates([analyse("Rami Makhlouf", True)]) == []
    assert empty.identifiers({1: "exact"}) == []


def test_search_as_you_type_gives_each_entry_once(index):
    found = index.suggest("zarkov")
    assert found[0].entry.id == "Z"
    assert len({candidate.entry.key for candidate in found}) == len(found)
    assert index.suggest("z") == []


def test_an_entry_is_found_by_its_key(index):
    held = index.entry("test:Z")
    assert held is not None
    assert held.primary == "Zarkovic Intermodal Trading Company"
    assert index.entry("test:nobody") is None
    assert len(list(index.entries())) == index.state.entries


def test_a_release_damaged_at_its_last_byte_leaves_the_old_list(tmp_path):
    opened = connection()
    build(opened, release_of(people("Rami Makhlouf"), tmp_path, number=1))
    second = release_of([*CROWD, *people("Viktor Bout")], tmp_path, number=2)
    second.write_bytes(second.read_bytes()[:-2])
    with pytest.raises(ReleaseDamaged):
        build(opened, second)
    assert state_of(opened).number == 1
    assert Index(opened).candidates([analyse("Rami Makhlouf", True)])
    build(opened, release_of(people("Viktor Bout"), tmp_path, number=3))
    assert state_of(opened).number == 3
    assert Index(opened).candidates([analyse("Viktor Bout", True)])


def test_progress_ends_at_the_number_of_entries(tmp_path):
    told = []
    build(connection(), release_of(CROWD, tmp_path), lambda done, whole: told.append((done, whole)))
    assert told[-1] == (len(CROWD), len(CROWD))


def test_a_word_begun_finds_the_names_that_go_on_so(tmp_path):
    index = index_of(people("Mohammad Rashid", "Mohamud Khan", "Viktor Zarkov", "Zara Khan"), tmp_path)
    assert next(held.entry.primary for held in index.suggest("zark")) == "Viktor Zarkov"
    assert next(held.entry.primary for held in index.suggest("mohammad ras")) == "Mohammad Rashid"
    assert next(held.entry.primary for held in index.suggest("khan za")) == "Zara Khan"
