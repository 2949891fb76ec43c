"""Scanners on a serial port, over a loop and over a pseudo-terminal."""

import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.scan import serial as ports
from fieldapp.scan.serial import Framer, PortMissing

DATA = b"]d2010950600013435210AB\x1d21X"


def test_frames_end_at_cr_lf_etx_and_silence() -> None:
    for end in (b"\r", b"\n", b"\r\n", b"\x03"):
        (symbol,) = Framer().feed(b"\x02" + DATA + end, 0)
        assert (symbol.aim, bytes.fromhex(symbol.hex)) == ("]d2", DATA[3:])
    framer = Framer()
    assert framer.feed(DATA, 0) == ()
    assert framer.feed(b"", 40) == ()
    assert len(framer.feed(b"", 60)) == 1


def test_without_symbology_identifier() -> None:
    (symbol,) = Framer().feed(b"4006381333931\r", 0)
    assert (symbol.aim, symbol.symbology, symbol.text) == ("", "unknown", "4006381333931")


def test_an_endless_code_is_dropped_and_the_next_one_read() -> None:
    framer = Framer()
    assert framer.feed(b"A" * 10_000 + b"\r", 0) == ()
    assert len(framer.feed(b"B123\r", 1)) == 1


@given(
    st.lists(
        st.binary(min_size=1, max_size=12).filter(lambda raw: not set(raw) & set(b"\r\n\x02\x03")), max_size=6
    ),
    st.integers(1, 5),
)
def test_however_it_is_cut_the_codes_are_the_same(codes: list[bytes], step: int) -> None:
    stream = b"".join(code + b"\r" for code in codes)
    framer, found = Framer(), []
    for place in range(0, len(stream), step):
        found += framer.feed(stream[place : place + step], place)
    assert [symbol.aim.encode() + bytes.fromhex(symbol.hex) for symbol in found] == codes


def test_over_a_loop() -> None:
    port = ports.open_port("loop://")
    port.write(DATA + b"\r")  # type: ignore[attr-defined]  # the loop can also be written to
    assert [symbol.aim for symbol in ports.poll(port, Framer(), 0)] == ["]d2"]
    port.close()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_over_a_pseudo_terminal() -> None:
    import pty
    import tty

    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    port = ports.open_port(os.ttyname(theirs))
    os.write(ours, DATA + b"\r")
    symbols: tuple[object, ...] = ()
    framer = Framer()
    for number in range(50):
        symbols = ports.poll(port, framer, number)
        if symbols:
            break
    assert len(symbols) == 1
    port.close()
    os.close(ours)
    os.close(theirs)


def test_a_missing_port_is_said_so() -> None:
    with pytest.raises(PortMissing):
        ports.open_port("/dev/no-such-port")
