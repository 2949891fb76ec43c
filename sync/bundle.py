"""Bundles: the frames of the wire in one sealed file, for a stick, a mail, or another inspector's laptop.

    bundle = age( b"FBX1" | frame* )          frame = u8 kind | u32 length | the frame as it travels online
    reply  = age( msgpack of CarriedReply )   signed by headquarters, sealed to the vault

A bundle is sealed to headquarters, so whoever carries it can neither read nor change it. age authenticates
every 64 KiB, so of a bundle that was cut short everything before the cut still counts. Nothing depends on
order or number: what a bundle says is what an exchange would have said, and may be said again.
"""

import hashlib
import os
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
import pyrage

from fieldapp.errors import FieldappError, TrustError
from sync import wire
from sync.wire import BlobAnswer, SyncAnswer, SyncRequest

MAGIC = b"FBX1"
MAX_REPLY = 64 << 20
_HEAD = struct.Struct(">BI")


class BundleUnreadable(TrustError):
    """The file is no bundle, is sealed to someone else, or was damaged before its first frame."""

    code = "bundle-unreadable"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The first frame: whose bundle, where the vault stood, and its signature over that."""

    v: int = 1
    device: bytes
    state: SyncRequest
    signature: bytes


class BlobPart(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the blob `h` from `offset`."""

    h: str
    offset: int
    content: bytes


class Trailer(msgspec.Struct, frozen=True, kw_only=True):
    """The last frame: how many came before it. A bundle without one was cut short."""

    frames: int


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What headquarters answers to a bundle: as online, and what an answer online need not say.

    `ids` are the ids of the entries that `answer.acks` speak of, `since` is where its feed begins.
    """

    answer: SyncAnswer
    since: int
    ids: tuple[bytes, ...]
    blobs: tuple[BlobAnswer, ...] = ()


Frame = Manifest | SyncRequest | BlobPart | Trailer
_KINDS: tuple[type[Manifest | SyncRequest | BlobPart | Trailer], ...] = (
    Manifest, SyncRequest, BlobPart, Trailer,
)  # fmt: skip


def manifest_nonce(state: SyncRequest) -> bytes:
    """Return the 32 bytes that a vault signs as its word for `state`."""
    return hashlib.sha256(MAGIC + msgspec.msgpack.encode(state)).digest()


class _Reader:
    """What age reads from: the frames one after the other, made when they are asked for."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._parts = self._encoded(frames)
        self._left = b""

    def _encoded(self, frames: Iterable[Frame]) -> Iterator[bytes]:
        yield MAGIC
        count = 0
        for frame in frames:
            yield self._one(frame)
            count += 1
        yield self._one(Trailer(frames=count))

    @staticmethod
    def _one(frame: Frame) -> bytes:
        raw = wire.pack(frame, dictionary=True)
        return _HEAD.pack(_KINDS.index(type(frame)), len(raw)) + raw

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes; none when all is read."""
        if not self._left:
            self._left = next(self._parts, b"")
        some, self._left = self._left[:size], self._left[size:]
        return some


class _Writer:
    """What age writes to: takes frames apart as their bytes come and hands each on."""

    def __init__(self, take: Callable[[Frame], None]) -> None:
        self._take = take
        self._bytes = bytearray()
        self._begun = False
        self.frames = 0
        self.whole = False
        self.error: FieldappError | None = None

    def write(self, some: bytes) -> int:
        """Take `some` bytes in."""
        self._bytes += some
        try:
            self._hand_on()
        except FieldappError as error:
            self.error = error  # age would tell it as an error of its own
            raise OSError from None
        return len(some)

    def _hand_on(self) -> None:
        if not self._begun and len(self._bytes) >= len(MAGIC):
            if not self._bytes.startswith(MAGIC):
                raise BundleUnreadable(why="foreign")
            del self._bytes[: len(MAGIC)]
            self._begun = True
        while self._begun and len(self._bytes) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._bytes)
            if kind >= len(_KINDS) or length > wire.MAX_MESSAGE:
                raise BundleUnreadable(why="frame")
            if len(self._bytes) < _HEAD.size + length:
                return
            raw = bytes(self._bytes[_HEAD.size : _HEAD.size + length])
            del self._bytes[: _HEAD.size + length]
            frame = wire.unpack(raw, _KINDS[kind])
            if isinstance(frame, Trailer):
                self.whole = frame.frames == self.frames
            else:
                self.frames += 1
                self._take(frame)

    def flush(self) -> None:
        """Nothing waits."""


def seal(to: Path, frames: Iterable[Frame], recipients: tuple[str, ...]) -> int:
    """Write a bundle of `frames` to the file `to`, durably; return its size in bytes."""
    keys = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    part = to.with_name(to.name + ".part")
    with part.open("wb") as file:
        pyrage.encrypt_io(_Reader(frames), file, keys)
        file.flush()
        os.fsync(file.fileno())
    part.replace(to)
    return to.stat().st_size


def unseal(file: BinaryIO, identities: tuple[str, ...], take: Callable[[Frame], None]) -> bool:
    """Hand every frame of a bundle to `take`, in order; say whether the bundle was whole."""
    keys = [pyrage.x25519.Identity.from_str(one) for one in identities]
    writer = _Writer(take)
    try:
        pyrage.decrypt_io(file, writer, keys)
    except (OSError, pyrage.DecryptError):
        if writer.error is not None:
            raise writer.error from None
        if not writer.frames:
            raise BundleUnreadable(why="bundle-sealed") from None
        return False  # what came before the damage was authenticated, frame by frame
    return writer.whole
