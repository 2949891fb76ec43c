"""What laptops must keep to, as people at headquarters read and propose it: each rule of the policy by name.

A form changes only what stands in `FIELDS`; every value has bounds, and one outside them is refused, never
bent. `differences` tells what a proposal changes and which of it makes laptops less strict.
"""

import math
from collections.abc import Callable
from typing import Literal

import msgspec

from fieldapp.enrolment import Policy
from fieldapp.errors import InspectorError

Kind = Literal["hours", "minutes", "days", "yes-no", "numbers", "slots"]
OFFERED_SLOTS = ("token", "duress")  # ways in that a policy may allow beside passphrase and recovery
MOST_NUMBERS = 500


class PolicyRefused(InspectorError):
    """A value of the policy is outside its bounds; `field` names it, `least` and `most` bound it."""

    code = "policy-refused"


class Field(msgspec.Struct, frozen=True):
    """One rule: its name in `Policy`, how it is written, its bounds, and which direction is less strict."""

    name: str
    kind: Kind
    least: int = 0
    most: int = 0
    looser: Literal["more", "less", ""] = ""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What a proposal changes of one rule; `looser` where laptops become less strict by it."""

    name: str
    kind: Kind
    before: str
    after: str
    looser: bool


FIELDS: tuple[Field, ...] = (
    Field("release_needs_second", "yes-no", looser="less"),
    Field("seize_needs_second", "yes-no", looser="less"),
    Field("list_amber_hours", "hours", 1, 720, "more"),
    Field("list_max_age_hours", "hours", 1, 2160, "more"),
    Field("idle_lock_minutes", "minutes", 1, 60, "more"),
    Field("lease_days", "days", 0, 365, "more"),
    Field("retention_days", "days", 0, 3650),
    Field("slots", "slots"),
    Field("legal_hold", "numbers", 0, MOST_NUMBERS, "less"),
)


def written(policy: Policy, field: Field) -> str:
    """Return the value of a rule as a form holds it."""
    value = getattr(policy, field.name)
    if field.kind == "yes-no":
        return "yes" if value else "no"
    if field.kind == "slots":
        return "\n".join(one for one in value if one in OFFERED_SLOTS)
    return "\n".join(value) if field.kind == "numbers" else f"{value:g}"


def read(before: Policy, text: Callable[[str], str], texts: Callable[[str], tuple[str, ...]]) -> Policy:
    """Return the policy that a form asks for; `text` and `texts` give what stands in a field."""
    changed: dict[str, object] = {}
    for field in FIELDS:
        if field.kind == "yes-no":
            changed[field.name] = text(field.name) == "yes"
        elif field.kind == "slots":
            added = [one for one in OFFERED_SLOTS if one in texts(field.name)]
            kept = [one for one in before.slots if one not in OFFERED_SLOTS]
            changed[field.name] = (*kept, *added)
        elif field.kind == "numbers":
            changed[field.name] = _numbers(field, text(field.name))
        else:
            number = _whole(field, text(field.name))
            changed[field.name] = float(number) if field.kind == "hours" else number
    made = msgspec.structs.replace(before, **changed)
    if made.list_amber_hours > made.list_max_age_hours:
        raise PolicyRefused(field="list_amber_hours", least=1, most=int(made.list_max_age_hours))
    return made


def _whole(field: Field, written: str) -> int:
    written = written.strip()
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else -1
    if not field.least <= number <= field.most:
        raise PolicyRefused(field=field.name, least=field.least, most=field.most)
    return number


def _numbers(field: Field, written: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(line.strip() for line in written.splitlines() if line.strip()))
    if len(found) > field.most or any(len(one) > 80 for one in found):
        raise PolicyRefused(field=field.name, least=field.least, most=field.most)
    return found


def differences(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """Return what `after` changes, in the order of the form."""
    return tuple(
        Difference(name=field.name, kind=field.kind, before=was, after=now, looser=_looser(field, was, now))
        for field in FIELDS
        if (was := written(before, field)) != (now := written(after, field))
    )


def _looser(field: Field, was: str, now: str) -> bool:
    if field.kind == "yes-no":
        return field.looser == "less" and now == "no"
    if field.kind in ("numbers", "slots"):
        return field.looser == "less" and not set(was.splitlines()) <= set(now.splitlines())
    days = [float(each) or (math.inf if field.name == "lease_days" else 0) for each in (was, now)]
    more = days[1] > days[0]  # no lease at all is the longest
    return bool(field.looser) and more == (field.looser == "more")
