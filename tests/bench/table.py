"""The table a bench ends with, and what its parts share: rows of the share, clocks, seeds."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
SEED = int(os.environ.get("SEED", "0")) or int(time.time_ns() % 1_000_000)


class Row(NamedTuple):
    """One line of the table: the peer is "-" where none is in the run."""

    name: str
    peer: str
    here: str
    goal: str
    met: bool


def show(label: str, *values: object) -> None:
    """Write one line at once."""
    sys.stdout.write(" ".join([f"{label:34}", *map(str, values)]) + "\n")
    sys.stdout.flush()


def close(table: list[Row]) -> None:
    """Write the table, and under it how busy this machine was."""
    heads = Row("", "peer, same run", "here", "goal", met=True)
    widths = [max(len(str(row[column])) for row in (heads, *table)) for column in range(4)]
    for row in (heads, *table):
        cells = "  ".join(f"{cell:{width}}" for cell, width in zip(row[:4], widths, strict=True))
        show(cells, "" if row is heads else "met" if row.met else "MISSED")
    if hasattr(os, "getloadavg"):
        show("load average", *(f"{load:.1f}" for load in os.getloadavg()), f"on {os.cpu_count()} cores")


def rows(*parts: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of a file of the share."""
    with SHARED.joinpath(*parts).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def spent(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what `work` returns, and the processor milliseconds it took."""
    begun = time.process_time()
    answer = work()
    return answer, (time.process_time() - begun) * 1000
