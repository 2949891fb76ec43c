"""Histories, many at a time, and the table of what was injected into them."""

import multiprocessing
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator

from tests.sync.simulation.telling import tell
from tests.sync.simulation.world import FAULTS, World


def history(seed: int) -> tuple[int, Counter[str], str]:
    """Run one history; return its faults and the trace of what failed."""
    world = World(seed)
    try:
        world.run()
    except Exception:  # noqa: BLE001 - whatever it is, the seed is told
        return seed, world.faults, traceback.format_exc()
    return seed, world.faults, ""


def _histories(first: int, processes: int) -> Iterator[tuple[int, Counter[str], str]]:
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        seed = first
        while True:
            yield from pool.imap(history, range(seed, seed + 64), chunksize=2)
            seed += 64


def soak(wanted: int, first: int, processes: int) -> int:
    """Run histories from seed `first` until `wanted` faults were injected; return the exit code."""
    total: Counter[str] = Counter()
    seeds, failed, began = 0, [], time.perf_counter()
    for seed, faults, trace in _histories(first, processes):
        total += faults
        seeds += 1
        if trace:
            failed.append(seed)
            sys.stderr.write(trace)
        if sum(total.values()) >= wanted or len(failed) >= 5:
            break
    took = time.perf_counter() - began
    tell(f"{'fault':<26}{'injected':>10}")
    for kind in FAULTS:
        tell(f"{kind:<26}{total[kind]:>10}")
    count = sum(total.values())
    tell(f"{'all ' + str(len(FAULTS)) + ' kinds':<26}{count:>10}")
    tell(f"seeds {first} to {first + seeds - 1}, {took:.0f} s, {count / took:.0f} faults/s")
    tell(f"failed: {failed or 'none'}")
    missing = [kind for kind in FAULTS if not total[kind]]
    if missing and count >= 20_000:
        tell(f"never injected: {missing}")
    return int(bool(failed or (missing and count >= 20_000)))


def crowd(devices: int, seed: int) -> int:
    """One headquarters and many laptops."""
    began = time.perf_counter()
    world = World(seed, count=devices, steps=devices * 3)
    world.run()
    took = time.perf_counter() - began
    tell(f"{devices} laptops, {sum(world.faults.values())} faults, {took:.0f} s, nothing lost or doubled")
    return 0
