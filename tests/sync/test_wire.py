"""Frames: what comes back is what went out, and nothing else is taken for it."""

import contextlib
from datetime import UTC, datetime

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from fieldapp import text
from fieldapp.ledger import Entry, Head
from sync import wire
from sync.wire import SyncAnswer, SyncRequest

entries = st.builds(
    Entry,
    st.sampled_from(["inspection", "note"]),
    st.binary(min_size=16, max_size=16),
    st.integers(1, wire.MAX_SEQ),
    st.binary(min_size=32, max_size=32),
    st.binary(max_size=200),
    st.binary(min_size=64, max_size=64),
)


@given(st.lists(entries, max_size=5), st.integers(0, wire.MAX_SEQ))
def test_a_message_survives_the_frame(batch: list[Entry], cursor: int) -> None:
    asked = SyncRequest(entries=tuple(batch), cursor=cursor, head=Head(seq=3, id="ab" * 32))
    assert wire.unpack(wire.pack(asked), SyncRequest) == asked


@given(st.binary(max_size=300))
def test_what_does_not_begin_as_a_frame_is_not_headquarters(raw: bytes) -> None:
    if raw.startswith(wire.MAGIC):
        return
    with pytest.raises(wire.NotHeadquarters):
        wire.unpack(raw, SyncRequest)


@given(st.data())
def test_a_spoiled_frame_never_reads_as_another_message(data: st.DataObject) -> None:
    sent = SyncRequest(generation="g", cursor=7, software="fieldapp 0.1.0")
    good = wire.pack(sent)
    place = data.draw(st.integers(0, len(good) - 1))
    spoiled = good[:place] + bytes([good[place] ^ data.draw(st.integers(1, 255))]) + good[place + 1 :]
    with contextlib.suppress(wire.FrameRefused, wire.NotHeadquarters):
        assert wire.unpack(spoiled, SyncRequest) == sent


def test_a_frame_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = wire.MAGIC + zstandard.ZstdCompressor().compress(bytes(50_000_000))
    assert len(bomb) < 10_000
    with pytest.raises(wire.FrameRefused) as refused:
        wire.unpack(bomb, SyncRequest)
    assert refused.value.facts == {"why": "size"}


def test_a_negative_cursor_is_no_message() -> None:
    raw = wire.MAGIC + zstandard.ZstdCompressor().compress(msgspec.msgpack.encode({"cursor": -1}))
    with pytest.raises(wire.FrameRefused):
        wire.unpack(raw, SyncRequest)


def test_fields_of_a_newer_protocol_are_passed_over() -> None:
    newer = {"v": 2, "cursor": 4, "colour": "green"}
    raw = wire.MAGIC + zstandard.ZstdCompressor().compress(msgspec.msgpack.encode(newer))
    assert wire.unpack(raw, SyncRequest).cursor == 4


@pytest.mark.parametrize("kind", wire.REFUSALS)
def test_every_refusal_travels_and_has_words(kind: type[wire.FieldappError]) -> None:
    sent = wire.pack(wire.refusal(kind(offset=3)))
    with pytest.raises(kind) as raised:
        wire.raise_refusal(sent)
    assert raised.value.facts == {"offset": 3}
    assert all(text.has(f"error.{kind.code}", language) for language in text.LANGUAGES)


def test_a_refusal_of_a_newer_headquarters_is_a_wait() -> None:
    with pytest.raises(wire.HeadquartersBusy):
        wire.raise_refusal(wire.pack(wire.Refusal(refused="from-the-future")))


def test_nothing_new_costs_few_bytes() -> None:
    asked = SyncRequest(
        software="fieldapp 0.1.0",
        generation="01a202f7-b11d-7cff-a081-99a04748fb4e",
        cursor=12345,
        head=Head(seq=900, id="ab" * 32),
        watchlist=22,
    )
    answer = SyncAnswer(
        generation=asked.generation, time=datetime(2026, 11, 22, tzinfo=UTC), head=asked.head, cursor=12345
    )
    # The rest of the 600 bytes is for HTTP's own lines.
    assert len(wire.pack(asked)) + len(wire.pack(answer)) < 350
