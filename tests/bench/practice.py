"""A practice watchlist of any size, made from the words of the real lists, the same every time.

    python -m tests.bench.practice OUT.zst [NAMES]

Names are recombined from the words of real listed names; every sixteenth word is invented and every
sixteenth misspelt, so the vocabulary grows as a real one does. Nobody on it is anybody.
"""

import hashlib
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import msgspec

from fieldapp import canonical
from fieldapp.watchlist.delta import Change, DeltaHeader
from fieldapp.watchlist.entry import Entry, EntryKind, ListedName
from fieldapp.watchlist.frames import write_lines
from fieldapp.watchlist.index import Index
from fieldapp.watchlist.release import Header, add_to_state, line, take_from_state, write_release
from fieldapp.watchlist.sources import source

LISTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "lists"
_LETTERS = "aaabcddeeefghiiijkklmmnnoopqrrsstttuuvwyz"
_COUNTRIES = (
    "ae",
    "af",
    "by",
    "cn",
    "co",
    "ir",
    "iq",
    "kp",
    "lb",
    "mx",
    "pk",
    "ru",
    "sy",
    "tr",
    "ua",
    "ve",
    "ye",
)


def real_entries() -> Iterator[Entry]:
    """Yield the entries of the real lists."""
    ofac = [LISTS / f"ofac_{part}.csv" for part in ("sdn", "alt", "add")]
    yield from source("ofac-sdn").read(ofac)
    yield from source("un").read([LISTS / "un_consolidated.xml"])


def practice_entries(names: int, seed: int = 11) -> Iterator[Entry]:
    """Yield entries with about `names` names in all, the real ones first."""
    rng = random.Random(seed)
    words: dict[bool, list[str]] = {True: [], False: []}
    lengths: dict[bool, list[int]] = {True: [], False: []}
    made = 0
    for entry in real_entries():
        made += len(entry.names)
        for name in entry.names:
            if name.text.isascii():
                parts = name.text.replace(",", " ").split()
                words[entry.kind == "person"] += parts
                lengths[entry.kind == "person"].append(len(parts))
        yield entry
    number = 0
    while made < names:
        number += 1
        person = rng.random() < 0.4
        listed = [_name(rng, words[person], rng.choice(lengths[person]))]
        while rng.random() < 0.3:
            listed.append(_name(rng, words[person], rng.choice(lengths[person])))
        made += len(listed)
        kind: EntryKind = "person" if person else "company"
        yield Entry(
            id=f"P{number}",
            source="practice",
            kind=kind,
            names=tuple(ListedName(text, "aka" if at else "primary") for at, text in enumerate(listed)),
            countries=(rng.choice(_COUNTRIES),),
            birth_dates=(f"{rng.randint(1940, 2000)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",)
            if person
            else (),
            programme="PRACTICE",
        )


def _name(rng: random.Random, words: list[str], length: int) -> str:
    chosen = []
    for _ in range(max(2, min(length, 7))):
        word = rng.choice(words)
        roll = rng.random()
        if roll < 1 / 16:
            word = "".join(rng.choice(_LETTERS) for _ in range(rng.randint(4, 10))).capitalize()
        elif roll < 1 / 8 and len(word) > 4:
            at = rng.randrange(len(word))
            word = word[:at] + rng.choice(_LETTERS) + word[at + 1 :]
        chosen.append(word)
    return " ".join(chosen)


def write_practice(path: Path, names: int) -> Header:
    """Write the practice list to `path`."""
    header = Header(number=1, name=f"practice {names:,}", issued=datetime(2026, 11, 22, tzinfo=UTC))
    return write_release(path, header, practice_entries(names))


def practice_delta(path: Path, index: Index, come: int, go: int) -> DeltaHeader:
    """Write to `path` a delta on `index` by which about `come` names come and `go` names go."""
    held = index.state
    state, digest, done = int(held.state, 16), hashlib.sha256(), 0
    gone = list(islice((entry for entry in index.entries() if entry.source == "practice"), go))
    fresh = (
        msgspec.structs.replace(entry, id="N" + entry.id)
        for entry in practice_entries(60_000, seed=99)
        if entry.source == "practice"
    )
    names = 0
    changes = []
    for entry in gone[:: max(1, len(gone) // go)]:
        changes.append(Change("DEL", entry.key))
        state = take_from_state(state, line(entry))
    for entry in fresh:
        if names >= come:
            break
        names += len(entry.names)
        changes.append(Change("ADD", entry.key, entry))
        state = add_to_state(state, line(entry))
    lines = [canonical.encode(change) for change in changes]
    for raw in lines:
        digest.update(raw + b"\n")
        done += 1
    header = DeltaHeader(
        base=held.number,
        number=held.number + 1,
        name=held.name,
        issued=datetime(2026, 11, 23, tzinfo=UTC),
        base_state=held.state,
        state=f"{state:064x}",
        entries=held.entries + len(changes) - 2 * sum(change.op == "DEL" for change in changes),
        sha256_of_release="",
        changes=done,
        sha256=digest.hexdigest(),
    )
    write_lines(path, lines, lambda: canonical.encode(header))
    return header


if __name__ == "__main__":
    written = write_practice(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
    sys.stdout.write(f"{written.entries} entries\n")
