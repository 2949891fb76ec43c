"""A release is read whole or not at all."""

from datetime import UTC, datetime

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp import canonical
from fieldapp.watchlist.entry import LINE_LIMIT, Entry, ListedName
from fieldapp.watchlist.release import (
    Header,
    ReleaseDamaged,
    ReleaseEmpty,
    ReleaseForeign,
    add_to_state,
    line,
    open_release,
    take_from_state,
    write_release,
)
from tests.support.lists import entry, people, release_of


def test_what_is_written_is_read(tmp_path):
    entries = [entry("Hubei Vast", "HVC", number="7", countries=("cn",)), entry("Li Fangwei", number="8")]
    header, found = open_release(release_of(entries, tmp_path, number=12))
    assert list(found) == entries
    assert (header.number, header.entries) == (12, 2)
    assert [(part.source, part.entries) for part in header.sources] == [("test", 2)]


def test_every_cut_and_every_flipped_bit_is_refused(tmp_path):
    whole = release_of(people("Ali Hassan", "Viktor Bout"), tmp_path).read_bytes()
    damaged = tmp_path / "damaged.zst"
    for at in range(0, len(whole), 7):
        for content in (whole[:at], whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :]):
            damaged.write_bytes(content)
            try:
                list(open_release(damaged)[1])
            except (ReleaseDamaged, ReleaseForeign):
                continue
            # a flipped bit of the frame's own bookkeeping may change nothing that is read
            assert list(open_release(damaged)[1]) == people("Ali Hassan", "Viktor Bout")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", zstandard.compress(b'{"format":"x"}\n')])
def test_a_foreign_file_is_refused(tmp_path, content):
    path = tmp_path / "foreign"
    path.write_bytes(content)
    with pytest.raises(ReleaseForeign):
        open_release(path)


def test_a_line_without_end_is_refused_in_bounded_memory(tmp_path):
    path = release_of(people("Ali Hassan"), tmp_path)
    header = zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())
    path.write_bytes(zstandard.compress(header) + zstandard.compress(b"x" * (64 << 20)))
    with pytest.raises(ReleaseDamaged):
        list(open_release(path)[1])


def test_an_entry_too_long_for_a_line_loses_remarks_and_keeps_names(tmp_path):
    long = Entry(id="1", source="t", kind="person", names=(ListedName("A B"),), remarks="x" * LINE_LIMIT)
    path = tmp_path / "long.zst"
    write_release(path, Header(number=1, name="t", issued=datetime(2026, 1, 1, tzinfo=UTC)), [long])
    (found,) = open_release(path)[1]
    assert found.remarks == ""
    assert found.primary == "A B"


def test_failing_entries_leave_the_old_release(tmp_path):
    path = release_of(people("Ali Hassan"), tmp_path)
    before = path.read_bytes()

    def broken():
        yield from people("Viktor Bout")
        raise OSError("medium taken out")

    with pytest.raises(OSError, match="medium"):
        write_release(path, Header(number=2, name="t", issued=datetime(2026, 1, 1, tzinfo=UTC)), broken())
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir() if item.name != "home"] == [path.name]


def test_a_release_without_entries_is_neither_written_nor_read(tmp_path):
    with pytest.raises(ReleaseEmpty):
        release_of([], tmp_path)
    assert list(tmp_path.glob("*.zst")) == []
    empty = Header(number=1, name="t", issued=datetime(2026, 1, 1, tzinfo=UTC))
    path = tmp_path / "made-elsewhere.zst"
    path.write_bytes(zstandard.compress(canonical.encode(empty) + b"\n"))
    with pytest.raises(ReleaseEmpty):
        open_release(path)


@settings(deadline=None, max_examples=50)
@given(st.permutations(["Ali", "Hassan", "Viktor", "Bout"]), st.integers(0, 4))
def test_state_does_not_depend_on_order_and_can_be_taken_back(names, cut):
    lines = [line(entry(name, number=name)) for name in names]
    state = 0
    for raw in lines:
        state = add_to_state(state, raw)
    for raw in lines[:cut]:
        state = take_from_state(state, raw)
    rest = 0
    for raw in sorted(lines[cut:]):
        rest = add_to_state(rest, raw)
    assert state == rest
