"""Scanners on a serial port: bytes in, codes out.

Promises: a code ends at CR, LF, ETX or when nothing has come for 50 ms; a symbology identifier in front is
kept as such; control characters inside a code survive. Refuses: codes over 4,096 bytes, which no scanner
sends; a port that is missing or taken is an error with its own code.
"""

import contextlib
from typing import Protocol

import msgspec
import serial
from serial.tools import list_ports

from fieldapp.errors import SituationError
from fieldapp.scan import aim
from fieldapp.scan.symbol import Symbol

_ENDS = b"\r\n\x03"
_STX = b"\x02"
_MOST = 4096


class PortMissing(SituationError):
    """The port is not there, is taken, or went away."""

    code = "serial-port-missing"


class PortFound(msgspec.Struct, frozen=True, kw_only=True):
    """A serial port of this machine: the name to open it by and what the system calls it."""

    name: str
    description: str


class Port(Protocol):
    """What is needed of an open port; pyserial's is one."""

    def read(self, size: int = 1) -> bytes:
        """Return up to `size` bytes, fewer when the time is up."""

    def close(self) -> None:
        """Let go of the port."""


class Framer:
    """Cuts the stream of bytes into codes. Times are milliseconds of any steady clock."""

    def __init__(self, idle_ms: float = 50) -> None:
        self._idle_ms = idle_ms
        self._held = bytearray()
        self._last = 0.0
        self._overlong = False

    def feed(self, received: bytes, at: float) -> tuple[Symbol, ...]:
        """Take what came (or nothing, to let time pass) and return the codes it completes."""
        codes: list[Symbol] = []
        if self._held and at - self._last > self._idle_ms:
            codes += self._cut()
        for value in received:
            if value in _ENDS:
                codes += self._cut()
            elif len(self._held) >= _MOST:
                self._overlong = True
            else:
                self._held.append(value)
        if received:
            self._last = at
        return tuple(codes)

    def _cut(self) -> list[Symbol]:
        raw, overlong = bytes(self._held).lstrip(_STX), self._overlong
        self._held.clear()
        self._overlong = False
        return [as_symbol(raw)] if raw and not overlong else []


def as_symbol(raw: bytes) -> Symbol:
    """Return the bytes of one code as a symbol, its symbology identifier taken off where there is one."""
    head = raw[:3].decode("latin-1")
    prefix = head if aim.is_prefix(head) else ""
    body = raw[len(prefix) :]
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    return Symbol(
        symbology=aim.symbology(prefix) if prefix else "unknown",
        aim=prefix,
        text=text,
        hex=body.hex(),
        reader="serial",
    )


def ports() -> tuple[PortFound, ...]:
    """Return the serial ports of this machine."""
    return tuple(PortFound(name=port.device, description=port.description) for port in list_ports.comports())


def open_port(name: str, *, baud: int = 9600) -> Port:
    """Open a port by name or pyserial URL; reads wait at most 20 ms."""
    try:
        port: Port = serial.serial_for_url(name, baudrate=baud, timeout=0.02)
    except (serial.SerialException, ValueError, OSError):
        raise PortMissing(port=name) from None
    return port


def poll(port: Port, framer: Framer, at: float) -> tuple[Symbol, ...]:
    """Read what is there and return the codes it completes; raises PortMissing when the port went away."""
    try:
        return framer.feed(port.read(256), at)
    except (serial.SerialException, OSError, TypeError):
        raise PortMissing(port="") from None


class Line:
    """One open port with the codes that are still coming in over it."""

    def __init__(self, port: Port, name: str) -> None:
        self._port, self._name = port, name
        self._framer = Framer()

    def listen(self, at: float) -> tuple[Symbol, ...]:
        """Return the codes that ended by `at` (milliseconds); raises PortMissing when the port went away."""
        try:
            return poll(self._port, self._framer, at)
        except PortMissing:
            raise PortMissing(port=self._name) from None

    def close(self) -> None:
        """Let go of the port; one that was pulled out may say that it is gone."""
        with contextlib.suppress(OSError):
            self._port.close()
