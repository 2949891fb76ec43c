"""Ways to headquarters: the calls a transport carries, and the list of transports.

A transport moves bytes and judges nothing but the line: whether someone answered, and whether it was
headquarters. What an answer means is the session's business. None follows a redirect, reads a proxy from
the environment or sends a byte to an address other than the one it was made for.
"""

from collections.abc import Callable
from typing import Literal, Protocol

import msgspec

from fieldapp.errors import SituationError, TrustError
from sync import wire


class HeadquartersUnreachable(SituationError):
    """Nobody answered at headquarters' address; `why` is connect, stalled, cut or gateway."""

    code = "headquarters-unreachable"


class AddressRefused(TrustError):
    """The address would carry the exchange in the clear, or is no address of headquarters."""

    code = "address-refused"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request. `offset` is where the body of a PATCH, or the wanted part of a GET, begins."""

    method: Literal["POST", "PATCH", "GET"]
    path: str
    body: bytes = b""
    token: str = ""
    offset: int = 0


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came back."""

    status: int
    body: bytes


class Transport(Protocol):
    """Carries calls to one headquarters."""

    def carry(self, call: Call) -> Reply:
        """Send `call` and return what came back; raises HeadquartersUnreachable when nothing did."""

    def close(self) -> None:
        """Let go of the line."""


OpenTransport = Callable[[str], Transport]  # from headquarters' address

# What a proxy says when headquarters behind it is down, or the batch is more than it lets through.
_GATEWAY = (413, 502, 503, 504)


def answered(reply: Reply) -> bytes:
    """Return the frame of a good answer; raise what a refusal, a portal or a gateway means."""
    if not reply.body.startswith(wire.MAGIC):
        if reply.status in _GATEWAY:
            raise HeadquartersUnreachable(why="gateway")
        raise wire.NotHeadquarters(status=reply.status)
    if reply.status != 200:
        wire.raise_refusal(reply.body)
    return reply.body
