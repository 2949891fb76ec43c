"""The protocol before this one is still served, and so is an end that holds another dictionary."""

from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from fieldapp.enrolment import Statement
from fieldapp.ledger import Entry, Head
from sync import wire
from sync.headquarters import desk, keys, office
from sync.headquarters.office import Office
from sync.transport import Call, Reply
from sync.transport.memory import Memory
from sync.worker import Courier, SyncNow, sync_now
from tests.support.headquarters import Chain, at_the_desk
from tests.sync.simulation.world import World


class RequestOfOne(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/sync as the first version wrote it. Never changed."""

    v: int = 1
    software: str = ""
    generation: str = ""
    cursor: int = 0
    head: Head = Head()
    entries: tuple[Entry, ...] = ()
    watchlist: int = 0
    waiting: int = 0


class AckOfOne(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    seq: int
    state: str
    why: str = ""


class AnswerOfOne(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Its answer as the first version read it. Never changed."""

    generation: str
    time: datetime
    head: Head
    cursor: int = 0
    acks: tuple[AckOfOne, ...] = ()
    more: bool = False
    witness: Statement | None = None


def test_the_version_before_is_served(at: Office) -> None:
    chain = Chain(at)
    entry = chain.append()
    asked = wire.pack(RequestOfOne(head=chain.head, entries=(entry,)))
    raw = desk.sync(at, asked, chain.session())
    assert not wire.uses_dictionary(raw), "it would not know it"
    answer = wire.unpack(raw, AnswerOfOne)
    assert [ack.state for ack in answer.acks] == ["new"]
    assert wire.unpack(raw, wire.SyncAnswer).keys is None, "it knows of one keys statement for ever"


def test_a_version_too_old_is_told_so(at: Office) -> None:
    with pytest.raises(wire.ProtocolTooOld):
        desk.sync(at, wire.pack(RequestOfOne(v=0)), "")


def test_a_message_of_the_next_version_is_read(at: Office) -> None:
    chain = Chain(at)
    asked = msgspec.to_builtins(wire.SyncRequest(head=chain.head), builtin_types=(bytes,)) | {
        "v": 9,
        "new": 1,
    }
    frame = wire.MAGIC + wire.zstandard.ZstdCompressor().compress(msgspec.msgpack.encode(asked))
    assert wire.unpack(desk.sync(at, frame, chain.session()), wire.SyncAnswer).generation


def test_frames_are_sent_again_without_a_dictionary_that_the_other_end_lacks() -> None:
    world = World(1, count=1)
    (laptop,) = world.laptops
    laptop.report()
    plain: list[bool] = []

    def another_edition(call: Call) -> Reply:
        if call.method == "POST":
            plain.append(not wire.uses_dictionary(call.body))
            if not plain[-1]:
                refused = wire.refusal(wire.FrameRefused(why=wire.OTHER_DICTIONARY))
                return Reply(status=400, body=wire.pack(refused))
        return at_the_desk(world.at, call)

    courier = Courier(laptop.ask, lambda _url: Memory(another_edition))
    assert sync_now(courier, SyncNow()).waiting == 0
    assert plain[0] is False
    assert all(plain[1:]), "asked once, remembered"


def test_a_frame_made_with_a_strange_dictionary_is_refused_by_name() -> None:
    strange = wire.zstandard.train_dictionary(
        2048, [bytes(str(number), "ascii") * 50 for number in range(3000)], dict_id=40_000
    )
    frame = wire.MAGIC + wire.zstandard.ZstdCompressor(dict_data=strange).compress(b"\x80")
    with pytest.raises(wire.FrameRefused) as refused:
        wire.unpack(frame, wire.SyncRequest)
    assert refused.value.facts["why"] == wire.OTHER_DICTIONARY


def test_a_new_signing_key_reaches_the_laptop_with_the_first_answer_it_signs(tmp_path: Path) -> None:
    at = office.open_office(tmp_path / "hq", name="Test headquarters")
    chain = Chain(at)
    chain.append()
    before = at.keyring.real
    office.close(at)
    after = keys.rotate(tmp_path / "hq", "real", at.clock)
    again = office.open_office(tmp_path / "hq")
    chain.at = again
    answer = chain.push()
    assert answer.keys == after.statement
    assert answer.witness is not None
    assert answer.witness.key == after.signing.public_key().public_bytes_raw()
    assert after.root == before.root
    office.close(again)
