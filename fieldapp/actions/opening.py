"""Opening an inspection of a consignment, and finding the ones there are."""

from datetime import datetime

import msgspec

from fieldapp import canonical, ids
from fieldapp.consignment.consignment import Consignment
from fieldapp.errors import InspectorError
from fieldapp.inspection.disposition import Disposition
from fieldapp.inspection.inspection import Inspection, State, effective_disposition, standing_verdict
from fieldapp.screening.verdict import Word
from fieldapp.vault.vault import Tx, Vault


class ConsignmentUnreadable(InspectorError):
    """The file is not a consignment."""

    code = "consignment-unreadable"


class ConsignmentKnown(InspectorError):
    """This consignment is here already, waiting or inspected."""

    code = "consignment-known"


class ListInspections(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for the newest revision of each inspection, filtered by number or reference."""

    text: str = ""


class InspectionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One inspection in a list. `transport` is local, queued, acknowledged or refused."""

    id: str
    number: str
    revision: int
    state: State
    transport: str
    practice: bool
    site: str
    reference: str
    consignee: str
    verdict: Word
    disposition: Disposition | None
    scans: int
    opened: datetime
    remarks: int


class Worklist(msgspec.Struct, frozen=True, kw_only=True):
    """Inspections, latest first."""

    rows: tuple[InspectionRow, ...]


class ListConsignments(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for the consignments that wait."""


class Consignments(msgspec.Struct, frozen=True, kw_only=True):
    """Consignments nobody has taken up, oldest first."""

    rows: tuple[Consignment, ...]


class TakeInConsignment(msgspec.Struct, frozen=True, kw_only=True):
    """Take in a consignment from a file: the JSON of `Consignment`."""

    raw: bytes


class OpenInspection(msgspec.Struct, frozen=True, kw_only=True):
    """Begin to inspect."""

    consignment: Consignment


class GetInspection(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for one revision; 0 is the newest."""

    id: str
    revision: int = 0


def list_inspections(vault: Vault, command: ListInspections) -> Worklist:
    """Return the inspections as rows."""
    with vault.reading() as tx:
        transport = {(row.inspection, row.revision): row.state for row in tx.outbox.rows()}
        found = tx.inspections.newest(command.text)
    return Worklist(
        rows=tuple(_row(item, transport.get((item.id, item.revision), "local")) for item in found)
    )


def _row(item: Inspection, transport: str) -> InspectionRow:
    parties = {party.role: party.name for party in item.consignment.parties}
    return InspectionRow(
        id=item.id,
        number=item.number,
        revision=item.revision,
        state=item.state,
        transport=transport,
        practice=item.practice,
        site=item.site,
        reference=item.consignment.reference,
        consignee=parties.get("consignee") or parties.get("importer") or "",
        verdict=standing_verdict(item),
        disposition=effective_disposition(item),
        scans=len(item.scans),
        opened=item.opened,
        remarks=sum(len(review.remarks) for review in item.reviews if review.outcome == "returned"),
    )


def list_consignments(vault: Vault, _command: ListConsignments) -> Consignments:
    """Return the consignments that wait."""
    with vault.reading() as tx:
        return Consignments(rows=tx.inspections.waiting())


def take_in_consignment(vault: Vault, command: TakeInConsignment) -> Consignment:
    """Read and keep a consignment; one taken in before is refused and stays as it is."""
    try:
        consignment = canonical.decode(command.raw, Consignment)
    except msgspec.DecodeError as error:
        raise ConsignmentUnreadable(detail=str(error)[:200]) from None
    if len({line.seq for line in consignment.goods}) < len(consignment.goods):
        raise ConsignmentUnreadable(detail="two goods lines bear one number")
    with vault.transaction() as tx:
        if tx.inspections.knows_consignment(consignment.id):
            raise ConsignmentKnown(reference=consignment.reference)
        tx.inspections.put_consignment(consignment, tx.now)
        tx.journal.note("consignment-taken-in", tx.now, consignment=consignment.id)
    return consignment


def open_inspection(vault: Vault, command: OpenInspection) -> Inspection:
    """Begin an inspection. A vault that no headquarters knows opens none: nobody could read its evidence."""
    with vault.transaction() as tx:
        enrolled = tx.require_enrolment()
        tx.require_newest()
        tx.inspections.put_consignment(command.consignment, tx.now)
        inspection = Inspection(
            id=ids.uuid7(vault.clock()),
            number=_number(vault, tx, practice=enrolled.certificate.practice),
            practice=enrolled.certificate.practice,
            opened=datetime.fromisoformat(tx.now),
            site=enrolled.certificate.site,
            officer=tx.officer(),
            consignment=command.consignment,
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
    """Return one revision."""
    with vault.reading() as tx:
        return tx.inspections.get(command.id, command.revision)
