"""The other party's signature over a hand-over, and a second officer's vault on the same laptop."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from fieldapp import clock, enrolment
from fieldapp.actions import countersigning, disposing, hearing, opening, sampling
from fieldapp.actions.countersigning import AskHandOver, SignBeside, TakeHandOver, signer_of
from fieldapp.actions.disposing import AskSecond, Decide, SignAsSecond, TakeSecond
from fieldapp.actions.hearing import FeedItem, TakeFeed
from fieldapp.actions.opening import GetInspection, OpenInspection
from fieldapp.actions.sampling import DrawSample, MoveExhibit
from fieldapp.enrolment import Order
from fieldapp.errors import FieldappError
from fieldapp.inspection.countersign import CountersignRefused, read_ask
from fieldapp.inspection.custody import CustodyRefused
from fieldapp.inspection.disposition import effective
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.inspection.sample import Draw
from fieldapp.vault import keys
from fieldapp.vault.directory import VaultDirectory, VaultLocked, VaultSealed
from fieldapp.vault.keys import WrongPassphrase
from fieldapp.vault.proofs import SignatureUnproven
from fieldapp.vault.vault import Vault
from tests.support.laptops import consignment
from tests.support.officers import OTHER_PASSPHRASE as OTHER
from tests.support.officers import shared_laptop, sign_second
from tests.support.vaults import PASSPHRASE, Headquarters, enrolled_vault


@pytest.fixture
def headquarters() -> Headquarters:
    return Headquarters()


@pytest.fixture
def vault(tmp_path: Path, headquarters: Headquarters) -> Iterator[Vault]:
    made = enrolled_vault(tmp_path / "one", headquarters)
    yield made
    made.close()


def handed_over(vault: Vault) -> Inspection:
    opened = opening.open_inspection(vault, OpenInspection(consignment=consignment()))
    draw = Draw(package="3", net_g=Decimal("5.2"), gross_g=Decimal("7.1"), seal="S-1")
    drawn = sampling.draw_sample(vault, DrawSample(inspection=opened.id, procedure="dea-evidence", draw=draw))
    step = MoveExhibit(
        inspection=opened.id, exhibit=drawn.samples[0].number, action="hand_over", place="Gate 3",
        taker="S. Rao", gross_in_g=Decimal("7.1"), seal_in="S-1", gross_out_g=Decimal("7.1"), seal_out="S-1",
    )  # fmt: skip
    return sampling.move_exhibit(vault, step)


def signed_by(vault: Vault, folder: Path, headquarters: Headquarters, name: str) -> tuple[Inspection, str]:
    """Hand over, ask, and have `name` sign on another laptop; return the inspection and his answer."""
    opened = handed_over(vault)
    asked = countersigning.ask_hand_over(
        vault, AskHandOver(inspection=opened.id, receipt=opened.custody[0].receipt)
    )
    other = enrolled_vault(folder, headquarters, name=name)
    answer = sign_second(other, asked)
    other.close()
    return opened, answer.text


def test_the_taker_signs_the_weights_and_seals_he_saw(
    vault: Vault, tmp_path: Path, headquarters: Headquarters
) -> None:
    opened = handed_over(vault)
    receipt = opened.custody[0].receipt
    asked = countersigning.ask_hand_over(vault, AskHandOver(inspection=opened.id, receipt=receipt))
    shown = " ".join(read_ask(asked.text).lines)
    for told in ("7.1", "S-1", "R. Nair", "S. Rao", "Gate 3", receipt):
        assert told in shown
    other = enrolled_vault(tmp_path / "two", headquarters, name="S. Rao")
    with pytest.raises(SignatureUnproven):
        disposing.sign_as_second(other, SignAsSecond(text=asked.text, agreed=True))
    answer = sign_second(other, asked)
    other.close()
    take = TakeHandOver(inspection=opened.id, receipt=receipt, text=answer.text)
    after = countersigning.take_hand_over(vault, take)
    assert signer_of(after.custody[0]) == "S. Rao"
    with pytest.raises(CustodyRefused) as refused:
        countersigning.take_hand_over(vault, take)
    assert refused.value.facts["why"] == "countersigned-already"


def test_who_is_no_party_does_not_sign_a_hand_over(
    vault: Vault, tmp_path: Path, headquarters: Headquarters
) -> None:
    opened, answer = signed_by(vault, tmp_path / "two", headquarters, "P. Iyer")
    with pytest.raises(CustodyRefused) as refused:
        countersigning.take_hand_over(
            vault, TakeHandOver(inspection=opened.id, receipt=opened.custody[0].receipt, text=answer)
        )
    assert refused.value.facts["why"] == "not-a-party"


def test_an_answer_over_another_hand_over_is_refused(
    vault: Vault, tmp_path: Path, headquarters: Headquarters
) -> None:
    _opened, answer = signed_by(vault, tmp_path / "two", headquarters, "S. Rao")
    again = handed_over(vault)
    with pytest.raises(CountersignRefused):
        countersigning.take_hand_over(
            vault, TakeHandOver(inspection=again.id, receipt=again.custody[0].receipt, text=answer)
        )
    with pytest.raises(CustodyRefused):
        countersigning.ask_hand_over(vault, AskHandOver(inspection=again.id, receipt="none"))


def test_a_second_officer_signs_on_the_same_laptop(tmp_path: Path, headquarters: Headquarters) -> None:
    directory = shared_laptop(tmp_path, headquarters)
    vault = directory.vault
    opened = opening.open_inspection(vault, OpenInspection(consignment=consignment()))
    disposing.decide(vault, Decide(inspection=opened.id, disposition="seize", reason="a precursor"))
    asked = disposing.ask_second(vault, AskSecond(inspection=opened.id))
    order = SignBeside(folder="inspector-2", passphrase=OTHER, text=asked.text)
    answer = countersigning.sign_beside(directory, order)
    done = disposing.take_second(vault, TakeSecond(inspection=opened.id, text=answer.text))
    assert effective(done.decisions) == "seize"
    assert done.decisions[-1].second_name == "S. Rao"
    beside = VaultDirectory(tmp_path / "inspector-2", cost=keys.FLOOR)
    with pytest.raises(VaultLocked):
        _ = beside.vault
    his = beside.unlock(OTHER)  # closed again, and his own ledger tells
    with his.reading() as tx:
        lines = [entry.payload for entry in tx.journal.entries(1, -1)]
    assert any(b"countersigned-for-another" in (line or b"") for line in lines)
    beside.lock()
    directory.lock()


@pytest.mark.parametrize("folder", ["vault", "..", "../inspector-2", "nobody", ""])
def test_only_a_vault_beside_this_one_is_opened(
    tmp_path: Path, headquarters: Headquarters, folder: str
) -> None:
    directory = shared_laptop(tmp_path, headquarters)
    with pytest.raises(NotFound):
        countersigning.sign_beside(directory, SignBeside(folder=folder, passphrase=OTHER, text="FIELDASK1:x"))
    directory.lock()


def test_a_wrong_passphrase_signs_nothing_and_costs_his_vault_a_wait(
    tmp_path: Path, headquarters: Headquarters
) -> None:
    directory = shared_laptop(tmp_path, headquarters)
    vault = directory.vault
    opened = opening.open_inspection(vault, OpenInspection(consignment=consignment()))
    disposing.decide(vault, Decide(inspection=opened.id, disposition="seize", reason="a precursor"))
    asked = disposing.ask_second(vault, AskSecond(inspection=opened.id))
    order = SignBeside(folder="inspector-2", passphrase=PASSPHRASE, text=asked.text)
    with pytest.raises(WrongPassphrase):
        countersigning.sign_beside(directory, order)
    for _ in range(3):
        with pytest.raises(FieldappError):
            countersigning.sign_beside(directory, order)
    assert VaultDirectory(tmp_path / "inspector-2").wait_seconds() > 0
    assert directory.wait_seconds() == 0
    held = opening.get_inspection(vault, GetInspection(id=opened.id))
    assert effective(held.decisions) == "hold"
    directory.lock()


def test_a_vault_that_headquarters_ordered_locked_signs_nothing_beside(
    tmp_path: Path, headquarters: Headquarters
) -> None:
    directory = shared_laptop(tmp_path, headquarters)
    beside = VaultDirectory(tmp_path / "inspector-2", cost=keys.FLOOR)
    other = beside.unlock(OTHER)
    told = Order(device=other.device.hex(), number=1, what="lock", at=clock.now())
    item = FeedItem(pos=1, statement=enrolment.sign("order", told, headquarters.signing))
    hearing.take_feed(other, TakeFeed(generation="g1", items=(item,)))
    beside.lock()
    opened = opening.open_inspection(directory.vault, OpenInspection(consignment=consignment()))
    disposing.decide(directory.vault, Decide(inspection=opened.id, disposition="seize", reason="a precursor"))
    asked = disposing.ask_second(directory.vault, AskSecond(inspection=opened.id))
    with pytest.raises(VaultSealed):
        countersigning.sign_beside(
            directory, SignBeside(folder="inspector-2", passphrase=OTHER, text=asked.text)
        )
    assert beside.sealed
