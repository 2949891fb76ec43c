"""The desk: what the wire may ask of headquarters, without HTTP. Frames in, frames out.

`app` puts it behind uvicorn, the tests put it behind a network that lies. Every answer is sent after its
transaction is on disk, so what was acknowledged is there after any crash.
"""

from collections.abc import Callable

import msgspec
from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, select, update

from fieldapp import enrolment as statements
from fieldapp.enrolment import Statement, Witness
from fieldapp.ledger import Head
from fieldapp.watchlist.trust import Metadata
from sync import wire
from sync.headquarters import (
    admission,
    audit,
    enrolment,
    feed,
    inheritance,
    intake,
    keys,
    ordering,
    publish,
    returned,
    store,
    tables,
)
from sync.headquarters.blobs import Upload
from sync.headquarters.office import Office
from sync.wire import (
    BlobAnswer,
    BlobDamaged,
    BlobUnwanted,
    DeviceRevoked,
    EnrolAnswer,
    EnrolRequest,
    GivenRequest,
    Need,
    ProtocolTooOld,
    SessionRequest,
    SyncAnswer,
    SyncRequest,
)  # fmt: skip

_blob, _named = tables.blob.c, tables.record_blob.c
_device: BindParameter[str] = bindparam("device")
# Built once: putting a statement together costs more than running it.
_WANTED = (
    select(_blob.h)
    .join(tables.record_blob, _named.h == _blob.h)
    .where(_named.device == _device, _blob.done == "")
    .distinct()
    .limit(wire.NEEDED_BLOBS)
)
_CLAIMED = (
    select(_blob.size, _blob.done, _named.size.label("claimed"))
    .join(tables.record_blob, _named.h == _blob.h)
    .where(_blob.h == bindparam("h"), _named.device == _device)
)
_SEEN = (
    update(tables.device)
    .where(tables.device.c.id == _device)
    .values(
        {
            name: bindparam(name)
            for name in ("last_seen", "software", "watchlist", "waiting", "cursor", "trusted", "clock_offset")
        }
    )
)


def enrol(office: Office, body: bytes, _token: str) -> bytes:
    """POST /v1/enrol."""
    asked = wire.unpack(body, EnrolRequest)
    _speak(asked.v)
    answer = enrolment.enrol(office, asked.request)
    with store.reading(office.engine) as connection:
        life = store.generation(connection)
    told = EnrolAnswer(answer=answer, generation=life, time=office.clock())
    return _like(body, told)


def session(office: Office, body: bytes, _token: str) -> bytes:
    """POST /v1/session."""
    asked = wire.unpack(body, SessionRequest)
    _speak(asked.v)
    return _like(body, admission.admit(office, asked))


def sync(office: Office, body: bytes, token: str) -> bytes:
    """POST /v1/sync: take in the entries, then tell what became of them and what is new."""
    asked = wire.unpack(body, SyncRequest)
    _speak(asked.v)
    if len(asked.entries) > wire.MAX_ENTRIES or len(asked.returned) > wire.RETURNED:
        raise wire.FrameRefused(why="entries")
    with store.writing(office.engine, "") as connection:
        device = admission.holder(office, connection, token)
        store.alone(connection, device["id"])
        before = intake.head(connection, device["id"])
        acks = intake.take_in(connection, device, asked.entries, office.clock())
        after = intake.head(connection, device["id"])
        returned.take_back(connection, office, device, asked.returned)
        life = store.generation(connection)
        # A cursor of another life says nothing about this feed: it is read anew from its beginning.
        taken = asked.cursor if asked.generation == life else 0
        items, cursor, more = feed.after(connection, device["id"], device["practice"], taken)
        _note_visit(connection, office, device, asked, taken)
        answer = SyncAnswer(
            generation=life,
            time=office.clock(),
            head=after,
            cursor=cursor,
            acks=acks,
            need=_needed(connection, office, device["id"]),
            feed=items,
            more=more,
            witness=witness(office, device, after) if after != before or asked.generation != life else None,
            keys=_keys(office, device, asked),
            metadata=_metadata(connection, office, device, asked),
            certificate=ordering.renewed(connection, office, device),
        )
    return _like(body, answer)


def _like(asked: bytes, answer: msgspec.Struct) -> bytes:
    """Answer with the dictionary where the question was asked with it."""
    return wire.pack(answer, dictionary=wire.uses_dictionary(asked))


def _speak(version: int) -> None:
    if version < wire.OLDEST:
        raise ProtocolTooOld(oldest=wire.OLDEST)


def _note_visit(
    connection: Connection, office: Office, device: RowMapping, asked: SyncRequest, taken: int
) -> None:
    seen = {
        "device": device["id"],
        "last_seen": store.text(office.clock()),
        "software": asked.software[:80],
        "watchlist": asked.watchlist,
        "waiting": asked.waiting,
        "cursor": taken,
        "trusted": device["trusted"] if asked.trusted is None else asked.trusted.timestamp,
        "clock_offset": clock_offset(office, device, asked),
    }
    connection.execute(_SEEN, seen)


def clock_offset(office: Office, device: RowMapping, asked: SyncRequest) -> int | None:
    """Return by how many seconds the clock of `device` is ahead; as last known where it does not tell."""
    known: int | None = device["clock_offset"]
    return asked.sent - int(office.clock().timestamp()) if asked.sent else known


def witness(office: Office, device: RowMapping, head: Head) -> Statement:
    """Countersign where the chain of `device` stands here."""
    seen = Witness(device=device["id"], seq=head.seq, id=head.id, at=office.clock())
    return statements.sign("witness", seen, keys.realm(office.keyring, device["practice"]).signing)


def _keys(office: Office, device: RowMapping, asked: SyncRequest) -> Statement | None:
    """Return the keys statement for a vault that holds another; the first version knew of one for ever."""
    held = keys.realm(office.keyring, device["practice"]).statement
    return held if asked.v > 1 and asked.keys != statements.mark(held) else None


def _metadata(
    connection: Connection, office: Office, device: RowMapping, asked: SyncRequest
) -> Metadata | None:
    """Return what is new about releases; a belief that went back means that an old vault was put back."""
    known = asked.trusted
    if known is None:
        return None  # has it already, or does not know of it
    if known.timestamp < device["trusted"]:
        audit.note(connection, office.clock(), device["id"], "trust-rolled-back")
    return publish.metadata_for(connection, office, device["practice"], known)


def _needed(connection: Connection, office: Office, device: str) -> tuple[Need, ...]:
    wanted = connection.execute(_WANTED, {"device": device}).scalars().all()
    arriving = office.blobs.arriving(device) if wanted else {}
    return tuple(Need(h, arriving.get(h, 0)) for h in wanted)


class BlobDesk:
    """PATCH /v1/blob/{h}: one stretch of a blob on its way. Bytes written stay, however this ends.

    What size a record claims only says when to look at the hash: the hash alone says that a blob is whole,
    so a false claim spoils nobody's upload, not even that of the laptop that made it.
    """

    def __init__(
        self, office: Office, h: str, device: str, upload: Upload | None, sizes: tuple[int, ...]
    ) -> None:
        self._office = office
        self._h = h
        self._device = device
        self._upload = upload
        self._sizes = sizes  # claimed by the device's records; of a blob that is here, its true one
        self._written = 0

    def write(self, chunk: bytes) -> None:
        """Keep `chunk`."""
        if self._upload is not None:
            self._upload.write(chunk)
            self._written += len(chunk)

    def close(self) -> None:
        """Let go of the file, after a cut as after the end."""
        if self._upload is not None:
            self._upload.close()

    def finish(self) -> bytes:
        """Answer; where this may be the last stretch, check the hash and move the blob to the store first."""
        if self._upload is None:
            return wire.pack(BlobAnswer(h=self._h, offset=max(self._sizes), done=True))
        here = self._upload.close()
        # The last stretch reaches a claimed size, or is shorter than a stretch in the middle is.
        last = here in self._sizes or self._written < wire.PATCH_BYTES
        done = last and self._keep(here)
        return wire.pack(BlobAnswer(h=self._h, offset=here, done=done))

    def _keep(self, size: int) -> bool:
        """Move a whole blob to the store; False while more may come, BlobDamaged when it is past help."""
        office, h, device = self._office, self._h, self._device
        try:
            office.blobs.finish(h, device)
        except BlobDamaged:
            if size < max(self._sizes):
                return False
            office.blobs.forget_partial(h, device)
            raise
        row = {"size": size, "done": store.text(office.clock())}
        with store.writing(office.engine, h) as connection:
            connection.execute(update(tables.blob).where(tables.blob.c.h == h).values(**row))
        office.blobs.forget_partial(h, device)
        return True


def open_blob(office: Office, h: str, offset: int, token: str) -> BlobDesk:
    """Begin to receive a stretch of the blob `h` from whoever holds `token`."""
    with store.reading(office.engine) as connection:
        device = admission.holder(office, connection, token)
    return receive_blob(office, device, h, offset)


def receive_blob(office: Office, device: RowMapping, h: str, offset: int) -> BlobDesk:
    """Begin to receive a stretch of the blob `h`; refuses a blob that no record of this vault names."""
    with store.reading(office.engine) as connection:
        rows = connection.execute(_CLAIMED, {"h": h, "device": device["id"]}).all()
    if not rows:
        raise BlobUnwanted
    if rows[0].done:
        return BlobDesk(office, h, device["id"], None, (rows[0].size,))
    upload = office.blobs.receive(h, device["id"], offset)
    return BlobDesk(office, h, device["id"], upload, tuple({row.claimed for row in rows}))


def given(office: Office, body: bytes, token: str) -> bytes:
    """POST /v1/given: seal a file of an earlier laptop's record to the vault that was given the record."""
    asked = wire.unpack(body, GivenRequest)
    _speak(asked.v)
    with store.reading(office.engine) as connection:
        device = admission.holder(office, connection, token)
    if device["revoked"]:
        raise DeviceRevoked
    return _like(body, inheritance.reseal(office, device, asked.sealed))


def target(office: Office, h: str, offset: int, token: str) -> bytes:
    """GET /v1/target/{h}: a stretch of a release or delta of the vault's realm, or of a file sealed to it."""
    with store.reading(office.engine) as connection:
        device = admission.holder(office, connection, token)
        size = publish.size_of(connection, device["practice"], h)
        if size is None and not device["revoked"]:
            size = inheritance.size_of(connection, device["id"], h)
    if size is None:
        raise BlobUnwanted
    length = max(0, min(wire.PATCH_BYTES, size - offset))
    content = office.blobs.read_part(h, offset, length) if length else b""
    return wire.pack(wire.TargetPart(offset=offset, size=size, content=content))


# Every question the wire may post, by path.
POSTS: dict[str, Callable[[Office, bytes, str], bytes]] = {
    "/v1/enrol": enrol,
    "/v1/session": session,
    "/v1/sync": sync,
    "/v1/given": given,
}
