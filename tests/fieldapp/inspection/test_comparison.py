"""Papers against each other."""

from typing import Any

import msgspec
import pytest

from fieldapp.consignment.document import Document, Kind
from fieldapp.consignment.goods import GoodsLine
from fieldapp.consignment.statement import Field, Statement
from fieldapp.inspection.comparison import Row, by_source, compare_papers, disagreements
from fieldapp.inspection.scan import Scan
from tests.support.records import AT, consignment, scan

TODAY = AT.date()


def paper(kind: Kind, *, line: int | None = None, **says: str) -> Document:
    return Document(
        kind=kind,
        number=f"{kind}-1",
        says=tuple(Statement(field=name, value=value, line=line) for name, value in says.items()),  # type: ignore[arg-type]
    )


def matrix(*papers: Document, **changes: Any) -> dict[tuple[str, int | None], Row]:
    given = {"parties": (), "goods": (), "containers": (), "documents": papers}
    held = consignment(**(given | changes))
    return {(row.field, row.line): row for row in compare_papers(held, today=TODAY)}


@pytest.mark.parametrize(
    ("field", "one", "other", "standing", "why"),
    [
        ("net", "25.0 kg", "25,000 g", "agree", ""),
        ("net", "25 kg", "250 kg", "differ", "amount"),
        ("net", "25 kg", "25 ltr", "unreadable", "other-dimension"),
        ("net", "25", "25 kg", "unreadable", "not-an-amount"),
        ("hs", "2933.39", "29333990", "agree", ""),
        ("hs", "2933.39", "2933.37", "differ", "subheading"),
        ("hs", "2933.39", "3004.90", "differ", "heading"),
        ("expires", "31/03/2029", "2029-03-31", "agree", ""),
        ("expires", "03/2029", "2029-03-31", "agree", ""),
        ("expires", "31/03/2029", "2029-04-30", "differ", "day"),
        ("batch", "AB-12", "ab 12", "agree", ""),
        ("batch", "AB-12", "AB-13", "differ", "text"),
        ("packages", "1,000", "1000", "agree", ""),
        ("packages", "10", "11", "differ", "number"),
        ("consignee", "Kerala Fine Chemicals Pvt Ltd", "KERALA FINE CHEMICALS PRIVATE LIMITED", "agree", ""),
        ("consignee", "Kerala Fine Chemicals Pvt Ltd", "Baltic Paper OU", "differ", "name"),
    ],
)
def test_two_papers_are_compared(field: Field, one: str, other: str, standing: str, why: str) -> None:
    row = matrix(paper("invoice", **{field: one}), paper("packing_list", **{field: other}))[field, None]
    assert (row.standing, row.why) == (standing, why)


def test_a_field_that_one_paper_names_stands_alone() -> None:
    row = matrix(paper("invoice", tare="2 kg"))["tare", None]
    assert row.standing == "alone"
    assert disagreements([row]) == ()


def test_the_worst_of_three_papers_stands_for_the_row() -> None:
    row = matrix(paper("invoice", net="25 kg"), paper("packing_list", net="25 kg"), paper("coa", net="30 kg"))
    assert row["net", None].standing == "differ"
    assert len(row["net", None].cells) == 3


def test_gross_is_held_against_net_and_tare() -> None:
    sound = matrix(paper("packing_list", gross="27 kg", net="25 kg", tare="2 kg"))
    assert sound["balance", None].standing == "agree"
    wrong = matrix(paper("packing_list", gross="30 kg", net="25 kg", tare="2 kg"))
    assert (wrong["balance", None].standing, wrong["balance", None].why) == ("differ", "gross-net-tare")


def test_containers_are_compared_as_sets_and_by_their_check_digit() -> None:
    first, second = "CSQU3054383", "MSKU6011672"
    row = matrix(paper("bill_of_lading", container=first), containers=(first,))["container", None]
    assert row.standing == "agree"
    row = matrix(paper("bill_of_lading", container=first), containers=(first, second))["container", None]
    assert row.why == "not-the-same-set"
    row = matrix(paper("bill_of_lading", container="CSQU3054384"), containers=(first,))["container", None]
    assert row.why == "container-check-digit"


def test_declared_lines_are_held_against_papers_and_labels() -> None:
    held = consignment()
    line = held.goods[0]
    coa = paper("coa", line=line.seq, batch="OTHER-1")
    one = scan()
    label = msgspec.structs.replace(
        one,
        goods_seq=line.seq,
        identified=msgspec.structs.replace(one.identified, identifiers={"batch": line.batch or "X"}),
    )
    rows = compare_papers(
        msgspec.structs.replace(held, documents=(*held.documents, coa)), (label,), today=TODAY
    )
    row = next(row for row in rows if (row.field, row.line) == ("batch", line.seq))
    assert row.standing == "differ"
    assert {cell.source for cell in row.cells} >= {"coa", "label"}


def test_what_was_guessed_from_a_code_is_no_witness() -> None:
    one = scan()
    guessed = msgspec.structs.replace(
        one,
        goods_seq=1,
        identified=msgspec.structs.replace(one.identified, identifiers={"batch": "Q"}, confidence="inferred"),
    )
    rows = compare_papers(consignment(), (guessed,), today=TODAY)
    assert not any(cell.source == "label" for row in rows for cell in row.cells)


def test_what_was_found_is_a_source_of_its_own() -> None:
    rows = compare_papers(
        consignment(documents=(paper("bill_of_lading", seal="S-1"),)),
        found=(Statement(field="seal", value="S-2"),),
        today=TODAY,
    )
    row = next(row for row in rows if row.field == "seal")
    assert row.standing == "differ"


def test_many_labels_of_one_line_are_one_source() -> None:
    one = scan()

    def label(batch: str) -> Scan:
        read = msgspec.structs.replace(one.identified, identifiers={"batch": batch})
        return msgspec.structs.replace(one, goods_seq=2, identified=read)

    labels = tuple(label(batch) for batch in ("A-1", "A-2", "A-1"))
    bare = consignment(goods=(GoodsLine(seq=2, description="tablets"),))
    row = next(row for row in compare_papers(bare, labels, today=TODAY) if row.field == "batch")
    assert row.standing == "alone"  # no paper speaks of it: nothing differs
    assert [values for _cell, values in by_source(row)] == ["A-1, A-2"]
    declared = consignment(goods=(GoodsLine(seq=2, description="tablets", batch="A-1"),))
    row = next(row for row in compare_papers(declared, labels, today=TODAY) if row.field == "batch")
    assert row.standing == "differ"
