"""Full disks: the room ends at a random byte of a session; then there is room again, and work goes on.

Two ways: the taped calls answer ENOSPC, and the kernel itself refuses files over a limit (RLIMIT_FSIZE).
"""

import os
import random
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from fieldapp.errors import SituationError
from fieldapp.vault.vault import Vault
from tests.durability import session
from tests.durability.session import Acknowledged, Lost, Spoil
from tests.durability.tape import Tape


def fill_by_tape(trials: int, seed: int, spoil: Spoil | None = None) -> list[str]:
    """Let the caught calls answer ENOSPC from a random byte on; return what was lost."""
    return _fill(trials, seed, spoil, _by_tape)


def fill_by_limit(trials: int, seed: int, spoil: Spoil | None = None) -> list[str]:
    """Let the kernel refuse writes past a random size of file, in a child; return what was lost."""
    return _fill(trials, seed, spoil, _in_child)


Filled = Callable[[Path, bytes, int, Spoil | None], tuple[Acknowledged, bool]]


def _fill(trials: int, seed: int, spoil: Spoil | None, filled: Filled) -> list[str]:
    lost = []
    with tempfile.TemporaryDirectory(prefix="full-") as place:
        vault, data_key = session.create(Path(place) / "made")
        vault.close()
        for number in range(seed, seed + trials):
            folder = Path(place) / "one"
            shutil.copytree(Path(place) / "made", folder)
            told, refused = filled(folder, data_key, number, spoil)
            try:
                session.check(folder, data_key, told)
            except Lost as loss:
                lost.append(f"full {number}: {loss}")
            if not refused:
                lost.append(f"full {number}: the disk was never full")
            shutil.rmtree(folder)
    return lost


def _by_tape(folder: Path, data_key: bytes, seed: int, spoil: Spoil | None) -> tuple[Acknowledged, bool]:
    rng = random.Random(seed)
    vault = session.open_vault(folder, data_key)
    if spoil is not None:
        spoil(vault)
    tape = Tape(folder).start()
    try:
        tape.room = rng.randrange(500, 200_000)
        return _until_full(vault, rng, Acknowledged(made=True))
    finally:
        tape.stop()
        vault.close()


def _until_full(vault: Vault, rng: random.Random, told: Acknowledged) -> tuple[Acknowledged, bool]:
    for _ in range(200):
        try:
            told = session.step(vault, rng, max(1, told.generation))
        except SituationError:
            return told, True
    return told, False


def _in_child(folder: Path, data_key: bytes, seed: int, spoil: Spoil | None) -> tuple[Acknowledged, bool]:
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        rng = random.Random(seed)
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            size = (folder / "vault/vault.db").stat().st_size
            vault = session.open_vault(folder, data_key)
            if spoil is not None:
                spoil(vault)
            limit = rng.randrange(4_096, size + 120_000)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            answer = _until_full(vault, rng, Acknowledged(made=True))
            os.write(theirs, msgspec.json.encode(answer))
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        raw = pipe.read()
    os.waitpid(child, 0)
    return msgspec.json.decode(raw, type=tuple[Acknowledged, bool])
