"""Marked copies and claims: the original stays, the copy names it, and what a photo says is only said."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical
from fieldapp.actions import developing, evidence, examining, opening
from fieldapp.actions.developing import DrawStrokes, LookAtPhoto
from fieldapp.actions.evidence import (
    AttachEvidence,
    DerivativeRefused,
    FileChanged,
    KeepDerivative,
    ShowEvidence,
)
from fieldapp.actions.examining import NotePlace, NotePosition
from fieldapp.inspection.evidence import Evidence, distance_m, doubts
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.position import Position, degrees, words
from fieldapp.scan.claims import Claims
from fieldapp.scan.stroke import Stroke
from tests.support.laptops import Laptop, laptop
from tests.support.photos import photo

BOX = Stroke(shape="box", x1=100, y1=100, x2=900, y2=900)
COVER = Stroke(shape="redact", x1=0, y1=0, x2=5000, y2=5000)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Laptop]:
    made = laptop(tmp_path)
    yield made
    made.close()


def attach(desk: Laptop, inspection: str, folder: Path, content: bytes) -> Inspection:
    """Take a photo in as the window does."""
    file = folder / "photo.jpg"
    file.write_bytes(content)
    seen = developing.look_at_photo(desk.reader, LookAtPhoto(path=str(file)))
    command = AttachEvidence(inspection=inspection, path=str(file), claims=seen.claims, sha256=seen.sha256)
    return evidence.attach(desk.vault, command)


def mark(desk: Laptop, held: Inspection, *strokes: Stroke, of: int = 0) -> Inspection:
    item = held.evidence[of]
    shown = evidence.show(desk.vault, ShowEvidence(inspection=held.id, evidence=item.id))
    drawn = developing.draw_strokes(desk.reader, DrawStrokes(content=shown.content, strokes=strokes))
    command = KeepDerivative(inspection=held.id, evidence=item.id, content=drawn.jpeg, strokes=strokes)
    return evidence.keep_derivative(desk.vault, command)


def test_a_copy_names_its_original_which_stays_as_it_was(desk: Laptop, tmp_path: Path):
    content = photo()
    held = attach(desk, desk.open().id, tmp_path, content)
    after = mark(desk, held, BOX)
    original, copy = after.evidence
    assert original == held.evidence[0]
    assert copy.derived_from == original.plain_sha256 == canonical.sha256(content)
    assert copy.strokes == (BOX,)
    assert copy.plain_sha256 != original.plain_sha256
    assert not copy.redacted
    assert mark(desk, held, COVER).evidence[-1].redacted
    read = evidence.show(desk.vault, ShowEvidence(inspection=held.id, evidence=original.id))
    assert read.content == content


def test_what_is_no_copy_of_a_photo_is_refused(desk: Laptop, tmp_path: Path):
    held = attach(desk, desk.open().id, tmp_path, photo())
    after = mark(desk, held, BOX)
    with pytest.raises(DerivativeRefused) as refused:
        mark(desk, after, BOX, of=1)
    assert refused.value.facts["why"] == "of-a-derivative"
    command = KeepDerivative(
        inspection=held.id, evidence=held.evidence[0].id, content=photo(), strokes=(BOX,)
    )
    for wrong, why in (
        (command, "unchanged"),
        (msgspec.structs.replace(command, content=b"text"), "no-picture"),
        (msgspec.structs.replace(command, strokes=()), "strokes"),
        (msgspec.structs.replace(command, strokes=(BOX,) * 201), "strokes"),
    ):
        with pytest.raises(DerivativeRefused) as refused:
            evidence.keep_derivative(desk.vault, wrong)
        assert refused.value.facts["why"] == why


def test_a_photo_taken_a_day_before_is_kept_and_said(desk: Laptop, tmp_path: Path):
    held = attach(
        desk,
        desk.open().id,
        tmp_path,
        photo(taken="2020:01:01 10:00:00", place=(18.95, 72.95), camera="Phone 7"),
    )
    (item,) = held.evidence
    assert item.doubts == ("time-apart",)
    assert item.claims is not None
    assert (item.claims.taken, item.claims.camera) == ("2020-01-01T10:00:00", "Phone 7")
    assert held.located is None  # a photo's place is never taken for the inspection's


def test_a_photo_of_now_raises_no_doubt_and_one_from_far_away_does(desk: Laptop, tmp_path: Path):
    opened = desk.open().id
    examining.note_position(
        desk.vault,
        NotePosition(inspection=opened, latitude=18.95, longitude=72.95, uncertainty_m=30, device="COM3"),
    )
    stamp = desk.vault.clock().astimezone().strftime("%Y:%m:%d %H:%M:%S")
    near = attach(desk, opened, tmp_path, photo(taken=stamp, place=(18.951, 72.951)))
    assert near.evidence[-1].doubts == ()
    far = attach(desk, opened, tmp_path, photo(taken=stamp, place=(28.6, 77.2)))
    assert far.evidence[-1].doubts == ("place-apart",)


def test_a_photo_that_changed_since_it_was_looked_at_is_refused(desk: Laptop, tmp_path: Path):
    opened = desk.open().id
    file = tmp_path / "photo.jpg"
    file.write_bytes(photo())
    seen = developing.look_at_photo(desk.reader, LookAtPhoto(path=str(file)))
    file.write_bytes(photo(seed=9))
    with pytest.raises(FileChanged):
        evidence.attach(desk.vault, AttachEvidence(inspection=opened, path=str(file), sha256=seen.sha256))
    assert opening.get_inspection(desk.vault, opening.GetInspection(id=opened)).evidence == ()


LOCAL = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("taken", "found"),
    [
        ("2026-11-22T11:00:00", ()),
        ("2026-11-22T12:14:00", ()),
        ("2026-11-22T12:20:00", ("time-ahead",)),
        ("2026-11-22T17:20:00+05:30", ()),
        ("2026-11-21T11:59:00", ("time-apart",)),
        ("not a time", ()),
        ("", ()),
    ],
)
def test_times_are_compared_with_their_offsets(taken: str, found: tuple[str, ...]):
    assert doubts(Claims(taken=taken), LOCAL, None) == found


def test_distances():
    assert distance_m((0, 0), (0, 1)) == pytest.approx(111_195, rel=1e-3)
    assert distance_m((90, 0), (90, 120)) == pytest.approx(0, abs=1)
    assert distance_m((0, 179.999), (0, -179.999)) < 250


def test_a_place_typed_in_degrees_says_that_it_was_typed(desk: Laptop):
    opened = desk.open().id
    after = examining.note_place(desk.vault, NotePlace(inspection=opened, place="18.95, 72.95"))
    assert after.located is not None
    assert (after.located.source, after.located.uncertainty_m) == ("typed", 0)
    words_only = examining.note_place(desk.vault, NotePlace(inspection=opened, place="Gate 3"))
    assert words_only.located is None
    examining.note_position(
        desk.vault, NotePosition(inspection=opened, latitude=18.95, longitude=72.95, uncertainty_m=30.4)
    )
    kept = examining.note_place(desk.vault, NotePlace(inspection=opened, place="Gate 4"))
    assert kept.located is not None
    assert (kept.place, words(kept.located, "en")) == ("Gate 4", "18.95000, 72.95000 (device, ±30 m)")


@pytest.mark.parametrize("text", ["Gate 3", "91, 0", "0, 181", "18,95 72,95 1", "18.95", "18.95, 72.95 N"])
def test_what_is_no_place_in_degrees(text: str):
    assert degrees(text) is None


def test_what_was_sealed_before_still_reads_and_new_facts_left_out_cost_nothing():
    old = Evidence(
        id="e",
        at=LOCAL,
        mime="image/png",
        size=1,
        plain_sha256="0" * 64,
        sealed_sha256="1" * 64,
        sealed_size=2,
    )
    assert {"derived_from", "strokes", "claims", "doubts"}.isdisjoint(msgspec.to_builtins(old))
    full = msgspec.to_builtins(old) | {"caption": "", "original_name": "", "purpose": "exhibit"}
    assert msgspec.convert(full, Evidence) == old
    position = Position(latitude=1, longitude=2, source="device", at=LOCAL + timedelta(hours=1))
    assert canonical.decode(canonical.encode(position), Position) == position
