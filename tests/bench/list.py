"""The list of inspections in a vault that holds many: opening it, paging, finding by words, keeping a draft.

    python -m tests.bench.list [--inspections 100000]

The peer in the same run is a scan of the documents themselves, which is what finding by any field costs
without the list.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

import msgspec

from fieldapp.actions import examining, opening
from fieldapp.actions.examining import NotePlace
from fieldapp.actions.opening import ListInspections
from tests.support.laptops import consignment
from tests.support.records import record
from tests.support.vaults import enrolled_vault

WORDS = (
    "amber",
    "basin",
    "copper",
    "delta",
    "ember",
    "fjord",
    "garnet",
    "harbour",
    "indigo",
    "jasmine",
    "kelp",
)


def timed(run: Callable[[], object], times: int = 20) -> tuple[float, float]:
    """Return the median and the 95th percentile in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(1000 * (time.perf_counter() - start))
    return median(taken), quantiles(taken, n=20)[-1]


def main() -> None:
    """Fill a vault and print a line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--inspections", type=int, default=100_000)
    count = parser.parse_args().inspections
    chance = random.Random(7)
    base = record().inspection
    with tempfile.TemporaryDirectory() as folder:
        vault = enrolled_vault(Path(folder))
        start = time.perf_counter()
        for first in range(0, count, 1000):
            with vault.transaction() as tx:
                for number in range(first, min(first + 1000, count)):
                    goods = " ".join(chance.choices(WORDS, k=4))
                    declared = msgspec.structs.replace(base.consignment, reference=f"SB {number} {goods}")
                    made = msgspec.structs.replace(
                        base,
                        id=f"i-{number:08d}",
                        number=f"INS-{number:06d}",
                        state="sealed",
                        consignment=declared,
                    )
                    tx.inspections.put(made)
        say(f"{count:,} inspections kept in {time.perf_counter() - start:.0f} s")
        vault.list_filled = True
        draft = opening.open_inspection(vault, opening.OpenInspection(consignment=consignment()))
        asked = {
            "open the list": ListInspections(),
            "scroll to the middle": ListInspections(offset=count // 2),
            "find a common word": ListInspections(text="amber"),
            "find two words": ListInspections(text="kelp jas"),
            "find one of all": ListInspections(text=f"INS-{count // 3:06d}"),
            "find nothing": ListInspections(text="zebra"),
        }
        for name, command in asked.items():
            told(name, timed(lambda command=command: opening.list_inspections(vault, command)), 100)
        places = iter(range(1000))

        def keep() -> None:
            examining.note_place(vault, NotePlace(inspection=draft.id, place=f"Gate {next(places)}"))

        told("keep a draft", timed(keep, 40), 50)
        with vault.reading() as tx:
            scan, _ = timed(
                lambda: sum("amber" in str(one.consignment) for one in tx.inspections.each_newest()), 2
            )
        say(f"{'peer: scan of documents':24} p50 {scan:7.1f} ms")
        vault.close()


def told(name: str, taken: tuple[float, float], goal: float) -> None:
    """Print one row."""
    state = "met" if taken[1] <= goal else "MISSED"
    say(f"{name:24} p50 {taken[0]:7.1f} ms  p95 {taken[1]:7.1f} ms  goal {goal:.0f} ms: {state}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
