"""Who was present, and who signed or refused to: witnesses, the owner's representative, officers.

A refusal is a fact with its reason, never a gap.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from fieldapp.errors import InspectorError
from fieldapp.inspection.countersign import Countersignature

Role = Literal["witness", "representative", "officer", "driver"]
Short = Annotated[str, msgspec.Meta(max_length=200)]


class PresenceRefused(InspectorError):
    """This person's part is not complete; `why` names what lacks."""

    code = "presence-refused"


class Presence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person. `outcome` is signed on paper, signed with a vault of his own, or refused."""

    id: str
    at: datetime
    role: Role
    name: Short
    address: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    outcome: Literal["signs-paper", "signed", "refused"] = "signs-paper"
    reason: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    read_over_in: Short = ""  # the language in which the record was read over to him
    signature: Countersignature | None = None


def require_complete(presence: Presence) -> None:
    """Refuse a person without a name, and a refusal without its reason."""
    if not presence.name.strip():
        raise PresenceRefused(why="name-missing")
    if presence.outcome == "refused" and not presence.reason.strip():
        raise PresenceRefused(why="reason-missing")
    if presence.outcome == "signed" and presence.signature is None:
        raise PresenceRefused(why="signature-missing")
