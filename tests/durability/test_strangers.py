"""20,000 mutated inputs of what strangers hand over: each is read or refused. A million by night."""

import pytest

from tests.durability import strangers


@pytest.mark.parametrize("name", strangers.COUNTS)
def test_nothing_falls_over(name: str):
    assert sum(strangers.COUNTS.values()) == 20_000
    assert strangers.run(name, strangers.COUNTS[name], 40_000_000) == []


@pytest.mark.soak
@pytest.mark.parametrize("name", strangers.COUNTS)
def test_nothing_falls_over_all_night(name: str):
    assert strangers.run(name, strangers.COUNTS[name] * 50, 1) == []


def test_a_parser_that_falls_over_is_caught():
    """The mutant: one that raises what is not ours."""
    broken = strangers.Kind((strangers.ADVICE.encode(),), lambda raw: raw.decode("ascii"))
    assert strangers.blows(broken, "advice", 200, 1) != []
