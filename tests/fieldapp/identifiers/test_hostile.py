"""Twenty thousand contents nobody should put into a code: every one is answered, guesses as guesses."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.identifiers.identified import Identified
from fieldapp.identifiers.identify import identify, identify_text
from fieldapp.scan.symbol import Symbol
from tests.support import hostile

TODAY = date(2026, 11, 22)


def check(found: Identified) -> None:
    assert all(-1 <= issue.position <= len(found.text) for issue in found.issues)
    assert all(issue.rule for issue in found.issues)
    assert all(isinstance(value, str) for value in found.identifiers.values())
    for name in ("expiry", "production"):
        if name in found.identifiers:
            date.fromisoformat(found.identifiers[name][:10])
    assert found.alternatives == () or found.confidence == "inferred" or not found.sure
    assert found.confidence == "inferred" or found.sure


def test_twenty_thousand_mutated_codes_are_answered() -> None:
    kinds = set()
    for number, (raw, aim) in enumerate(hostile.payloads(20_261_122, 20_000)):
        reader = "zxing:full" if number % 2 else "wedge"
        text = raw.decode("utf-8", "replace")
        found = identify(Symbol(symbology="any", aim=aim, text=text, hex=raw.hex(), reader=reader), TODAY)
        check(found)
        kinds.add(found.kind)
    assert {"gs1", "digital_link", "hibc", "iso15434", "carrier", "text"} <= kinds


def test_the_good_ones_are_known_for_what_they_are() -> None:
    """What is mutated has to be good to begin with, or the mutations prove nothing."""
    for raw, aim in hostile.GOOD:
        assert identify_text(raw.decode(), aim, raw, today=TODAY).kind != "text", raw


@given(st.sampled_from(hostile.GOOD), st.integers(0, 2**32))
def test_what_was_guessed_is_never_given_as_read(good: tuple[bytes, str], seed: int) -> None:
    """A decoded code without separators is read as it stands; only a typed one is guessed at, and flagged."""
    raw, aim = next(hostile.payloads(seed, 1)) if seed % 2 else good
    found = identify_text(raw.decode("latin-1"), aim, today=TODAY)
    if found.alternatives or not found.sure:
        assert found.confidence == "inferred"
