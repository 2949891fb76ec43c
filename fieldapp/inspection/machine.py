"""The machine a record is sealed on, as it names itself: what a court asks of a device that made a record.

Make, model and serial number are those of its firmware (SMBIOS, DMTF DSP0134, structure 1); a network
adapter's address stands for a device without them. What the system does not tell, or what the maker left at
its factory wording, stays empty: it is filled in by hand.
"""

import sys
import uuid
from pathlib import Path

import msgspec

LONGEST = 100  # characters of a field
_LINUX, _ADAPTERS = Path("/sys/class/dmi/id"), Path("/sys/class/net")
_NAMES = {"make": "sys_vendor", "model": "product_name", "serial": "product_serial"}
_SYSTEM = 1  # the SMBIOS structure that describes the whole machine
_IDLE = (
    "to be filled",
    "default string",
    "system ",
    "not specified",
    "not applicable",
    "none",
    "o.e.m",
    "0123456",
)


class Machine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a machine; `address` is that of a network adapter, "52:54:00:12:34:56"."""

    make: str = ""
    model: str = ""
    serial: str = ""
    address: str = ""


def read() -> Machine:
    """Return what this machine tells of itself; starts no other program."""
    return msgspec.structs.replace(_firmware(), address=_address())


def from_smbios(raw: bytes) -> Machine:
    """Read make, model and serial from SMBIOS structures one after another; empty where there are none."""
    at = 0
    while at + 4 <= len(raw):
        kind, size = raw[at], raw[at + 1]
        end = raw.find(b"\0\0", at + size)
        if size < 4 or end < 0:
            break
        if kind == _SYSTEM and size >= 8:
            strings = raw[at + size : end].split(b"\0")
            make, model, _version, serial = raw[at + 4 : at + 8]
            return Machine(
                make=_string(strings, make), model=_string(strings, model), serial=_string(strings, serial)
            )
        at = end + 2
    return Machine()


def from_node(node: bytes) -> str:
    """Return an adapter's address as text; "" for one that a program made up (IEEE 802, 8.2.2)."""
    return "" if len(node) != 6 or node[0] & 3 or not any(node) else node.hex(":")


def _string(strings: list[bytes], number: int) -> str:
    return _told(strings[number - 1].decode("latin-1")) if 0 < number <= len(strings) else ""


def _told(text: str) -> str:
    said = " ".join(text.split())[:LONGEST]
    return "" if said.casefold().startswith(_IDLE) or not said.strip("0 .-") else said


if sys.platform == "win32":  # pragma: no cover - the tests run elsewhere

    def _firmware() -> Machine:
        import ctypes

        ask = ctypes.windll.kernel32.GetSystemFirmwareTable
        provider = int.from_bytes(b"RSMB", "big")
        size = ask(provider, 0, None, 0)
        room = ctypes.create_string_buffer(size)
        ask(provider, 0, room, size)
        return from_smbios(room.raw[8:])  # after the header of RawSMBIOSData

    def _address() -> str:
        return from_node(uuid.getnode().to_bytes(6, "big"))

else:

    def _firmware() -> Machine:
        told = {}
        for field, name in _NAMES.items():
            try:
                told[field] = _told((_LINUX / name).read_text("utf-8", "replace"))
            except OSError:  # the serial number is for the administrator only
                told[field] = ""
        return Machine(**told)

    def _address() -> str:
        for adapter in sorted(_ADAPTERS.glob("*/device")):  # no bridge, no loop, nothing made of software
            try:
                found = from_node(
                    bytes.fromhex((adapter.parent / "address").read_text("ascii").replace(":", ""))
                )
            except (OSError, ValueError):
                continue
            if found:
                return found
        return ""
