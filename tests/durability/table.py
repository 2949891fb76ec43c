"""What is done to the vault, how often, and what must come of it: the rows of `make test-durability`."""

from collections.abc import Callable
from typing import NamedTuple

from tests.durability import disk, full, kills, power, tamper
from tests.durability.session import careless


class Harness(NamedTuple):
    """One row of the table: what is done to the vault, how often, and whether losses must be found."""

    name: str
    count: int
    run: Callable[[int, int], list[str]]
    mutant: bool = False


def cuts(count: int, seed: int) -> list[str]:
    return power.cut(count, seed)


def cuts_normal(count: int, seed: int) -> list[str]:
    return power.cut(count, seed, spoil=careless(checkpoints=False, normal=True))


def cuts_folder(count: int, seed: int) -> list[str]:
    return power.cut(count, seed, change=disk.without_folder_sync)


def cuts_unsynced(count: int, seed: int) -> list[str]:
    return power.cut(count, seed, change=disk.without_sync)


def logs(count: int, seed: int) -> list[str]:
    return kills.kill(count, seed, damage=True)


def logs_kept(count: int, seed: int) -> list[str]:
    return kills.kill(count, seed, damage=True, spoil=careless(checkpoints=False))


HARNESSES = (
    Harness("power cuts", 2000, cuts),
    Harness("kills", 300, kills.kill),
    Harness("full disk: ENOSPC at any byte", 60, full.fill_by_tape),
    Harness("full disk: kernel's limit", 60, full.fill_by_limit),
    Harness("damaged logs after a kill", 200, logs),
    Harness("flipped pages, every one six times", 360, tamper.pages),
    Harness("old pages put back", 200, tamper.replays),
    Harness("headers torn, forged, one or both", 200, tamper.headers),
    Harness("evidence damaged or missing", 200, tamper.files),
    Harness("bundles damaged", 500, tamper.bundles),
    Harness("ledger exports damaged", 500, tamper.exports),
    Harness("the database rolled back", 50, tamper.rollbacks),
    Harness("power cuts, synchronous=NORMAL and no checkpoint", 100, cuts_normal, mutant=True),
    Harness("power cuts, folders never synced", 100, cuts_folder, mutant=True),
    Harness("power cuts, nothing ever synced", 100, cuts_unsynced, mutant=True),
    Harness("damaged logs, no checkpoint", 50, logs_kept, mutant=True),
    Harness("flipped pages, only the head looked at", 60, tamper.pages_unlooked, mutant=True),
    Harness("old pages put back, without the ledger", 60, tamper.replays_engine, mutant=True),
    Harness("evidence damaged, files not hashed", 25, tamper.files_unlooked, mutant=True),
    Harness("the database rolled back, no anchor", 25, tamper.rollbacks_unanchored, mutant=True),
)
