"""Builders for what an inspection is made of: good defaults throughout, so a test names only what it means.

`record()` gives a believable inspection: a held consignment with one controlled precursor, a consignee whose
name resembles a listed one, a finding with a photo. `sealed()` puts it into a ledger under a vault key that a
headquarters certified, as the vault does.
"""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from fieldapp import canonical, enrolment, ledger
from fieldapp.consignment.consignment import Consignment
from fieldapp.consignment.document import Document
from fieldapp.consignment.goods import GoodsLine
from fieldapp.consignment.party import Party
from fieldapp.identifiers.identified import Element, Identified
from fieldapp.inspection import record as records
from fieldapp.inspection.disposition import Decision
from fieldapp.inspection.evidence import Evidence
from fieldapp.inspection.finding import Finding
from fieldapp.inspection.inspection import Inspection, Officer
from fieldapp.inspection.record import BlobRef, Record, Signature
from fieldapp.inspection.review import Remark, Review
from fieldapp.inspection.scan import Scan
from fieldapp.report import signature
from fieldapp.report.paper import Copy, Language, ReportInput, facts_of, paper_code
from fieldapp.report.render import render
from fieldapp.scan.symbol import Symbol
from fieldapp.screening.hit import Adjudication, Hit, Span, SubstanceAnswer, SubstanceMatch
from fieldapp.screening.subject import Subject
from fieldapp.screening.verdict import ListState, Screening, decide
from tests.support import papers

AT = datetime(2026, 11, 22, 8, 10, tzinfo=UTC)  # 13:40 in India
DEVICE = bytes.fromhex("0192f0c47d5e7a10b3c4d5e6f7081920")
INSPECTION_ID = "0192f0c4-7d5e-7a10-b3c4-d5e6f7080001"


def moment(minutes: float = 0) -> datetime:
    """The time `minutes` after the inspection was opened."""
    return datetime.fromtimestamp(AT.timestamp() + 60 * minutes, tz=UTC)


def part_id(number: int) -> str:
    """A well-formed id that is the same in every run."""
    return f"0192f0c4-7d5e-7a10-b3c4-{number:012x}"


def watchlist(**changes: Any) -> ListState:
    given = {
        "number": 22,
        "name": "WL-2026-11-22.2",
        "issued": datetime(2026, 11, 22, 2, 0, tzinfo=UTC),
        "entries": 48211,
    }
    return ListState(**(given | changes))


def officer(**changes: Any) -> Officer:
    given = {"name": "R. Nair", "role": "Drugs Inspector", "unit": "CDSCO West Zone"}
    return Officer(**(given | changes))


def consignment(**changes: Any) -> Consignment:
    given = {
        "id": part_id(1),
        "reference": "SB 4412907",
        "parties": (
            Party(
                role="exporter",
                name="Suryodaya Fine Chem Pvt Ltd",
                country="in",
                address="Plot 14, MIDC Taloja, Raigad 410208",
                identifiers=("IEC 0388123456",),
            ),
            Party(
                role="consignee",
                name="Yuanchang Chem Tradng",
                country="mx",
                address="Av. Hidalgo 88, Manzanillo",
            ),
        ),
        "goods": (
            GoodsLine(
                seq=1,
                description="Intermediate, not dangerous",
                gtin="08901234567894",
                cas="23056-29-3",
                hs="29333990",
                batch="KX-2291",
                expires=date(2028, 4, 30),
                packages=12,
                net_kg=300.0,
            ),
            GoodsLine(
                seq=2, description="Paracetamol 500 mg tablets", hs="30049099", packages=40, net_kg=820.5
            ),
        ),
        "documents": (
            Document(kind="shipping_bill", number="4412907", issuer="INNSA1", issued=date(2026, 11, 20)),
            Document(kind="export_noc", number="22/4410", issuer="CDSCO", valid_to=date(2026, 12, 31)),
        ),
        "containers": ("MSKU4829917",),
        "sscc": ("389012345678901236",),
    }
    return Consignment(**(given | changes))


def symbol(**changes: Any) -> Symbol:
    text = "010890123456789410KX-2291\x1d2100071"
    given = {"symbology": "DataMatrix", "aim": "]d2", "text": text, "hex": text.encode().hex(), "votes": 2}
    return Symbol(**(given | changes))


def identified(**changes: Any) -> Identified:
    given = {
        "kind": "gs1",
        "text": "(01)08901234567894(10)KX-2291(21)00071",
        "elements": (
            Element(ai="01", title="GTIN", value="08901234567894"),
            Element(ai="10", title="BATCH/LOT", value="KX-2291"),
            Element(ai="21", title="SERIAL", value="00071"),
        ),
        "identifiers": {"gtin": "08901234567894", "batch": "KX-2291", "serial": "00071"},
    }
    return Identified(**(given | changes))


def hit(**changes: Any) -> Hit:
    given = {
        "id": "hit-1",
        "subject": Subject(kind="party", name="Yuanchang Chem Tradng", role="consignee", countries=("mx",)),
        "entry": "WL-20418",
        "listed_name": "Yuan Chang Chemical Trading Co., Ltd.",
        "alias": True,
        "source": "ofac-sdn",
        "programme": "ILLICIT-DRUGS-EO14059",
        "listed_on": "2023-10-03",
        "score": 0.93,
        "band": "strong",
        "differs_query": (Span(15, 21),),
        "differs_listed": (Span(20, 27),),
    }
    return Hit(**(given | changes))


def adjudication(**changes: Any) -> Adjudication:
    given = {
        "hit": "hit-1",
        "verdict": "true",
        "reason": "Same address in Manzanillo as on the list",
        "by": "R. Nair",
        "at": moment(14).isoformat(),
    }
    return Adjudication(**(given | changes))


def substance(**changes: Any) -> SubstanceAnswer:
    given = {
        "subject": Subject(kind="goods", name="4-anilinopiperidine", role="goods line 1", cas="23056-29-3"),
        "action": "controlled",
        "substances": (
            SubstanceMatch(name="4-anilinopiperidine", cas="23056-29-3", lists=("UN-1988 Table I",)),
        ),
        "documents_required": ("cbn_noc",),
    }
    return SubstanceAnswer(**(given | changes))


def screening(**changes: Any) -> Screening:
    given = {"hits": (hit(),), "substances": (substance(),), "watchlist": watchlist(), "ms": 12.0}
    return Screening(**(given | changes))


def scan(number: int = 1, **changes: Any) -> Scan:
    """A scan with the verdict that its screening gives; pass `screening=Screening(...)` for another one."""
    found = changes.get("screening", screening())
    judged = changes.pop("adjudications", (adjudication(),))
    code = changes.pop("code", ())
    given = {
        "id": part_id(100 + number),
        "at": moment(5 + number),
        "source": "camera",
        "symbol": symbol(),
        "identified": identified(),
        "screening": found,
        "verdict": decide(
            found, adjudications=judged, code=code, max_list_age_hours=168.0, at=moment(5 + number)
        ),
        "goods_seq": 1,
    }
    return Scan(**(given | changes))


def clean_scan(number: int = 1, **changes: Any) -> Scan:
    """A scan with nothing found, serial numbers running."""
    serial = f"{number:05d}"
    given = {
        "screening": Screening(watchlist=watchlist()),
        "identified": identified(
            text=f"(01)08901234567894(10)KX-{2200 + number}(21){serial}",
            identifiers={"gtin": "08901234567894", "batch": f"KX-{2200 + number}", "serial": serial},
        ),
        "goods_seq": 2,
    }
    return scan(number, **(given | changes))


def finding(number: int = 1, **changes: Any) -> Finding:
    given = {
        "id": part_id(200 + number),
        "number": number,
        "at": moment(20 + number),
        "severity": "critical",
        "note": "Inner label names another substance than the declaration.",
        "evidence": (part_id(300 + number),),
    }
    return Finding(**(given | changes))


def photo(number: int = 1, size: tuple[int, int] = (320, 240), form: str = "JPEG") -> bytes:
    """A real picture: a grey field with a light label, different for each number."""
    picture = Image.new("RGB", size, (60 + 7 * number % 120, 90, 110))
    picture.paste((238, 236, 228), (size[0] // 5, size[1] // 4, size[0] * 4 // 5, size[1] * 3 // 4))
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()


def busy_photo(number: int, size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A picture with as much in it as a camera's: some 300 KiB as JPEG. The same for the same number."""
    coarse = np.random.default_rng(number).integers(0, 255, (size[1] // 10, size[0] // 10, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    picture.paste((238, 236, 228), (size[0] // 5, size[1] // 4, size[0] * 4 // 5, size[1] * 3 // 4))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def evidence(number: int = 1, content: bytes | None = None, **changes: Any) -> Evidence:
    raw = photo(number) if content is None else content
    given = {
        "id": part_id(300 + number),
        "at": moment(20 + number),
        "mime": "image/jpeg",
        "size": len(raw),
        "plain_sha256": canonical.sha256(raw),
        "sealed_sha256": canonical.sha256(b"sealed" + raw),
        "sealed_size": len(raw) + 200,
        "caption": f"Drum {number}, inner label",
        "original_name": f"IMG_{number:04d}.JPG",
    }
    return Evidence(**(given | changes))


def decision(**changes: Any) -> Decision:
    given = {
        "at": moment(40),
        "disposition": "hold",
        "reason": "Inner labels name a controlled precursor; no NOC of the Narcotics Commissioner.",
        "by": "R. Nair",
    }
    return Decision(**(given | changes))


def review(**changes: Any) -> Review:
    given = {
        "id": part_id(500),
        "record": "ab" * 32,
        "inspection": INSPECTION_ID,
        "revision": 1,
        "outcome": "returned",
        "by": "S. Deshmukh",
        "at": moment(300),
        "remarks": (Remark(text="Name the seal number in finding 1.", path="findings/1"),),
    }
    return Review(**(given | changes))


def inspection(**changes: Any) -> Inspection:
    """A draft; `state="sealed"` and so on as the test needs."""
    given = {
        "id": INSPECTION_ID,
        "number": "INS-2026-0412",
        "opened": AT,
        "site": "Nhava Sheva, CFS gate 3",
        "officer": officer(),
        "consignment": consignment(),
        "scans": (scan(1), clean_scan(2)),
        "adjudications": (adjudication(),),
        "findings": (finding(),),
        "evidence": (evidence(),),
        "decisions": (decision(),),
    }
    return Inspection(**(given | changes))


def record(**changes: Any) -> Record:
    """A sealed record. Pass `inspection=inspection(...)` to change what was inspected."""
    inspected = msgspec.structs.replace(changes.pop("inspection", inspection()), state="sealed")
    given = {
        "practice": inspected.practice,
        "software": "0.1.0",
        "inspection": inspected,
        "watchlist": watchlist(),
        "signature": Signature(name=inspected.officer.name, role=inspected.officer.role, at=moment(42)),
        "blobs": tuple(
            BlobRef(h=item.sealed_sha256, n=item.sealed_size, t=item.mime, c="photo")
            for item in inspected.evidence
        ),
    }
    return Record(**(given | changes))


def recipient(seed: int) -> str:
    """What an age recipient looks like; nobody holds its key."""
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    return "age1" + "".join(letters[byte % 32] for byte in np.random.default_rng(seed).bytes(58))


class Headquarters:
    """A headquarters with its keys in hand, for signing what a vault is given. The same keys in every run."""

    def __init__(self, *, practice: bool = False, seed: int = 1) -> None:
        self.practice = practice
        self.root = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.signing = Ed25519PrivateKey.from_private_bytes(bytes([seed + 100]) * 32)
        self.keys = enrolment.sign_keys(
            enrolment.HeadquartersKeys(
                headquarters="Zonal Headquarters Mumbai",
                practice=practice,
                signing=(public_hex(self.signing),),
                evidence_recipients=(recipient(seed),),
                recovery_recipients=(recipient(seed + 1),),
                issued=datetime(2026, 1, 5, tzinfo=UTC),
            ),
            self.root,
        )

    @property
    def root_hex(self) -> str:
        return public_hex(self.root)

    def certify(
        self, vault: Ed25519PrivateKey, device: bytes = DEVICE, **changes: Any
    ) -> enrolment.Statement:
        given = {
            "device": device.hex(),
            "public": public_hex(vault),
            "name": "R. Nair",
            "role": "Drugs Inspector",
            "unit": "CDSCO West Zone",
            "site": "Nhava Sheva",
            "practice": self.practice,
            "issued": datetime(2026, 11, 1, tzinfo=UTC),
            "lease_until": datetime(2027, 2, 1, tzinfo=UTC),
        }
        return enrolment.sign("certificate", enrolment.Certificate(**(given | changes)), self.signing)


def vault_key(seed: int = 50) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def public_hex(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def sealed(
    of: Record | None = None, key: Ed25519PrivateKey | None = None, head: ledger.Head | None = None
) -> ledger.Entry:
    """The signed ledger entry of a record, as number 412 of its chain unless `head` says otherwise."""
    before = head or ledger.Head(seq=411, id="5e" * 32)
    return ledger.append(before, records.KIND, DEVICE, records.payload(of or record()), key or vault_key())


def report_input(
    of: Record | None = None,
    *,
    headquarters: Headquarters | None = None,
    key: Ed25519PrivateKey | None = None,
    photos: dict[str, bytes] | None = None,
    **changes: Any,
) -> ReportInput:
    """What the vault gathers for a report of `of`; by default one photo, certified by a headquarters."""
    wanted, vault = of or record(), key or vault_key()
    certificate = (headquarters or Headquarters(practice=wanted.practice)).certify(vault)
    entry = sealed(wanted, vault)
    given = {
        "record": entry.payload,
        "entry": entry,
        "certificate": certificate,
        "keys": (headquarters or Headquarters(practice=wanted.practice)).keys,
        "photos": {part_id(301): photo(1)} if photos is None else photos,
        "paper_code": paper_code(
            facts_of(wanted, entry), vault.public_key().public_bytes_raw(), vault.sign, certificate
        ),
    }
    return ReportInput(**(given | changes))


def signing(given: ReportInput, which: int = 0) -> ReportInput:
    """The same with a certificate to sign the file, for the key of `papers.paper_key()`."""
    vault, headquarters = vault_key(), Headquarters(practice=b'"practice":true' in given.record)
    bare = canonical.decode(headquarters.certify(vault).payload, enrolment.Certificate)
    held, x509 = papers.certified(bare, papers.paper_key().public, which)
    certificate = enrolment.sign("certificate", held, headquarters.signing)
    facts = facts_of(records.read(given.record), given.entry)
    code = paper_code(facts, vault.public_key().public_bytes_raw(), vault.sign, certificate)
    return msgspec.structs.replace(given, certificate=certificate, paper_code=code, x509=x509)


def signed_pdf(given: ReportInput, language: Language = "en", copy: Copy = "full") -> bytes:
    """The signed file of a report whose input holds certificates, by press and vault in turn."""
    at = records.read(given.record).signature.at
    prepared = signature.prepare(render(given, language, copy), given.x509, at)
    return signature.bind(prepared, given.x509, papers.paper_key().sign(prepared.attributes))


def long_inspection(scans: int = 60, photos: int = 10, size: tuple[int, int] = (1600, 1200)) -> ReportInput:
    """A full report: sixty scans, ten photos, three findings."""
    pictures = {part_id(300 + n): busy_photo(n, size) for n in range(1, photos + 1)}
    files = tuple(evidence(n, pictures[part_id(300 + n)]) for n in range(1, photos + 1))
    rows = tuple(scan(n) if n % 20 == 7 else clean_scan(n) for n in range(1, scans + 1))
    found = tuple(finding(n, evidence=(part_id(300 + n),)) for n in range(1, 4))
    of = record(inspection=inspection(scans=rows, evidence=files, findings=found))
    return report_input(of, photos=pictures)


def marked(of: Record, mark: Callable[[int], str] = "mark{:04d}end".format) -> tuple[Record, dict[str, str]]:
    """Put a mark of its own into every free text of a record; return it and the marks by their place."""
    tree = msgspec.json.decode(records.payload(of))
    marks: dict[str, str] = {}

    def visit(node: Any, path: str) -> None:
        for key, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
            place = f"{path}.{key}".removeprefix(".")
            if isinstance(value, dict | list):
                visit(value, place)
            elif isinstance(value, str):
                node[key] = mark(len(marks))
                try:
                    msgspec.convert(tree, Record)
                    marks[place] = node[key]
                except msgspec.ValidationError:  # not free: a time, a verdict, a kind
                    node[key] = value

    visit(tree, "")
    return msgspec.convert(tree, Record), marks
