"""Whether a label belongs to the consignment it was scanned in.

Promises: only what both sides say is compared: a consignment that declares no numbers of a kind refuses
none, and a code that was not read for certain speaks against nothing. A product's GTIN is the same product on
every level of packing (GS1 General Specifications, indicator digit). Returns reasons, and decides nothing: a
label of another consignment may be a stray, or the goods are not what the papers say.
"""

from collections.abc import Iterable

from fieldapp.consignment.consignment import Consignment, line_for
from fieldapp.identifiers.identified import Identified
from fieldapp.inspection.scan import Scan
from fieldapp.screening.hit import Reason

# What only the label says, not the goods: a stray label may be withdrawn with the reason.
_STRAY = frozenset({"label-not-declared"})


def strange(identified: Identified, consignment: Consignment) -> tuple[Reason, ...]:
    """Return what on a label is not what the consignment declares."""
    named = identified.identifiers
    if identified.confidence == "inferred" or identified.issues:
        return ()
    declared = {
        "gtin": [_product(line.gtin) for line in consignment.goods],
        "cas": [line.cas for line in consignment.goods],
        "container": list(consignment.containers),
        "sscc": list(consignment.sscc),
    }
    found = []
    for kind, values in declared.items():
        said = named.get(kind, "")
        held = {_plain(value) for value in values}
        # A line that does not say its number may be the one the label is of.
        if said and held and all(held) and _plain(_product(said) if kind == "gtin" else said) not in held:
            found.append(Reason("label-not-declared", {"role": kind, "number": said}))
    return (*found, *_of_the_line(named, consignment))


def of_the_code(scan: Scan) -> bool:
    """Say whether all that speaks against the scan lies in the code: as it was typed, or whose it is."""
    return all(
        line.reason.code in _STRAY
        or (
            line.word == "cannot_check"
            and (
                line.part == "code"
                or scan.identified.text in (line.reason.facts.get("text"), line.reason.facts.get("of"))
            )
        )
        for line in scan.verdict.lines
        if line.word != "no_match"
    )


def _of_the_line(named: dict[str, str], consignment: Consignment) -> Iterable[Reason]:
    """Hold batch and last day against the line of the same product; several lines are several batches."""
    gtin = named.get("gtin", "")
    lines = [line for line in consignment.goods if gtin and _product(line.gtin) == _product(gtin)]
    batches = {_plain(line.batch): line.batch for line in lines if line.batch}
    batch = named.get("batch", "")
    if batch and batches and len(batches) == len(lines) and _plain(batch) not in batches:
        told = ", ".join(batches.values())
        yield Reason("batch-not-declared", {"number": batch, "declared": told})
    line = line_for(consignment, gtin, batch)
    expiry = named.get("expiry", "")
    if line is not None and line.expires is not None and len(expiry) == 10 and batch and line.batch:
        same_batch = _plain(batch) == _plain(line.batch)
        if same_batch and expiry != line.expires.isoformat():
            yield Reason("expiry-not-declared", {"number": expiry, "declared": line.expires.isoformat()})


def _product(gtin: str) -> str:
    """Return the digits of a GTIN-14 that name the product: without the packing's and the check digit."""
    return gtin[1:13] if len(gtin) == 14 and gtin.isdigit() else gtin


def _plain(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
