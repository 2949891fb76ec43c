"""Opening an inspection of a consignment, and finding the ones there are."""

from datetime import datetime
from typing import Annotated

import msgspec

from fieldapp import canonical, ids
from fieldapp.actions import inheriting
from fieldapp.consignment import advice
from fieldapp.consignment.assignment import urgency
from fieldapp.consignment.consignment import Consignment
from fieldapp.errors import InspectorError
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.summary import Summary
from fieldapp.inspection.wanted import Wanted
from fieldapp.vault.listed import COUNTED
from fieldapp.vault.vault import Tx, Vault

PAGE = 100  # rows of a list at a time


class ConsignmentUnreadable(InspectorError):
    """The file is not a consignment."""

    code = "consignment-unreadable"


class ConsignmentKnown(InspectorError):
    """This consignment is here already, waiting or inspected."""

    code = "consignment-known"


class ListInspections(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for the newest revision of each inspection that holds words beginning with those of `text`.

    Only what is `wanted`, in its order; `offset` rows of them were shown before.
    """

    text: Annotated[str, msgspec.Meta(max_length=500)] = ""
    wanted: Wanted = Wanted()
    offset: Annotated[int, msgspec.Meta(ge=0)] = 0


class InspectionRow(Summary, frozen=True, kw_only=True):
    """One inspection in a list. `transport` is local, queued, acknowledged or refused."""

    transport: str


class Worklist(msgspec.Struct, frozen=True, kw_only=True):
    """Inspections in the order asked for, and whether there are more behind them.

    `offset` is that of the first; `count` how many there are in all, told with the first page; `counted` is
    where counting stops.
    """

    rows: tuple[InspectionRow, ...]
    more: bool = False
    offset: int = 0
    count: int = 0
    counted: int = COUNTED


class ListConsignments(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for the consignments that wait."""


class Consignments(msgspec.Struct, frozen=True, kw_only=True):
    """Consignments nobody has taken up, the most urgent first."""

    rows: tuple[Consignment, ...]


class TakeInConsignment(msgspec.Struct, frozen=True, kw_only=True):
    """Take in a consignment from a file: the JSON of `Consignment`, EPCIS 2.0, or CSV."""

    raw: bytes


class OpenInspection(msgspec.Struct, frozen=True, kw_only=True):
    """Begin to inspect."""

    consignment: Consignment


class GetInspection(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for one revision; 0 is the newest."""

    id: str
    revision: int = 0


def list_inspections(vault: Vault, command: ListInspections) -> Worklist:
    """Return a page of inspections."""
    if not vault.list_filled:
        _fill_list(vault)
    with vault.reading() as tx:
        now, listed = datetime.fromisoformat(tx.now), tx.inspections.listed
        found = listed.page(command.text, command.wanted, now, PAGE + 1, command.offset)
        count = len(found)
        if count > PAGE and not command.offset:
            count = listed.count(command.text, command.wanted, now)
        transport = tx.outbox.states((item.id, item.revision) for item in found)
    rows = (
        InspectionRow(
            **msgspec.structs.asdict(item), transport=transport.get((item.id, item.revision), "local")
        )
        for item in found[:PAGE]
    )
    return Worklist(rows=tuple(rows), more=len(found) > PAGE, offset=command.offset, count=count)


def _fill_list(vault: Vault) -> None:
    """Work out rows that an older program, or a salvage, left out; some at a time."""
    with vault.reading() as tx:
        missing = tx.inspections.listed.missing()
    if missing and not vault.damage:
        with vault.transaction() as tx:
            for name in missing:
                tx.inspections.listed.put(tx.inspections.get(name))
    inheriting.fill_list(vault)
    vault.list_filled = not missing


def list_consignments(vault: Vault, _command: ListConsignments) -> Consignments:
    """Return the consignments that wait, the most urgent first."""
    with vault.reading() as tx:
        now = datetime.fromisoformat(tx.now)
        waiting = tx.inspections.waiting()
    return Consignments(rows=tuple(sorted(waiting, key=lambda held: urgency(held.assignment, now))))


def take_in_consignment(vault: Vault, command: TakeInConsignment) -> Consignment:
    """Read and keep a consignment; one taken in before is refused and stays as it is."""
    consignment = _read(command.raw, ids.uuid7(vault.clock()))
    if len({line.seq for line in consignment.goods}) < len(consignment.goods):
        raise ConsignmentUnreadable(detail="two goods lines bear one number")
    with vault.transaction() as tx:
        if tx.inspections.knows_consignment(consignment.id):
            raise ConsignmentKnown(reference=consignment.reference)
        tx.inspections.put_consignment(consignment, tx.now)
        tx.journal.note("consignment-taken-in", tx.now, consignment=consignment.id)
    return consignment


def _read(raw: bytes, fresh_id: str) -> Consignment:
    """Read our own form, or a partner's pre-advice (EPCIS 2.0 or CSV)."""
    if not raw.lstrip().startswith(b"{") or b'"EPCISDocument"' in raw[:100_000]:
        return advice.read(raw, fresh_id).consignment
    try:
        return canonical.decode(raw, Consignment)
    except msgspec.DecodeError as error:
        raise ConsignmentUnreadable(detail=str(error)[:200]) from None


def _with_known_use(tx: Tx, consignment: Consignment) -> Consignment:
    """Raise what a paper says was used of it to what releases here have taken, if that is more."""
    papers = []
    for paper in consignment.documents:
        used = tx.sanctions.used(paper.kind, paper.number, consignment.id)
        more = paper.quantity_kg is not None and used > (paper.used_kg or 0.0)
        papers.append(msgspec.structs.replace(paper, used_kg=used) if more else paper)
    return msgspec.structs.replace(consignment, documents=tuple(papers))


def open_inspection(vault: Vault, command: OpenInspection) -> Inspection:
    """Begin an inspection. A vault that no headquarters knows opens none: nobody could read its evidence."""
    with vault.transaction() as tx:
        enrolled = tx.require_enrolment()
        tx.require_newest()
        tx.inspections.put_consignment(command.consignment, tx.now)
        declared = _with_known_use(tx, command.consignment)
        inspection = Inspection(
            id=ids.uuid7(vault.clock()),
            number=_number(vault, tx, practice=enrolled.certificate.practice),
            practice=enrolled.certificate.practice,
            opened=datetime.fromisoformat(tx.now),
            site=enrolled.certificate.site,
            officer=tx.officer(),
            consignment=declared,
        )
        tx.inspections.put(inspection)
        tx.inspections.begin(command.consignment, inspection.id)
        tx.journal.note("inspection-opened", tx.now, inspection=inspection.id, number=inspection.number)
    return inspection


def _number(vault: Vault, tx: Tx, *, practice: bool) -> str:
    """Return a number people can say: realm, year, the laptop's mark, a count."""
    mark = vault.device.hex()[-4:].upper()  # the random end of a UUIDv7; its beginning is the date
    realm = "PRACTICE" if practice else "INS"
    return f"{realm}-{vault.clock().year}-{mark}-{tx.inspections.count() + 1:04d}"


def get_inspection(vault: Vault, command: GetInspection) -> Inspection:
    """Return one revision. That its hits were seen is a line of the ledger, once while the vault is open."""
    with vault.reading() as tx:
        found = inheriting.find(tx, command.id, command.revision)
    hits = sorted({hit.id for scan in found.scans for hit in scan.screening.hits})
    if hits:
        seen = canonical.sha256(" ".join(hits).encode())
        vault.note_view(
            "hits-viewed", found.id, seen, inspection=found.id, revision=found.revision, hits=len(hits)
        )
    return found
