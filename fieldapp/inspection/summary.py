"""An inspection in a few words: what a list shows of it, and by which words it is found again."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from fieldapp.consignment.assignment import Lane
from fieldapp.inspection.disposition import Disposition
from fieldapp.inspection.hold import standing
from fieldapp.inspection.inspection import Inspection, State, effective_disposition, standing_verdict
from fieldapp.screening.verdict import Word

MOST_WORDS = 4000  # of one inspection; what comes after is found by number and reference only
LONGEST = 50_000  # characters
# Parts of which every text is looked through; the others are in a fixed order before them.
_REST = (
    "found", "present", "holds", "field_tests", "custody", "addenda", "answered", "adjudications", "reviews",
    "evidence", "deadlines",
)  # fmt: skip
_UNREMEMBERED = frozenset(
    {"id", "hit", "record", "inspection", "plain_sha256", "sealed_sha256", "mime", "signature", "second",
     "countersigned", "evidence", "derived_from"}
)  # fmt: skip
_ACCENTS = "\u036f"  # the last of the combining marks of European scripts


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a list. `remarks` are those of headquarters' returns.

    `lane` and `due` are those of the order to inspect, `due` only until the inspection is sealed; `clock` is
    when the first clock of the law runs out that nothing has satisfied; `holds` counts open ones; `second`
    says that a decision waits for a second officer.
    """

    id: str
    number: str
    revision: int
    state: State
    practice: bool
    site: str
    reference: str
    consignee: str
    verdict: Word
    disposition: Disposition | None
    scans: int
    opened: datetime
    remarks: int
    lane: Lane | None = None
    due: datetime | None = None
    clock: datetime | None = None
    holds: int = 0
    samples: int = 0
    second: bool = False
    earlier: bool = False  # made on an earlier laptop of this officer: to read


def summarise(inspection: Inspection) -> Summary:
    """Return what a list shows."""
    parties = {party.role: party.name for party in inspection.consignment.parties}
    returned = (review for review in inspection.reviews if review.outcome == "returned")
    order = inspection.consignment.assignment
    clocks = [one.due for one in inspection.deadlines if one.satisfied_at is None]
    return Summary(
        id=inspection.id,
        number=inspection.number,
        revision=inspection.revision,
        state=inspection.state,
        practice=inspection.practice,
        site=inspection.site,
        reference=inspection.consignment.reference,
        consignee=parties.get("consignee") or parties.get("importer") or "",
        verdict=standing_verdict(inspection),
        disposition=effective_disposition(inspection),
        scans=len(inspection.scans),
        opened=inspection.opened,
        remarks=sum(len(review.remarks) for review in returned),
        lane=order.lane if order else None,
        due=order.due if order and inspection.state == "draft" else None,
        clock=min(clocks, default=None),
        holds=len(standing(inspection.holds)),
        samples=len(inspection.samples),
        second=any(one.needs_second for one in {each.line: each for each in inspection.decisions}.values()),
    )


def words(inspection: Inspection) -> str:
    """Return the words of every field that a person may remember an inspection by, folded."""
    declared = inspection.consignment
    texts: list[str] = [
        inspection.number, declared.reference, inspection.site, inspection.place, inspection.officer.name,
        inspection.state, *declared.containers, *declared.sscc,
        *(text for party in declared.parties for text in (party.name, party.address, *party.identifiers)),
        *(
            text
            for line in declared.goods
            for text in (line.description, line.cas, line.hs, line.gtin, line.batch)
        ),
        *(text for paper in declared.documents for text in (paper.kind, paper.number, paper.issuer)),
        *(scan.symbol.text for scan in inspection.scans),
        *(value for scan in inspection.scans for value in scan.identified.identifiers.values()),
        *(hit.listed_name for scan in inspection.scans for hit in scan.screening.hits),
        *(finding.note for finding in inspection.findings),
        *(decision.reason for decision in inspection.decisions),
        *(text for sample in inspection.samples for text in (sample.number, sample.seal)),
        *(text for part in _REST for text in _texts(getattr(inspection, part))),
    ]  # fmt: skip
    return " ".join(dict.fromkeys(folded(" ".join(texts))[:MOST_WORDS]))


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - any part of an inspection
    """Yield every text of a part, but for ids, hashes and signatures, which nobody remembers."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            if name not in _UNREMEMBERED:
                yield from _texts(getattr(value, name))


def folded(text: str) -> list[str]:
    """Return the words of `text` without case and Latin marks, as they are kept and looked for."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text[:LONGEST]).casefold())
    return "".join(_kept(sign) for sign in plain).split()


def _kept(sign: str) -> str:
    """Letters, digits and the vowel signs of Indian scripts stay; accents go; all else parts words."""
    if sign.isalnum():
        return sign
    if unicodedata.category(sign)[0] == "M":
        return sign if sign > _ACCENTS else ""
    return " "
