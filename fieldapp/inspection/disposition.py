"""What happens to the goods. A machine of its own, apart from the record's.

pending -> held | released | seized | referred; held -> released | seized | referred; seized is terminal
here, the court decides. A decision is about one goods line or the whole consignment; the latest one that
covers a line counts for it, and the consignment is what its lines are. No release while a hold is open, and
none of the whole while a line of it was decided otherwise: that line is decided by name. A release despite
an open or confirmed hit, and a seizure, need a second officer; until he has acted the goods stay held and
the decision waits.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from fieldapp import canonical
from fieldapp.errors import InspectorError
from fieldapp.inspection.countersign import Countersignature
from fieldapp.inspection.hold import Hold, standing

Disposition = Literal["hold", "release", "seize", "refer"]
DISPOSITIONS: tuple[Disposition, ...] = ("hold", "release", "seize", "refer")
# The gravest first: what a consignment is called when its lines go different ways.
_GRAVEST: tuple[Disposition, ...] = ("seize", "hold", "refer", "release")


class DecisionRefused(InspectorError):
    """The goods cannot go from where they are to there; `why` names the guard."""

    code = "decision-refused"


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision with its reason. `needs_second` stays true until a second officer has acted.

    `line` is a goods line's number, None for all of them. `second` is the other officer's signature, and
    `second_name` whose it is.
    """

    at: datetime
    disposition: Disposition
    reason: str
    by: str
    needs_second: bool = False
    line: int | None = None
    second: Countersignature | None = None
    second_name: str = ""


def follow(
    decisions: tuple[Decision, ...], new: Decision, holds: Sequence[Hold] = ()
) -> tuple[Decision, ...]:
    """Return the decisions with `new` at the end; refuses what the machine does not allow."""
    if not new.reason.strip():
        raise DecisionRefused(why="reason-missing")
    require_possible(decisions, new.disposition, new.line, holds)
    return (*decisions, new)


def require_standing(decisions: Sequence[Decision], holds: Sequence[Hold]) -> None:
    """Refuse a release that counts while a hold, placed after it, is open."""
    for hold in standing(holds):
        if effective(decisions, hold.line) == "release":
            raise DecisionRefused(why="hold-open", authority=hold.authority)


def require_possible(
    decisions: Sequence[Decision], wanted: Disposition, line: int | None, holds: Sequence[Hold]
) -> None:
    """Refuse what cannot be decided of `line` now, whatever the reason would be."""
    for old in decisions:
        if old.disposition == "seize" and not old.needs_second and _overlap(old.line, line):
            raise DecisionRefused(why="already-seized")
    if wanted != "release":
        return
    open_holds = standing(holds, line)
    if open_holds:
        raise DecisionRefused(why="hold-open", authority=open_holds[0].authority)
    if line is None:
        for number in sorted({one.line for one in decisions if one.line is not None}):
            if effective(decisions, number) != "release" and _named_last(decisions, number):
                raise DecisionRefused(why="line-held", line=number)


def _named_last(decisions: Sequence[Decision], line: int) -> bool:
    """Say whether what counts for `line` was decided of that line by name."""
    return next(one.line for one in reversed(decisions) if one.line in (None, line)) is not None


def waiting(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """Return the decisions that wait for a second officer and that no later one has taken the place of."""
    return tuple(
        one
        for at, one in enumerate(decisions)
        if one.needs_second and not any(later.line in (None, one.line) for later in decisions[at + 1 :])
    )


def digest(decision: Decision) -> str:
    """Return the SHA-256 of what a second officer signs: the decision without his part."""
    bare = msgspec.structs.replace(decision, second=None, second_name="", needs_second=True)
    return canonical.sha256(canonical.encode(bare))


def countersigned(
    decisions: tuple[Decision, ...],
    which: str,
    answer: Countersignature,
    name: str,
    holds: Sequence[Hold] = (),
) -> tuple[Decision, ...]:
    """Return the decisions with the one whose digest is `which` made good by a second officer.

    What stands against it now stands against it whenever it was signed: a hold placed meanwhile, a seizure.
    """
    waiting = next((one for one in decisions if one.needs_second and digest(one) == which), None)
    if waiting is None:
        raise DecisionRefused(why="nothing-waits")
    others = tuple(one for one in decisions if one is not waiting)
    require_possible(others, waiting.disposition, waiting.line, holds)
    return tuple(
        msgspec.structs.replace(one, needs_second=False, second=answer, second_name=name)
        if one.needs_second and digest(one) == which
        else one
        for one in decisions
    )


def effective(decisions: Sequence[Decision], line: int | None = None) -> Disposition | None:
    """Return what holds for `line` now, or for the consignment: the gravest of its lines.

    A decision that waits for a second officer leaves the goods held.
    """
    if line is not None:
        return _last(one for one in decisions if one.line in (None, line))
    lines = {one.line for one in decisions if one.line is not None}
    found = {effective(decisions, number) for number in lines} | {
        _last(one for one in decisions if one.line is None)
    }
    return next((one for one in _GRAVEST if one in found), None)


def of_lines(decisions: Sequence[Decision], lines: Iterable[int]) -> Disposition | None:
    """Return what holds for a consignment of these goods lines: the gravest of them.

    While a line is undecided the consignment is not released; without lines the decisions speak alone.
    """
    found = [effective(decisions, line) for line in lines]
    if not found:
        return effective(decisions)
    if None in found and not any(one in found for one in _GRAVEST[:-1]):
        return None
    return next((one for one in _GRAVEST if one in found), None)


def _last(decisions: Iterable[Decision]) -> Disposition | None:
    held = tuple(decisions)
    if not held:
        return None
    if any(one.disposition == "seize" and not one.needs_second for one in held):
        return "seize"  # whatever was written after it: the court decides
    last = held[-1]
    return "hold" if last.needs_second else last.disposition


def _overlap(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other
