"""Which characters a component may be made of. Source: GS1 General Specifications, section 7.11."""

import re

from fieldapp.identifiers.rules.fault import Fault, whole

_NOT_DIGIT = re.compile(r"[^0-9]")
_NOT_82 = re.compile(r"""[^!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]""")
_NOT_39 = re.compile(r"[^#\-/0-9A-Z]")
_NOT_64 = re.compile(r"[^0-9A-Za-z_\-]")
_NOT_HYPHEN = re.compile(r"[^-]")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_IMPORTER = re.compile(r"[A-Za-z0-9_-]")


def _first(pattern: re.Pattern[str], value: str, code: str) -> Fault | None:
    found = pattern.search(value)
    return Fault(code, found.start(), found.end()) if found else None


def digits(value: str) -> Fault | None:
    """Digits only."""
    return _first(_NOT_DIGIT, value, "non-digit-character")


def set_82(value: str) -> Fault | None:
    """The 82 characters of ISO/IEC 646 that element strings may use."""
    return _first(_NOT_82, value, "invalid-cset82-character")


def set_39(value: str) -> Fault | None:
    """Upper-case letters, digits, # - /."""
    return _first(_NOT_39, value, "invalid-cset39-character")


def set_64(value: str) -> Fault | None:
    """File-safe base64; padding, if any, completes a group of four or three characters short."""
    body = value.rstrip("=")
    fault = _first(_NOT_64, body, "invalid-cset64-character")
    if fault:
        return fault
    padding = len(value) - len(body)
    if padding and (padding > 2 or len(value) % 3):
        return Fault("invalid-cset64-padding", len(body), len(value))
    return None


def has_non_digit(value: str) -> Fault | None:
    """At least one character that is no digit."""
    return None if _NOT_DIGIT.search(value) else whole("requires-non-digit-character", value)


def hyphen(value: str) -> Fault | None:
    """Hyphens only; at least one."""
    if not value:
        return whole("not-hyphen", value)
    return _first(_NOT_HYPHEN, value, "not-hyphen")


def percent_encoded(value: str) -> Fault | None:
    """Every % introduces two hexadecimal digits."""
    found = _BAD_PERCENT.search(value)
    return (
        Fault("invalid-percent-sequence", found.start(), min(found.start() + 3, len(value)))
        if found
        else None
    )


def importer_index(value: str) -> Fault | None:
    """One letter, digit, hyphen or underscore."""
    if len(value) != 1:
        return whole("importer-idx-must-be-one-character", value)
    return None if _IMPORTER.fullmatch(value) else whole("invalid-import-idx-character", value)
