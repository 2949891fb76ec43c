"""The steps of a conversation with headquarters: what one may ask to be done, and what it is sent for it.

A conversation is a generator. It yields a step, and is sent what came of it or thrown the error it met; who
carries it out has the socket, the vault and the clock.
"""

from collections.abc import Callable, Generator
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


class Ask(msgspec.Struct, frozen=True):
    """Run this action, in the room its first parameter names, with this command."""

    action: Callable[..., Any]
    command: msgspec.Struct


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """Post a message; the answer is a message of the type `of`."""

    path: str
    message: msgspec.Struct
    of: type
    token: str = ""
    dictionary: bool = True


class SendBlob(msgspec.Struct, frozen=True, kw_only=True):
    """PATCH the blob `h` with at most `length` of its bytes from `offset`; the answer is a BlobAnswer."""

    h: str
    offset: int
    length: int
    token: str


class Fetch(msgspec.Struct, frozen=True, kw_only=True):
    """GET a stretch of a published release from `offset`; the answer is a TargetPart."""

    h: str
    offset: int
    token: str


Step = Ask | Post | SendBlob | Fetch
Conversation = Generator[Step, Any, T]
