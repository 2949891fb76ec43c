"""Drawing samples and moving exhibits: numbers, weights, seals, receipts, one chain without a gap."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec

from fieldapp import ids
from fieldapp.actions import drafting
from fieldapp.inspection import custody, deadline, procedure, sample
from fieldapp.inspection.custody import Step
from fieldapp.inspection.inspection import Inspection, NotFound
from fieldapp.inspection.sample import Draw, Sample
from fieldapp.vault.vault import Vault

Short = Annotated[str, msgspec.Meta(max_length=200)]


class DrawSample(msgspec.Struct, frozen=True, kw_only=True):
    """Draw a sample under a procedure of law; the first one chooses it for the inspection."""

    inspection: str
    procedure: str
    draw: Draw


class MoveExhibit(msgspec.Struct, frozen=True, kw_only=True):
    """Record one step of an exhibit's custody. An empty `giver` is the one who holds it."""

    inspection: str
    exhibit: str
    action: str
    place: Short
    taker: Short
    giver: Short = ""
    gross_in_g: Decimal
    seal_in: Short = ""
    gross_out_g: Decimal
    seal_out: Short = ""
    discrepancy: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class OtherProcedure(sample.SampleRefused):
    """An inspection follows one procedure."""


def draw_sample(vault: Vault, command: DrawSample) -> Inspection:
    """Number, weigh and seal: the original, and its duplicate where the procedure asks for one."""
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        name = command.procedure
        if name not in procedure.PROFILES:
            raise NotFound(what="procedure", id=name)
        if before.procedure not in ("", name):
            raise OtherProcedure(why="other-procedure", procedure=before.procedure)
        wanted = command.draw.goods_seq
        if wanted is not None and not any(line.seq == wanted for line in before.consignment.goods):
            raise NotFound(what="goods-line", id=str(wanted))
        rules = procedure.profile(name)
        at = datetime.fromisoformat(tx.now)
        fresh = [ids.uuid7(vault.clock()), ids.uuid7(vault.clock())]
        made = sample.draw(before.samples, command.draw, rules, inspection=before.number, at=at, ids=fresh)
        facts: dict[str, object] = {"samples": [one.number for one in made]}
        return drafting.keep(
            tx,
            before,
            "sample-drawn",
            facts,
            procedure=name,
            samples=(*before.samples, *made),
            deadlines=deadline.start(before.deadlines, rules, "sampled", at),
        )


def move_exhibit(vault: Vault, command: MoveExhibit) -> Inspection:
    """Add the step; an impossible one is refused with its reason and nothing changes."""
    with vault.transaction() as tx:
        before = drafting.draft(tx, command.inspection)
        exhibit = _exhibit(before, command.exhibit)
        rules = procedure.profile(exhibit.procedure)
        at = datetime.fromisoformat(tx.now)
        drawn_by = before.officer.name
        now = custody.whereabouts(exhibit, before.custody, rules, drawn_by)
        number = 1 + len(before.custody)
        made = Step(
            id=ids.uuid7(vault.clock()),
            exhibit=exhibit.number,
            seq=0,
            action=command.action,
            at=at,
            place=command.place.strip(),
            giver=command.giver.strip() or now.holder,
            taker=command.taker.strip(),
            gross_in_g=command.gross_in_g,
            seal_in=command.seal_in.strip(),
            gross_out_g=command.gross_out_g,
            seal_out=command.seal_out.strip(),
            receipt=f"{before.number}/R{number}",
            discrepancy=command.discrepancy.strip(),
        )
        steps = custody.follow(before.custody, made, exhibit, rules, drawn_by)
        deadlines = before.deadlines
        if custody.whereabouts(exhibit, steps, rules, drawn_by).state == "at_laboratory":
            deadlines = deadline.satisfy(deadlines, "dispatched", at)
        facts: dict[str, object] = {"exhibit": made.exhibit, "action": made.action, "receipt": made.receipt}
        return drafting.keep(tx, before, "exhibit-moved", facts, custody=steps, deadlines=deadlines)


def _exhibit(inspection: Inspection, number: str) -> Sample:
    found = next((one for one in inspection.samples if one.number == number), None)
    if found is None:
        raise NotFound(what="exhibit", id=number)
    return found
