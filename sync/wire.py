"""What both ends agree on: frames, messages, limits, refusals.

A frame is `b"FS1"` followed by one zstd frame of one msgpack message, and travels as the body of an HTTP
request or answer. Whatever does not begin with FS1 did not come from headquarters: a hotel's sign-in page,
a proxy, another server. It is refused with an error of its own and changes nothing. The zstd frame may be
made with the dictionary in `resources/sync`, whose id it names; who holds another one says so, and gets the
frame again without.

Field names are short and fixed; new fields get defaults, so protocol N reads N-1 and the other way round. A
default does not travel: a request without a version is of the first, every later one says so.
Nothing here opens a socket, reads a clock or rolls a die.
"""

from datetime import datetime
from functools import lru_cache
from typing import Annotated, Literal, TypeVar

import msgspec
import zstandard

import resources
from fieldapp import enrolment
from fieldapp.enrolment import InvitationExpired, Statement
from fieldapp.errors import FieldappError, InspectorError, SituationError, TrustError
from fieldapp.ledger import Entry, Head
from fieldapp.watchlist.trust import Metadata, Versions

MAGIC = b"FS1"
VERSION = 2  # 2: the keys statement and the dictionary
OLDEST = 1  # the oldest version that headquarters still serves
LEVEL = 9  # of zstd: the line is slower than the laptop
OTHER_DICTIONARY = "dictionary"  # why a frame is refused that is sent again without one
CONTENT_TYPE = "application/vnd.fs1"

MAX_FRAME = 1 << 20  # bytes of a frame on the wire
MAX_MESSAGE = 8 << 20  # bytes of a message after unpacking
MAX_ENTRIES = 500
MAX_PAYLOAD = 4 << 20
MAX_SEQ = 1 << 53
MAX_BLOB = 257 << 20
PATCH_BYTES = 1 << 20  # most bytes that one PATCH carries
FEED_ITEMS = 200  # most feed items in one answer
FEED_BYTES = 512 << 10  # of them, before packing; one larger item goes alone
RETURNED = 200  # most statements given back in one request
NEEDED_BLOBS = 200
SESSION_MAGIC = b"FIELDSES1"  # what a vault signs to open a session: this | device | nonce
TOKEN_SECONDS = 12 * 3600
NONCE_SECONDS = 300
STORAGE_SECONDS = 60  # until a headquarters without room is asked again

T = TypeVar("T")
Count = Annotated[int, msgspec.Meta(ge=0, le=MAX_SEQ)]
AckState = Literal["new", "dup", "gap", "fork", "quarantined", "held"]


class NotHeadquarters(SituationError):
    """What answered is not headquarters: a sign-in page of the network, or a proxy."""

    code = "network-portal"


class FrameRefused(TrustError):
    """A frame that begins well and does not hold: damaged, too large, or not the message awaited."""

    code = "frame-refused"


class InvitationUnknown(InspectorError):
    """Headquarters has not issued this invitation, or the request was not made with its secret."""

    code = "invitation-unknown"


class InvitationUsed(InspectorError):
    """Another vault was enrolled with this invitation."""

    code = "invitation-used"


class InvitationRealm(InspectorError):
    """The invitation is for the other side, real or practice, than the one this vault is enrolled on."""

    code = "invitation-realm"


class SessionRefused(SituationError):
    """The session has run out or was never opened; open a new one."""

    code = "session-refused"


class DeviceUnknown(TrustError):
    """Headquarters does not know this vault."""

    code = "device-unknown"


class DeviceRevoked(TrustError):
    """Headquarters has withdrawn this vault."""

    code = "device-revoked"


class ProtocolTooOld(SituationError):
    """Headquarters no longer speaks this version of the protocol; `oldest` is the oldest it does."""

    code = "protocol-too-old"


class BlobOffset(SituationError):
    """Headquarters holds the blob up to another byte; `offset` says which."""

    code = "blob-offset"


class BlobDamaged(TrustError):
    """The bytes received are not the blob that its hash names; it starts again from its first byte."""

    code = "blob-damaged"


class BlobUnwanted(SituationError):
    """No record that headquarters holds names this blob."""

    code = "blob-unwanted"


class HeadquartersBusy(SituationError):
    """Headquarters cannot take this now; `retry_after` is in seconds."""

    code = "headquarters-busy"


# Everything headquarters may answer in place of a message. The code travels, the class is raised again.
REFUSALS: tuple[type[FieldappError], ...] = (
    FrameRefused, InvitationUnknown, InvitationUsed, InvitationRealm, InvitationExpired, SessionRefused,
    DeviceUnknown, DeviceRevoked, ProtocolTooOld, BlobOffset, BlobDamaged, BlobUnwanted, HeadquartersBusy,
)  # fmt: skip
_REFUSAL_OF_CODE = {refusal.code: refusal for refusal in REFUSALS}


class EnrolRequest(msgspec.Struct, frozen=True, kw_only=True):
    """POST /v1/enrol."""

    v: int = 1
    request: enrolment.Request


class EnrolAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The three statements, and headquarters' generation and time."""

    answer: enrolment.Answer
    generation: str
    time: datetime


class SessionRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/session: first without nonce to be challenged, then with nonce and signature."""

    v: int = 1
    device: bytes
    nonce: bytes = b""
    signature: bytes = b""


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A nonce to sign, or the token that opens /v1/sync and /v1/blob for `seconds`."""

    nonce: bytes = b""
    token: str = ""
    seconds: int = 0
    time: datetime


class SyncRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """POST /v1/sync: where the vault stands, what it has to tell, from where it reads the feed.

    `head` is the end of its chain, `generation` and `cursor` are headquarters' as the vault last saw them,
    `keys` marks the keys statement it holds, `trusted` says how far it believes releases' metadata, `sent` is
    its own clock in seconds since 1970. `returned` gives a restored headquarters its own reviews back.
    """

    v: int = 1
    software: str = ""
    generation: str = ""
    cursor: Count = 0
    head: Head = Head()
    entries: tuple[Entry, ...] = ()
    watchlist: Count = 0
    waiting: Count = 0
    keys: bytes = b""
    trusted: Versions | None = None
    sent: Count = 0
    returned: tuple[Statement, ...] = ()


class Ack(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The final verdict on one entry, committed before it was sent.

    new and dup: stored. fork: stored aside, another entry has its place in the chain. quarantined: kept
    raw for a supervisor, `why` says. gap: not stored, its predecessor is missing. held: not used yet.
    """

    seq: int
    state: AckState
    why: str = ""


class Need(msgspec.Struct, frozen=True, array_like=True):
    """A blob that headquarters wants, from this byte on."""

    h: str
    offset: int = 0


class FeedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of headquarters at its place in the feed."""

    pos: int
    statement: Statement


class SyncAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of every entry, what blobs are wanted, and what is new in the feed.

    `head` is where headquarters holds this vault's chain; `witness` countersigns it when it moved.
    `cursor` is where the feed continues; `more` says that there is more of it. `keys` is the keys statement
    where the vault holds another one: everything else in the answer may be signed by a key it names.
    `metadata` is what headquarters has signed about releases and the vault does not hold yet. `certificate`
    renews the lease from time to time.
    """

    generation: str
    time: datetime
    head: Head
    cursor: int = 0
    acks: tuple[Ack, ...] = ()
    need: tuple[Need, ...] = ()
    feed: tuple[FeedItem, ...] = ()
    more: bool = False
    witness: Statement | None = None
    keys: Statement | None = None
    metadata: Metadata | None = None
    certificate: Statement | None = None


class BlobAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How far headquarters holds a blob, in bytes; `done` when it is whole and its hash is right."""

    h: str
    offset: int
    done: bool


class GivenRequest(msgspec.Struct, frozen=True, kw_only=True):
    """POST /v1/given: a file that a record of an earlier laptop names, by the hash in that record."""

    v: int = 1
    sealed: str


class GivenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The same file sealed anew to who asked: its hash, and its size in bytes. Fetched as releases are."""

    h: str
    size: int


class TargetPart(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a published release, or of a file sealed anew, of `size` bytes, from `offset`."""

    offset: int
    size: int
    content: bytes


class Refusal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What travels in place of an answer: the code of the error and its facts."""

    refused: str
    facts: dict[str, str | int | float] = {}


@lru_cache(maxsize=1)
def _dictionary() -> zstandard.ZstdCompressionDict:
    made = zstandard.ZstdCompressionDict(resources.path("sync", "records.dict").read_bytes())
    made.precompute_compress(level=LEVEL)
    return made


def uses_dictionary(raw: bytes) -> bool:
    """Say whether the frame `raw` was made with a dictionary, ours or another."""
    try:
        return zstandard.get_frame_parameters(raw[len(MAGIC) :]).dict_id != 0
    except zstandard.ZstdError:
        return False


def pack(message: msgspec.Struct, *, dictionary: bool = False) -> bytes:
    """Return the frame of `message`; with `dictionary` the other end must hold the same one."""
    shared = _dictionary() if dictionary else None
    compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True, dict_data=shared)
    return MAGIC + compressor.compress(msgspec.msgpack.encode(message))


def unpack(raw: bytes, of: type[T], *, limit: int = MAX_MESSAGE) -> T:
    """Read the frame `raw` as `of`; refuses what is foreign, damaged or larger than `limit` bytes."""
    if not raw.startswith(MAGIC):
        raise NotHeadquarters
    try:
        named = zstandard.get_frame_parameters(raw[len(MAGIC) :]).dict_id
        if named not in (0, _dictionary().dict_id()):
            raise FrameRefused(why=OTHER_DICTIONARY)
        shared = _dictionary() if named else None
        # A reader stops at the limit; one-shot decompression trusts the size the frame claims.
        reader = zstandard.ZstdDecompressor(dict_data=shared, max_window_size=1 << 23).stream_reader(
            raw[len(MAGIC) :]
        )
        message = reader.read(limit + 1)
    except zstandard.ZstdError:
        raise FrameRefused(why="zstd") from None
    if len(message) > limit:
        raise FrameRefused(why="size")
    try:
        return msgspec.msgpack.decode(message, type=of)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise FrameRefused(why="message") from None


def refusal(error: FieldappError) -> Refusal:
    """Return what travels for `error`."""
    return Refusal(refused=error.code, facts=dict(error.facts))


def raise_refusal(raw: bytes) -> None:
    """Raise the error that the frame `raw` carries; a code nobody here knows counts as busy."""
    told = unpack(raw, Refusal)
    kind = _REFUSAL_OF_CODE.get(told.refused)
    if kind is None:
        raise HeadquartersBusy(why=told.refused, retry_after=60)
    raise kind(**told.facts)


def session_preimage(device: bytes, nonce: bytes) -> bytes:
    """Return the bytes a vault signs to open a session."""
    return SESSION_MAGIC + device + nonce
