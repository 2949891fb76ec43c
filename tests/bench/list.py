"""The list of inspections in a vault that holds many: opening it, paging, finding, narrowing, counting.

    python -m tests.bench.list [--inspections 100000] [--keep FOLDER]

Every inspection differs: parties, goods, numbers, seals, sites, states, lanes, clocks and holds are drawn
anew, as many as a busy inspector makes in years. `--keep` leaves the vault in a folder and uses it again. The
peer in the same run is a scan of the documents themselves, which is what finding by any field costs without
the list.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

import msgspec

from fieldapp.actions import examining, opening, seeking
from fieldapp.actions.examining import NotePlace
from fieldapp.actions.opening import ListInspections
from fieldapp.actions.seeking import Stand
from fieldapp.clock import now
from fieldapp.consignment.assignment import LANES, Assignment
from fieldapp.consignment.consignment import Consignment
from fieldapp.consignment.goods import GoodsLine
from fieldapp.consignment.party import Party
from fieldapp.inspection.deadline import Deadline
from fieldapp.inspection.hold import Hold
from fieldapp.inspection.inspection import Inspection
from fieldapp.inspection.wanted import Wanted
from fieldapp.vault.vault import Vault
from tests.support import records
from tests.support.laptops import consignment
from tests.support.vaults import directory, enrolled_vault

PASSPHRASE = "correct horse battery staple"
PLACES = ("Nhava Sheva", "Mundra", "Chennai", "Delhi air cargo", "Mumbai courier hub", "Hyderabad plant 4")
FIRST = (
    "Amber", "Basin", "Copper", "Delta", "Ember", "Fjord", "Garnet", "Harbour", "Indigo", "Jasmine", "Kelp",
    "Lotus", "Monsoon", "Nilgiri",
)  # fmt: skip
SECOND = ("Chem", "Pharma", "Trading", "Intermediates", "Organics", "Biotech", "Logistics", "Colours")
GOODS = (
    "Paracetamol tablets 500 mg", "Dye intermediate", "Ibuprofen granules", "Solvent in drums", "Acetic acid",
    "Laboratory glassware", "Ephedrine hydrochloride", "Caffeine anhydrous", "Citric acid", "Vitamin premix",
)  # fmt: skip


def timed(run: Callable[[], object], times: int = 20) -> tuple[float, float]:
    """Return the median and the 95th percentile in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append(1000 * (time.perf_counter() - start))
    return median(taken), quantiles(taken, n=20)[-1]


def made(number: int, base: Inspection, chance: random.Random) -> Inspection:
    """Return an inspection unlike the others: one every seven minutes, the latest today."""
    opened = now() - timedelta(minutes=7 * number)
    recent = number < 40
    code = f"{chance.randrange(10**13):013}"
    line = GoodsLine(
        seq=1, description=chance.choice(GOODS), gtin=code, batch=f"B{chance.randrange(10**6)}",
        packages=chance.randrange(1, 90), net_kg=chance.uniform(1, 900),
    )  # fmt: skip
    names = [f"{chance.choice(FIRST)} {chance.choice(FIRST)} {chance.choice(SECOND)}" for _ in range(2)]
    order = Assignment(
        id=f"a-{number}", order=f"EO-{number}", lane=chance.choice(LANES), reasons=("risk profile",),
        issued=opened, due=opened + timedelta(hours=30),
    )  # fmt: skip
    declared = Consignment(
        id=f"c-{number}", reference=f"SB {4_000_000 + number}", parties=(
            Party(role="exporter", name=names[0], country="in", address=f"Plot {number % 400}, Taloja"),
            Party(role="consignee", name=names[1], country="mx"),
        ), goods=(line,), containers=(f"MSKU{chance.randrange(10**7):07}",), assignment=order,
    )  # fmt: skip
    hold = Hold(id=f"h-{number}", at=opened, authority="Customs", by="R. Nair", reason="Papers differ")
    due = opened + timedelta(hours=48)
    clock = Deadline(kind="report", procedure="ndps-2022", starts=opened, due=due, by="sent")
    late = number % 1000 == 7
    return msgspec.structs.replace(
        base,
        id=f"i-{number:08d}",
        number=f"INS-2026-7F3A-{number:06d}",
        opened=opened,
        state="draft" if recent else "returned" if number % 500 == 3 else "approved",
        site=PLACES[number % len(PLACES)],
        consignment=declared,
        scans=base.scans[: 1 + number % 2] if number % 9 else (),
        holds=(hold,) if number % 50 == 0 else (),
        deadlines=(clock if recent or late else msgspec.structs.replace(clock, satisfied_at=opened),),
    )


def filled(folder: Path, count: int) -> Vault:
    """Return a vault with so many inspections, put in by its own tables."""
    if (folder / "vault").exists():
        return directory(folder).unlock(PASSPHRASE)
    base, chance = records.record().inspection, random.Random(7)
    vault = enrolled_vault(folder)
    start = time.perf_counter()
    for first in range(count, 0, -1000):
        with vault.transaction() as tx:
            for number in range(first - 1, max(first - 1001, -1), -1):
                tx.inspections.put(made(number, base, chance))
    size = (folder / "vault" / "vault.db").stat().st_size / 2**20
    say(f"{count:,} inspections kept in {time.perf_counter() - start:.0f} s, vault {size:.0f} MiB")
    return vault


ASKED: dict[str, ListInspections] = {
    "open the list": ListInspections(),
    "scroll far down": ListInspections(offset=2000),
    "scroll to the middle": ListInspections(offset=50_000),
    "find: one letter": ListInspections(text="a"),
    "find: common word": ListInspections(text="amber"),
    "find: word of all": ListInspections(text="ins"),
    "find: two words": ListInspections(text="kelp jas"),
    "find: a container": ListInspections(text="MSKU1"),
    "find: whole number": ListInspections(text="INS-2026-7F3A-033333"),
    "find: nothing": ListInspections(text="zebra"),
    "narrow: returned": ListInspections(wanted=Wanted(state="returned")),
    "narrow: site and lane": ListInspections(wanted=Wanted(site="Mundra", lane="red")),
    "narrow: clock overdue": ListInspections(wanted=Wanted(clock="overdue", order="clock")),
    "narrow: open hold": ListInspections(wanted=Wanted(hold=True)),
    "narrow: words, returned": ListInspections(text="ins", wanted=Wanted(state="returned")),
    "gravest first": ListInspections(wanted=Wanted(order="gravest")),
}


def main() -> None:
    """Fill a vault and print a line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--inspections", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        vault = filled(given.keep or Path(spare), given.inspections)
        say(f"load {os.getloadavg()[0]:.1f}")
        opening.list_inspections(vault, ListInspections())
        for name, command in ASKED.items():
            told(name, timed(lambda command=command: opening.list_inspections(vault, command)), 100)
        told("the numbers on home", timed(lambda: seeking.stand(vault, Stand())), 100)
        keep_one(vault)
        with vault.reading() as tx:
            scan, _ = timed(
                lambda: sum("Amber" in str(one.consignment) for one in tx.inspections.page("", 10_000)), 2
            )
        say(f"{'peer: 10,000 documents read':26} p50 {scan:7.1f} ms")
        vault.close()


def keep_one(vault: Vault) -> None:
    """Measure what keeping a draft costs beside so many."""
    draft = opening.open_inspection(vault, opening.OpenInspection(consignment=consignment()))
    places = iter(range(1000))

    def keep() -> None:
        examining.note_place(vault, NotePlace(inspection=draft.id, place=f"Gate {next(places)}"))

    told("keep a draft", timed(keep, 40), 50)


def told(name: str, taken: tuple[float, float], goal: float) -> None:
    """Print one row."""
    state = "met" if taken[1] <= goal else "MISSED"
    say(f"{name:26} p50 {taken[0]:7.1f} ms  p95 {taken[1]:7.1f} ms  goal {goal:.0f} ms: {state}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
