"""Deciding about the goods, line by line or all of them; placing and lifting holds; the second officer."""

from datetime import datetime
from typing import Annotated

import msgspec

from fieldapp import canonical, ids
from fieldapp.actions import drafting
from fieldapp.enrolment import Policy
from fieldapp.inspection import countersign, deadline, disposition, hold, procedure
from fieldapp.inspection.countersign import Ask
from fieldapp.inspection.disposition import Decision, DecisionRefused, Disposition
from fieldapp.inspection.hold import Hold
from fieldapp.inspection.inspection import Inspection, NotFound, open_hits, standing_hits, standing_verdict
from fieldapp.screening.verdict import list_unfit
from fieldapp.vault.proofs import subject
from fieldapp.vault.vault import Tx, Vault

LINE, MOST_REASON = 500, 4000  # characters of what a second officer reads
SEIZURE = "ndps-2022"  # whose clocks a seizure starts where no sample has chosen a procedure yet
Reason = Annotated[str, msgspec.Meta(max_length=20_000)]


class Decide(msgspec.Struct, frozen=True, kw_only=True):
    """Decide, with the reason, about one goods line or, with `line` None, all of them."""

    inspection: str
    disposition: Disposition
    reason: str
    line: int | None = None


class PlaceHold(msgspec.Struct, frozen=True, kw_only=True):
    """Place a hold in the name of an authority."""

    inspection: str
    authority: Annotated[str, msgspec.Meta(max_length=200)]
    reason: Reason
    line: int | None = None


class LiftHold(msgspec.Struct, frozen=True, kw_only=True):
    """Lift one hold, with the reason."""

    inspection: str
    hold: str
    reason: Reason


class AskSecond(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for the code that a second officer signs: for the latest decision that waits."""

    inspection: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked, and the text of its QR code."""

    ask: Ask
    text: str


class TakeSecond(msgspec.Struct, frozen=True, kw_only=True):
    """Take in the second officer's answer, as scanned."""

    inspection: str
    text: Annotated[str, msgspec.Meta(max_length=countersign.LONGEST)]


class SignAsSecond(msgspec.Struct, frozen=True, kw_only=True):
    """As the second officer, sign what another laptop's code asks; `agreed` says that it was shown.

    `proof` is that of the passphrase given again, for the meaning and the digest of what is asked.
    """

    text: Annotated[str, msgspec.Meta(max_length=countersign.LONGEST)]
    agreed: bool = False
    proof: str = ""


class SecondAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked, and, once agreed, the text of the code to show back."""

    ask: Ask
    text: str = ""


def decide(vault: Vault, command: Decide) -> Inspection:
    """Add the decision. A seizure, and a release despite a hit, wait for a second officer.

    So does a release after a comparison with a list past its last age limit: only a supervisor may let
    go what nobody could check. A seizure starts the clocks of the law.
    """
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        _require_line(before, command.line)
        at = datetime.fromisoformat(tx.now)
        made = Decision(
            at=at,
            disposition=command.disposition,
            reason=command.reason.strip(),
            by=tx.officer().name,
            needs_second=needs_second(before, command.disposition, tx.policy()),
            line=command.line,
        )
        decisions = disposition.follow(before.decisions, made, before.holds)
        deadlines = before.deadlines
        if made.disposition == "seize" and not made.needs_second:
            rules = procedure.profile(before.procedure or SEIZURE)
            deadlines = deadline.start(deadlines, rules, "seized", at)
        facts: dict[str, object] = {"disposition": made.disposition, "needs_second": made.needs_second}
        return drafting.keep(tx, before, "decided", facts, decisions=decisions, deadlines=deadlines)


def needs_second(inspection: Inspection, wanted: Disposition, policy: Policy) -> bool:
    """Say whether a second officer has to agree before `wanted` counts."""
    if wanted == "seize":
        return policy.seize_needs_second
    despite = wanted == "release" and (
        bool(open_hits(inspection))
        or standing_verdict(inspection) in ("hold", "check")
        or any(list_unfit(scan.verdict) for scan in inspection.scans if not scan.withdrawn)
    )
    return despite and policy.release_needs_second


def place_hold(vault: Vault, command: PlaceHold) -> Inspection:
    """Add a hold beside those there are."""
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        _require_line(before, command.line)
        made = Hold(
            id=ids.uuid7(vault.clock()),
            at=datetime.fromisoformat(tx.now),
            authority=command.authority.strip(),
            by=tx.officer().name,
            reason=command.reason.strip(),
            line=command.line,
        )
        facts: dict[str, object] = {"hold": made.id, "line": made.line or 0}
        return drafting.keep(tx, before, "hold-placed", facts, holds=hold.place(before.holds, made))


def lift_hold(vault: Vault, command: LiftHold) -> Inspection:
    """Lift one hold; the others stay."""
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        at, by = datetime.fromisoformat(tx.now), tx.officer().name
        holds = hold.lift(before.holds, command.hold, at=at, by=by, why=command.reason)
        return drafting.keep(tx, before, "hold-lifted", {"hold": command.hold}, holds=holds)


def ask_second(vault: Vault, command: AskSecond) -> Asked:
    """Return what a second officer has to sign, for a QR code or the same laptop."""
    with vault.reading() as tx:
        ask = _ask(vault, tx, drafting.draft(tx, command.inspection))
    return Asked(ask=ask, text=countersign.text_of(ask))


def take_second(vault: Vault, command: TakeSecond) -> Inspection:
    """Check the answer against headquarters' keys and make the decision good."""
    answer = countersign.read_answer(command.text)
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        ask = _ask(vault, tx, before)
        held = countersign.check(ask, answer, tx.require_enrolment().keys.signing)
        decisions = disposition.countersigned(before.decisions, ask.digest, answer, held.name, before.holds)
        deadlines = before.deadlines
        if ask.meaning == "seize":  # only now are the goods seized
            rules = procedure.profile(before.procedure or SEIZURE)
            deadlines = deadline.start(deadlines, rules, "seized", datetime.fromisoformat(tx.now))
        facts: dict[str, object] = {"second": held.device, "decision": ask.digest}
        return drafting.keep(tx, before, "countersigned", facts, decisions=decisions, deadlines=deadlines)


def sign_as_second(vault: Vault, command: SignAsSecond) -> SecondAnswer:
    """Show what is asked; sign it once it is agreed to and the passphrase was given again."""
    ask = countersign.read_ask(command.text)
    if not command.agreed:
        return SecondAnswer(ask=ask)
    vault.spend_proof(command.proof, subject(ask.meaning, ask.digest))
    return sign_ask(vault, ask)


def sign_ask(vault: Vault, ask: Ask) -> SecondAnswer:
    """Sign `ask`, with a line in this vault's own ledger. Callers have the officer's passphrase."""
    with vault.transaction() as tx:
        statement = tx.require_enrolment().certificate_statement
        at = datetime.fromisoformat(tx.now)
        answer = countersign.countersign(ask, statement, vault.sign, at)
        tx.journal.note("countersigned-for-another", tx.now, decision=ask.digest, meaning=ask.meaning)
    return SecondAnswer(ask=ask, text=countersign.text_of(answer))


def _ask(vault: Vault, tx: Tx, inspection: Inspection) -> Ask:
    waits = disposition.waiting(inspection.decisions)
    if not waits:
        raise DecisionRefused(why="nothing-waits")
    waiting = waits[-1]
    enrolment = tx.require_enrolment()
    goods = (line for line in inspection.consignment.goods if waiting.line in (None, line.seq))
    lines = [
        f"{inspection.number}  {inspection.consignment.reference}",
        _shortened("; ".join(f"{line.seq}. {line.description}" for line in goods)),
        _shortened("; ".join(hit.listed_name for hit in standing_hits(inspection))),
        *_parts(waiting.reason),
    ]
    return Ask(
        meaning="seize" if waiting.disposition == "seize" else "release",
        inspection=inspection.id,
        revision=inspection.revision,
        digest=disposition.digest(waiting),
        lines=tuple(line for line in lines if line),
        asked_by=waiting.by,
        public=vault.public.hex(),
        practice=enrolment.certificate.practice,
    )


def _parts(reason: str) -> list[str]:
    """Return the whole reason in pieces that a line holds; one too long to be read is refused."""
    if len(reason) > MOST_REASON:
        raise DecisionRefused(why="reason-too-long")
    return [reason[at : at + LINE] for at in range(0, len(reason), LINE)]


def _shortened(text: str) -> str:
    """Return what fits on a line, with a mark of all of it, so that no change of the rest goes unsigned."""
    return text if len(text) <= LINE else f"{text[: LINE - 20]}… {canonical.sha256(text.encode())[:16]}"


def refusal(inspection: Inspection, wanted: Disposition, line: int | None = None) -> DecisionRefused | None:
    """Return why `wanted` cannot be decided now, so that nobody writes a reason in vain."""
    try:
        disposition.require_possible(inspection.decisions, wanted, line, inspection.holds)
    except DecisionRefused as refused:
        return refused
    return None


def require_second_still_right(inspection: Inspection, policy: Policy) -> None:
    """Refuse a release, of whichever line, that would need a second officer now and has none.

    Nor does one count who agreed before a hit was found: he did not see it.
    """
    if not needs_second(inspection, "release", policy):
        return
    lines: tuple[int | None, ...] = tuple(line.seq for line in inspection.consignment.goods) or (None,)
    for line in lines:
        covering = [one for one in inspection.decisions if line is None or one.line in (None, line)]
        if not covering:
            continue
        last = covering[-1]
        if last.disposition != "release" or last.needs_second:
            continue
        if not last.second_name or _found_since(inspection, last.at):
            raise DecisionRefused(why="release-needs-second")


def _found_since(inspection: Inspection, decided: datetime) -> bool:
    """Say whether a hit stands that no scan had when a release was decided."""
    before = {hit.id for scan in inspection.scans if scan.at <= decided for hit in scan.screening.every_hit()}
    return any(hit.id not in before for hit in standing_hits(inspection))


def _require_line(inspection: Inspection, line: int | None) -> None:
    if line is not None and not any(goods.seq == line for goods in inspection.consignment.goods):
        raise NotFound(what="goods-line", id=str(line))
