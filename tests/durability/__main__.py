"""`make test-durability`: every harness in its full count, then its mutants, as a table. Exit 1 on any loss.

Each harness is run against the vault as it is, where nothing may be lost, and against mutants, where it must
find losses: a harness that finds none there proves nothing. Two processes share the work.
"""

import argparse
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.durability.table import HARNESSES
from tests.durability.tape import available

PIECE = 50  # trials a process takes at a time


def main() -> int:
    """Run them all; print what was found."""
    parser = argparse.ArgumentParser(prog="tests.durability")
    parser.add_argument("--times", type=float, default=1.0, help="multiply every count, for the night")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if not available():
        print("durability: calls can be caught on 64-bit Linux only")
        return 1
    failed = 0
    print(f"{'harness':<52}{'trials':>8}{'lost':>7}{'seconds':>9}  verdict")
    with ProcessPoolExecutor(
        min(os.cpu_count() or 1, 8), mp_context=multiprocessing.get_context("spawn")
    ) as pool:
        for harness in HARNESSES:
            start = time.monotonic()
            pieces = [
                (min(PIECE, whole - at), given.seed + at)
                for whole in [max(1, round(harness.count * given.times))]
                for at in range(0, whole, PIECE)
            ]
            lost = [loss for found in pool.map(harness.run, *zip(*pieces, strict=True)) for loss in found]
            good = bool(lost) if harness.mutant else not lost
            verdict = ("caught" if good else "NOT CAUGHT") if harness.mutant else ("held" if good else "LOST")
            trials = sum(count for count, _seed in pieces)
            print(
                f"{harness.name:<52}{trials:>8}{len(lost):>7}{time.monotonic() - start:>9.1f}  {verdict}",
                flush=True,
            )
            if not good:
                failed += 1
                print("\n".join(f"    {loss}" for loss in lost[:20]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
