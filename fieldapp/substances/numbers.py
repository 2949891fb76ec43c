"""Numbers on papers that stand for a substance: CAS, EC, UN, InChIKey, and the declared HS subheading.

A number that is wrong by its own check digit is never passed over: it is a question where one digit leads
to a listed number, and otherwise something that was not understood.
"""

import re

from fieldapp.identifiers.cas import is_valid
from fieldapp.substances import cas as cas_numbers
from fieldapp.substances import ec as ec_numbers
from fieldapp.substances import rules
from fieldapp.substances.answer import Reason
from fieldapp.substances.evidence import Evidence
from fieldapp.substances.lists import Form, Lists
from fieldapp.substances.reader import Reader

_UN = re.compile(
    r"(?<![A-Za-z])UN(?:\s?(?:no|number|nr|id)\b\.?)?[\s:#.-]*([0-9]{4})(?![0-9])", re.IGNORECASE
)
_INCHIKEY = re.compile(r"(?<![A-Z])[A-Z]{14}-[A-Z]{10}-[A-Z](?![A-Z])")


class Numbers:
    """What the numbers of one field said: evidence, and what could not be read."""

    def __init__(self) -> None:
        self.evidence: list[Evidence] = []
        self.unread: list[Reason] = []


def read(ready: Reader, text: str, cas: str, hs: str, *, chemical: bool = False) -> Numbers:
    """Read the numbers in `text`, a CAS column and a declared HS code.

    `chemical` says that the text talks of chemicals, so that a number without its label may be believed.
    """
    found = Numbers()
    for one in cas_numbers.find(text):
        _cas(ready, one, found)
    if cas.strip():
        _column(ready, cas.strip(), found)
    for hit in _UN.finditer(text):
        _un(ready, hit[1], found)
    for ec in ec_numbers.find(text, chemical=chemical):
        _ec(ready, ec, found)
    for hit in _INCHIKEY.finditer(text):
        for same in ready.structures.by_key(hit[0]):
            found.evidence.append(Evidence(same.substance, Reason(f"structure-{same.how}", {"name": hit[0]})))
    _hs(ready, subheading(hs), found)
    return found


def subheading(hs: str) -> str:
    """Return the six digits of an HS code however it is written, fewer where it has fewer."""
    return re.sub(r"\D", "", hs)[:6]


def against_hs(known: Lists, evidence: list[Evidence], hs: str) -> list[Evidence]:
    """Return, for each listed substance found, that the declared subheading is not the one it has.

    A weak sign: descriptions and tariffs are written by different people. It explains and never decides.
    """
    declared = subheading(hs)
    about = dict.fromkeys(one.about for one in evidence)
    listed = [known.substances[one] for one in about if one in known.substances]
    return [
        Evidence(one.id, Reason("hs-differs", {"declared": _dotted(declared), "expected": _dotted(one.hs6)}))
        for one in listed
        if len(declared) == 6 and one.hs6 and one.hs6 != declared
    ]


def _dotted(hs6: str) -> str:
    return f"{hs6[:4]}.{hs6[4:]}"


def of_form(known: Lists, form: Form, text: str) -> Evidence:
    """Return what a known salt, isomer or class member is evidence of."""
    facts: dict[str, str | int | float] = {"text": text, "name": form.name}
    if form.kind == "member":
        rule = known.rules[form.rule]
        facts = {"name": rule.name, "effect": rule.effect}
        return Evidence(form.name, Reason(f"class-{rules.standing(rule)}", facts), form.rule, form.cas)
    # By the list's own name: that of the form may be a brand.
    listed = known.substances.get(form.substance)
    facts["name"] = listed.name if listed else form.name
    return Evidence(form.substance, Reason(f"form-{form.kind}", facts))


def _column(ready: Reader, cas: str, found: Numbers) -> None:
    usual = cas_numbers.read(cas)
    if not usual:
        found.unread.append(Reason("cas-unreadable", {"text": cas[:40]}))
        return
    one = cas_numbers.Found(
        cas=usual,
        text=cas,
        start=0,
        end=0,
        valid=is_valid(usual),
        labelled=True,
        repaired=usual != cas,
    )
    _cas(ready, one, found)


def _cas(ready: Reader, one: cas_numbers.Found, found: Numbers) -> None:
    known = ready.lists
    if substance := known.by_cas.get(one.cas):
        code = "cas-repaired" if one.repaired else "cas-exact"
        found.evidence.append(Evidence(substance, Reason(code, {"cas": one.cas, "text": one.text})))
    elif form := known.forms.get(one.cas):
        found.evidence.append(of_form(known, form, one.text))
    elif not one.labelled:
        return
    elif one.valid:
        other = ready.dictionary.by_cas(one.cas)
        # A right check digit in no inventory is odd: nine in a hundred slips keep the check digit right.
        if other is None and ready.dictionary.filled:
            _one_digit(ready, one, found)
    else:
        found.unread.append(Reason("cas-digit-wrong", {"text": one.text}))
        _one_digit(ready, one, found)


def _one_digit(ready: Reader, one: cas_numbers.Found, found: Numbers) -> None:
    for listed in cas_numbers.one_away(one.cas, ready.lists.by_cas):
        reason = Reason("cas-one-digit", {"text": one.text, "cas": listed})
        found.evidence.append(Evidence(ready.lists.by_cas[listed], reason))


def _un(ready: Reader, number: str, found: Numbers) -> None:
    known = ready.lists.un_numbers.get(number)
    if known:
        code = "un-number" if known.verified != "no" else "un-number-unchecked"
        found.evidence.append(Evidence(known.substance, Reason(code, {"un": number})))


def _ec(ready: Reader, one: ec_numbers.Found, found: Numbers) -> None:
    if not one.valid:
        found.unread.append(Reason("ec-digit-wrong", {"text": one.text}))
        return
    known = ready.lists.ec_numbers.get(one.ec)
    if known:
        code = "ec-number" if known.verified != "no" else "ec-number-unchecked"
        found.evidence.append(Evidence(known.substance, Reason(code, {"ec": one.ec})))
    elif form := ready.lists.forms.get(ready.dictionary.cas_of_ec(one.ec)):
        found.evidence.append(of_form(ready.lists, form, one.text))


def _hs(ready: Reader, declared: str, found: Numbers) -> None:
    """A subheading that names a listed substance is a weak sign of it."""
    if len(declared) < 6:
        return
    for substance in ready.lists.substances.values():
        if substance.hs_named and substance.hs6 == declared:
            found.evidence.append(Evidence(substance.id, Reason("hs-heading", {"hs": _dotted(declared)})))
