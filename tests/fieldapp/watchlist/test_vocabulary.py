"""Words, their ids and counts: whole or grown, the same."""

from array import array

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.watchlist import buckets, later, pages, postings, vocabulary
from fieldapp.watchlist.schema import TABLES
from fieldapp.watchlist.vocabulary import Vocabulary
from tests.support.lists import connection

WORDS = st.lists(st.text("abcdef0123456789", min_size=1, max_size=8), unique=True, max_size=60)


def _tables():
    opened = connection()
    for table, columns in TABLES.items():
        opened.execute(f"CREATE TABLE {table} {columns}")
    return opened


@settings(deadline=None)
@given(WORDS, st.integers(0, 60))
def test_a_grown_vocabulary_equals_a_whole_one(words, cut):
    opened = _tables()
    first, rest = words[:cut], words[cut:]
    rows = vocabulary.chunk_rows(first, [1] * len(first))
    opened.executemany("INSERT INTO vocab VALUES (?, ?, ?, ?)", rows)
    changed = dict.fromkeys(range(1, len(words) + 1), 2)
    vocabulary.grow(opened, Vocabulary(opened), changed, rest)
    held = Vocabulary(opened)
    assert [held.word(token) for token in range(1, len(words) + 1)] == words
    assert held.ids([*words, "zzz"]) == {word: token for token, word in enumerate(words, start=1)}
    assert [held.count(token) for token in range(1, len(words) + 1)] == [3] * len(first) + [2] * len(rest)


NUMBER = st.integers(1, 2**32 - 1)
PAIRS = st.lists(st.tuples(NUMBER | st.integers(0, 3).map(lambda key: key << 16), st.integers(1, 99)))


@settings(deadline=None)
@given(PAIRS, PAIRS)
def test_every_key_finds_its_numbers_and_no_others(built, added):
    opened = _tables()
    keys = np.array([key for key, _ in built], dtype=np.uint32)
    numbers = np.array([number for _, number in built], dtype=np.uint32)
    opened.executemany("INSERT INTO tk VALUES (?, ?)", buckets.packed(keys, numbers))
    later.append(opened, "tk", added[:3])
    later.append(opened, "tk", added[3:])
    wanted = {key for key, _ in [*built, *added]} | {12345}
    found = buckets.lookup(opened, "tk", wanted, later.Later(opened, "tk"))
    assert sorted(found) == sorted([*built, *added])


@settings(deadline=None)
@given(st.dictionaries(NUMBER, st.sets(st.integers(1, 2**24) | NUMBER, min_size=1), max_size=5), st.data())
def test_postings_are_read_as_they_were_written(held, data):
    opened = _tables()
    cut = {owner: data.draw(st.integers(0, len(ids))) for owner, ids in held.items()}
    for owner, ids in held.items():
        first = np.array(sorted(ids)[: cut[owner]], dtype=np.uint32)
        opened.executemany("INSERT INTO post VALUES (?, ?, ?)", postings.chunks(owner, first))
        later.append(opened, "post", ((owner, number) for number in sorted(ids)[cut[owner] :]))
    found = postings.lookup(opened, "post", [*held, 0], later.Later(opened, "post"))
    assert {owner: ids.tolist() for owner, ids in found.items()} == {
        owner: sorted(ids) for owner, ids in held.items()
    }


NAMES = st.lists(st.lists(NUMBER, max_size=5), max_size=150)


@settings(deadline=None)
@given(NAMES, NAMES)
def test_names_are_kept_as_the_ids_of_their_words_built_or_added(built, added):
    opened = _tables()
    names = [array("I"), *(array("I", words) for words in built)]
    opened.executemany("INSERT INTO name VALUES (?, ?)", pages.name_pages(0, names))
    first, held = pages.tail_of(opened, len(built))
    held += [array("I", words) for words in added]
    opened.executemany("INSERT OR REPLACE INTO name VALUES (?, ?)", pages.name_pages(first, held))
    whole = dict(enumerate([*built, *added], start=1))
    assert pages.words_of_names(opened, whole) == whole


@settings(deadline=None)
@given(WORDS, st.text("abcdef0123456789", min_size=1, max_size=3), st.data())
def test_words_that_begin_so_are_found_commonest_first(words, start, data):
    opened = _tables()
    counts = [data.draw(st.integers(0, 5)) for _ in words]
    opened.executemany("INSERT INTO vocab VALUES (?, ?, ?, ?)", vocabulary.chunk_rows(words, counts))
    ranked = sorted(zip(words, counts, strict=True), key=lambda pair: -pair[1])
    expected = [word for word, count in ranked if count and word.startswith(start)]
    held = Vocabulary(opened)
    assert held.beginning(start, 100) == expected
    assert held.beginning(start, 2) == expected[:2]
