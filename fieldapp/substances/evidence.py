"""From reasons to matches, and from matches to the one action.

Every reason says how sure it is and whether it alone is enough. An acronym, a number one digit off, another
isomer or an unchecked transport number is a question for headquarters; only what names the substance
itself, or a class the law controls, makes goods controlled.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from fieldapp.substances import lists
from fieldapp.substances.answer import Action, Match, Reason
from fieldapp.substances.lists import Lists, Substance
from fieldapp.substances.rules import ClassRule

# Reason code -> how sure, from 0 to 1, and whether it alone is a finding rather than a question.
_WEIGHT: dict[str, tuple[float, bool]] = {
    "cas-exact": (1.0, True),
    "cas-repaired": (0.98, True),
    "cas-one-digit": (0.5, False),
    "structure-exact": (1.0, True),
    "structure-salt": (0.99, True),
    "structure-flat": (0.95, True),
    "structure-isomer": (0.7, False),
    "class-member": (0.95, True),
    "class-limbs": (0.0, False),
    "class-nearest": (0.0, False),
    "class-low": (0.6, False),
    "class-unchecked": (0.6, False),
    "class-borderline": (0.6, False),
    "class-screen": (0.4, False),
    "form-same": (0.99, True),
    "form-salt": (0.99, True),
    "form-isomer": (0.7, False),
    "form-filed": (0.6, False),
    "substance-name": (1.0, True),
    "substance-language": (0.95, True),
    "substance-spelt": (0.85, True),
    "substance-parts": (0.9, True),
    "substance-near": (0.9, True),
    "substance-brand": (0.8, True),
    "substance-shared": (0.7, True),
    "substance-formula": (0.9, True),
    "substance-acronym": (0.6, False),
    "substance-inside": (0.6, False),
    "un-number": (0.8, True),
    "un-number-unchecked": (0.5, False),
    "ec-number": (0.9, True),
    "ec-number-unchecked": (0.5, False),
    "hs-heading": (0.4, False),
    "hs-differs": (0.0, False),
}


class Evidence(msgspec.Struct, frozen=True):
    """One reason to think of one substance, or of one member of a class.

    `about` is a listed substance's id, or the name of a class member whose rule is `rule`.
    """

    about: str
    reason: Reason
    rule: str = ""
    cas: str = ""


def matches(known: Lists, evidence: Iterable[Evidence], on: date | None = None) -> tuple[Match, ...]:
    """Return one match for each substance, the surest first; `on` picks the rows in force on a day."""
    held: dict[str, list[Evidence]] = {}
    for one in evidence:
        some = held.setdefault(one.about, [])
        if one not in some:
            some.append(one)
    found = [_match(known, about, some, on) for about, some in held.items()]
    return tuple(sorted(found, key=lambda match: (not match.lists, -match.score)))


def action(known: Lists, evidence: Iterable[Evidence], *, understood: bool) -> Action:
    """Return what the evidence comes to; without any, whether everything given was `understood`."""
    some = tuple(evidence)
    if any(_is_finding(known, one) for one in some):
        return "controlled"
    if some:
        return "ask_headquarters"
    return "none" if understood else "not_understood"


def _is_finding(known: Lists, one: Evidence) -> bool:
    if not _WEIGHT[one.reason.code][1]:
        return False
    if one.rule:
        return True
    return lists.is_law(known.substances[one.about])


def _match(known: Lists, about: str, some: list[Evidence], on: date | None) -> Match:
    substance = known.substances.get(about)
    reasons = [one.reason for one in some]
    rule = next((one.rule for one in some if one.rule), "")
    labels, unchecked = _labels(substance, known.rules.get(rule), on)
    if unchecked:
        reasons.append(Reason("row-unverified", {"lists": ", ".join(unchecked)}))
    facts = {reason.code: reason.facts for reason in reasons}
    return Match(
        name=substance.name if substance else about,
        cas=substance.cas if substance else next((one.cas for one in some if one.cas), ""),
        lists=labels,
        rule=rule,
        limb=str(facts.get("class-limbs", {}).get("limbs", "")),
        nearest=str(facts.get("class-nearest", {}).get("name", "")),
        structure=substance.smiles if substance else "",
        score=max(_WEIGHT[one.reason.code][0] for one in some),
        reasons=tuple(reasons),
        verified=not unchecked,
    )


def _labels(
    substance: Substance | None, rule: ClassRule | None, on: date | None
) -> tuple[tuple[str, ...], list[str]]:
    """Return the lists of a match, and those of them that were never checked."""
    rows = [row for row in substance.listings if lists.in_force(row, on)] if substance else []
    labels = [row.label for row in rows]
    unchecked = [row.label for row in rows if row.verified == "no"]
    if rule:
        labels += rule.lists
        if rule.verified == "no" and rule.tier == "law":
            unchecked += rule.lists
    return tuple(dict.fromkeys(labels)), list(dict.fromkeys(unchecked))
