"""Asking a receiver on a serial port where this laptop is, in the reader process."""

import msgspec

from fieldapp.scan.position import Fix
from fieldapp.scan.reader import Reader


class AskReceiver(msgspec.Struct, frozen=True, kw_only=True):
    """Listen to the receiver on a port for up to `seconds`, or until it has a place."""

    port: str
    baud: int = 9600
    seconds: float = 2.0


class ReceiverSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What it said: a place, or how many sound sentences came without one (none: no receiver is there)."""

    fix: Fix | None = None
    sentences: int = 0


def ask_receiver(reader: Reader, command: AskReceiver) -> ReceiverSaid:
    """Open the port, listen and close it; raises `PortMissing`."""
    del reader
    from fieldapp.scan import receiver  # the reader's engine

    track = receiver.listen(command.port, command.baud, max(0.1, min(command.seconds, 5.0)))
    return ReceiverSaid(fix=track.fix, sentences=track.sentences)
