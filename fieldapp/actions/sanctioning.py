"""The ledger of papers that sanction an amount: what is left of each that a consignment names."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from fieldapp.consignment.document import Document
from fieldapp.consignment.sanction import Balance, balance
from fieldapp.inspection import disposition
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.wanted import Wanted
from fieldapp.screening.papers import paper_states
from fieldapp.screening.verdict import PaperState, standing_answers
from fieldapp.vault.vault import Tx, Vault

MOST_DRAFTS = 500  # inspections looked through that name one paper


class ShowBalances(msgspec.Struct, frozen=True, kw_only=True):
    """Ask how the papers of an inspection stand that sanction an amount, or that its goods ask for."""

    inspection: str
    revision: int = 0


class Balances(msgspec.Struct, frozen=True, kw_only=True):
    """The balances, and the papers asked for that do not do: missing, expired, exhausted, wrong authority."""

    inspection: str
    rows: tuple[Balance, ...]
    lacking: tuple[PaperState, ...] = ()


def show_balances(vault: Vault, command: ShowBalances) -> Balances:
    """Return the balances; what other drafts would take of the same papers counts as reserved."""
    with vault.reading() as tx:
        found = tx.inspections.get(command.inspection, command.revision)
        today = datetime.fromisoformat(tx.now).astimezone().date()
        asked = kilograms(found)
        rows = [
            balance(
                paper,
                used_kg=tx.sanctions.used(paper.kind, paper.number, found.consignment.id),
                reserved_kg=sum(_reserved(tx, found, paper)),
                asked_kg=asked,
                on=today,
            )
            for paper in found.consignment.documents
        ]
    answers = standing_answers(
        (answer for scan in found.scans if not scan.withdrawn for answer in scan.screening.substances),
        found.adjudications,
    )
    states = paper_states(found.consignment, answers, today)
    return Balances(
        inspection=found.id,
        rows=tuple(row for row in rows if row is not None),
        lacking=tuple(state for state in states if state.state != "ok"),
    )


def kilograms(inspection: Inspection) -> float | None:
    """Return the net weight of the goods lines that are not seized; None where one is not known."""
    weights = [
        line.net_kg
        for line in inspection.consignment.goods
        if disposition.effective(inspection.decisions, line.seq) != "seize"
    ]
    return None if None in weights else sum(weight or 0.0 for weight in weights)


def released_kg(inspection: Inspection) -> float | None:
    """Return the net weight of the lines that are released; None where one of them is not known."""
    weights = [
        line.net_kg
        for line in inspection.consignment.goods
        if disposition.effective(inspection.decisions, line.seq) == "release"
    ]
    return None if None in weights else sum(weight or 0.0 for weight in weights)


def _reserved(tx: Tx, own: Inspection, paper: Document) -> Iterator[float]:
    """Yield what each other draft would take of `paper`; what counts as used is not counted again."""
    if paper.quantity_kg is None:
        return
    wanted = (paper.kind, paper.number.strip().casefold())
    seen = {own.consignment.id}
    drafts = Wanted(state="draft")
    now = datetime.fromisoformat(tx.now)
    for row in tx.inspections.listed.page(paper.number, drafts, now, MOST_DRAFTS):
        if row.id == own.id or row.revision > 1:
            continue  # an earlier revision was sealed, and counts as used
        other = tx.inspections.get(row.id)
        named = {(each.kind, each.number.strip().casefold()) for each in other.consignment.documents}
        if wanted in named and other.consignment.id not in seen:
            seen.add(other.consignment.id)
            yield kilograms(other) or 0.0
