"""Another officer's signature over a hand-over, and one given on this laptop with a vault of his own.

The codes are those of `countersign`; what is asked about goods is `disposing`'s. A vault beside this one is
opened with its own passphrase for as long as one signature takes, is counted and sealed by wrong passphrases
like at its own unlock, and bears a line of its own about what was signed.
"""

from typing import Annotated

import msgspec

from fieldapp import canonical, text
from fieldapp.actions import disposing, drafting, obeying, provisioning
from fieldapp.actions.disposing import Asked, SecondAnswer
from fieldapp.actions.provisioning import Look
from fieldapp.enrolment import Certificate
from fieldapp.inspection import countersign, custody, procedure
from fieldapp.inspection.countersign import Ask
from fieldapp.inspection.custody import Step
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.vault.directory import VaultDirectory
from fieldapp.vault.vault import Tx, Vault


class AskHandOver(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for the code that the other party to a hand-over signs; its lines are in `language`."""

    inspection: str
    receipt: str
    language: str = "en"


class TakeHandOver(msgspec.Struct, frozen=True, kw_only=True):
    """Take in the other party's answer, as scanned."""

    inspection: str
    receipt: str
    text: Annotated[str, msgspec.Meta(max_length=countersign.LONGEST)]
    language: str = "en"


class SignBeside(msgspec.Struct, frozen=True, kw_only=True):
    """Sign what this laptop asks with the vault in the folder beside, opened by its own passphrase."""

    folder: Annotated[str, msgspec.Meta(max_length=200)]
    passphrase: str
    text: Annotated[str, msgspec.Meta(max_length=countersign.LONGEST)]


def ask_hand_over(vault: Vault, command: AskHandOver) -> Asked:
    """Return what the other party has to sign: exhibit, weights, seals, place, from whom to whom."""
    with vault.reading() as tx:
        before = drafting.draft(tx, command.inspection)
        ask = _ask(vault, tx, before, custody.step_of(before.custody, command.receipt), command.language)
    return Asked(ask=ask, text=countersign.text_of(ask))


def take_hand_over(vault: Vault, command: TakeHandOver) -> Inspection:
    """Check the answer against headquarters' keys and keep it with the step."""
    answer = countersign.read_answer(command.text)
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        step = custody.step_of(before.custody, command.receipt)
        ask = _ask(vault, tx, before, step, command.language)
        held = countersign.check(ask, answer, tx.require_enrolment().keys.signing)
        steps = custody.countersigned(before.custody, step.receipt, countersign.text_of(answer), held.name)
        facts: dict[str, object] = {"second": held.device, "receipt": step.receipt}
        return drafting.keep(tx, before, "hand-over-countersigned", facts, custody=steps)


def signer_of(step: Step) -> str:
    """Return who countersigned a step, "" when nobody did."""
    if not step.countersigned:
        return ""
    answer = countersign.read_answer(step.countersigned)
    return canonical.decode(answer.certificate.payload, Certificate).name


def sign_beside(directory: VaultDirectory, command: SignBeside) -> SecondAnswer:
    """Open the other officer's vault, sign, and close it; his passphrase is the proof that he is there."""
    known = {each.folder for each in provisioning.look(directory, Look()).others}
    if command.folder not in known:
        raise NotFound(what="vault", id=command.folder)
    beside = VaultDirectory(directory.folder.parent / command.folder, now=directory.now)
    try:
        other = beside.unlock(command.passphrase)
        obeying.enforce(beside)
        return disposing.sign_ask(other, countersign.read_ask(command.text))
    finally:
        beside.lock()


def _ask(vault: Vault, tx: Tx, inspection: Inspection, step: Step, language: str) -> Ask:
    said = {
        "custody.line-weight": (str(step.gross_in_g), str(step.gross_out_g)),
        "custody.line-seal": (step.seal_in or "–", step.seal_out or "–"),
        "custody.line-hands": (step.giver, step.taker),
    }
    lines = [
        f"{inspection.number}  {step.exhibit}  {step.receipt}",
        _move_words(inspection, step, language),
        *(text.say(key, language, first=first, second=second) for key, (first, second) in said.items()),
        step.place,
        step.discrepancy[: disposing.LINE],
    ]
    return Ask(
        meaning="custody",
        inspection=inspection.id,
        revision=inspection.revision,
        digest=custody.digest(step),
        lines=tuple(line for line in lines if line),
        asked_by=tx.officer().name,
        public=vault.public.hex(),
        practice=tx.require_enrolment().certificate.practice,
    )


def _move_words(inspection: Inspection, step: Step, language: str) -> str:
    exhibit = next(one for one in inspection.samples if one.number == step.exhibit)
    moves = procedure.profile(exhibit.procedure).move
    return next(move.words.in_language(language) for move in moves if move.action == step.action)
