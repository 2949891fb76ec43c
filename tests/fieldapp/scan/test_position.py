"""A receiver's sentences: a place only with its check sum and a fix, and how sure it is."""

import functools
import operator
import os
import sys
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.actions import locating
from fieldapp.actions.locating import AskReceiver
from fieldapp.scan.position import Track, sentence
from fieldapp.scan.reader import Reader
from fieldapp.scan.serial import PortMissing

# The example sentences that NMEA's own users quote, with check sums worked out here.
GGA = "GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,"
RMC = "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W"
GST = "GPGST,123519,3.2,6.6,4.7,47.3,5.8,5.6,22.0"


def line(body: str) -> bytes:
    total = functools.reduce(operator.xor, body.encode())
    return f"${body}*{total:02X}\r\n".encode()


def heard(*bodies: str) -> Track:
    track = Track()
    track.feed(b"".join(line(body) for body in bodies))
    return track


def test_a_fix_is_read_with_time_and_uncertainty():
    fix = heard(RMC, GGA).fix
    assert fix is not None
    assert (fix.latitude, fix.longitude) == (pytest.approx(48.1173), pytest.approx(11.516667))
    assert (fix.uncertainty_m, fix.satellites) == (5.0, 8)
    assert fix.at == datetime(1994, 3, 23, 12, 35, 19, tzinfo=UTC)


def test_the_receivers_own_error_is_taken_where_it_tells_one():
    fix = heard(GST, GGA).fix
    assert fix is not None
    assert fix.uncertainty_m == pytest.approx(8.1, abs=0.05)
    poor = heard(GGA.replace(",0.9,", ",12.4,")).fix
    assert poor is not None
    assert poor.uncertainty_m == 62.0


def test_south_and_west():
    fix = heard(GGA.replace(",N,", ",S,").replace(",E,", ",W,")).fix
    assert fix is not None
    assert fix.latitude < 0 > fix.longitude


@pytest.mark.parametrize(
    "body",
    [
        GGA.replace(",E,1,", ",E,0,"),  # no fix
        GGA.replace(",E,1,", ",E,8,"),  # simulated
        GGA.replace(",E,1,", ",E,7,"),  # typed in by hand
        GGA.replace("4807.038,N", ",N"),
        GGA.replace("4807.038", "9907.038"),
        GGA.replace("4807.038", "4867.038"),
        GGA.replace(",N,", ",Q,"),
        GGA.replace(",0.9,", ",,"),
    ],
)
def test_without_a_fix_there_is_no_place(body: str):
    track = heard(body)
    assert track.fix is None
    assert track.sentences == 1


def test_a_lost_fix_is_lost():
    assert heard(GGA, RMC.replace(",A,", ",V,")).fix is None


def test_a_wrong_or_missing_check_sum_counts_for_nothing():
    track = Track()
    track.feed(line(GGA).replace(b"4807", b"4907"))
    track.feed(f"${GGA}\r\n".encode())
    assert track.fix is None
    assert track.sentences == 0


@given(st.lists(st.integers(1, 30), max_size=20))
def test_sentences_are_read_however_they_are_cut(cuts: list[int]):
    whole, track = line(RMC) + line(GGA), Track()
    for size in cuts:
        track.feed(whole[:size])
        whole = whole[size:]
    track.feed(whole)
    assert track.fix == heard(RMC, GGA).fix


@given(st.binary(max_size=600))
def test_no_bytes_make_a_place(noise: bytes):
    track = Track()
    track.feed(noise + b"\n")
    assert track.fix is None or sentence(noise.decode("ascii", "replace"))


@given(st.integers(0, len(line(GGA)) - 3), st.integers(0, 7))
def test_one_flipped_bit_never_moves_a_place(at: int, bit: int):
    raw = bytearray(line(GGA))
    raw[at] ^= 1 << bit
    track = Track()
    track.feed(bytes(raw))
    assert track.fix is None or track.fix == heard(GGA).fix


def test_a_port_that_is_not_there_is_said_so():
    with pytest.raises(PortMissing):
        locating.ask_receiver(Reader(), AskReceiver(port="/dev/no-such-receiver"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_receiver_on_a_port_is_heard():
    import tty

    ours, theirs = os.openpty()
    tty.setraw(theirs)
    done = threading.Event()

    def speak() -> None:
        while not done.wait(0.05):
            os.write(ours, line(RMC) + line(GGA))

    speaker = threading.Thread(target=speak)
    speaker.start()
    try:
        said = locating.ask_receiver(Reader(), AskReceiver(port=os.ttyname(theirs), seconds=5))
    finally:
        done.set()
        speaker.join()
        os.close(ours)
        os.close(theirs)
    assert said.fix is not None
    assert said.fix.latitude == pytest.approx(48.1173)
