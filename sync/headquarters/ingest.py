"""Bundles at headquarters: what an exchange would have taken in, from a file, and the reply as a file.

`ingest` serves the command and the upload on a page alike. A bundle that was brought before, in part, late or
by someone else changes nothing that it should not: it says what an exchange would have said.
"""

from pathlib import Path

import msgspec
import pyrage
from sqlalchemy import RowMapping

from fieldapp import canonical, ledger
from fieldapp import enrolment as statements
from fieldapp.enrolment import CarriedReply, ReplySeal
from sync import bundle, identity, wire
from sync.bundle import BlobPart, BundleUnreadable, Frame, Manifest, Reply
from sync.headquarters import audit, desk, enrolment, feed, intake, keys, ordering, returned, store
from sync.headquarters.office import Office
from sync.wire import Ack, BlobAnswer, BlobUnwanted, SyncAnswer, SyncRequest

MOST_FEED = 10_000  # items in one reply


class Ingested(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle brought: counts by verdict, whole blobs, whether the bundle was whole, and the reply."""

    device: str
    new: int
    known: int
    quarantined: int
    missing: int  # entries whose predecessor is in no bundle yet
    blobs: int
    whole: bool
    reply: bytes


class _Ingestion:
    """One bundle being read. Every frame is committed by itself; what was read counts whatever follows."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.device: RowMapping | None = None
        self.state = SyncRequest()
        self.acks: dict[int, tuple[Ack, bytes]] = {}
        self.blobs: dict[str, BlobAnswer] = {}

    def take(self, frame: Frame) -> None:
        if isinstance(frame, Manifest):
            self._begin(frame)
        elif self.device is None:
            raise BundleUnreadable(why="manifest")
        elif isinstance(frame, SyncRequest):
            self._entries(self.device["id"], frame)
        elif isinstance(frame, BlobPart):
            self._part(self.device, frame)

    def _begin(self, manifest: Manifest) -> None:
        if manifest.v < wire.OLDEST:
            raise wire.ProtocolTooOld(oldest=wire.OLDEST)
        with store.reading(self.office.engine) as connection:
            device = enrolment.get(connection, manifest.device.hex())
        nonce = bundle.manifest_nonce(manifest.state)
        if not identity.check_session(device["public"], manifest.device, nonce, manifest.signature):
            raise BundleUnreadable(why="signature")
        self.device, self.state = device, manifest.state

    def _entries(self, device: str, frame: SyncRequest) -> None:
        entries = frame.entries
        if len(entries) > wire.MAX_ENTRIES or len(frame.returned) > wire.RETURNED:
            raise wire.FrameRefused(why="entries")
        with store.writing(self.office.engine, device) as connection:
            held = enrolment.get(connection, device)
            returned.take_back(connection, self.office, held, frame.returned)
            acks = intake.take_in(connection, held, entries, self.office.clock())
        for entry, ack in zip(entries, acks, strict=True):
            own = b"" if ack.why == "malformed" else ledger.entry_id(entry)
            self.acks[entry.seq] = (ack, own)

    def _part(self, device: RowMapping, part: BlobPart) -> None:
        here = self.office.blobs.offset(part.h, device["id"])
        if not part.offset <= here < part.offset + len(part.content):
            return  # an earlier stretch is on another stick, or this one is here already
        try:
            arriving = desk.receive_blob(self.office, device, part.h, here)
            try:
                arriving.write(part.content[here - part.offset :])
                self.blobs[part.h] = wire.unpack(arriving.finish(), BlobAnswer)
            finally:
                arriving.close()
        except (BlobUnwanted, wire.BlobDamaged, wire.BlobOffset):
            return  # no record names it yet, or it is not what it says: the laptop still holds it

    def reply(self) -> tuple[bytes, Reply]:
        """Return the sealed reply, and what is in it."""
        assert self.device is not None, "every bundle that was read had a manifest"
        office, device = self.office, self.device
        with store.writing(office.engine) as connection:
            life = store.generation(connection)
            since = self.state.cursor if self.state.generation == life else 0
            items, cursor, more = feed.after(connection, device["id"], device["practice"], since, MOST_FEED)
            head = intake.head(connection, device["id"])
            held = enrolment.get(connection, device["id"])
            certificate = ordering.renewed(connection, office, held)
            audit.note(connection, office.clock(), "command", "ingested", device["id"])
        own = keys.realm(office.keyring, device["practice"])
        answer = SyncAnswer(
            generation=life,
            time=office.clock(),
            head=head,
            cursor=cursor,
            acks=tuple(ack for ack, _own in self.acks.values()),
            feed=items,
            more=more,
            witness=desk.witness(office, device, head),
            keys=own.statement if self.state.keys != statements.mark(own.statement) else None,
            certificate=certificate,
        )
        ids = tuple(own_id for _ack, own_id in self.acks.values())
        told = Reply(answer=answer, since=since, ids=ids, blobs=tuple(self.blobs.values()))
        content = wire.pack(told)
        seal = ReplySeal(device=device["id"], sha256=canonical.sha256(content), at=office.clock())
        carried = CarriedReply(
            statement=statements.sign("reply", seal, own.signing), keys=own.statement, content=content
        )
        to = pyrage.x25519.Recipient.from_str(device["recipient"])
        return bytes(pyrage.encrypt(msgspec.msgpack.encode(carried), [to])), told


def ingest(office: Office, file: Path) -> Ingested:
    """Take in the bundle `file`; raises BundleUnreadable for one that is not for this headquarters."""
    reading = _Ingestion(office)
    identities = (office.keyring.real.evidence, office.keyring.practice.evidence)
    with file.open("rb") as opened:
        whole = bundle.unseal(opened, identities, reading.take)
    if reading.device is None:
        raise BundleUnreadable(why="manifest")
    sealed, told = reading.reply()
    states = [ack.state for ack in told.answer.acks]
    return Ingested(
        device=reading.device["id"],
        new=states.count("new") + states.count("fork"),
        known=states.count("dup"),
        quarantined=states.count("quarantined"),
        missing=states.count("gap"),
        blobs=sum(blob.done for blob in told.blobs),
        whole=whole,
        reply=sealed,
    )
