"""Files and codes of strangers, whole ones first and then struck in every way: nothing may fall over.

Each kind has what is good of it and the parser that reads it in the program. A mutated input is read, or
refused with an error of ours; anything else that is raised would be a bug before a person's eyes, and counts.
Pictures and documents go to a real reader process, which may refuse or end, and must answer again after.
"""

import contextlib
import functools
import io
import json
import random
import tempfile
from collections.abc import Callable
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import msgspec

import resources
from fieldapp import enrolment, worker
from fieldapp.actions import opening, recovering, scanning
from fieldapp.actions.scanning import ReadPicture
from fieldapp.errors import FieldappError
from fieldapp.identifiers.identify import identify
from fieldapp.inspection import checklist, countersign
from fieldapp.report.verify import verify_file
from fieldapp.scan.wedge import Keystroke, Profile, Wedge, as_symbol
from fieldapp.vault import evidence, export, sharing
from fieldapp.vault.recovery import Answer
from fieldapp.worker import Request
from sync import bundle, wire
from sync.bundle import BlobPart, Frame
from tests.support import hostile
from tests.support.vaults import Headquarters

TODAY = date(2026, 11, 22)
LARGEST = 200_000  # bytes of a mutated input
READER_SECONDS = 60.0


class Kind(NamedTuple):
    """What is good of a kind, and how the program reads it."""

    good: tuple[bytes, ...]
    read: Callable[[bytes], object]


def mutated(rng: random.Random, good: tuple[bytes, ...]) -> bytes:
    """Return one of the good inputs after some blows: to its bits, its bytes, or its order."""
    content = rng.choice(good)
    if rng.random() < 0.5:
        return hostile.mutated(rng, content)[:LARGEST]
    torn = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        at = rng.randrange(len(torn) or 1)
        torn[at : at + 1] = rng.choice((bytes([rng.randrange(256)]), b"", b"\x00", b"\xff\xff\xff\xff"))
    return bytes(torn)


ADVICE = (
    "reference,direction,exporter,exporter_country,consignee,container,invoice,description,hs,cas,packages,"
    "net_kg,expires\nSB 1,export,Suryodaya Fine Chem,IN,Baltic OU,CSQU3054383,INV-7,Toluene,2902.30,108-88-3,"
    "10,250.5,2029-03-31\nSB 1,export,Suryodaya,IN,Baltic OU,CSQU3054383,INV-7,Acetone,2914.11,67-64-1,4,,\n"
)
EPCIS = {
    "type": "EPCISDocument",
    "epcisBody": {
        "eventList": [
            {
                "type": "ObjectEvent",
                "epcList": ["https://id.gs1.org/00/095212340000000013"],
                "quantityList": [
                    {"epcClass": "https://id.gs1.org/01/09521234000013/10/KX-1", "quantity": 12}
                ],
                "bizTransactionList": [
                    {"type": "inv", "bizTransaction": "urn:epcglobal:cbv:bt:0614141:INV-7"}
                ],
                "ilmd": {"cbvmda:lotNumber": "KX-1", "cbvmda:itemExpirationDate": "2029-03-31"},
            }
        ]
    },
}


def _advice(content: bytes) -> object:
    return opening._read(content, "0197e400-0000-7000-8000-000000000009")


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


@functools.cache
def _bundles() -> tuple[tuple[bytes, ...], str]:
    rng = random.Random(3)
    identity, recipient = evidence.new_identity()
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "whole.fbx"
        bundle.seal(file, [BlobPart(h="ab" * 32, offset=0, content=rng.randbytes(900))] * 3, (recipient,))
        return (file.read_bytes(),), identity


def _bundle(content: bytes) -> object:
    frames: list[Frame] = []
    return bundle.unseal(io.BytesIO(content), (_bundles()[1],), frames.append)


def _frames() -> tuple[bytes, ...]:
    some = BlobPart(h="ab" * 32, offset=7, content=b"x" * 300)
    return wire.pack(some), wire.pack(some, dictionary=True)


@functools.cache
def _papers() -> tuple[bytes, bytes]:
    """Return a sealed record's file, and a ledger's."""
    from tests.fieldapp.vault.test_export import Case

    with tempfile.TemporaryDirectory() as place:
        case = Case(Path(place))
    return case.record, case.ledger


def _verified(content: bytes) -> object:
    return (export.verify_export if export.is_export(content) else verify_file)(content, "00" * 32)


def _carried() -> tuple[bytes, ...]:
    invited = Headquarters().invitation()
    share = sharing.to_text(sharing.split(b"\x07" * 96, "0123456789abcdef")[0])
    return (enrolment.invitation_text(invited).encode(), share.encode(), b"FIELDASK1:AAAA")


def _typed(content: bytes) -> object:
    """Read a code that somebody handed over: an invitation, a share, a countersignature, an answer."""
    text = content.decode("utf-8", "replace")
    read: list[object] = []
    for reader in (
        enrolment.read_invitation,
        sharing.from_text,
        countersign.read_ask,
        countersign.read_answer,
    ):
        with contextlib.suppress(FieldappError):
            read.append(reader(text))
    with contextlib.suppress(FieldappError):
        read.append(recovering._read(content, Answer))
    return read


def _wedge(content: bytes) -> object:
    """Type the text as a scanner would, and take what comes of it for a code."""
    gun = Wedge(Profile())
    for number, character in enumerate(_text(content)[:400]):
        gun.feed(Keystroke(text=character, key=character.lower(), at=number * 8.0))
    code = gun.feed(Keystroke(text="\r", key="return", at=4_000.0)).code
    return identify(as_symbol(code), TODAY) if code is not None else None


def _toml(content: bytes) -> object:
    return checklist.read(content.decode("utf-8", "replace"))


@functools.cache
def kind(name: str) -> Kind:
    """Return the kind of that name."""
    consignments = resources.path("practice", "consignments")
    lists = resources.path("checklists")
    labels = resources.path("practice", "labels")
    kinds: dict[str, Callable[[], Kind]] = {
        "advice": lambda: Kind((ADVICE.encode(),), _advice),
        "epcis": lambda: Kind((json.dumps(EPCIS).encode(),), _advice),
        "consignment": lambda: Kind(
            tuple(f.read_bytes() for f in sorted(consignments.glob("*.json"))), _advice
        ),
        "bundle": lambda: Kind(_bundles()[0], _bundle),
        "frame": lambda: Kind(_frames(), lambda raw: wire.unpack(raw, BlobPart)),
        "record": lambda: Kind(_papers()[:1], _verified),
        "ledger": lambda: Kind(_papers()[1:], _verified),
        "handed": lambda: Kind(_carried(), _typed),
        "wedge": lambda: Kind(tuple(raw for raw, _aim in hostile.GOOD), _wedge),
        "checklist": lambda: Kind(tuple(f.read_bytes() for f in sorted(lists.glob("*.toml"))), _toml),
        "picture": lambda: Kind(tuple(f.read_bytes() for f in sorted(labels.glob("*.png"))), bytes),
        "document": lambda: Kind((_document(),), bytes),
    }
    return kinds[name]()


def _document() -> bytes:
    """Return a PDF of one page with a label on it."""
    from PIL import Image

    out = io.BytesIO()
    with Image.open(resources.path("practice", "labels") / "drum-7-of-12.png") as label:
        label.convert("L").resize((label.width // 2, label.height // 2)).save(out, "PDF")
    return out.getvalue()


def struck(name: str, count: int, seed: int) -> list[str]:
    """Strike inputs of a kind `count` times; return what fell over."""
    return blows(kind(name), name, count, seed)


def blows(made: Kind, name: str, count: int, seed: int) -> list[str]:
    """Strike the good inputs of `made`; what is good must be read, what was struck be read or refused."""
    fallen = []
    for content in made.good:
        made.read(content)
    for number in range(seed, seed + count):
        content = mutated(random.Random(f"{name} {number}"), made.good)
        try:
            made.read(content)
        except FieldappError:
            continue
        except Exception as error:  # noqa: BLE001 - whatever it is, it is one too many
            fallen.append(f"{name} {number}: {type(error).__name__}: {str(error)[:80]}")
    return fallen


class ReaderHand:
    """A real reader process, started anew where a picture ended it."""

    def __init__(self) -> None:
        self.ended = 0
        self._hire()

    def _hire(self) -> None:
        spawn = get_context("spawn")
        self.pipe, theirs = spawn.Pipe()
        self.process = spawn.Process(target=worker.run, args=("reader", theirs, None, ""), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, number: int, content: bytes) -> worker.Answer:
        """Have `content` read; a reader that died or takes too long is a refusal."""
        command = msgspec.Raw(msgspec.msgpack.encode(ReadPicture(content=content)))
        request = Request(number, worker.name_of(scanning.read_picture), command)
        try:
            self.pipe.send_bytes(msgspec.msgpack.encode(request))
            if not self.pipe.poll(READER_SECONDS):
                raise EOFError
            return msgspec.msgpack.decode(self.pipe.recv_bytes(), type=worker.Answer)
        except (EOFError, OSError):
            self.ended += 1
            self.close()
            self._hire()
            return worker.Answer(number, error=worker.Failure("situation", "worker-lost"))

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.join(10)
        self.pipe.close()


def shown(name: str, count: int, seed: int) -> list[str]:
    """Strike pictures or documents `count` times and show each to a reader; return its bugs."""
    good, _read = kind(name)
    hand, fallen = ReaderHand(), []
    try:
        for number in range(seed, seed + count):
            answer = hand.ask(number, mutated(random.Random(f"{name} {number}"), good))
            if answer.error is not None and answer.error.family == "bug":
                fallen.append(f"{name} {number}: {answer.error.facts} {answer.error.trace[-160:]}")
        whole = hand.ask(-1, good[0])
        if whole.error is not None:
            fallen.append(f"{name}: the reader reads no more after that: {whole.error}")
    finally:
        hand.close()
    return fallen


# Inputs of each kind in the test run, 20,000 in all; the night takes fifty times as many.
COUNTS = {
    "advice": 4000, "epcis": 3000, "consignment": 5000, "bundle": 1500, "frame": 3000, "handed": 1500,
    "wedge": 1200, "checklist": 400, "record": 100, "ledger": 200, "picture": 80, "document": 20,
}  # fmt: skip


def run(name: str, count: int, seed: int) -> list[str]:
    """Strike inputs of a kind, where the program reads that kind."""
    return (shown if name in ("picture", "document") else struck)(name, count, seed)
