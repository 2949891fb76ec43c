"""The list of inspections: found by any word, kept up with every change, filled again where a row is lost."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.actions import examining, finding, opening
from fieldapp.actions.examining import NoteFound, NotePlace
from fieldapp.actions.finding import RecordFinding
from fieldapp.actions.opening import ListInspections
from fieldapp.consignment.assignment import LANES, Assignment
from fieldapp.inspection.deadline import Deadline
from fieldapp.inspection.hold import Hold
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.summary import folded, summarise, words
from fieldapp.inspection.wanted import ORDERS, Wanted, fits
from fieldapp.screening.verdict import WORDS
from fieldapp.vault import connection, migrate
from fieldapp.vault.listed import COUNTED, Listed
from tests.support import records
from tests.support.full_record import full
from tests.support.laptops import Laptop

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITES = ("Mundra", "Nhava Sheva", "गेट तीन")


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    made = Laptop(tmp_path)
    yield made
    made.close()


def numbers(laptop: Laptop, text: str = "") -> list[str]:
    return [row.number for row in opening.list_inspections(laptop.vault, ListInspections(text=text)).rows]


@pytest.mark.parametrize(
    "text",
    ["", "Suryodaya", "SURYO", "boyl chem", "23056-29-3", "KX-2291", "FLDU2044184", "gate", "drum 4",
     "in-4471", "गेट", "N-phenylpiperidin"],
)  # fmt: skip
def test_it_is_found_by_any_of_its_words(laptop: Laptop, text: str) -> None:
    opened = laptop.open()
    examining.note_place(laptop.vault, NotePlace(inspection=opened.id, place="Gate 3 गेट तीन"))
    examining.note_found(laptop.vault, NoteFound(inspection=opened.id, field="seal", value="IN-4471"))
    command = RecordFinding(inspection=opened.id, severity="other", note="Drum 4 leaks")
    finding.record(laptop.vault, command)
    assert numbers(laptop, text) == [opened.number]


@pytest.mark.parametrize("text", ["nothing-like-it", "drum OR", '"', "*", "NEAR(a b)", "suryodaya xyz", "--"])
def test_what_it_does_not_hold_is_not_found_and_nothing_raises(laptop: Laptop, text: str) -> None:
    laptop.open()
    found = numbers(laptop, text)
    assert found == [] or text == "drum OR"


def test_what_is_taken_back_is_found_no_more(laptop: Laptop) -> None:
    opened = laptop.open()
    examining.note_place(laptop.vault, NotePlace(inspection=opened.id, place="Warehouse"))
    assert numbers(laptop, "warehouse")
    examining.note_place(laptop.vault, NotePlace(inspection=opened.id, place="Gate"))
    assert numbers(laptop, "warehouse") == []
    assert numbers(laptop, "gate") == [opened.number]


def test_a_lost_row_is_filled_again(laptop: Laptop) -> None:
    opened = laptop.open()
    with laptop.vault.transaction() as tx:
        tx.inspections.listed.forget(opened.id)
    laptop.vault.list_filled = False
    assert numbers(laptop, "suryodaya") == [opened.number]


def test_the_latest_comes_first_and_pages_follow(laptop: Laptop) -> None:
    opened = [laptop.open().number for _ in range(3)]
    assert numbers(laptop) == opened[::-1]
    assert numbers(laptop, "suryodaya") == opened[::-1]
    second = opening.list_inspections(laptop.vault, ListInspections(offset=1))
    assert [row.number for row in second.rows] == opened[::-1][1:]
    assert not second.more


@given(st.text(max_size=60))
def test_folding_is_stable(text: str) -> None:
    once = folded(text)
    assert folded(" ".join(once)) == once


def inspection(seed: int) -> Inspection:
    """An inspection that stands in any way a list can be narrowed by; the same for the same seed."""
    chance = random.Random(seed)
    at = NOW - timedelta(hours=chance.randrange(100))
    limit = NOW + timedelta(minutes=chance.randrange(-3000, 3000))
    lane = chance.choice((None, *LANES))
    due = chance.choice((None, limit))
    order = Assignment(id="a", order="EO", lane=lane, reasons=("x",), issued=at, due=due) if lane else None
    hold = Hold(id="h", at=at, authority="Customs", by="x", reason="y")
    clock = Deadline(kind="k", procedure="p", starts=at, due=limit, by="sent")
    base = records.inspection()
    return msgspec.structs.replace(
        base,
        id=f"i-{seed}",
        opened=at,
        state=chance.choice(("draft", "sealed", "returned", "approved")),
        site=chance.choice(SITES),
        consignment=msgspec.structs.replace(base.consignment, assignment=order),
        scans=chance.choice((base.scans, base.scans[1:], ())),
        holds=chance.choice(((), (hold,), (msgspec.structs.replace(hold, lifted_at=at),))),
        samples=chance.choice(((), full().inspection.samples)),
        deadlines=chance.choice(((), (clock,), (msgspec.structs.replace(clock, satisfied_at=at),))),
        decisions=(records.decision(needs_second=chance.random() < 0.5),),
    )


seeds = st.lists(st.integers(0, 10**6), max_size=8, unique=True)
wishes = st.builds(
    Wanted,
    state=st.sampled_from(("", "", "draft", "returned")),
    verdict=st.sampled_from(("", "", *WORDS)),
    lane=st.sampled_from(("", "", *LANES)),
    site=st.sampled_from(("", "", *SITES, "nowhere")),
    opened_from=st.sampled_from((None, NOW.date(), NOW.date() - timedelta(days=2))),
    opened_to=st.sampled_from((None, NOW.date(), NOW.date() - timedelta(days=2))),
    due=st.sampled_from(("", "", "today", "overdue")),
    clock=st.sampled_from(("", "", "running", "soon", "overdue")),
    hold=st.booleans(),
    sample=st.booleans(),
    second=st.booleans(),
    order=st.sampled_from(ORDERS),
)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[connection.Connection]:
    file = tmp_path_factory.mktemp("listed") / "vault.db"
    made = connection.create_file(file, bytes(32))
    migrate.migrate(made, file)
    yield made
    made.close()


@settings(deadline=None, max_examples=60)
@given(
    seeds,
    wishes,
    st.sampled_from(("", "ins", "z")),
)
def test_the_table_narrows_as_the_rule_says(
    table: connection.Connection, numbers: list[int], wanted: Wanted, text: str
) -> None:
    table.execute("BEGIN")
    try:
        listed, held = Listed(table), [inspection(number) for number in numbers]
        for one in held:
            listed.put(one)
        rows = [summarise(one) for one in held if text in "ins"]
        expected = {row.id for row in rows if fits(row, wanted, NOW)}
        page = listed.page(text, wanted, NOW, 100)
        assert {row.id for row in page} == expected
        assert len(page) == len(expected) == listed.count(text, wanted, NOW)
        if wanted.order in ("latest", "oldest"):
            opened = [row.opened for row in page]
            assert opened == sorted(opened, reverse=wanted.order == "latest")
    finally:
        table.execute("ROLLBACK")


@settings(deadline=None, max_examples=30)
@given(seeds)
def test_the_numbers_are_those_of_the_lists(table: connection.Connection, numbers: list[int]) -> None:
    table.execute("BEGIN")
    try:
        listed, held = Listed(table), [inspection(number) for number in numbers]
        for one in held:
            listed.put(one)
        tally = listed.tally(NOW)
        for name, wanted in {
            "drafts": Wanted(state="draft"),
            "returned": Wanted(state="returned"),
            "second": Wanted(second=True),
            "held": Wanted(hold=True),
            "clocks_soon": Wanted(clock="soon"),
            "clocks_overdue": Wanted(clock="overdue"),
            "due_today": Wanted(due="today"),
            "overdue": Wanted(due="overdue"),
        }.items():
            assert getattr(tally, name) == listed.count("", wanted, NOW), name
    finally:
        table.execute("ROLLBACK")


def test_a_count_stops_where_nobody_reads_on(table: connection.Connection) -> None:
    table.execute("BEGIN")
    try:
        listed, base = Listed(table), records.inspection(opened=NOW)
        for number in range(COUNTED + 30):
            listed.put(msgspec.structs.replace(base, id=f"i-{number}"))
        assert listed.count("", Wanted(), NOW) == COUNTED
        assert listed.count("ins", Wanted(state="draft"), NOW) == COUNTED
        pages = [listed.page("ins", Wanted(), NOW, 100, offset) for offset in range(0, COUNTED + 30, 100)]
        assert [row.id for page in pages for row in page] == [f"i-{n}" for n in range(COUNTED + 29, -1, -1)]
    finally:
        table.execute("ROLLBACK")


def test_words_of_every_part_are_kept() -> None:
    kept = set(words(full().inspection).split())
    inspection = full().inspection
    assert inspection.custody
    assert inspection.answered
    for text in (
        inspection.custody[0].taker, inspection.custody[0].receipt, inspection.answered[0].value,
        inspection.field_tests[0].kit_lot, inspection.evidence[0].caption, inspection.adjudications[0].reason,
        inspection.found[0].value,
    ):  # fmt: skip
        assert set(folded(text)) <= kept, text
