"""Custody: where each exhibit is, who gave it to whom, with which seal and weight, step by step.

Promises: a chain has no gap. A step is refused when the profile does not allow it from where the exhibit
is, when the one who gives is not the one who holds, when seal or weight are not what the last step left,
when it lies before the last step, or when custody has ended. A difference that was found is recorded as a
discrepancy with its reason; it is never smoothed away.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import msgspec

from fieldapp import canonical
from fieldapp.errors import InspectorError
from fieldapp.inspection.countersign import same_name
from fieldapp.inspection.procedure import Move, Procedure
from fieldapp.inspection.sample import HEAVIEST, Sample

DRAWN = "drawn"  # where every exhibit begins
Short = Annotated[str, msgspec.Meta(max_length=200)]


class CustodyRefused(InspectorError):
    """This step is impossible; `why` names the rule, the facts what stands against it."""

    code = "custody-refused"


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step. `gross_in_g` is what the receiver weighed, `seal_in` what he read; `seal_out` what he left.

    `receipt` is the number printed on both parts of the receipt. `discrepancy` explains a difference.
    """

    id: str
    exhibit: Short  # the sample's number
    seq: int
    action: str
    at: datetime
    place: Short
    giver: Short
    taker: Short
    gross_in_g: Decimal
    seal_in: Short
    gross_out_g: Decimal
    seal_out: Short
    receipt: Short
    discrepancy: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    countersigned: str = ""  # the other's answer over this step, as the code from his own vault gave it


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True):
    """Where an exhibit is now."""

    state: str
    holder: str
    seal: str
    gross_g: Decimal
    since: datetime
    ended: bool


def whereabouts(sample: Sample, steps: Sequence[Step], procedure: Procedure, drawn_by: str) -> Whereabouts:
    """Return where `sample` is after the steps that are about it."""
    own = [step for step in steps if step.exhibit == sample.number]
    if not own:
        return Whereabouts(
            state=DRAWN,
            holder=drawn_by,
            seal=sample.seal,
            gross_g=sample.gross_g,
            since=sample.at,
            ended=False,
        )
    last = own[-1]
    state = _move(procedure, last.action).after
    return Whereabouts(
        state=state,
        holder=last.taker,
        seal=last.seal_out,
        gross_g=last.gross_out_g,
        since=last.at,
        ended=state in procedure.final,
    )


def allowed(sample: Sample, steps: Sequence[Step], procedure: Procedure, drawn_by: str) -> tuple[Move, ...]:
    """Return the moves the profile allows from where `sample` is."""
    now = whereabouts(sample, steps, procedure, drawn_by)
    return () if now.ended else tuple(move for move in procedure.move if now.state in move.before)


def follow(
    steps: Sequence[Step], new: Step, sample: Sample, procedure: Procedure, drawn_by: str
) -> tuple[Step, ...]:
    """Return the steps with `new` at the end; raises CustodyRefused."""
    now = whereabouts(sample, steps, procedure, drawn_by)
    if now.ended:
        raise CustodyRefused(why="custody-ended", state=now.state)
    move = _move(procedure, new.action)
    if now.state not in move.before:
        raise CustodyRefused(why="not-from-here", action=new.action, state=now.state)
    if new.at < now.since:
        raise CustodyRefused(why="before-the-last-step")
    if not new.giver.strip() or not new.taker.strip():
        raise CustodyRefused(why="party-missing")
    if not new.place.strip():
        raise CustodyRefused(why="place-missing")
    if move.seal == "kept" and new.taker.strip() == new.giver.strip():
        raise CustodyRefused(why="same-party", party=new.taker)
    if not all(
        weight.is_finite() and 0 <= weight <= HEAVIEST for weight in (new.gross_in_g, new.gross_out_g)
    ):
        raise CustodyRefused(why="weight-missing")
    if new.giver.strip() != now.holder:
        raise CustodyRefused(why="giver-does-not-hold", giver=new.giver, holder=now.holder)
    if any(step.receipt == new.receipt and step.exhibit == new.exhibit for step in steps):
        raise CustodyRefused(why="receipt-used-twice", receipt=new.receipt)
    _check_seal_and_weight(new, move, now, procedure)
    kept = msgspec.structs.replace(new, seq=1 + sum(step.exhibit == new.exhibit for step in steps))
    return (*steps, kept)


def step_of(steps: Sequence[Step], receipt: str) -> Step:
    """Return the step that `receipt` is about; raises CustodyRefused."""
    found = next((step for step in steps if step.receipt == receipt), None)
    if found is None:
        raise CustodyRefused(why="receipt-unknown", receipt=receipt)
    return found


def digest(step: Step) -> str:
    """Return the SHA-256 of what the other officer signs: the step without his part."""
    return canonical.sha256(canonical.encode(msgspec.structs.replace(step, countersigned="")))


def countersigned(steps: Sequence[Step], receipt: str, answer: str, name: str) -> tuple[Step, ...]:
    """Return the steps with the one of `receipt` borne out by `name`, who gave or took the exhibit."""
    found = step_of(steps, receipt)
    if found.countersigned:
        raise CustodyRefused(why="countersigned-already", receipt=receipt)
    if not any(same_name(name, party) for party in (found.giver, found.taker)):
        raise CustodyRefused(why="not-a-party", name=name, giver=found.giver, taker=found.taker)
    signed = msgspec.structs.replace(found, countersigned=answer)
    return tuple(signed if step is found else step for step in steps)


def _check_seal_and_weight(new: Step, move: Move, now: Whereabouts, procedure: Procedure) -> None:
    if not new.discrepancy.strip():
        if new.seal_in.strip() != now.seal:
            raise CustodyRefused(why="seal-differs", found=new.seal_in, left=now.seal)
        if abs(new.gross_in_g - now.gross_g) > procedure.tolerance_g:
            raise CustodyRefused(why="weight-differs", found=str(new.gross_in_g), left=str(now.gross_g))
    if move.seal == "kept" and new.seal_out.strip() != new.seal_in.strip():
        raise CustodyRefused(why="seal-must-stay", action=new.action)
    if move.seal == "new" and new.seal_out.strip() in ("", new.seal_in.strip()):
        raise CustodyRefused(why="seal-must-be-new", action=new.action)
    if move.seal == "broken" and new.seal_out.strip():
        raise CustodyRefused(why="seal-is-broken", action=new.action)
    lost = new.gross_in_g - new.gross_out_g
    if move.seal == "kept" and lost > procedure.tolerance_g and not new.discrepancy.strip():
        raise CustodyRefused(why="weight-differs", found=str(new.gross_out_g), left=str(new.gross_in_g))
    if new.gross_out_g > new.gross_in_g + procedure.tolerance_g and move.seal == "kept":
        raise CustodyRefused(why="weight-grew", before=str(new.gross_in_g), after=str(new.gross_out_g))


def _move(procedure: Procedure, action: str) -> Move:
    found = next((move for move in procedure.move if move.action == action), None)
    if found is None:
        raise CustodyRefused(why="action-unknown", action=action)
    return found
