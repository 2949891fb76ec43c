import msgspec
import pytest

from sync.headquarters import quarantine, store
from sync.headquarters.office import Office
from tests.support.headquarters import Chain


def aside(at: Office, *, practice: bool = False) -> list[quarantine.Aside]:
    with store.reading(at.engine) as connection:
        return quarantine.listed(connection, practice)


def forged(at: Office, chain: Chain, payload: bytes = b'{"says":"what it says"}') -> str:
    entry = chain.append("note", payload)
    chain.push(msgspec.structs.replace(entry, signature=bytes(64)))
    return aside(at)[0].entry


def test_an_entry_set_aside_is_shown_with_what_it_says(at: Office) -> None:
    entry = forged(at, Chain(at))
    with store.reading(at.engine) as connection:
        found = quarantine.one(connection, False, entry)
        with pytest.raises(quarantine.EntryUnknown):
            quarantine.one(connection, True, entry)
    assert (found.why, found.kind, found.inspector) == ("signature", "note", "R. Nair")
    assert '"says": "what it says"' in found.said


def test_what_was_found_out_stands_beside_it_and_the_newest_counts(at: Office) -> None:
    chain = Chain(at)
    entry = forged(at, chain)
    quarantine.settle(at, False, entry, "enquiry", "Asked the unit.", "Meera Iyer")
    quarantine.settle(at, False, entry, "explained", "Old backup put back.", "Meera Iyer")
    (found,) = aside(at)
    assert found.outcome == "explained"
    assert [one.note for one in found.settled] == ["Asked the unit.", "Old backup put back."]


@pytest.mark.parametrize(("outcome", "note"), [("explained", "  "), ("deleted", "x"), ("", "x")])
def test_a_finding_needs_words_and_a_known_outcome(at: Office, outcome: str, note: str) -> None:
    entry = forged(at, Chain(at))
    with pytest.raises(quarantine.NoteMissing):
        quarantine.settle(at, False, entry, outcome, note, "Meera Iyer")
    assert aside(at)[0].outcome == "open"


def test_an_entry_of_the_other_realm_cannot_be_settled(at: Office) -> None:
    entry = forged(at, Chain(at))
    with pytest.raises(quarantine.EntryUnknown):
        quarantine.settle(at, True, entry, "explained", "x", "Meera Iyer")


def test_bytes_that_are_no_text_are_shown_as_signs(at: Office) -> None:
    entry = forged(at, Chain(at), b"\xff\xfe<script>")
    with store.reading(at.engine) as connection:
        assert quarantine.one(connection, False, entry).said.endswith("<script>")
