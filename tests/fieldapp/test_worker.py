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
from fieldapp.actions import opening, provisioning, scanning, trusting
from fieldapp.clock import now
from fieldapp.worker import Answer, Request
from tests.support.laptops import LABELS, practice_release
from tests.support.lists import Publisher
from tests.support.vaults import PASSPHRASE, Headquarters, enrolled_vault, new_vault

SPAWN = multiprocessing.get_context("spawn")
HEADQUARTERS = Headquarters()


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
    enrolled_vault(tmp_path, HEADQUARTERS).close()
    made = Bench(tmp_path / "vault")
    yield made
    made.close()


def test_the_key_of_the_list_reaches_the_screening_process_and_not_the_window(bench: Bench):
    unlocked = bench.ask("vault", provisioning.unlock, provisioning.Unlock(passphrase=PASSPHRASE))
    assert isinstance(unlocked, provisioning.Unlocked)
    _target, content = practice_release()
    metadata = Publisher(HEADQUARTERS.root, now()).metadata(content)
    believed = bench.ask("vault", trusting.take_metadata, trusting.TakeMetadata(metadata=metadata))
    assert isinstance(believed, trusting.Believed), believed
    assert believed.target is not None
    state = bench.ask(
        "screening",
        provisioning.adopt_release,
        provisioning.AdoptRelease(target=believed.target, content=content),
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


def _write_a_file(pipe: Connection, place: str) -> None:
    worker._harden("reader")
    try:
        Path(place).write_bytes(b"x" * 100)
        pipe.send("written")
    except OSError as error:
        pipe.send(type(error).__name__)


def _take_memory(pipe: Connection, _place: str) -> None:
    worker._harden("reader")
    try:
        pipe.send(len(bytearray(worker.READER_MEMORY)))
    except MemoryError:
        pipe.send("MemoryError")


def _spin(pipe: Connection, _place: str) -> None:
    worker._harden("reader")
    worker._grant_time("reader", seconds=1)
    pipe.send("spinning")
    while True:
        sum(range(1000))


def _in_reader(target, place: Path) -> tuple[object, int | None]:
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=target, args=(theirs, str(place)), daemon=True)
    process.start()
    theirs.close()
    said = ours.recv() if ours.poll(60) else None
    process.join(60)
    ours.close()
    return said, process.exitcode


POSIX = pytest.mark.skipif(sys.platform == "win32", reason="there a job object bounds it")


@POSIX
def test_a_reader_writes_no_file(tmp_path: Path):
    assert _in_reader(_write_a_file, tmp_path / "left-behind")[0] == "OSError"
    assert not (tmp_path / "left-behind").exists() or (tmp_path / "left-behind").stat().st_size == 0


@POSIX
def test_a_reader_takes_no_more_memory_than_it_was_given(tmp_path: Path):
    assert _in_reader(_take_memory, tmp_path)[0] == "MemoryError"


@POSIX
def test_a_reader_that_spins_is_ended_by_the_system(tmp_path: Path):
    said, code = _in_reader(_spin, tmp_path)
    assert said == "spinning"
    assert code == -signal.SIGXCPU


def test_a_bounded_reader_still_reads(bench: Bench):
    for _ in range(3):
        reading = bench.ask(
            "reader", scanning.read_picture, scanning.ReadPicture(path=str(LABELS / "drum-7-of-12.png"))
        )
        assert len(reading.symbols) == 1  # type: ignore[attr-defined]


def copies(pid: int, *secrets: bytes) -> int:
    """Count the copies of `secrets` in the memory of process `pid`."""
    found = 0
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            fields = line.split()
            if not fields[1].startswith("rw"):
                continue
            start, end = (int(part, 16) for part in fields[0].split("-"))
            try:
                memory.seek(start)
                raw = memory.read(end - start)
            except (OSError, ValueError, OverflowError):
                continue
            found += sum(raw.count(secret) for secret in secrets)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="memory of another process is read on Linux")
def test_no_key_and_no_passphrase_outlives_the_lock(bench: Bench):
    """The lock ends the process. While it is open the passphrase is counted too: the harness can see."""
    from fieldapp.vault import header, keys

    vault = bench.processes["vault"]
    secret = PASSPHRASE.encode()
    data_key = keys.open_slots(header.read_header(bench.folder), PASSPHRASE)
    wanted = (secret, data_key, keys.subkey(data_key, "db"), keys.subkey(data_key, "db").hex().encode())
    try:
        before = copies(vault.pid or 0, *wanted)
    except PermissionError:
        pytest.skip("this system lets no process read another's memory")
    assert before == 0
    bench.ask("vault", provisioning.unlock, provisioning.Unlock(passphrase=PASSPHRASE))
    assert copies(vault.pid or 0, *wanted) > 0  # an open vault holds its key: here it must be found
    assert copies(vault.pid or 0, keys.subkey(data_key, "db").hex().encode()) == 0  # never as text
    vault.kill()
    vault.join()
    assert not Path(f"/proc/{vault.pid}/mem").exists()
    for room in ("screening", "reader"):
        assert copies(bench.processes[room].pid or 0, *wanted) == 0
