"""A scanner on a serial port, listened to in the reader process.

Promises: `next_codes` answers at once with the codes that came to an end since; a port that is missing or was
pulled out is an error of its own, after which it is closed. The port stays open between calls until it is
closed or the reader ends. Refuses: to decide which port; to keep codes.
"""

import msgspec

from fieldapp.scan.reader import Reader
from fieldapp.scan.symbol import Symbol


class ListPorts(msgspec.Struct, frozen=True, kw_only=True):
    """Name the serial ports of this machine."""


class PortSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A port: the name to open it by, and what the system calls what is on it."""

    name: str
    description: str


class PortList(msgspec.Struct, frozen=True, kw_only=True):
    """The ports there are."""

    ports: tuple[PortSeen, ...] = ()


class OpenPort(msgspec.Struct, frozen=True, kw_only=True):
    """Listen to the port `name` at `baud` bits a second."""

    name: str
    baud: int = 9600


class PortState(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a port is open now."""

    open: bool


class NextCodes(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for what came in since."""


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """The codes that came to an end, in their order."""

    codes: tuple[Symbol, ...] = ()


class ClosePort(msgspec.Struct, frozen=True, kw_only=True):
    """Let go of the port."""


def list_ports(reader: Reader, command: ListPorts) -> PortList:
    """Return the serial ports of this machine."""
    from fieldapp.scan import serial  # the reader's engine

    del reader, command
    return PortList(
        ports=tuple(PortSeen(name=each.name, description=each.description) for each in serial.ports())
    )


def open_port(reader: Reader, command: OpenPort) -> PortState:
    """Open a port, in place of any other; raises `PortMissing`."""
    reader.open_port(command.name, command.baud)
    return PortState(open=True)


def next_codes(reader: Reader, command: NextCodes) -> Heard:
    """Return what came in; raises `PortMissing` when the port went away, `PortClosed` when none is open."""
    del command
    return Heard(codes=reader.heard())


def close_port(reader: Reader, command: ClosePort) -> PortState:
    """Let go of the port; nothing happens where none is open."""
    del command
    reader.close_port()
    return PortState(open=False)
