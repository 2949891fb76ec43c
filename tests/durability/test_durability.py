"""The harnesses of `make test-durability` in small counts, each with the mutant it must catch."""

import pytest

from tests.durability.tape import available

if not available():
    pytest.skip("calls can be caught on 64-bit Linux only", allow_module_level=True)

from tests.durability import table

# Together about a minute; `make test-durability` runs each in its full count.
COUNTS = {
    "power cuts": 150,
    "kills": 30,
    "damaged logs after a kill": 30,
    "flipped pages, every one six times": 60,
    "old pages put back": 30,
    "headers torn, forged, one or both": 30,
    "evidence damaged or missing": 30,
    "bundles damaged": 100,
    "ledger exports damaged": 100,
    "old pages put back, without the ledger": 40,
}


@pytest.mark.parametrize(
    "harness", [row for row in table.HARNESSES if not row.mutant], ids=lambda row: row.name
)
def test_nothing_acknowledged_is_lost(harness: table.Harness):
    assert harness.run(COUNTS.get(harness.name, 6), 7_000) == []


@pytest.mark.parametrize("harness", [row for row in table.HARNESSES if row.mutant], ids=lambda row: row.name)
def test_a_careless_vault_is_caught(harness: table.Harness):
    assert harness.run(COUNTS.get(harness.name, 25), 7_000) != []


def test_the_tape_lets_go():
    import tempfile
    from pathlib import Path

    from tests.durability.tape import Tape

    with tempfile.TemporaryDirectory() as place:
        tape = Tape(Path(place)).start()
        (Path(place) / "a").write_bytes(b"one")
        (Path(place) / "a").replace(Path(place) / "b")
        tape.stop()
        (Path(place) / "c").write_bytes(b"two")
    assert [(op.kind, op.path) for op in tape.ops] == [("create", "a"), ("write", "a"), ("rename", "a")]
