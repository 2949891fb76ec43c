"""The worker processes as the window has them: real ones, spawned, killed and locked."""

import ctypes
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog

from fieldapp.actions import finding, opening, provisioning, reporting, scanning
from fieldapp.actions.opening import ListInspections, TakeInConsignment
from fieldapp.actions.provisioning import Look, Unlock
from fieldapp.actions.scanning import DrawPreview, ReadPicture, ScreenText
from fieldapp.worker import Failure
from sync.worker import SyncNow, sync_now
from tests.support import laptops
from tests.support.laptops import LABELS
from tests.support.vaults import PASSPHRASE
from tests.support.window import Desktop, settle, until
from ui.jobs import LOST, PERSON, REFRESH, TOO_SLOW, Jobs, WorkerJobs, bounds
from ui.jobs.routes import ROOMS, asked_lane, changed_by, lane_of
from ui.screens.screen import close_dialogs


class Answers:
    """What came back of calls, in order."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.done: list[object] = []
        self.failed: list[Failure] = []

    def run(self, action: object, command: object, priority: int = PERSON) -> None:
        self.jobs.run(
            action,  # type: ignore[arg-type]
            command,
            done=self.done.append,
            failed=self.failed.append,
            priority=priority,
        )

    def of(self, action: object, command: object) -> object:
        """Run and wait for the result."""
        before = len(self.done), len(self.failed)
        self.run(action, command)
        until(lambda: (len(self.done), len(self.failed)) != before, 60)
        assert self.failed[before[1] :] == []
        return self.done[-1]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An enrolled vault with the practice list, closed, made once."""
    place = tmp_path_factory.mktemp("prepared")
    laptops.laptop(place).close()
    return place / "vault"


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """A copy of the prepared vault."""
    return Path(shutil.copytree(prepared, tmp_path / "vault"))


@pytest.fixture
def jobs(folder: Path, qapp: object) -> Iterator[WorkerJobs]:
    """Workers of one's own, to kill and to lock."""
    made = WorkerJobs(folder)
    yield made
    made.close()


@pytest.fixture
def answers(jobs: WorkerJobs) -> Answers:
    return Answers(jobs)


@pytest.fixture(scope="module")
def open_jobs(prepared: Path, tmp_path_factory: pytest.TempPathFactory, qapp: object) -> Iterator[WorkerJobs]:
    """Workers with the vault open, shared: the tests only use them."""
    made = WorkerJobs(Path(shutil.copytree(prepared, tmp_path_factory.mktemp("open") / "vault")))
    Answers(made).of(provisioning.unlock, Unlock(passphrase=PASSPHRASE))
    yield made
    made.close()


@pytest.fixture
def open_answers(open_jobs: WorkerJobs) -> Answers:
    return Answers(open_jobs)


def test_an_action_goes_to_its_room_and_its_answer_comes_back_typed(answers: Answers):
    state = answers.of(provisioning.look, Look())
    assert isinstance(state, provisioning.VaultState)
    assert (state.exists, state.unlocked) == (True, False)
    unlocked = answers.of(provisioning.unlock, Unlock(passphrase=PASSPHRASE))
    assert isinstance(unlocked, provisioning.Unlocked)
    assert unlocked.watchlist.number == 1


def test_the_key_goes_to_screening_without_the_window(open_answers: Answers):
    found = open_answers.of(scanning.screen_text, ScreenText(text="Shanghai Boyle Chemical"))
    assert isinstance(found, scanning.CodeScreening)
    assert found.screening.watchlist.number == 1
    assert found.screening.hits


def test_a_known_error_comes_as_a_failure(answers: Answers):
    answers.run(provisioning.unlock, Unlock(passphrase="not the passphrase of anyone"))
    until(lambda: bool(answers.failed), 60)
    assert (answers.failed[0].family, answers.failed[0].code) == ("inspector", "wrong-passphrase")
    assert PASSPHRASE not in repr(answers.failed)


def test_a_picture_is_read_by_the_reader(open_answers: Answers):
    read = open_answers.of(scanning.read_picture, ReadPicture(path=str(LABELS / "drum-7-of-12.png")))
    assert isinstance(read, scanning.Reading)
    assert read.symbols


def test_a_large_message_passes_while_the_window_lives(open_answers: Answers):
    answers = open_answers
    picture = (LABELS / "drum-7-of-12.png").read_bytes()
    padded = picture + bytes(24 * 1024 * 1024)  # what follows a PNG's end is ignored by readers
    beats: list[int] = []
    answers.run(scanning.read_picture, ReadPicture(path="large.png", content=padded))
    beats.append(len(answers.done) + len(answers.failed))
    assert beats == [0]  # `run` came back before the reader had an answer
    until(lambda: bool(answers.done or answers.failed), 60)
    assert answers.done or answers.failed[0].family != "bug"


def test_every_writing_action_says_what_it_changed(open_jobs: WorkerJobs, open_answers: Answers):
    changed: list[frozenset[str]] = []
    answers = open_answers
    open_jobs.changed.connect(changed.append)
    raw = (LABELS.parent / "consignments" / "2-tablets.json").read_bytes()
    answers.of(opening.take_in_consignment, TakeInConsignment(raw=raw))
    answers.of(opening.list_inspections, ListInspections())
    assert changed == [frozenset({"consignments"})]


def test_locking_closes_dialogs_and_loses_no_call(jobs: WorkerJobs, answers: Answers):
    answers.of(provisioning.unlock, Unlock(passphrase=PASSPHRASE))
    outer, inner = QDialog(), QDialog()
    for dialog in (outer, inner):
        dialog.setModal(True)
        dialog.open()
    jobs.locked.connect(close_dialogs)
    for _ in range(20):
        answers.run(opening.list_inspections, ListInspections())
    before = {room: jobs._lanes[room].hand for room in ("vault", "screening")}
    jobs.lock()
    assert not outer.isVisible()
    assert not inner.isVisible()
    for hand in before.values():
        assert hand is not None
        assert not hand.process.is_alive()
    until(lambda: len(answers.done) + len(answers.failed) == 21, 60)
    assert [failure for failure in answers.failed if failure != LOST] == []
    state = answers.of(provisioning.look, Look())  # a fresh worker, without keys
    assert isinstance(state, provisioning.VaultState)
    assert not state.unlocked
    answers.run(opening.list_inspections, ListInspections())
    until(lambda: bool(answers.failed) and answers.failed[-1].code == "vault-locked", 60)
    answers.of(provisioning.unlock, Unlock(passphrase=PASSPHRASE))  # and what was recorded is there


def test_an_answer_that_was_under_way_at_a_lock_is_not_delivered(desk: Callable[..., Desktop]):
    """The vault had answered, the window had not yet heard: after the lock it must not hear."""
    desktop = desk().unlock()
    answers = Answers(desktop.jobs)
    answers.run(opening.list_inspections, ListInspections())  # answered at once, delivered by the event loop
    desktop.jobs.lock()
    settle()
    assert answers.done == []
    assert answers.failed == [LOST]


def test_a_vault_worker_that_dies_locks_and_comes_back(jobs: WorkerJobs, answers: Answers):
    answers.of(provisioning.unlock, Unlock(passphrase=PASSPHRASE))
    locks: list[bool] = []
    jobs.locked.connect(lambda: locks.append(True))
    hand = jobs._lanes["vault"].hand
    assert hand is not None
    hand.process.kill()
    answers.run(opening.list_inspections, ListInspections())
    until(lambda: bool(answers.failed), 60)
    assert answers.failed == [LOST]
    until(lambda: bool(locks), 60)
    state = answers.of(provisioning.look, Look())
    assert isinstance(state, provisioning.VaultState)
    assert not state.unlocked


def test_a_reader_that_dies_is_replaced_and_nothing_locks(jobs: WorkerJobs, answers: Answers):
    answers.of(provisioning.unlock, Unlock(passphrase=PASSPHRASE))
    answers.of(scanning.read_picture, ReadPicture(path=str(LABELS / "pallet-sscc.png")))
    hand = jobs._lanes["reader"].hand
    assert hand is not None
    hand.process.kill()
    hand.process.join()
    answers.run(scanning.read_picture, ReadPicture(path=str(LABELS / "pallet-sscc.png")))
    until(lambda: bool(answers.failed), 60)
    assert answers.failed == [LOST]
    answers.of(scanning.read_picture, ReadPicture(path=str(LABELS / "pallet-sscc.png")))
    answers.of(opening.list_inspections, ListInspections())


def test_a_reader_past_its_deadline_is_ended(folder: Path, qapp: object):
    jobs = WorkerJobs(folder, reader_seconds=0.0)
    try:
        answers = Answers(jobs)
        answers.run(scanning.read_picture, ReadPicture(path=str(LABELS / "pallet-sscc.png")))
        until(lambda: bool(answers.failed), 60)
        assert answers.failed == [TOO_SLOW]
    finally:
        jobs.close()


def test_a_persons_command_goes_before_refreshes(open_jobs: WorkerJobs):
    came: list[str] = []
    for number in range(5):
        open_jobs.run(
            provisioning.look,
            Look(),
            done=lambda _state, number=number: came.append(f"refresh {number}"),  # type: ignore[misc]
            priority=REFRESH,
        )
    open_jobs.run(provisioning.look, Look(), done=lambda _state: came.append("person"))
    until(lambda: len(came) == 6, 60)
    assert came.index("person") <= 1  # the first refresh may be under way already
    assert [each for each in came if each != "person"] == [f"refresh {number}" for number in range(5)]


def test_the_sync_worker_asks_the_vault_and_says_that_nobody_answers(open_answers: Answers):
    answers = open_answers
    answers.run(sync_now, SyncNow())
    until(lambda: bool(answers.failed), 60)
    assert (answers.failed[0].family, answers.failed[0].code) == ("situation", "headquarters-unreachable")


def test_the_courier_may_ask_for_exchange_and_enrolment_only():
    assert asked_lane("exchanging.next_batch") == "vault"
    assert asked_lane("provisioning.adopt_release") == "screening"
    for name in ("provisioning.unlock", "disposing.decide", "opening.get_inspection", "evidence.show", "x.y"):
        assert asked_lane(name) is None


def test_lanes_follow_the_first_parameter():
    assert lane_of(provisioning.look) == lane_of(finding.record) == "vault"
    assert lane_of(scanning.screen_code) == "screening"
    assert lane_of(scanning.draw_preview) == "reader"
    assert lane_of(reporting.render) == "press"
    assert lane_of(sync_now) == "sync"
    assert set(ROOMS) == {"vault", "screening", "reader", "press", "sync"}
    assert changed_by("sealing.seal") == frozenset({"inspections", "outbox"})
    assert changed_by("opening.list_inspections") == frozenset()


def test_closing_leaves_no_thread_and_no_process(folder: Path, qapp: object):
    before = set(threading.enumerate())
    jobs = WorkerJobs(folder)
    answers = Answers(jobs)
    answers.of(provisioning.look, Look())
    answers.of(scanning.draw_preview, DrawPreview(path=str(LABELS / "pallet-sscc.png"), width=100))
    processes = [lane.hand.process for lane in jobs._lanes.values() if lane.hand is not None]
    answers.run(provisioning.look, Look())
    jobs.close()
    settle()
    assert set(threading.enumerate()) == before
    assert processes
    assert not any(process.is_alive() for process in processes)
    assert len(answers.done) == 2  # nothing is called back after closing


def test_the_way_back_keeps_the_counts_of_true_and_none(open_jobs: WorkerJobs):
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(2000):
        open_jobs.changed.emit(frozenset({"inspections"}))
        open_jobs.locked.emit()
    # The fault this guards against moves them by one an emit; the lanes' threads move them by some dozens.
    assert abs(sys.getrefcount(True) - before[0]) <= 500
    assert abs(sys.getrefcount(None) - before[1]) <= 500


def test_the_bounds_have_the_layout_windows_expects():
    """Sizes and places of winnt.h on 64-bit Windows; the calls themselves run there only."""
    assert ctypes.sizeof(bounds.BasicLimits) == 64
    assert ctypes.sizeof(bounds.ExtendedLimits) == 144
    assert bounds.ExtendedLimits.ProcessMemoryLimit.offset == 112
    made = bounds.limits(3 * 1024**3)
    assert made.BasicLimitInformation.LimitFlags == 0x2100
    assert made.ProcessMemoryLimit == 3 * 1024**3
    assert bounds.limits(0).BasicLimitInformation.LimitFlags == 0x2000
