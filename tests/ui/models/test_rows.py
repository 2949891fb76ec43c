"""Rows of lists: what they show, and what a screen reader hears."""

import msgspec
import pytest
from PySide6.QtCore import Qt

import resources
from fieldapp import text
from fieldapp.inspection.scan import Scan
from fieldapp.vault.outbox import Waiting
from tests.support import records
from ui.models.naming import printable
from ui.models.rows import ConsignmentRows, FindingRows, HitRows, OutboxRows, ScanRows
from ui.models.tuples import TupleModel
from ui.theme import Part


def waiting(**changes: object) -> Waiting:
    given = {
        "seq": 4, "record": "ab" * 32, "inspection": "i", "revision": 1, "number": "INS-1", "state": "queued",
        "why": "", "blobs_total": 2, "blobs_done": 1,
    }  # fmt: skip
    return Waiting(**(given | changes))  # type: ignore[arg-type]


def filled(language: str) -> list[TupleModel]:  # type: ignore[type-arg]
    inspection = records.inspection(
        findings=(records.finding(1), records.finding(2, withdrawn="Typing error"))
    )
    models: list[TupleModel] = [  # type: ignore[type-arg]
        kind(language) for kind in (ConsignmentRows, ScanRows, FindingRows, HitRows, OutboxRows)
    ]
    hits = tuple(hit for scan in inspection.scans for hit in scan.screening.hits)
    states = ("queued", "acknowledged", "refused")
    values = (
        (inspection.consignment,), inspection.scans, inspection.findings, hits,
        tuple(waiting(state=state, why="fork" if state == "refused" else "") for state in states),
    )  # fmt: skip
    for model, rows in zip(models, values, strict=True):
        model.put(rows)
    return models


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_every_row_has_a_title_an_icon_and_words_for_a_reader(qapp: object, language: str):
    for model in filled(language):
        assert model.rowCount() == len(model.values()) > 0
        for number in range(model.rowCount()):
            index = model.index(number, 0)
            assert index.data()
            assert resources.path("icons", f"{index.data(Part.ICON)}.svg").exists(), index.data(Part.ICON)
            assert index.data(Part.VALUE) is model.values()[number]
            spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
            assert index.data() in spoken
            assert str(index.data(Part.SUBTITLE) or "") in spoken


def test_a_row_has_no_rows_below_it_and_an_absent_one_no_data(qapp: object):
    model = ScanRows("en")
    model.put(records.inspection().scans)
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(model.index(99, 0)) is None


def test_a_refused_record_says_why(qapp: object):
    model = OutboxRows("en")
    model.put((waiting(state="refused", why="fork"),))
    assert "fork" in model.index(0, 0).data(Part.SUBTITLE)


def test_a_withdrawn_finding_keeps_its_reason(qapp: object):
    model = FindingRows("en")
    model.put((records.finding(withdrawn="Typing error"),))
    assert "Typing error" in model.index(0, 0).data(Part.SUBTITLE)


def test_printable_shows_what_does_not_print():
    assert printable("10A\x1d21B\n\u202e") == "10A␝21B ⟨202E⟩"


def test_codes_of_one_label_are_tied_whatever_stands_between():
    def scan(name: str, picture: str, code: str) -> Scan:
        given = records.inspection().scans[0]
        symbol = msgspec.structs.replace(given.symbol, hex=code.encode().hex())
        return msgspec.structs.replace(given, id=name, picture=picture, symbol=symbol)

    rows = ScanRows("en")
    in_order = (scan("a", "p", "1"), scan("b", "p", "2"), scan("c", "", "1"), scan("d", "p", "1"))
    rows.put(tuple(reversed(in_order)))
    ties = [rows.index(row, 0).data(Part.TIE) for row in range(4)]
    assert ties == ["", "", "first", "last"], "read again or from a gun, a code is no part of the label"
    assert rows.index(2, 0).data(Part.SUBTITLE).startswith("2 of 2 · ")
    assert rows.index(3, 0).data(Part.SUBTITLE).startswith("1 of 2 · ")
