"""Histories of laptops and headquarters under faults; `make test-sync` runs some thousand of them."""

import pytest

from tests.sync.simulation.mutants import MUTANTS, ROOT, Mutant, altered
from tests.sync.simulation.world import FAULTS, World


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_or_doubled_in_a_history(seed: int) -> None:
    world = World(seed).run()
    assert sum(world.faults.values()) > 20, "the history was as bad as it was meant to be"


def test_a_seed_is_the_same_history_again() -> None:
    first, again = World(11, steps=50).run(), World(11, steps=50).run()
    assert first.faults == again.faults
    assert first.now == again.now
    assert [len(laptop.made) for laptop in first.laptops] == [len(laptop.made) for laptop in again.laptops]


def test_the_faults_are_as_many_kinds_as_promised() -> None:
    assert len(set(FAULTS)) == len(FAULTS) >= 21


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_mutant_still_fits(mutant: Mutant) -> None:
    place = ROOT / mutant.module.replace(".", "/")
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    compile(altered(mutant, file.read_text("utf-8")), mutant.name, "exec")


@pytest.mark.soak
def test_many_histories() -> None:
    for seed in range(1000, 1200):
        World(seed).run()
