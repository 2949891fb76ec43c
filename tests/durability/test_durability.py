"""The harnesses of `make test-durability` in small counts, each with the mutant it must catch."""

import pytest

from tests.durability.tape import available

if not available():
    pytest.skip("calls can be caught on 64-bit Linux only", allow_module_level=True)

from tests.durability import table

COUNTS = {"power cuts": 100, "kills": 10, "damaged logs after a kill": 10}


@pytest.mark.parametrize(
    "harness", [row for row in table.HARNESSES if not row.mutant], ids=lambda row: row.name
)
def test_nothing_acknowledged_is_lost(harness: table.Harness):
    assert harness.run(COUNTS.get(harness.name, 6), 7_000) == []


@pytest.mark.parametrize("harness", [row for row in table.HARNESSES if row.mutant], ids=lambda row: row.name)
def test_a_careless_vault_is_caught(harness: table.Harness):
    assert harness.run(25, 7_000) != []


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
