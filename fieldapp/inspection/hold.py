"""Holds on goods. They stack: each has its authority and its reason, and goes only by its own lifting.

No release while one hold is open. A hold is never deleted; lifting it says who, when and why.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec

from fieldapp.errors import InspectorError

Reason = Annotated[str, msgspec.Meta(max_length=20_000)]


class HoldRefused(InspectorError):
    """This hold cannot be placed or lifted; `why` names the rule."""

    code = "hold-refused"


class Hold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One hold. `line` is a goods line's number, None for the whole consignment."""

    id: str
    at: datetime
    authority: Annotated[str, msgspec.Meta(max_length=200)]
    by: str
    reason: Reason
    line: int | None = None
    lifted_at: datetime | None = None
    lifted_by: str = ""
    lifted_why: Reason = ""


def place(holds: Sequence[Hold], new: Hold) -> tuple[Hold, ...]:
    """Return the holds with `new`; refuses one without a reason or an authority."""
    if not new.reason.strip():
        raise HoldRefused(why="reason-missing")
    if not new.authority.strip():
        raise HoldRefused(why="authority-missing")
    return (*holds, new)


def lift(holds: Sequence[Hold], name: str, *, at: datetime, by: str, why: str) -> tuple[Hold, ...]:
    """Return the holds with the one named lifted."""
    if not why.strip():
        raise HoldRefused(why="reason-missing")
    found = next((one for one in holds if one.id == name), None)
    if found is None:
        raise HoldRefused(why="hold-unknown")
    if found.lifted_at is not None:
        raise HoldRefused(why="lifted-already")
    lifted = msgspec.structs.replace(found, lifted_at=at, lifted_by=by, lifted_why=why.strip())
    return tuple(lifted if one.id == name else one for one in holds)


def standing(holds: Sequence[Hold], line: int | None = None) -> tuple[Hold, ...]:
    """Return the holds that are open on `line` (None: on anything), the consignment's own included."""
    return tuple(
        one
        for one in holds
        if one.lifted_at is None and (line is None or one.line is None or one.line == line)
    )
