"""The scan station: what was not read, labels of other goods, and cards that begin with what is their own."""

from collections.abc import Callable
from pathlib import Path

from fieldapp.actions import provisioning, scanning
from fieldapp.actions.provisioning import AdoptRelease, NoteRelease
from fieldapp.actions.scanning import WithdrawScan
from fieldapp.inspection.inspection import standing_verdict
from fieldapp.inspection.scan import Caught
from fieldapp.vault.directory import VaultDirectory
from fieldapp.watchlist.trust import permitted
from tests.support.laptops import practice_release
from tests.support.window import Desktop, settle, until
from ui.jobs import InProcessJobs
from ui.models.arrival import Arrival
from ui.screens.intake import typed
from ui.screens.scan import ScanScreen

Make = Callable[..., Desktop]


def station(laptop: Desktop, consignment: str = "2-tablets") -> ScanScreen:
    laptop.open(consignment)
    laptop.window.show_screen("scan")
    screen = laptop.window.screens["scan"]
    assert isinstance(screen, ScanScreen)
    return screen


def test_a_picture_that_was_not_read_leaves_no_verdict_in_front(desk: Make, tmp_path: Path) -> None:
    laptop = desk().unlock()
    screen = station(laptop)
    laptop.scan_label("paracetamol-carton.png")
    assert screen.card.isVisible()
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"this is no picture")
    screen.take_file(str(broken))
    until(lambda: not screen.card.isVisible())
    assert "CAN'T CHECK" in screen._empty._words.text()
    assert screen.banner.isVisible()
    laptop.scan_label("paracetamol-carton.png")
    assert screen.card.isVisible()


def test_a_label_of_another_consignment_is_no_no_match_and_can_be_withdrawn(desk: Make) -> None:
    laptop = desk().unlock()
    station(laptop)
    laptop.scan_label("ibuprofen-drum.png")
    scan = laptop.scans[0]
    assert scan.verdict.word == "check"
    assert scan.verdict.lines[0].reason.code == "label-not-declared"
    inspection = laptop.window.desk.inspection
    assert inspection is not None
    command = WithdrawScan(inspection=inspection.id, scan=scan.id, reason="a stray label on the floor")
    laptop.jobs.run(scanning.withdraw, command, done=laptop.window.desk.put_inspection)
    until(lambda: bool(laptop.scans[0].withdrawn))
    after = laptop.window.desk.inspection
    assert after is not None
    assert standing_verdict(after) == "cannot_check"  # nothing that counts was scanned


def test_a_label_of_the_consignment_is_not_called_strange(desk: Make) -> None:
    laptop = desk().unlock()
    station(laptop)
    laptop.scan_label("paracetamol-carton.png")
    assert not any(line.part == "papers" for line in laptop.scans[0].verdict.lines)


def test_each_card_of_a_bad_consignment_begins_with_what_is_its_own(desk: Make) -> None:
    laptop = desk().unlock()
    screen = station(laptop, "1-intermediate")
    laptop.scan_label("drum-7-of-12.png")
    first = screen.card.band._sentence.text()
    laptop.scan_label("paracetamol-carton.png")
    settle()
    second = screen.card.band._sentence.text()
    assert first != second
    assert second.startswith("This label is not of this consignment")
    assert first in second  # what makes it a HOLD is said too


def test_a_code_is_compared_again_by_itself_when_another_list_comes_meanwhile(desk: Make) -> None:
    laptop = desk().unlock()
    screen = station(laptop)
    jobs = laptop.jobs
    assert isinstance(jobs, InProcessJobs)
    vault = jobs._services["vault"].room
    assert isinstance(vault, VaultDirectory)
    target, content = practice_release(number=2, hours_old=1.0)
    screen.queue.take(Arrival(codes=(Caught(symbol=typed("09521234000020"), source="typed"),)))
    permit = permitted(target, vault.vault.watchlist_key)  # compared with the first list by now
    state = jobs.ask(provisioning.adopt_release, AdoptRelease(target=permit, content=content))
    jobs.ask(provisioning.note_release, NoteRelease(state=state))
    until(lambda: len(laptop.scans) == 1)
    assert laptop.scans[0].screening.watchlist.number == 2
    assert not screen.banner.isVisible()
