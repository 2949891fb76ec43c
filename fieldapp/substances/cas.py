"""CAS Registry Numbers in every form they are written in.

A number is two to seven digits, two digits and a check digit (`fieldapp.identifiers.cas`). Papers carry it
with other dashes, blanks, dots, slashes, run together, or with O for 0 and l for 1. Without the word CAS only
shapes that nothing else has are taken: a date, a telephone number or an invoice number must not be read as
a substance.
"""

import re
from collections.abc import Collection

import msgspec

from fieldapp.identifiers.cas import is_valid

_LABEL = r"c\W?\s?a\W?\s?s\b\W?(?:\s*(?:registry|reg|number|num|nos|no|nr|rn|#)\b\W?)*\s*[:=#.(-]*\s*"
_DIGIT = r"[0-9oODlI|]"
_DASH = r"[-‐‑‒–—―−﹣]"
_JOINT = rf"(?:\s?{_DASH}\s?|[\s./_·:\\]{{1,2}})"
_LABELLED = re.compile(
    rf"(?<![A-Za-z]){_LABEL}(?P<a>{_DIGIT}{{2,7}}){_JOINT}(?P<b>{_DIGIT}{{2}}){_JOINT}(?P<c>{_DIGIT})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_RUN = re.compile(
    rf"(?<![A-Za-z])c\W?\s?a\W?\s?s(?:\W?\s*(?:number|no|nr|rn|#)\b)?[\W_]*(?P<run>[0-9]{_DIGIT}{{4,9}})"
    r"(?![0-9A-Za-z]|[-./]\d)",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?<![0-9A-Za-z.,/+-])(?P<a>{_DIGIT}{{2,7}})(?P<j>{_DASH}|[./_])(?P<b>{_DIGIT}{{2}})(?P<k>{_DASH}|[./_])"
    rf"(?P<c>{_DIGIT})(?![0-9A-Za-z]|[-./]\d)"
)
_AS_DIGITS = str.maketrans("oODlI|", "000111")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A number as found: `cas` in its usual form, `text` as it was written.

    `valid` says whether the check digit agrees; `labelled` whether the word CAS stood before it;
    `repaired` whether it was written in another form than the usual one.
    """

    cas: str
    text: str
    start: int
    end: int
    valid: bool
    labelled: bool
    repaired: bool


def read(written: str) -> str:
    """Return a number given on its own (a CAS column) in its usual form; empty if it has no such form."""
    digits = re.sub(r"[^0-9]", "", written.strip().translate(_AS_DIGITS))
    if not 5 <= len(digits) <= 10 or re.search(
        r"[A-Za-z]", re.sub(r"(?i)\b(cas|no|nr|rn)\b", "", written.translate(_AS_DIGITS))
    ):
        return ""
    return _usual(digits)


def find(text: str) -> tuple[Found, ...]:
    """Return the numbers in `text`, in order, none overlapping another."""
    found: list[Found] = []
    for pattern, labelled in ((_LABELLED, True), (_RUN, True), (_BARE, False)):
        for hit in pattern.finditer(text):
            one = _found(hit, labelled=labelled)
            if one and not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    return tuple(sorted(found, key=lambda one: one.start))


def one_away(cas: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the `known` numbers that differ from `cas` by one digit or one swap of neighbours."""
    return tuple(sorted(other for other in known if _one_away(cas, other)))


def _found(hit: re.Match[str], *, labelled: bool) -> Found | None:
    groups = hit.groupdict()
    start = hit.start("run") if groups.get("run") else hit.start("a")
    written = hit.string[start : hit.end()]
    digits = re.sub(r"[^0-9]", "", written.translate(_AS_DIGITS))
    if digits.startswith("0"):
        return None
    cas = _usual(digits)
    if not labelled and not _stands_alone(hit, cas):
        return None
    return Found(
        cas=cas,
        text=written,
        start=start,
        end=hit.end(),
        valid=is_valid(cas),
        labelled=labelled,
        repaired=written != cas,
    )


def _stands_alone(hit: re.Match[str], cas: str) -> bool:
    """A bare number counts if it is written with dashes, or if its check digit agrees and it is no date."""
    joints = hit["j"] + hit["k"]
    if re.fullmatch(_DASH * 2, joints):
        return True
    return is_valid(cas) and not _is_date(hit["a"], hit["b"])


def _is_date(first: str, second: str) -> bool:
    year = len(first) == 4 and first[:2] in ("19", "20")
    return (len(first) == 2 or year) and second.isdigit() and 1 <= int(second) <= 12


def _usual(digits: str) -> str:
    return f"{digits[:-3]}-{digits[-3:-1]}-{digits[-1]}"


def _one_away(cas: str, other: str) -> bool:
    if len(cas) != len(other) or cas == other:
        return False
    places = [place for place, (a, b) in enumerate(zip(cas, other, strict=True)) if a != b]
    if len(places) == 1:
        return True
    # A swap reaches across the dash: compare the digits alone.
    a, b = cas.replace("-", ""), other.replace("-", "")
    differ = [place for place in range(len(a)) if a[place] != b[place]]
    return (
        len(differ) == 2
        and differ[1] == differ[0] + 1
        and a[differ[0]] == b[differ[1]]
        and a[differ[1]] == b[differ[0]]
    )
