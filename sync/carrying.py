"""Bundles on the laptop: what waits goes into a sealed file, headquarters' reply comes out of one.

Exporting changes nothing: what is in a bundle waits until headquarters has answered for it, online or by a
reply, whichever comes first. A reply may come late, twice, or after the laptop was online.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

import fieldapp
from fieldapp.actions import exchanging, hearing, obeying
from fieldapp.actions.exchanging import Batch, OutboxState
from fieldapp.errors import FieldappError
from fieldapp.vault.evidence import EvidenceAltered
from sync import bundle, wire
from sync.bundle import BlobPart, BundleUnreadable, Frame, Manifest, Reply
from sync.wire import SyncRequest

Ask = Callable[[Callable[..., Any], Any], Any]  # (action, command) -> result


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What went into a bundle: entries, whole files, and the size of the bundle in bytes.

    `altered` counts sealed files that are missing here or were changed.
    """

    entries: int
    blobs: int
    altered: int
    size: int


class TakenBack(msgspec.Struct, frozen=True, kw_only=True):
    """What a reply changed; `sealed`: headquarters ordered this vault to be sealed, and it is."""

    acknowledged: int
    applied: int
    returned: tuple[str, ...]
    waiting: int
    sealed: bool = False


class _Count(msgspec.Struct):
    entries: int = 0
    blobs: int = 0
    altered: int = 0


def export(ask: Ask, to: Path, *, blobs: bool = True) -> Exported:
    """Write what waits into the bundle `to`; without `blobs` only the records, for a small stick."""
    batch: Batch = ask(exchanging.next_batch, exchanging.NextBatch())
    count = _Count()
    size = bundle.seal(to, _frames(ask, batch, count, blobs), batch.recipients)
    return Exported(entries=count.entries, blobs=count.blobs, altered=count.altered, size=size)


def _frames(ask: Ask, batch: Batch, count: _Count, blobs: bool) -> Iterator[Frame]:
    state = SyncRequest(
        v=wire.VERSION,
        software=f"fieldapp {fieldapp.__version__}",
        generation=batch.state.generation,
        cursor=batch.state.cursor,
        head=batch.head,
        watchlist=batch.watchlist,
        waiting=batch.waiting,
        keys=batch.keys,
        sent=max(0, int(batch.at.timestamp())) if batch.at is not None else 0,
    )
    nonce = bundle.manifest_nonce(state)
    signed: exchanging.Signed = ask(exchanging.sign_challenge, exchanging.SignChallenge(nonce=nonce))
    yield Manifest(v=wire.VERSION, device=batch.device, state=state, signature=signed.signature)
    while batch.entries:
        count.entries += len(batch.entries)
        yield SyncRequest(entries=batch.entries)
        batch = ask(exchanging.next_batch, exchanging.NextBatch(after=batch.entries[-1].seq))
    if batch.returned:
        yield SyncRequest(returned=batch.returned)
    if blobs:
        wanted: exchanging.Blobs = ask(exchanging.needed_blobs, exchanging.NeededBlobs())
        for row in wanted.rows:
            yield from _parts(ask, row.h, row.n, count)


def _parts(ask: Ask, h: str, size: int, count: _Count) -> Iterator[Frame]:
    for offset in range(0, size, wire.PATCH_BYTES):
        try:
            read = exchanging.ReadBlob(h=h, offset=offset, length=wire.PATCH_BYTES)
            part: exchanging.BlobPart = ask(exchanging.read_blob, read)
        except FieldappError as error:
            if error.code != EvidenceAltered.code:
                raise
            count.altered += 1
            return  # one that is missing here does not hold up the others
        yield BlobPart(h=h, offset=offset, content=part.content)
    count.blobs += 1


def take_reply(ask: Ask, file: Path) -> TakenBack:
    """Take in headquarters' reply to a bundle; the vault checks that it is its own, and headquarters'."""
    if file.stat().st_size > bundle.MAX_REPLY:
        raise BundleUnreadable(why="size")
    opened: exchanging.Opened = ask(exchanging.open_reply, exchanging.OpenReply(sealed=file.read_bytes()))
    reply = wire.unpack(opened.content, Reply, limit=bundle.MAX_REPLY)
    answer = reply.answer
    if len(reply.ids) != len(answer.acks):
        raise wire.FrameRefused(why="acks")
    acks = tuple(
        exchanging.Ack(seq=ack.seq, state=ack.state, why=ack.why, id=own)
        for ack, own in zip(answer.acks, reply.ids, strict=True)
    )
    left: OutboxState = ask(
        exchanging.note_acks,
        exchanging.NoteAcks(
            generation=answer.generation, acks=acks, head=answer.head.seq, witness=answer.witness,
            keys=answer.keys, certificate=answer.certificate, at=answer.time, carried=True,
        ),
    )  # fmt: skip
    taken = hearing.Taken(applied=0, refused=0)
    # A reply of a life that has ended says nothing about what this headquarters holds.
    if left.sync.generation == answer.generation:
        taken = _take_feed(ask, reply)
        for blob in reply.blobs:
            if blob.done:
                note = exchanging.NoteBlob(h=blob.h, offset=blob.offset, done=True)
                left = ask(exchanging.note_blob, note)
    sealed = False
    if taken.ordered:
        obeyed: obeying.Obeyed = ask(obeying.obey, obeying.Obey())
        sealed = obeyed.sealed
    return TakenBack(
        acknowledged=sum(ack.state in ("new", "dup") for ack in answer.acks),
        applied=taken.applied,
        returned=taken.returned,
        waiting=left.waiting,
        sealed=sealed,
    )


def _take_feed(ask: Ask, reply: Reply) -> hearing.Taken:
    if not reply.answer.feed:
        return hearing.Taken(applied=0, refused=0)
    items = tuple(hearing.FeedItem(pos=item.pos, statement=item.statement) for item in reply.answer.feed)
    command = hearing.TakeFeed(generation=reply.answer.generation, items=items, since=reply.since)
    taken: hearing.Taken = ask(hearing.take_feed, command)
    return taken
