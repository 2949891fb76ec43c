"""North American coupon codes: AI 8110 and, for positive offer files, AI 8112.

Promises: the fields are walked in order and the first that is missing, cut short or out of range is the
fault. Source: GS1 US, North American Coupon Application Guideline Using GS1 DataBar Expanded Symbols.
"""

from collections.abc import Callable

from fieldapp.identifiers.rules import dates
from fieldapp.identifiers.rules.characters import digits
from fieldapp.identifiers.rules.fault import Fault, whole


class _Stop(Exception):
    """Carries the fault out of the walk."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


class _Walk:
    """A place in the digits, and the steps that move it."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.place = 0

    @property
    def left(self) -> int:
        """How many digits are left."""
        return len(self.value) - self.place

    def fail(self, code: str, start: int, end: int) -> None:
        """End the walk; a fault of nothing is a fault of the entire value."""
        raise _Stop(
            Fault(f"coupon-{code}", start, end) if end > start else whole(f"coupon-{code}", self.value)
        )

    def one(self, missing: str, invalid: str, allowed: str) -> str:
        """Take one digit out of `allowed`."""
        if not self.left:
            self.fail(missing, 0, 0)
        digit = self.value[self.place]
        if digit not in allowed:
            self.fail(invalid, self.place, self.place + 1)
        self.place += 1
        return digit

    def take(self, count: int, truncated: str) -> str:
        """Take `count` digits."""
        if self.left < count:
            self.fail(truncated, self.place, len(self.value))
        taken = self.value[self.place : self.place + count]
        self.place += count
        return taken

    def company(self, name: str, *, same: bool = False) -> None:
        """Take a company prefix of 6 to 12 digits; where `same`, 9 stands for the first one."""
        length = self.one(f"missing-{name}-vli", f"invalid-{name}-length", "0123456" + "9" * same)
        if length != "9":
            self.take(int(length) + 6, f"truncated-{name}")

    def requirement(self, name: str) -> None:
        """Take a purchase requirement of 1 to 5 digits, its code and family code."""
        full = f"{name}-purchase-requirement"
        length = self.one(f"missing-{full}-vli", f"invalid-{full}-length", "12345")
        self.take(int(length), f"truncated-{full}")
        self.one(f"missing-{full}-code", f"invalid-{full}-code", "012349")
        self.take(3, f"truncated-{name}-purchase-family-code")


def coupon(value: str) -> Fault | None:
    """AI 8110."""
    return digits(value) or _walked(value, _coupon)


def positive_offer(value: str) -> Fault | None:
    """AI 8112."""
    return digits(value) or _walked(value, _positive_offer)


def _walked(value: str, steps: Callable[[_Walk], None]) -> Fault | None:
    walk = _Walk(value)
    try:
        steps(walk)
        if walk.left:
            walk.fail("excess-data", walk.place, len(value))
    except _Stop as stop:
        return stop.fault
    return None


def _positive_offer(walk: _Walk) -> None:
    walk.one("missing-format-code", "invalid-format-code", "01")
    walk.company("funder")
    walk.take(6, "truncated-offer-code")
    length = walk.one("missing-serial-number-vli", "invalid-serial-number-length", "0123456789")
    walk.take(int(length) + 6, "truncated-serial-number")


def _coupon(walk: _Walk) -> None:
    walk.company("gcp")
    walk.take(6, "truncated-offer-code")
    length = walk.one("missing-save-value-vli", "invalid-save-value-length", "12345")
    walk.take(int(length), "truncated-save-value")
    walk.requirement("1st")
    for mark, step in _OPTIONAL:
        if walk.left and walk.value[walk.place] == mark:
            walk.place += 1
            step(walk)


def _second(walk: _Walk) -> None:
    rules = "additional-purchase-rules-code"
    walk.one(f"missing-{rules}", f"invalid-{rules}", "0123")
    walk.requirement("2nd")
    walk.company("2nd-purchase-gcp", same=True)


def _third(walk: _Walk) -> None:
    walk.requirement("3rd")
    walk.company("3rd-purchase-gcp", same=True)


def _expires(walk: _Walk) -> None:
    # The published name of the fault has this spelling.
    _day(walk, "expiration-date", "exipiration-date")


def _starts(walk: _Walk) -> None:
    _day(walk, "start-date", "start-date")


def _day(walk: _Walk, name: str, misspelt: str) -> None:
    start = walk.place
    day = walk.take(6, f"too-short-for-{name}")
    if dates.yymmdd(day):
        walk.fail(f"invalid-{misspelt}", start, walk.place)


def _serial(walk: _Walk) -> None:
    length = walk.one("missing-serial-number-vli", "invalid-serial-number-length", "0123456789")
    walk.take(int(length) + 6, "truncated-serial-number")


def _retailer(walk: _Walk) -> None:
    name = "retailer-gcp-or-gln"
    length = walk.one(f"missing-{name}-vli", f"invalid-{name}-length", "1234567")
    walk.take(int(length) + 6, f"truncated-{name}")


def _flags(walk: _Walk) -> None:
    walk.one("missing-save-value-code", "invalid-save-value-code", "01256")
    item = "save-value-applies-to-item"
    walk.one(f"missing-{item}", f"invalid-{item}", "012")
    walk.one("missing-store-coupon-flag", "invalid-store-coupon-flag", "0123456789")
    walk.one("missing-dont-multiply-flag", "invalid-dont-multiply-flag", "01")


_OPTIONAL = (
    ("1", _second),
    ("2", _third),
    ("3", _expires),
    ("4", _starts),
    ("5", _serial),
    ("6", _retailer),
    ("9", _flags),
)
