"""Power cuts: the disk is cut at random moments of a taped session, and must open to all acknowledged."""

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.durability import session
from tests.durability.disk import Disk
from tests.durability.session import Acknowledged, Lost, Spoil
from tests.durability.tape import Op, Tape

Change = Callable[[Iterable[Op]], Iterable[Op]]
STEPS = 12


def recorded(seed: int, spoil: Spoil | None = None) -> tuple[list[Op], bytes]:
    """Tape one session: a vault is made, used, closed, opened again and used; return it with the data key."""
    rng = random.Random(seed)
    folder = Path(tempfile.mkdtemp(prefix="tape-"))
    tape = Tape(folder).start()
    try:
        vault, data_key = session.create(folder)
        tape.mark(Acknowledged(made=True, generation=1))
        generation = 1
        for visit in range(2):
            if spoil is not None:
                spoil(vault)
            for _ in range(STEPS // 2):
                told = session.step(vault, rng, generation)
                generation = told.generation
                tape.mark(told)
            vault.close()
            if visit == 0:
                vault = session.open_vault(folder, data_key)
    finally:
        tape.stop()
        shutil.rmtree(folder)
    return tape.ops, data_key


def cut(cuts: int, seed: int, spoil: Spoil | None = None, change: Change | None = None) -> list[str]:
    """Cut the power `cuts` times over sessions of about 100 cuts each; return what was lost."""
    lost = []
    base = "/dev/shm" if Path("/dev/shm").is_dir() and os.access("/dev/shm", os.W_OK) else None
    while cuts > 0:
        ops, data_key = recorded(seed, spoil)
        if change is not None:
            ops = list(change(ops))
        rng = random.Random(seed)
        moments = sorted(rng.randrange(1, len(ops)) for _ in range(min(cuts, 100)))
        disk, told, at = Disk(), Acknowledged(), 0
        for moment in moments:
            for op in ops[at:moment]:
                disk.play(op)
                told = op.mark if op.kind == "mark" else told
            at = moment
            with tempfile.TemporaryDirectory(prefix="cut-", dir=base) as found:
                disk.cut(Path(found), rng)
                try:
                    session.check(Path(found), data_key, told)
                except Lost as loss:
                    lost.append(f"seed {seed}, after call {moment}: {loss}")
        cuts -= len(moments)
        seed += 1
    return lost
