"""A day of the real lists as a delta: its size beside the whole release, its way into the encrypted index.

The lists hold no two days, so the day is drawn: of 0.5 % of the entries a third come, a third get one more
name, a third go, which is more than publishers do in a day.
"""

import os
import random
import time
from pathlib import Path
from typing import NamedTuple

import msgspec

from fieldapp.actions.rooms import Screener
from fieldapp.clock import now
from fieldapp.watchlist.delta import write_delta
from fieldapp.watchlist.entry import ListedName
from fieldapp.watchlist.release import Header, write_release
from tests.bench.practice import practice_entries, real_entries

TOUCHED = 0.005  # of the entries


class Day(NamedTuple):
    """Entries of the list, changes, bytes of the release and of the delta, seconds to take the delta in."""

    entries: int
    changes: int
    whole: int
    delta: int
    seconds: float


def day(folder: Path, names: int = 0) -> Day:
    """Measure a day of the real lists, or of a practice list of about so many names that holds them."""
    entries = list(practice_entries(names) if names else real_entries())
    dice = random.Random(5)
    touched = dice.sample(range(len(entries)), int(len(entries) * TOUCHED))
    come, change, go = (set(touched[part::3]) for part in range(3))
    old, new, made = folder / "old.zst", folder / "new.zst", folder / "day.delta"
    head = Header(number=1, name="Real lists", issued=now())
    write_release(old, head, (one for at, one in enumerate(entries) if at not in come))
    after = (
        msgspec.structs.replace(one, names=(*one.names, ListedName(f"{one.names[0].text} Overseas", "aka")))
        if at in change
        else one
        for at, one in enumerate(entries)
        if at not in go
    )
    write_release(new, msgspec.structs.replace(head, number=2), after)
    changes = write_delta(made, old, new).changes
    room = Screener(folder, os.urandom(32))
    room.adopt(old.read_bytes())
    content = made.read_bytes()
    began = time.perf_counter()
    held = room.apply(content)
    took = time.perf_counter() - began
    if held.number != 2:
        raise AssertionError("the delta is not in force")
    room.close()
    return Day(held.entries, changes, new.stat().st_size, len(content), took)
