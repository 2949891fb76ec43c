"""A hit is judged, the judgement is remembered, lapses, and a new list reaches back to sealed records."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from fieldapp import canonical
from fieldapp.actions import disposing, judging, opening, provisioning, rescreening, scanning, sealing
from fieldapp.actions.provisioning import NoteRelease
from fieldapp.actions.rescreening import (
    Addend,
    JudgeLater,
    KeepScreened,
    Kept,
    ListLater,
    NextWork,
    NotSealed,
    ScreenAgain,
)
from fieldapp.actions.scanning import ListChanged
from fieldapp.clock import now
from fieldapp.consignment.consignment import Consignment
from fieldapp.inspection.disposition import effective
from fieldapp.inspection.inspection import CannotSeal, Inspection, open_hits, standing_verdict
from fieldapp.inspection.scan import Scan
from fieldapp.scan.symbol import Symbol
from fieldapp.screening.hit import Hit
from fieldapp.screening.verdict import ListState
from fieldapp.watchlist.entry import Entry, ListedName
from fieldapp.watchlist.release import Header, write_release
from tests.support import vaults
from tests.support.laptops import Laptop, consignment
from tests.support.lists import entry
from tests.support.vaults import enrolled_vault

FIRM = entry("Shanghai Boyle Chemical Co., Ltd.", number="22041", countries=("cn",))
OTHER = entry("Rashid Trading Establishment", number="7")
CONTAINER = entry("Vessel of the list", number="9", identifiers=(("container", "FLDU2044184"),))
REASON = "Another firm: registered in Pudong in 1998, different owner"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Laptop]:
    made = Laptop(tmp_path, enrolled_vault(tmp_path))
    yield made
    made.close()


@pytest.fixture
def publish(desk: Laptop, tmp_path: Path) -> Callable[..., None]:
    """Take a list of these entries in, once it has been verified."""
    numbers = iter(range(1, 100))

    def take_in(*entries: Entry, hours_old: float = 1.0) -> None:
        number = next(numbers)
        file, issued = tmp_path / f"{number}.release", now() - timedelta(hours=hours_old)
        write_release(file, Header(number=number, name="test list", issued=issued), entries)
        state = desk.screener.adopt(file.read_bytes())
        provisioning.note_release(desk.vault, NoteRelease(state=state))

    return take_in


def begin(desk: Laptop, **changes: object) -> Inspection:
    """Begin an inspection of the practice consignment, under an id of its own, with what is changed."""
    asked: Consignment = msgspec.structs.replace(consignment(), **changes)
    return opening.open_inspection(desk.vault, opening.OpenInspection(consignment=asked))


def examine(desk: Laptop, inspection: Inspection, code: str = "(00)095212340000000013") -> Scan:
    """Scan a code and have its verdict remembered."""
    return scanning.remember(desk.vault, screened(desk, inspection, code))


def screened(desk: Laptop, inspection: Inspection, code: str = "(00)095212340000000013") -> scanning.Remember:
    """Screen a code; what is returned is still to be remembered."""
    symbol = Symbol(symbology="typed", aim="", text=code, hex=code.encode().hex(), reader="keyboard")
    found = scanning.screen_code(
        desk.screener, scanning.ScreenCode(symbol=symbol, consignment=inspection.consignment)
    )
    return scanning.Remember(
        inspection=inspection.id,
        source="typed",
        symbol=symbol,
        identified=found.identified,
        screening=found.screening,
        goods_seq=found.goods_seq,
    )


def latest(desk: Laptop, inspection: Inspection) -> Inspection:
    return opening.get_inspection(desk.vault, opening.GetInspection(id=inspection.id))


def judge(desk: Laptop, inspection: Inspection, verdict: str = "false", reason: str = REASON) -> Hit:
    """Judge the only open hit on the watchlist."""
    (hit,) = listed(open_hits(latest(desk, inspection)))
    judging.adjudicate(
        desk.vault,
        judging.Adjudicate(inspection=inspection.id, hit=hit.id, verdict=verdict, reason=reason),  # type: ignore[arg-type]
    )
    return hit


def listed(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits on the watchlist; the practice consignment holds a controlled substance besides."""
    return [hit for hit in hits if hit.source != "substances"]


def seal(desk: Laptop, inspection: Inspection) -> sealing.Sealed:
    """Judge the substances, decide and seal."""
    for hit in open_hits(latest(desk, inspection)):
        judging.adjudicate(
            desk.vault,
            judging.Adjudicate(inspection=inspection.id, hit=hit.id, verdict="true", reason="As declared"),
        )
    disposing.decide(
        desk.vault, disposing.Decide(inspection=inspection.id, disposition="hold", reason="Weights to check")
    )
    return vaults.seal(desk.vault, inspection.id)


def screen_the_past_again(desk: Laptop) -> Kept | None:
    """What the window does after a list came; None when there was nothing to do."""
    work = rescreening.next_work(desk.vault, NextWork())
    if not work.due:
        return None
    hits: list[Hit] = []
    todo = work.subjects
    while work.after:
        work = rescreening.next_work(desk.vault, NextWork(after=work.after))
        todo += work.subjects
    while todo:
        found = rescreening.screen_again(desk.screener, ScreenAgain(subjects=todo))
        hits += found.hits
        todo = todo[found.done :]
    command = KeepScreened(watchlist=work.watchlist, hits=tuple(hits))
    kept = rescreening.keep(desk.vault, command)
    while kept.after:
        so_far = (kept.inspections, kept.hits)
        again = msgspec.structs.replace(command, after=kept.after, so_far=so_far)
        kept = rescreening.keep(desk.vault, again)
    return kept


def events(desk: Laptop) -> list[dict[str, object]]:
    with desk.vault.reading() as tx:
        entries = tx.journal.entries(1, -1)
    return [canonical.decode(each.payload, dict) for each in entries if each.kind == "audit"]


def name_line(scan: Scan):
    (line,) = [line for line in scan.verdict.lines if line.hit is not None]
    return line


def test_a_cleared_pair_is_remembered_and_says_by_whom_when_and_why(desk: Laptop, publish):
    publish(FIRM)
    first = begin(desk, id="c1")
    assert name_line(examine(desk, first)).word in ("hold", "check")
    hit = judge(desk, first)

    second = begin(desk, id="c2")
    line = name_line(examine(desk, second))
    assert line.word == "no_match"
    assert line.reason.code == "cleared-before"
    assert line.reason.facts["by"] == "R. Nair"
    assert line.reason.facts["reason"] == REASON
    assert line.reason.facts["inspection"] == first.number
    assert line.reason.facts["on"] == now().date().isoformat()
    after = latest(desk, second)
    assert listed(open_hits(after)) == []
    assert [(each.hit, each.remembered) for each in after.adjudications] == [(hit.id, first.number)]
    assert any(each["event"] == "hit-recalled" and each["hit"] == hit.id for each in events(desk))
    with desk.vault.reading() as tx:
        tx.journal.verify()


def test_a_remembered_clearance_can_be_judged_otherwise(desk: Laptop, publish):
    publish(FIRM)
    first, second = begin(desk, id="c1"), begin(desk, id="c2")
    examine(desk, first)
    hit = judge(desk, first)
    examine(desk, second)
    judging.adjudicate(
        desk.vault,
        judging.Adjudicate(inspection=second.id, hit=hit.id, verdict="true", reason="The owner admitted it"),
    )
    assert name_line(latest(desk, second).scans[0]).word == "hold"
    third = begin(desk, id="c3")
    line = name_line(examine(desk, third))
    assert line.word == "hold"
    assert line.memory is not None
    assert line.memory.code == "memory-confirmed"
    assert [each.id for each in listed(open_hits(latest(desk, third)))] == [
        hit.id
    ]  # judged anew all the same


def test_unsure_clears_nothing(desk: Laptop, publish):
    publish(FIRM)
    first, second = begin(desk, id="c1"), begin(desk, id="c2")
    examine(desk, first)
    judge(desk, first, "unsure", "No papers of the owner at hand")
    line = name_line(examine(desk, second))
    assert line.word in ("hold", "check")
    assert line.memory is not None
    assert line.memory.code == "memory-told-unsure"
    assert len(listed(open_hits(latest(desk, second)))) == 1


def test_a_clearance_lapses_when_the_list_entry_changes(desk: Laptop, publish):
    publish(FIRM)
    first = begin(desk, id="c1")
    examine(desk, first)
    judge(desk, first)
    publish(msgspec.structs.replace(FIRM, names=(*FIRM.names, ListedName("Boyl Chemicals Pudong", "aka"))))
    line = name_line(examine(desk, begin(desk, id="c2")))
    assert line.word in ("hold", "check")
    assert line.memory is not None
    assert line.memory.code == "memory-lapsed-entry"
    assert line.memory.facts["by"] == "R. Nair"


@pytest.mark.parametrize("change", [{"country": "AE"}, {"identifiers": ("REG 4711",)}])
def test_a_clearance_lapses_when_the_subject_changes(desk: Laptop, publish, change: dict[str, object]):
    publish(FIRM)
    first = begin(desk, id="c1")
    examine(desk, first)
    judge(desk, first)
    parties = tuple(
        msgspec.structs.replace(party, **change) if party.role == "consignee" else party
        for party in first.consignment.parties
    )
    line = name_line(examine(desk, begin(desk, id="c2", parties=parties)))
    assert line.word in ("hold", "check")
    assert line.memory is not None
    assert line.memory.code == "memory-lapsed-subject"


def test_a_number_judged_false_counts_again_in_the_next_consignment(desk: Laptop, publish):
    publish(CONTAINER)
    first = begin(desk, id="c1")
    assert name_line(examine(desk, first)).word == "hold"
    judge(desk, first, reason="The box was sold by the listed line in 2024")
    assert name_line(latest(desk, first).scans[0]).word == "no_match"
    second = begin(desk, id="c2")
    line = name_line(examine(desk, second))
    assert line.word == "hold"
    assert line.memory is not None
    assert line.memory.code == "memory-told-consignment"
    assert len(listed(open_hits(latest(desk, second)))) == 1


def test_a_new_list_reaches_back_to_sealed_records_without_touching_them(desk: Laptop, publish):
    publish(OTHER)
    first = begin(desk, id="c1")
    examine(desk, first)
    sealed = seal(desk, first)
    assert screen_the_past_again(desk) == Kept(inspections=1, hits=0)
    assert screen_the_past_again(desk) is None

    publish(OTHER, FIRM)
    assert screen_the_past_again(desk) == Kept(inspections=1, hits=1)
    (row,) = rescreening.list_later(desk.vault, ListLater()).rows
    assert (row.number, row.state, row.release, row.hit.entry) == (first.number, "sealed", 2, FIRM.id)
    noted = [each for each in events(desk) if each["event"] == "rescreened"]
    assert [(each["number"], each["hits"]) for each in noted] == [(1, 0), (2, 1)]
    held = opening.get_inspection(desk.vault, opening.GetInspection(id=first.id, revision=1))
    assert held == sealed.inspection

    draft = rescreening.addend(desk.vault, Addend(inspection=first.id))
    assert (draft.revision, draft.state, draft.parents) == (2, "draft", (sealed.record,))
    assert draft.scans[0] == sealed.inspection.scans[0]
    assert draft.scans[-1].source == "new-list"
    assert [hit.entry for hit in listed(open_hits(draft))] == [FIRM.id]
    with pytest.raises(CannotSeal):
        vaults.seal(desk.vault, first.id)
    judge(desk, draft, "true", "Name, city and goods agree")
    assert vaults.seal(desk.vault, first.id).inspection.revision == 2
    assert rescreening.list_later(desk.vault, ListLater()).rows == ()
    assert opening.get_inspection(desk.vault, opening.GetInspection(id=first.id, revision=1)) == held


def test_many_inspections_are_compared_page_by_page(desk: Laptop, publish):
    publish(OTHER)
    count = rescreening.PAGE + 2
    for number in range(count):
        examine(desk, begin(desk, id=f"c{number}"))
    publish(FIRM)
    assert rescreening.next_work(desk.vault, NextWork()).after
    assert screen_the_past_again(desk) == Kept(inspections=count, hits=count)
    assert len(rescreening.list_later(desk.vault, ListLater()).rows) == count
    assert screen_the_past_again(desk) is None


def test_what_would_have_hit_can_be_judged_without_reopening_the_record(desk: Laptop, publish):
    publish(OTHER)
    first = begin(desk, id="c1")
    examine(desk, first)
    seal(desk, first)
    publish(FIRM)
    screen_the_past_again(desk)
    (row,) = rescreening.list_later(desk.vault, ListLater(inspection=first.id)).rows

    def say(verdict: str) -> tuple[rescreening.LaterRow, ...]:
        command = JudgeLater(inspection=first.id, hit=row.hit.id, verdict=verdict, reason=REASON)  # type: ignore[arg-type]
        return rescreening.judge_later(desk.vault, command).rows

    assert len(say("unsure")) == 1
    assert len(say("true")) == 1  # it is the listed one: only an addendum ends the waiting
    assert say("false") == ()
    assert latest(desk, first).revision == 1
    assert name_line(examine(desk, begin(desk, id="c2"))).reason.code == "cleared-before"


def test_a_draft_takes_its_new_hits_in_and_cannot_be_sealed_over_them(desk: Laptop, publish):
    publish(OTHER)
    draft = begin(desk, id="c1")
    examine(desk, draft)
    publish(FIRM)
    assert screen_the_past_again(desk) == Kept(inspections=1, hits=1)
    after = latest(desk, draft)
    assert [scan.source for scan in after.scans] == ["typed", "new-list"]
    assert len(listed(open_hits(after))) == 1
    (row,) = rescreening.list_later(desk.vault, ListLater()).rows
    assert row.state == "draft"
    with pytest.raises(NotSealed):
        rescreening.addend(desk.vault, Addend(inspection=draft.id))
    judge(desk, draft)
    assert rescreening.list_later(desk.vault, ListLater()).rows == ()


def test_an_addendum_after_an_old_list_keeps_the_hit_that_was_confirmed(desk: Laptop, publish):
    publish(FIRM, hours_old=24 * 400)
    first = begin(desk, id="c1", goods=consignment("2-tablets").goods)
    examine(desk, first)
    confirmed = judge(desk, first, "true", "Same firm")
    seal(desk, first)
    exporter = next(party.name for party in first.consignment.parties if party.role == "exporter")
    publish(FIRM, entry(exporter, number="77"))
    assert screen_the_past_again(desk) == Kept(inspections=1, hits=1)
    draft = rescreening.addend(desk.vault, Addend(inspection=first.id))
    assert [bool(scan.withdrawn) for scan in draft.scans] == [True, False]
    assert {hit.id for hit in listed(draft.scans[-1].screening.hits)} > {confirmed.id}
    assert draft.adjudications[0].verdict == "true"
    judge(desk, draft, "false")
    assert standing_verdict(latest(desk, draft)) == "hold"


def test_an_addendum_is_not_called_checked_before_the_list_in_use_was_compared(desk: Laptop, publish):
    publish(OTHER, hours_old=24 * 400)
    first = begin(desk, id="c1", goods=consignment("2-tablets").goods)
    examine(desk, first)
    seal(desk, first)
    publish(FIRM)
    assert screen_the_past_again(desk) == Kept(inspections=1, hits=1)
    publish(FIRM, OTHER)
    draft = rescreening.addend(desk.vault, Addend(inspection=first.id))
    assert [bool(scan.withdrawn) for scan in draft.scans] == [False, False]
    screen_the_past_again(desk)
    after = latest(desk, draft)
    assert after.scans[0].withdrawn
    assert len(listed(after.scans[-1].screening.hits)) == 1


@pytest.mark.parametrize("hours_old", [1, 24 * 400])
def test_a_hit_that_left_the_list_and_came_back_counts_again(desk: Laptop, publish, hours_old: int):
    publish(FIRM, hours_old=hours_old)
    draft = begin(desk, id="c1", goods=consignment("2-tablets").goods)
    examine(desk, draft)
    publish(OTHER)
    screen_the_past_again(desk)
    publish(FIRM, OTHER)
    screen_the_past_again(desk)
    judge(desk, draft, "true", "Same firm")
    assert standing_verdict(latest(desk, draft)) == "hold"


def test_each_of_several_scans_that_were_not_checked_gets_the_hits_on_what_it_screened(desk: Laptop, publish):
    publish(OTHER, hours_old=24 * 400)
    draft = begin(desk, id="c1", goods=consignment("2-tablets").goods)
    examine(desk, draft)
    examine(desk, draft, "(00)095212340000000020")
    publish(FIRM)
    screen_the_past_again(desk)
    counting = [scan for scan in latest(desk, draft).scans if not scan.withdrawn]
    assert [len(listed(scan.screening.hits)) for scan in counting] == [1, 1]


def test_a_scan_that_was_under_way_while_the_list_changed_is_asked_for_again(desk: Laptop, publish):
    publish(OTHER)
    draft = begin(desk, id="c1", goods=consignment("2-tablets").goods)
    under_way = screened(desk, draft)
    publish(FIRM)
    screen_the_past_again(desk)
    with pytest.raises(ListChanged):
        scanning.remember(desk.vault, under_way)
    assert examine(desk, draft).verdict.word == "hold"


def test_what_was_screened_without_the_list_is_compared_once_it_is_back(desk: Laptop, publish):
    publish(FIRM)
    draft = begin(desk, id="c1", goods=consignment("2-tablets").goods)
    screen_the_past_again(desk)
    in_force = desk.screener.state()
    without = screened(desk, draft)
    lost = msgspec.structs.replace(without.screening, hits=(), watchlist=ListState())
    scanning.remember(desk.vault, msgspec.structs.replace(without, screening=lost))
    rescreening.keep(desk.vault, KeepScreened(watchlist=in_force, hits=()))  # begun before the scan
    assert standing_verdict(latest(desk, draft)) == "cannot_check"
    provisioning.note_release(desk.vault, NoteRelease(state=in_force))
    assert screen_the_past_again(desk) is not None
    assert len(listed(open_hits(latest(desk, draft)))) == 1


def test_an_entry_that_changes_is_no_news_where_it_was_judged_the_listed_one(desk: Laptop, publish):
    publish(FIRM)
    first, second = begin(desk, id="c1"), begin(desk, id="c2")
    examine(desk, first)
    judge(desk, first, "true", "Same firm")
    seal(desk, first)
    examine(desk, second)
    judge(desk, second, "false")
    seal(desk, second)
    publish(msgspec.structs.replace(FIRM, programme="ANOTHER"))
    screen_the_past_again(desk)
    rows = rescreening.list_later(desk.vault, ListLater()).rows
    assert [row.inspection for row in rows] == [second.id]


def test_a_release_after_a_list_too_old_waits_for_a_supervisor(desk: Laptop, publish):
    publish(OTHER, hours_old=24 * 8)
    draft = begin(desk, id="c1", goods=consignment("2-tablets").goods)
    examine(desk, draft)
    assert standing_verdict(latest(desk, draft)) == "cannot_check"
    release = disposing.Decide(inspection=draft.id, disposition="release", reason="Papers in order")
    decided = disposing.decide(desk.vault, release)
    assert decided.decisions[-1].needs_second
    assert effective(decided.decisions) == "hold"

    publish(OTHER)
    screen_the_past_again(desk)
    after = latest(desk, draft)
    assert [(scan.source, bool(scan.withdrawn)) for scan in after.scans] == [
        ("typed", True),
        ("new-list", False),
    ]
    assert not any(line.part == "list" for line in after.scans[-1].verdict.lines)


def test_a_list_past_its_first_limit_warns(desk: Laptop, publish):
    publish(OTHER, hours_old=30)
    scan = examine(desk, begin(desk, id="c1"))
    (line,) = [line for line in scan.verdict.lines if line.part == "list"]
    assert (line.word, line.reason.code) == ("no_match", "list-ageing")
