"""What is left of a paper, with other consignments on the same laptop in mind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fieldapp import ids
from fieldapp.actions import disposing, finding, opening, sanctioning
from fieldapp.actions.disposing import Decide
from fieldapp.actions.finding import RecordFinding
from fieldapp.actions.opening import OpenInspection
from fieldapp.actions.sanctioning import ShowBalances
from fieldapp.consignment.consignment import Consignment
from fieldapp.inspection.inspection import Inspection
from fieldapp.vault.vault import Vault
from tests.support.laptops import consignment
from tests.support.vaults import enrolled_vault, seal


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = enrolled_vault(tmp_path)
    yield made
    made.close()


def open_another(vault: Vault, kg: float | None = 200.0, **changes: Any) -> Inspection:
    """Begin to inspect another consignment under the same paper (500 kg sanctioned, 150 kg used)."""
    base = consignment("1-intermediate")
    goods = tuple(msgspec.structs.replace(line, net_kg=kg) for line in base.goods)
    given = {"id": ids.uuid7(vault.clock()), "reference": "SB 9", "goods": goods} | changes
    other: Consignment = msgspec.structs.replace(base, **given)
    return opening.open_inspection(vault, OpenInspection(consignment=other))


def test_what_other_drafts_would_take_is_reserved(vault: Vault) -> None:
    first = open_another(vault, 300.0)
    (alone,) = sanctioning.show_balances(vault, ShowBalances(inspection=first.id)).rows
    assert (alone.state, alone.left_kg, alone.reserved_kg) == ("enough", 350.0, 0.0)
    open_another(vault, 200.0)
    (now,) = sanctioning.show_balances(vault, ShowBalances(inspection=first.id)).rows
    assert (now.state, now.left_kg, now.reserved_kg) == ("short", 150.0, 200.0)


def test_a_seized_line_takes_nothing_and_an_unknown_weight_is_said(vault: Vault) -> None:
    first = open_another(vault, 300.0)
    second = open_another(vault, 200.0)
    with vault.transaction() as tx:
        tx.meta.put("policy", msgspec.structs.replace(tx.policy(), seize_needs_second=False))
    disposing.decide(vault, Decide(inspection=second.id, disposition="seize", reason="a precursor"))
    (row,) = sanctioning.show_balances(vault, ShowBalances(inspection=first.id)).rows
    assert row.reserved_kg == 0
    third = open_another(vault, None)
    (unknown,) = sanctioning.show_balances(vault, ShowBalances(inspection=third.id)).rows
    assert unknown.state == "weight-unknown"


def test_another_number_reserves_nothing(vault: Vault) -> None:
    first = open_another(vault, 300.0)
    papers = tuple(
        msgspec.structs.replace(paper, number="22/9999") if paper.kind == "export_noc" else paper
        for paper in first.consignment.documents
    )
    open_another(vault, 200.0, documents=papers)
    (row,) = sanctioning.show_balances(vault, ShowBalances(inspection=first.id)).rows
    assert row.reserved_kg == 0


def test_a_sealed_hold_neither_uses_nor_reserves(vault: Vault) -> None:
    held = open_another(vault, 200.0)
    finding.record(vault, RecordFinding(inspection=held.id, severity="major", note="label over a label"))
    disposing.decide(vault, Decide(inspection=held.id, disposition="hold", reason="awaits the test"))
    seal(vault, held.id)
    later = open_another(vault, 300.0)
    (row,) = sanctioning.show_balances(vault, ShowBalances(inspection=later.id)).rows
    assert (row.used_kg, row.reserved_kg) == (150.0, 0.0)
