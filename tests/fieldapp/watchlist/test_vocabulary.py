"""Words, their ids and counts: whole or grown, the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.watchlist import buckets, vocabulary
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


PAIRS = st.lists(
    st.tuples(st.integers(0, 2**48 - 1) | st.integers(0, 3).map(lambda k: k << 16), st.integers(1, 99))
)


@settings(deadline=None)
@given(PAIRS, PAIRS)
def test_every_key_finds_its_words_and_no_others(built, added):
    opened = _tables()
    rows = buckets.packed((key for key, _ in built), (word for _, word in built))
    opened.executemany("INSERT INTO tk VALUES (?, ?)", rows)
    buckets.add(opened, (key for key, _ in added), (word for _, word in added))
    wanted = {key for key, _ in [*built, *added]} | {12345}
    assert sorted(buckets.lookup(opened, wanted)) == sorted([*built, *set(added)])
