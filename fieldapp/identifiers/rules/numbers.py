"""Check digits, counts and coordinates.

Sources: GS1 General Specifications 7.9 (check digit, check character pair), ISO 13616 (IBAN), and the
component definitions of AIs 4309, 7258, 8001, 8003, 8006, 8011.
"""

from fieldapp.identifiers.digits import only_digits
from fieldapp.identifiers.rules.characters import digits, set_82
from fieldapp.identifiers.rules.codes import is_country_letters
from fieldapp.identifiers.rules.fault import Fault, whole

_SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_PAIR = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# One weight a character, the last character lightest: the first primes.
_PRIMES = [
    number for number in range(2, 510) if all(number % small for small in range(2, int(number**0.5) + 1))
]


def mod10(body: str) -> int:
    """Return the GS1 check digit for `body` (digits without it): weights 3 and 1 from the right."""
    total = 3 * sum(map(int, body[::-1][::2])) + sum(map(int, body[::-1][1::2]))
    return -total % 10


def check_digit(value: str) -> Fault | None:
    """The last digit is the GS1 check digit of the others."""
    fault = digits(value)
    if fault:
        return fault
    if not value:
        return Fault("too-short-for-check-digit")
    if mod10(value[:-1]) != int(value[-1]):
        return Fault("incorrect-check-digit", len(value) - 1, len(value))
    return None


def check_pair(value: str) -> Fault | None:
    """The last two characters are the modulo 1021 pair of the others."""
    body, pair = value[:-2], value[-2:]
    fault = set_82(body)
    if len(value) < 2:
        return whole("too-short-for-check-pair", value)
    if fault:
        return fault
    if len(body) > len(_PRIMES):
        return whole("too-long-for-check-pair-implementation", value)
    weights = reversed(_PRIMES[: len(body)])
    rest = (
        sum(_SET_82.index(character) * weight for character, weight in zip(body, weights, strict=True)) % 1021
    )
    if pair != _PAIR[rest >> 5] + _PAIR[rest & 31]:
        return Fault("incorrect-check-pair", len(body), len(value))
    return None


def iban(value: str) -> Fault | None:
    """ISO 13616: country, two check digits, up to thirty letters and digits; modulo 97 is 1."""
    if len(value) <= 4:
        return whole("iban-too-short", value)
    if len(value) > 34:
        return whole("iban-too-long", value)
    for place, character in enumerate(value):
        if not ("0" <= character <= "9" or "A" <= character <= "Z"):
            return Fault("invalid-iban-character", place, place + 1)
    if not is_country_letters(value[:2]):
        return Fault("illegal-iban-country-code", 0, 2)
    if not only_digits(value[2:4]) or int("".join(str(int(c, 36)) for c in value[4:] + value[:4])) % 97 != 1:
        return Fault("incorrect-iban-checksum", 2, 4)
    return None


def zero(value: str) -> Fault | None:
    """Zeros only; at least one."""
    return None if value and not value.strip("0") else whole("not-zero", value)


def non_zero(value: str) -> Fault | None:
    """Not all zeros."""
    return digits(value) or (None if value.strip("0") else whole("illegal-zero-value", value))


def no_zero_prefix(value: str) -> Fault | None:
    """No leading zero, unless zero is the value."""
    fault = digits(value)
    if fault:
        return fault
    return Fault("illegal-zero-prefix", 0, 1) if len(value) > 1 and value[0] == "0" else None


def piece_of_total(value: str) -> Fault | None:
    """Two numbers of the same length: a piece, and the total it must not exceed; neither is zero."""
    if not value or len(value) % 2:
        return whole("invalid-length-for-piece-of-total", value)
    fault = digits(value)
    if fault:
        return fault
    half = len(value) // 2
    piece, total = int(value[:half]), int(value[half:])
    if piece == 0:
        return Fault("zero-piece-number", 0, half)
    if total == 0:
        return Fault("zero-total-pieces", half, len(value))
    return whole("piece-number-exceeds-total", value) if piece > total else None


def position_in_sequence(value: str) -> Fault | None:
    """`position/end`, without leading zeros, position not past the end."""
    position, slash, end = value.partition("/")
    if not slash or not position or not end or digits(position) or digits(end):
        return whole("position-in-sequence-malformed", value)
    if position[0] == "0":
        return Fault("illegal-zero-prefix", 0, len(position))
    if end[0] == "0":
        return Fault("illegal-zero-prefix", len(position) + 1, len(value))
    return whole("position-exceeds-end", value) if int(position) > int(end) else None


def latitude(value: str) -> Fault | None:
    """Ten digits up to 1800000000."""
    return _coordinate(value, "latitude", 1_800_000_000)


def longitude(value: str) -> Fault | None:
    """Ten digits up to 3600000000."""
    return _coordinate(value, "longitude", 3_600_000_000)


def _coordinate(value: str, name: str, most: int) -> Fault | None:
    if len(value) != 10:
        return whole(f"{name}-invalid-length", value)
    return digits(value) or (whole(f"invalid-{name}", value) if int(value) > most else None)
