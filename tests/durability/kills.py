"""Kills: a child writes into a real vault until it is killed at a random moment; damage to its log after."""

import os
import random
import shutil
import signal
import tempfile
import time
from pathlib import Path

import msgspec

from tests.durability import session
from tests.durability.session import Acknowledged, Lost, Spoil

LOG = "vault/vault.db-wal"


def _write(folder: Path, data_key: bytes, told: int, seed: int, spoil: Spoil | None) -> None:
    vault = session.open_vault(folder, data_key)
    if spoil is not None:
        spoil(vault)
    rng = random.Random(seed)
    generation = 1
    while True:
        done = session.step(vault, rng, generation)
        generation = done.generation
        os.write(told, msgspec.json.encode(done) + b"\n")


def kill_once(folder: Path, data_key: bytes, seed: int, spoil: Spoil | None = None) -> Acknowledged:
    """Kill a writer at a random moment, before its first acknowledgement or after; return the last one."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(ours)
            _write(folder, data_key, theirs, seed, spoil)
        finally:
            os._exit(0)
    os.close(theirs)
    time.sleep(random.Random(seed).uniform(0.01, 0.12))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(ours, "rb") as pipe:
        lines = pipe.read().splitlines()
    return msgspec.json.decode(lines[-1], type=Acknowledged) if lines else Acknowledged(made=True)


def _damage(log: Path, rng: random.Random) -> None:
    raw = bytearray(log.read_bytes()) if log.exists() else bytearray()
    kind = rng.choice(("flip", "cut", "delete", "noise"))
    if kind == "flip" and raw:
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        log.write_bytes(raw)
    elif kind == "cut":
        log.write_bytes(raw[: rng.randrange(len(raw) + 1)])
    elif kind == "delete":
        log.unlink(missing_ok=True)
    else:
        log.write_bytes(rng.randbytes(len(raw) or 4152))


def kill(kills: int, seed: int, *, damage: bool = False, spoil: Spoil | None = None) -> list[str]:
    """Kill `kills` writers, each in a copy of one vault; return what was lost. `damage` hits the log then."""
    lost = []
    with tempfile.TemporaryDirectory(prefix="kill-") as place:
        vault, data_key = session.create(Path(place) / "made")
        vault.close()
        for number in range(seed, seed + kills):
            folder = Path(place) / "one"
            shutil.copytree(Path(place) / "made", folder)
            told = kill_once(folder, data_key, number, spoil)
            if damage:
                _damage(folder / LOG, random.Random(number))
            try:
                session.check(folder, data_key, told)
            except Lost as loss:
                lost.append(f"kill {number}: {loss}")
            shutil.rmtree(folder)
    return lost
