"""A record in which every part of an inspection has something in it."""

from datetime import timedelta
from decimal import Decimal

import msgspec

from fieldapp.consignment.document import Document
from fieldapp.consignment.statement import Statement
from fieldapp.inspection import custody, deadline
from fieldapp.inspection.addendum import Addendum
from fieldapp.inspection.answer import Answer
from fieldapp.inspection.checklist import shipped
from fieldapp.inspection.disposition import Decision
from fieldapp.inspection.fieldtest import FieldTest
from fieldapp.inspection.hold import Hold
from fieldapp.inspection.presence import Presence
from fieldapp.inspection.procedure import profile
from fieldapp.inspection.record import Record
from fieldapp.inspection.sample import Draw, draw
from tests.support.records import AT, moment, part_id, record


def full() -> Record:
    """A record in which every part of an inspection has something in it."""
    held = record()
    before = held.inspection
    rules = profile("ndps-2022")
    order = Draw(
        package="3",
        net_g=Decimal("5.2"),
        gross_g=Decimal("7.1"),
        seal="SEAL-77",
        duplicate_net_g=Decimal("5.1"),
        duplicate_gross_g=Decimal("7.0"),
        duplicate_seal="SEAL-78",
    )
    samples = draw((), order, rules, inspection=before.number, at=AT, ids=(part_id(71), part_id(72)))
    step = custody.Step(
        id=part_id(73),
        exhibit=samples[0].number,
        seq=0,
        action="hand_over",
        at=moment(20),
        place="Store",
        giver=before.officer.name,
        taker="S. Rao",
        gross_in_g=Decimal("7.1"),
        seal_in="SEAL-77",
        gross_out_g=Decimal("7.1"),
        seal_out="SEAL-77",
        receipt="R-1",
    )
    paper = Document(
        kind="packing_list",
        number="PL-1",
        says=(Statement(field="gross", value="30 kg"), Statement(field="consignee", value="Yuanchang rival")),
    )
    inspection = msgspec.structs.replace(
        before,
        consignment=msgspec.structs.replace(
            before.consignment, documents=(*before.consignment.documents, paper)
        ),
        place="Gate three",
        checklist=shipped("courier-parcel"),
        answered=(
            Answer(question="weight", value="850", unit="GRM", at=AT),
            Answer(question="opened", value="no", at=AT),
            Answer(question="matches", value="no", at=AT),
        ),
        found=(Statement(field="gross", value="27.4 kg", uncertainty="0.1 kg"),),
        field_tests=(
            FieldTest(
                id=part_id(74),
                at=AT,
                day=AT.date(),
                kind="colour",
                shown="match",
                operator="R. Nair",
                kit_lot="K-1",
                kit_expires=AT.date() - timedelta(days=1),
            ),
        ),
        procedure="ndps-2022",
        samples=samples,
        custody=custody.follow((), step, samples[0], rules, before.officer.name),
        holds=(Hold(id=part_id(75), at=AT, authority="Customs", by="R. Nair", reason="papers differ"),),
        decisions=(*before.decisions, Decision(at=AT, disposition="hold", reason="x", by="R. Nair", line=1)),
        deadlines=deadline.start((), rules, "seized", AT),
        present=(
            Presence(
                id=part_id(76), at=AT, role="witness", name="A. Desai", outcome="refused", reason="in a hurry"
            ),
        ),
        addenda=(
            Addendum(
                id=part_id(77),
                at=AT,
                kind="laboratory_result",
                text="4-ANPP identified",
                issuer="CRCL-9",
                exhibit=samples[0].number,
            ),
        ),
    )
    return msgspec.structs.replace(held, inspection=inspection)
