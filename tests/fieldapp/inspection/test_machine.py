import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.inspection import machine
from fieldapp.inspection.machine import Machine, from_smbios

HOUSE = Path(__file__).resolve().parents[3]


def structure(kind: int, *strings: bytes) -> bytes:
    formatted = bytes([kind, 8 + 4, 0, 0, *range(1, len(strings) + 1)]).ljust(12, b"\0")
    return formatted + b"\0".join(strings) + b"\0\0"


FIRMWARE = structure(0, b"Maker of firmware", b"1.0") + structure(
    1, b"Panasonic", b"FZ-55", b"v2", b"9CTSA01"
)


def test_make_model_and_serial_are_those_of_the_whole_machine() -> None:
    assert from_smbios(FIRMWARE) == Machine(make="Panasonic", model="FZ-55", serial="9CTSA01")


@pytest.mark.parametrize(
    "idle", [b"To be filled by O.E.M.", b"Default string", b"System Serial Number", b"0000"]
)
def test_what_the_maker_never_filled_in_is_not_a_serial_number(idle: bytes) -> None:
    assert from_smbios(structure(1, b"Dell", b"5430", b"v", idle)).serial == ""


@given(st.binary(max_size=400))
def test_any_table_is_read_or_left(raw: bytes) -> None:
    found = from_smbios(raw)
    assert max(len(found.make), len(found.model), len(found.serial)) <= machine.LONGEST


@given(st.integers(0, len(FIRMWARE)))
def test_a_table_cut_short_never_gives_half_a_name(end: int) -> None:
    found = from_smbios(FIRMWARE[:end])
    assert found in (Machine(), from_smbios(FIRMWARE))


@pytest.mark.parametrize(
    ("node", "told"),
    [("5c28cd123456", "5c:28:cd:12:34:56"), ("525400123456", ""), ("ff54cd123456", ""), ("000000000000", "")],
)
def test_an_address_that_a_program_made_up_is_not_told(node: str, told: str) -> None:
    assert machine.from_node(bytes.fromhex(node)) == told


def test_reading_this_machine_starts_no_program() -> None:
    code = (
        "import sys\n"
        "programs = ('subprocess.Popen', 'os.exec', 'os.posix_spawn')\n"
        "sys.addaudithook(lambda event, _: sys.exit(event) if event in programs else None)\n"
        "from fieldapp.inspection import machine\n"
        "assert machine.read() == machine.read()\n"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=HOUSE, check=False).returncode == 0
