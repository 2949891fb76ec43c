"""Judgements and later hits as tables: the last word of a pair, found by its entry."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from fieldapp.screening.hit import Adjudication, Hit
from fieldapp.screening.identity import hit_id
from fieldapp.screening.subject import Subject
from fieldapp.vault.adjudications import LaterHit
from fieldapp.vault.vault import Vault
from tests.support.lists import entry
from tests.support.vaults import new_vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = new_vault(tmp_path)
    yield made
    made.close()


def hit(name: str = "Rashed Trading", number: str = "7") -> Hit:
    listed, subject = entry("Rashid Trading", number=number), Subject(kind="party", name=name)
    return Hit(
        id=hit_id(subject, listed), subject=subject, entry=number, listed_name="Rashid Trading",
        source="test", score=0.9, band="review",
    )  # fmt: skip


def judgement(of: Hit, verdict: str = "false", at: str = "2026-11-20T06:00:00+00:00") -> Adjudication:
    return Adjudication(hit=of.id, verdict=verdict, reason="Another owner", by="R. Nair", at=at)  # type: ignore[arg-type]


def test_the_last_judgement_of_a_pair_is_the_one_that_counts(vault: Vault):
    with vault.transaction() as tx:
        tx.adjudications.put(hit(), judgement(hit(), "true"), "INS-1")
        tx.adjudications.put(hit(), judgement(hit(), "false", "2026-11-21T06:00:00+00:00"), "INS-2")
    with vault.reading() as tx:
        found = tx.adjudications.recalled((hit(), hit(number="8")))
    assert list(found) == [hit().id]
    assert (found[hit().id].state, found[hit().id].remembered.inspection) == ("cleared", "INS-2")


def test_nothing_is_remembered_of_what_was_undone(vault: Vault):
    def undone() -> None:
        with vault.transaction() as tx:
            tx.adjudications.put(hit(), judgement(hit()), "INS-1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    with vault.reading() as tx:
        assert tx.adjudications.recalled((hit(),)) == {}
        assert tx.adjudications.recalled(()) == {}


def test_a_later_hit_is_kept_once_and_found_by_its_inspection(vault: Vault):
    first = LaterHit(inspection="a", hit=hit(), release=2, at="2026-11-20T06:00:00+00:00")
    with vault.transaction() as tx:
        assert tx.later_hits.put(first)
        assert not tx.later_hits.put(msgspec.structs.replace(first, release=3))
        assert tx.later_hits.put(msgspec.structs.replace(first, inspection="b"))
    with vault.reading() as tx:
        assert tx.later_hits.of("a") == (first,)
        assert [each.inspection for each in tx.later_hits.of()] == ["b", "a"]
        assert tx.later_hits.of("c") == ()
