"""What happens to the goods. A machine of its own, apart from the record's.

pending -> held | released | seized | referred; held -> released | seized | referred; seized is terminal
here, the court decides. A release despite an open or confirmed hit, and a seizure, need a second officer;
until he has acted the goods stay held and the decision waits.
"""

from datetime import datetime
from typing import Literal

import msgspec

from fieldapp.errors import InspectorError

Disposition = Literal["hold", "release", "seize", "refer"]
DISPOSITIONS: tuple[Disposition, ...] = ("hold", "release", "seize", "refer")


class DecisionRefused(InspectorError):
    """The goods cannot go from where they are to there; `why` names the guard."""

    code = "decision-refused"


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision with its reason. `needs_second` stays true until a second officer has acted."""

    at: datetime
    disposition: Disposition
    reason: str
    by: str
    needs_second: bool = False


def follow(decisions: tuple[Decision, ...], new: Decision) -> tuple[Decision, ...]:
    """Return the decisions with `new` at the end; refuses what the machine does not allow."""
    if not new.reason.strip():
        raise DecisionRefused(why="reason-missing")
    if any(old.disposition == "seize" and not old.needs_second for old in decisions):
        raise DecisionRefused(why="already-seized")
    return (*decisions, new)


def effective(decisions: tuple[Decision, ...]) -> Disposition | None:
    """Return what holds for the goods now: a decision that waits for a second officer leaves them held."""
    if not decisions:
        return None
    last = decisions[-1]
    return "hold" if last.needs_second else last.disposition
