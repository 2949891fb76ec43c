"""Any chain of deltas gives what a fresh build gives; an interrupted one gives what was there before."""

import os
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.screening.screen import screen
from fieldapp.screening.subject import Subject
from fieldapp.vault.connection import open_index
from fieldapp.watchlist.delta import WrongBase, apply_delta, changed_keys, open_delta, write_delta
from fieldapp.watchlist.index import Index, build, state_of
from fieldapp.watchlist.release import ReleaseDamaged
from tests.support.lists import connection, entry, list_state, people, release_of

WORDS = [
    "Ali",
    "Hassan",
    "Mohammad",
    "Rashid",
    "Zarkovic",
    "Bout",
    "Viktor",
    "Ivanov",
    "Hussain",
    "Petrov",
    "Kim",
]
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
ENTRIES = st.dictionaries(st.integers(1, 12).map(str), st.lists(NAMES, min_size=1, max_size=3), max_size=8)


def _entries(listed: dict[str, list[str]]):
    return [
        entry(*names, number=number, kind="person", identifiers=[("passport", f"P{number}00{len(names)}")])
        for number, names in sorted(listed.items())
    ]


def _answers(index: Index):
    found = []
    for word in WORDS:
        for other in ("", " Ali", " Petrov"):
            hits = screen(Subject(kind="party", name=word + other), index, list_state(index))
            found.append([(hit.id, hit.score, hit.listed_name) for hit in hits])
    for number in range(1, 13):
        for length in (1, 2, 3):
            subject = Subject(kind="identifier", name=f"P{number}00{length}")
            found.append([hit.entry for hit in screen(subject, index, list_state(index))])
    return found


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ENTRIES.filter(bool), min_size=2, max_size=4))
def test_any_chain_of_deltas_equals_a_fresh_build(history):
    with TemporaryDirectory() as name:
        folder = Path(name)
        releases = [
            release_of(_entries(listed), folder, number=at) for at, listed in enumerate(history, start=1)
        ]
        grown = connection()
        build(grown, releases[0])
        for at, (old, new) in enumerate(pairwise(releases)):
            write_delta(folder / f"{at}.delta", old, new)
            apply_delta(grown, folder / f"{at}.delta")
        fresh = connection()
        build(fresh, releases[-1])
        assert state_of(grown) == state_of(fresh)
        assert {item.key: item for item in Index(grown).entries()} == {
            item.key: item for item in Index(fresh).entries()
        }
        assert _answers(Index(grown)) == _answers(Index(fresh))


@pytest.fixture
def step(tmp_path):
    """Two releases, the delta between them, and an index of the first."""
    old = release_of(people("Ali Hassan", "Viktor Bout"), tmp_path, number=1)
    new = release_of(
        [*people("Ali Hassan"), entry("Igor Petrov", number="9", kind="person")], tmp_path, number=2
    )
    delta = tmp_path / "delta"
    write_delta(delta, old, new)
    opened = connection()
    build(opened, old)
    return old, new, delta, opened


def test_a_delta_says_what_it_changes(step):
    _, _, delta, _ = step
    header, changes = open_delta(delta)
    assert (header.base, header.number, header.changes) == (1, 2, 2)
    assert {(change.op, change.key) for change in changes} == {("ADD", "test:9"), ("DEL", "test:2")}
    assert changed_keys(delta) == ("test:9",)


def test_a_delta_on_another_base_is_refused(step):
    _, _, delta, opened = step
    apply_delta(opened, delta)
    with pytest.raises(WrongBase):
        apply_delta(opened, delta)
    assert state_of(opened).number == 2
    with pytest.raises(WrongBase):
        apply_delta(connection(), delta)


def test_a_delta_cut_anywhere_leaves_the_old_list(step, tmp_path):
    _, _, delta, opened = step
    whole = delta.read_bytes()
    before = _answers(Index(opened))
    for at in range(0, len(whole), 11):
        (tmp_path / "cut").write_bytes(whole[:at])
        with pytest.raises(Exception, match="release-"):
            apply_delta(opened, tmp_path / "cut")
    assert state_of(opened).number == 1
    assert _answers(Index(opened)) == before


def test_a_delta_that_does_not_lead_to_the_signed_state_is_taken_back(step, tmp_path):
    old, _, _, opened = step
    # a delta made between other releases of the same numbers and base
    other = release_of([entry("Somebody Else", number="1", kind="person")], tmp_path / "other", number=2)
    forged = tmp_path / "forged"
    write_delta(forged, old, other)
    true_header, _ = open_delta(forged)
    opened.execute("UPDATE meta SET v = ? WHERE k = 'state'", ("0" * 64,))
    with pytest.raises(WrongBase):
        apply_delta(opened, forged)
    opened.execute("UPDATE meta SET v = ? WHERE k = 'state'", (true_header.base_state,))
    opened.execute("UPDATE size SET weights = zeroblob(length(weights))")  # as if nobody were on the list
    with pytest.raises(ReleaseDamaged):
        apply_delta(opened, forged)
    assert state_of(opened).number == 1


KEY = bytes(range(32))
_KILLED = """
import os, signal, sys
from pathlib import Path
from fieldapp.vault.connection import open_index
from fieldapp.watchlist import delta, index
folder, what, after = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
inner = open_index(folder / "watchlist.db", bytes(range(32)))
class Dying:
    count = 0
    def step(self):
        self.count += 1
        if self.count == after:
            os.kill(os.getpid(), signal.SIGKILL)
    def execute(self, *given):
        self.step()
        return inner.execute(*given)
    def executemany(self, *given):
        self.step()
        return inner.executemany(*given)
dying = Dying()
if what == "delta":
    delta.apply_delta(dying, folder / "delta")
else:
    index.build(dying, folder / "release-2.zst")
print(dying.count)
"""


@pytest.mark.skipif(
    os.name == "nt", reason="Windows has no SIGKILL; TerminateProcess is covered by the vault's tests"
)
@pytest.mark.parametrize("what", ["delta", "build"])
def test_killed_at_any_statement_the_old_list_or_the_new_one_is_whole(step, tmp_path, what):
    old, new, _, _ = step
    path = tmp_path / "watchlist.db"
    made = open_index(path, KEY)
    build(made, old)
    made.close()
    fresh = {}
    for release in (old, new):
        opened = connection()
        number = build(opened, release).number
        fresh[number] = _answers(Index(opened))
    after, seen = 1, set()
    while True:
        run = subprocess.run(
            [sys.executable, "-c", _KILLED, str(tmp_path), what, str(after)], capture_output=True, check=False
        )
        opened = open_index(path, KEY)
        number = state_of(opened).number
        assert _answers(Index(opened)) == fresh[number]
        opened.close()
        seen.add(number)
        if run.returncode == 0:
            break
        assert run.returncode == -signal.SIGKILL, run.stderr
        assert number == 1
        after += max(3, after // 2)
    assert seen == {1, 2}
