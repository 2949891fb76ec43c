"""A satellite receiver on a serial port, listened to for a while."""

import contextlib
import time

import serial

from fieldapp.scan.position import Track
from fieldapp.scan.serial import PortMissing, open_port


def listen(name: str, baud: int, seconds: float) -> Track:
    """Return what a receiver says until it has a place, or the time is over; raises PortMissing."""
    port, track = open_port(name, baud=baud), Track()
    end = time.perf_counter() + seconds
    try:
        while track.fix is None and time.perf_counter() < end:
            track.feed(port.read(256))
    except (serial.SerialException, OSError, TypeError):
        raise PortMissing(port=name) from None
    finally:
        with contextlib.suppress(OSError):
            port.close()
    return track
