"""Run histories and say what was injected: `python -m tests.sync.simulation`.

python -m tests.sync.simulation SEED              replay one history; the trace of a failure
python -m tests.sync.simulation --faults 50000    as many histories as it takes, on every core
python -m tests.sync.simulation --mutants         break the protocol on purpose, count what is noticed
python -m tests.sync.simulation --devices 2000    one headquarters, that many laptops
"""

import argparse
import os
import sys

from tests.sync.simulation.histories import crowd, history, soak


def main() -> int:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.sync.simulation")
    parser.add_argument("seed", nargs="?", type=int)
    parser.add_argument("--faults", type=int, default=50_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--devices", type=int, default=0)
    parser.add_argument("--mutants", action="store_true")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    if asked.mutants:
        from tests.sync.simulation import mutants

        return mutants.table(asked.processes)
    if asked.devices:
        return crowd(asked.devices, asked.first)
    if asked.seed is None:
        return soak(asked.faults, asked.first, asked.processes)
    _seed, faults, trace = history(asked.seed)
    print(dict(faults), trace or "holds")
    return int(bool(trace))


if __name__ == "__main__":
    sys.exit(main())
