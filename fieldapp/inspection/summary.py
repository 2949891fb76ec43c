"""An inspection in a few words: what a list shows of it, and by which words it is found again."""

import unicodedata
from datetime import datetime

import msgspec

from fieldapp.inspection.disposition import Disposition
from fieldapp.inspection.inspection import Inspection, State, effective_disposition, standing_verdict
from fieldapp.screening.verdict import Word

MOST_WORDS = 4000  # of one inspection; what comes after is found by number and reference only
LONGEST = 50_000  # characters
_ACCENTS = "\u036f"  # the last of the combining marks of European scripts


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a list. `remarks` are those of headquarters' returns."""

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


def summarise(inspection: Inspection) -> Summary:
    """Return what a list shows."""
    parties = {party.role: party.name for party in inspection.consignment.parties}
    returned = (review for review in inspection.reviews if review.outcome == "returned")
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
        *(statement.value for statement in inspection.found),
        *(person.name for person in inspection.present),
    ]  # fmt: skip
    return " ".join(dict.fromkeys(folded(" ".join(texts))[:MOST_WORDS]))


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
