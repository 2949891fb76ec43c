"""An amount with its unit, as the papers of trade write it: UN/ECE Recommendation 20 codes.

Promises: amounts are decimals, never floats; two amounts are compared in the base unit of their
dimension, allowing for the rounding that each shows by its last digit. Units of different dimensions are
never compared: a litre is not a kilogram without a density.
"""

import re
from decimal import Decimal
from typing import Literal

import msgspec

Dimension = Literal["mass", "volume", "count"]
LONGEST = 30  # characters of a number
# Plain, grouped by thousands, or grouped the Indian way (12,34,567).
_NUMBER = re.compile(r"([0-9]+|[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,2}(,[0-9]{2})*,[0-9]{3})(\.[0-9]+)?")

# Code: dimension, factor to the base unit (kilogram, litre, piece). UN/ECE Rec 20, revision 17.
_UNITS: dict[str, tuple[Dimension, Decimal]] = {
    "KGM": ("mass", Decimal(1)),
    "GRM": ("mass", Decimal("0.001")),
    "MGM": ("mass", Decimal("0.000001")),
    "DTN": ("mass", Decimal(100)),
    "TNE": ("mass", Decimal(1000)),
    "LBR": ("mass", Decimal("0.45359237")),
    "ONZ": ("mass", Decimal("0.028349523125")),
    "LTR": ("volume", Decimal(1)),
    "MLT": ("volume", Decimal("0.001")),
    "DLT": ("volume", Decimal("0.1")),
    "HLT": ("volume", Decimal(100)),
    "MTQ": ("volume", Decimal(1000)),
    "GLL": ("volume", Decimal("3.785411784")),
    "H87": ("count", Decimal(1)),
    "C62": ("count", Decimal(1)),
    "DZN": ("count", Decimal(12)),
    "MIL": ("count", Decimal(1000)),
}
# What these units are called on a screen or a paper; the others by their code.
_SYMBOLS = {
    "KGM": "kg", "GRM": "g", "MGM": "mg", "TNE": "t", "LBR": "lb", "ONZ": "oz", "LTR": "l", "MLT": "ml",
    "MTQ": "m³", "H87": "pcs",
}  # fmt: skip
# How people write these units on invoices, in lower case without dots.
_WRITTEN: dict[str, str] = {
    "kg": "KGM", "kgs": "KGM", "kilo": "KGM", "kilos": "KGM", "kilogram": "KGM", "kilograms": "KGM",
    "g": "GRM", "gm": "GRM", "gms": "GRM", "gram": "GRM", "grams": "GRM", "mg": "MGM",
    "mt": "TNE", "t": "TNE", "ton": "TNE", "tonne": "TNE", "tonnes": "TNE", "quintal": "DTN",
    "lb": "LBR", "lbs": "LBR", "oz": "ONZ",
    "l": "LTR", "ltr": "LTR", "ltrs": "LTR", "litre": "LTR", "litres": "LTR", "liter": "LTR", "ml": "MLT",
    "kl": "MTQ", "cbm": "MTQ", "m3": "MTQ",
    "pc": "H87", "pcs": "H87", "piece": "H87", "pieces": "H87", "nos": "H87", "no": "H87", "unit": "H87",
    "units": "H87", "doz": "DZN", "dozen": "DZN",
}  # fmt: skip


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """An amount in a UN/ECE Rec 20 unit."""

    value: Decimal
    unit: str


def unit_code(written: str) -> str | None:
    """Return the Rec 20 code for a unit as written ("Kgs.", "KGM"), None if it is not known here."""
    plain = written.strip().rstrip(".")
    return plain.upper() if plain.upper() in _UNITS else _WRITTEN.get(plain.lower())


def symbol(unit: str) -> str:
    """Return what people call `unit`, a Rec 20 code; the code itself where it has no common sign."""
    return _SYMBOLS.get(unit, unit)


def dimension(unit: str) -> Dimension | None:
    """Return what `unit` measures."""
    known = _UNITS.get(unit)
    return None if known is None else known[0]


def in_base(quantity: Quantity) -> Decimal | None:
    """Return the amount in kilograms, litres or pieces; None for a unit not known here."""
    known = _UNITS.get(quantity.unit)
    return None if known is None else quantity.value * known[1]


def read(text: str) -> Quantity | None:
    """Read "1,250.5 kgs" or "25 KGM"; None where there is no plain number followed by a known unit.

    Commas are taken for grouping only where they stand as grouping, Indian (12,34,567) or by thousands:
    "1,5 kg" is not read, because it may be one and a half.
    """
    words = text.strip().split()
    if len(words) == 1:
        cut = next((at for at, sign in enumerate(words[0]) if sign.isalpha()), 0)
        words = [words[0][:cut], words[0][cut:]]
    if len(words) != 2:
        return None
    value, unit = number(words[0]), unit_code(words[1])
    return None if value is None or unit is None else Quantity(value=value, unit=unit)


def number(text: str) -> Decimal | None:
    """Read a plain ASCII decimal with or without grouping commas; None if it is anything else."""
    if len(text) > LONGEST or _NUMBER.fullmatch(text) is None:
        return None
    return Decimal(text.replace(",", ""))


def same(one: Quantity, other: Quantity, share: Decimal = Decimal(0)) -> bool | None:
    """Say whether two amounts agree; None if they measure different things.

    They agree when they differ by no more than half of the last digit written on either side, together
    with `share` of the greater (0.005 allows half a percent).
    """
    left, right = in_base(one), in_base(other)
    if left is None or right is None or dimension(one.unit) != dimension(other.unit):
        return None
    rounding = (_last_digit(one) + _last_digit(other)) / 2
    return abs(left - right) <= rounding + share * max(left, right)


def _last_digit(quantity: Quantity) -> Decimal:
    exponent = quantity.value.as_tuple().exponent
    written = Decimal(1).scaleb(exponent) if isinstance(exponent, int) and exponent < 0 else Decimal(0)
    return written * _UNITS[quantity.unit][1]
