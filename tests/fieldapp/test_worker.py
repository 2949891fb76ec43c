import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
import pytest

from fieldapp import worker
from fieldapp.actions import opening, provisioning, scanning
from fieldapp.worker import Answer, Request
from tests.support.laptops import LABELS, practice_release
from tests.support.vaults import PASSPHRASE, new_vault

SPAWN = multiprocessing.get_context("spawn")


class Bench:
    """The window's ends of the pipes of real worker processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pipes: dict[str, Connection] = {}
        self.processes: dict[str, multiprocessing.process.BaseProcess] = {}
        vault_keys, screening_keys = SPAWN.Pipe()
        for room, keys in (("vault", vault_keys), ("screening", screening_keys), ("reader", None)):
            ours, theirs = SPAWN.Pipe()
            process = SPAWN.Process(target=worker.run, args=(room, theirs, keys, str(folder)), daemon=True)
            process.start()
            theirs.close()
            self.pipes[room], self.processes[room] = ours, process
        vault_keys.close()
        screening_keys.close()

    def ask(self, room: str, action: worker.Action, command: object) -> object:
        request = Request(7, worker.name_of(action), msgspec.Raw(msgspec.msgpack.encode(command)))
        self.pipes[room].send_bytes(msgspec.msgpack.encode(request))
        while True:
            answer = msgspec.msgpack.decode(self.pipes[room].recv_bytes(), type=Answer)
            if answer.progress is None:
                break
        assert answer.n == 7
        if answer.error is not None:
            return answer.error
        assert answer.result is not None
        return msgspec.msgpack.decode(answer.result, type=worker.types_of(action)[1])

    def close(self) -> None:
        for room, process in self.processes.items():
            self.pipes[room].close()
            process.join(10)
            if process.is_alive():
                process.kill()
                process.join()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    new_vault(tmp_path).close()
    made = Bench(tmp_path / "vault")
    yield made
    made.close()


def test_the_key_of_the_list_reaches_the_screening_process_and_not_the_window(bench: Bench):
    unlocked = bench.ask("vault", provisioning.unlock, provisioning.Unlock(passphrase=PASSPHRASE))
    assert isinstance(unlocked, provisioning.Unlocked)
    pointer, content = practice_release()
    state = bench.ask(
        "screening", provisioning.adopt_release, provisioning.AdoptRelease(pointer=pointer, content=content)
    )
    assert getattr(state, "number", None) == 1, state
    found = bench.ask("screening", scanning.screen_text, scanning.ScreenText(text="CEC LIMITED"))
    assert isinstance(found, scanning.CodeScreening)


def test_a_locked_vault_answers_with_a_code(bench: Bench):
    failure = bench.ask("vault", opening.list_inspections, opening.ListInspections())
    assert failure == worker.Failure("inspector", "vault-locked", {})
    wrong = bench.ask("vault", provisioning.unlock, provisioning.Unlock(passphrase="not the passphrase"))
    assert isinstance(wrong, worker.Failure)
    assert wrong.code == "wrong-passphrase"


def test_the_reader_holds_no_vault(bench: Bench):
    refused = bench.ask("reader", provisioning.unlock, provisioning.Unlock(passphrase=PASSPHRASE))
    assert isinstance(refused, worker.Failure)
    reading = bench.ask(
        "reader", scanning.read_picture, scanning.ReadPicture(path=str(LABELS / "drum-7-of-12.png"))
    )
    assert len(reading.symbols) == 1  # type: ignore[attr-defined]


def test_a_bug_tells_its_type_and_never_its_message(bench: Bench):
    request = Request(1, "nothing.such", msgspec.Raw(msgspec.msgpack.encode({"secret": "canary"})))
    bench.pipes["vault"].send_bytes(msgspec.msgpack.encode(request))
    raw = bench.pipes["vault"].recv_bytes()
    assert b"canary" not in raw
    answer = msgspec.msgpack.decode(raw, type=Answer)
    assert answer.error is not None
    assert answer.error.family == "bug"


def test_closing_its_pipe_ends_a_worker(bench: Bench):
    bench.pipes["vault"].close()
    bench.processes["vault"].join(10)
    assert bench.processes["vault"].exitcode is not None


def _parent_of_a_worker(folder: str, told: Connection) -> None:
    made = Bench(Path(folder))
    made.ask("vault", provisioning.unlock, provisioning.Unlock(passphrase=PASSPHRASE))
    told.send([process.pid for process in made.processes.values()])
    signal.pause()


@pytest.mark.skipif(sys.platform == "win32", reason="there a job object ends them")
def test_workers_die_with_the_window(tmp_path: Path):
    new_vault(tmp_path).close()
    ours, theirs = SPAWN.Pipe()
    parent = SPAWN.Process(target=_parent_of_a_worker, args=(str(tmp_path / "vault"), theirs))
    parent.start()
    assert ours.poll(60)
    children = ours.recv()
    parent.kill()
    parent.join()
    for _ in range(200):
        alive = [pid for pid in children if _alive(pid)]
        if not alive:
            break
        import time

        time.sleep(0.05)
    assert alive == []
    ours.close()
    theirs.close()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")
