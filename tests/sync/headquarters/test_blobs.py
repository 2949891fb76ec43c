"""Blobs: every byte that arrived counts, and a name stands for exactly its bytes."""

import hashlib
import os
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import wire
from sync.headquarters import blobs
from sync.headquarters.blobs import Blobs
from sync.headquarters.office import Office
from sync.transport import Call, answered
from tests.support import bucket, records
from tests.support.headquarters import Chain, an_office, at_the_desk, sealed_evidence, upload

CONTENT = os.urandom(300_000)
LAPTOP = "0a" * 16
NAME = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["folder", "s3"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A headquarters' folder, whose evidence lies in it or in S3."""
    if request.param == "s3":
        (tmp_path / "blobs.url").write_text(bucket.fresh(), "ascii")
    return tmp_path


@pytest.fixture
def store(folder: Path) -> Blobs:
    """A store, in a folder and in S3."""
    return Blobs(folder)


@pytest.fixture
def at(folder: Path) -> Iterator[Office]:
    """A headquarters whose evidence lies in its folder, and one whose evidence lies in S3."""
    with an_office(folder) as made:
        yield made


def with_photo(at: Office, content: bytes = CONTENT) -> tuple[Chain, bytes]:
    chain = Chain(at)
    item, sealed = sealed_evidence(at, content)
    chain.seal(records.record(inspection=records.inspection(evidence=(item,))))
    chain.push()
    return chain, sealed


def test_a_blob_goes_on_where_it_was_cut(store: Blobs) -> None:
    kept = store
    with kept.receive(NAME, LAPTOP, 0) as first:
        first.write(CONTENT[:1000])
    assert kept.offset(NAME, LAPTOP) == 1000
    second = kept.receive(NAME, LAPTOP, 1000)
    second.write(CONTENT[1000:])
    assert second.close() == len(CONTENT)
    kept.finish(NAME, LAPTOP)
    assert kept.read(NAME) == CONTENT
    assert kept.read_part(NAME, 5, 7) == CONTENT[5:12]


def test_a_piece_of_which_a_power_cut_left_the_name_alone_bars_nothing(tmp_path: Path) -> None:
    kept = Blobs(tmp_path)
    with kept.receive(NAME, LAPTOP, 0) as first:
        first.write(CONTENT[:1000])
    (tmp_path / "partial" / LAPTOP / NAME / f"{1000:012d}").touch()
    with pytest.raises(wire.BlobDamaged):
        kept.finish(NAME, LAPTOP)
    with kept.receive(NAME, LAPTOP, 1000) as second:
        second.write(CONTENT[1000:])
    kept.finish(NAME, LAPTOP)
    assert kept.read(NAME) == CONTENT


def test_another_offset_is_answered_with_the_true_one(store: Blobs) -> None:
    kept = store
    with kept.receive(NAME, LAPTOP, 0) as arriving:
        arriving.write(CONTENT[:1000])
    for wrong in (0, 999, 1001, -1):
        with pytest.raises(wire.BlobOffset) as refused:
            kept.receive(NAME, LAPTOP, wrong)
        assert refused.value.facts == {"offset": 1000}


def test_of_two_requests_with_the_same_stretch_one_is_told_the_true_offset(store: Blobs) -> None:
    stalled = store.receive(NAME, LAPTOP, 0)
    stalled.write(CONTENT[:1000])
    fresh = store.receive(NAME, LAPTOP, 1000)
    fresh.write(CONTENT[1000:5000])
    with pytest.raises(wire.BlobOffset) as refused:
        stalled.write(CONTENT[1000:2000])
    assert refused.value.facts == {"offset": 5000}
    fresh.write(CONTENT[5000:])
    assert fresh.close() == len(CONTENT)
    store.finish(NAME, LAPTOP)
    assert store.read(NAME) == CONTENT


def test_many_workers_at_once_leave_a_blob_without_a_gap_or_a_double(folder: Path) -> None:
    """Each has a store of its own, as processes have; each goes on from what it is told."""
    states: list[str] = []
    together = threading.Barrier(4)

    def bring(seed: int) -> None:
        dice, own = random.Random(seed), Blobs(folder)
        here = own.offset(NAME, LAPTOP)
        together.wait()
        while here < len(CONTENT):
            try:
                arriving = own.receive(NAME, LAPTOP, here)
                arriving.write(CONTENT[here : here + dice.randint(1, 30_000)])
                here = arriving.close()
            except wire.BlobOffset as other:
                states.append("told")
                here = int(other.facts["offset"])

    threads = [threading.Thread(target=bring, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = Blobs(folder)
    assert whole.arriving(LAPTOP) == {NAME: len(CONTENT)}
    assert states, "they met"
    whole.finish(NAME, LAPTOP)
    whole.forget_partial(NAME, LAPTOP)
    assert (whole.read(NAME), whole.arriving(LAPTOP), [*whole.names()]) == (CONTENT, {}, [NAME])


def test_what_a_crash_left_of_forgetting_still_begins_at_its_beginning(store: Blobs) -> None:
    for offset in (0, 1000, 2000):
        store.receive(NAME, LAPTOP, offset).write(CONTENT[offset : offset + 1000])
    pieces = store._pieces
    pieces.delete(f"{LAPTOP}/{NAME}/{2000:012d}")
    assert store.offset(NAME, LAPTOP) == 2000
    pieces.delete(f"{LAPTOP}/{NAME}/{0:012d}")
    assert store.offset(NAME, LAPTOP) == 0, "a gap is not jumped over"


def test_two_workers_finish_the_same_blob(store: Blobs) -> None:
    store.receive(NAME, LAPTOP, 0).write(CONTENT)
    store.finish(NAME, LAPTOP)
    store.forget_partial(NAME, LAPTOP)
    store.finish(NAME, LAPTOP)
    assert store.read(NAME) == CONTENT


def test_an_address_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "blobs.url").write_text("ftp://somewhere/else\n", "ascii")
    with pytest.raises(blobs.BlobsElsewhere):
        Blobs(tmp_path)


def test_more_bytes_than_announced_are_refused(store: Blobs) -> None:
    kept = store
    with kept.receive(NAME, LAPTOP, 0, limit=10) as arriving, pytest.raises(wire.BlobDamaged):
        arriving.write(bytes(11))
    assert kept.offset(NAME, LAPTOP) == 0


def test_wrong_bytes_never_reach_the_store(store: Blobs) -> None:
    kept = store
    with kept.receive(NAME, LAPTOP, 0) as arriving:
        arriving.write(b"wrong")
    with pytest.raises(wire.BlobDamaged):
        kept.finish(NAME, LAPTOP)
    kept.forget_partial(NAME, LAPTOP)
    assert kept.offset(NAME, LAPTOP) == 0


@pytest.mark.parametrize("name", ["", "../" * 21 + "a", "A" * 64, "a" * 63, "/" + "a" * 63])
def test_only_hashes_are_names(store: Blobs, name: str) -> None:
    assert not blobs.well_named(name)
    with pytest.raises(wire.BlobUnwanted):
        store.receive(name, LAPTOP, 0)


def claiming(at: Office, name: str, size: int, *, number: int = 1) -> Chain:
    """A laptop whose record says that the sealed file `name` has `size` bytes."""
    chain = Chain(at, name=f"Officer {number}")
    item = records.evidence(sealed_sha256=name, sealed_size=size)
    made = records.inspection(id=records.part_id(500 + number), evidence=(item,))
    chain.seal(records.record(inspection=made))
    chain.push()
    return chain


@pytest.mark.parametrize("claimed", [10, len(CONTENT) - 1, len(CONTENT) + 1, 5_000_000])
@pytest.mark.parametrize("first", [True, False])
def test_a_false_size_in_one_record_is_no_harm_to_another(at: Office, claimed: int, first: bool) -> None:
    makers = [
        lambda: claiming(at, NAME, claimed, number=1),
        lambda: claiming(at, NAME, len(CONTENT), number=2),
    ]
    if first:
        liar, honest = makers[0](), makers[1]()
    else:
        honest, liar = makers[1](), makers[0]()
    junk = Call(
        method="PATCH", path=f"/v1/blob/{NAME}", body=b"x" * min(claimed - 1, 400_000), token=liar.session()
    )
    at_the_desk(at, junk)
    assert upload(at, honest, CONTENT).done
    assert at.blobs.read(NAME) == CONTENT
    assert honest.push().need == liar.push().need == ()


def test_a_record_with_a_false_size_gets_its_file_all_the_same(at: Office) -> None:
    large = os.urandom(wire.PATCH_BYTES + 500)
    for number, claimed in enumerate((10, len(large) - 1, len(large) + 1, 9_000_000)):
        content = large + bytes([number])
        chain = claiming(at, hashlib.sha256(content).hexdigest(), claimed, number=number)
        first = upload(at, chain, content, until=wire.PATCH_BYTES)
        assert (first.offset, first.done) == (wire.PATCH_BYTES, False)
        assert upload(at, chain, content, offset=wire.PATCH_BYTES).done


def test_wrong_bytes_of_the_claimed_size_start_again(at: Office) -> None:
    chain = claiming(at, NAME, len(CONTENT))
    call = Call(method="PATCH", path=f"/v1/blob/{NAME}", body=bytes(len(CONTENT)), token=chain.session())
    with pytest.raises(wire.BlobDamaged):
        answered(at_the_desk(at, call))
    assert chain.push().need == (wire.Need(NAME, 0),)
    assert upload(at, chain, CONTENT).done


def test_the_desk_resumes_a_photo(at: Office) -> None:
    chain, sealed = with_photo(at)
    assert not upload(at, chain, sealed, until=777).done
    assert chain.push().need == (wire.Need(hashlib.sha256(sealed).hexdigest(), 777),)
    assert upload(at, chain, sealed, offset=777).done
    assert chain.push().need == ()


def test_a_whole_blob_sent_again_is_done_at_once(at: Office) -> None:
    chain, sealed = with_photo(at)
    upload(at, chain, sealed)
    assert upload(at, chain, sealed, until=0).done
    assert upload(at, chain, sealed, offset=5).done


def test_a_crash_after_the_last_byte_is_made_good(at: Office) -> None:
    chain, sealed = with_photo(at)
    name = hashlib.sha256(sealed).hexdigest()
    lost = at.blobs.receive(name, chain.device.hex(), 0)
    lost.write(sealed)
    lost.close()  # the server ended here, before the hash was checked
    assert upload(at, chain, sealed, offset=len(sealed)).done
    assert at.blobs.read(name) == sealed


def test_nobody_stores_what_no_record_names(at: Office) -> None:
    chain, other = with_photo(at)[0], Chain(at, name="S. Rao")
    call = Call(method="PATCH", path=f"/v1/blob/{NAME}", body=CONTENT, token=chain.session())
    with pytest.raises(wire.BlobUnwanted):
        answered(at_the_desk(at, call))
    chain2, sealed = with_photo(at, b"another")
    with pytest.raises(wire.BlobUnwanted):
        upload(at, other, sealed)
    assert upload(at, chain2, sealed).done
