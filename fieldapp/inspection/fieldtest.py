"""A field test: presumptive only, whatever it shows.

Promises: no field test is ever called a confirmation, and a negative one never proves absence. The word
"positive" is withheld where the kit had expired, the instrument's library has no version, or the match
score is missing or under the instrument's own bar; the reasons are said. The raw result file is evidence
by its hash, and each value that came from it says where it stood there.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

import msgspec

Kind = Literal["raman", "ftir", "nir", "ims", "xrf", "colour", "strip"]
Shown = Literal["match", "no_match", "unclear"]
Word = Literal["presumptive_positive", "presumptive_negative", "inconclusive"]
Limit = Literal[
    "kit-expired", "kit-expiry-unknown", "kit-lot-missing", "library-version-missing", "score-missing",
    "score-low", "score-out-of-scale", "device-missing", "calibration-expired",
]  # fmt: skip
Doubt = Literal["measured-apart", "measured-ahead", "measured-unknown", "calibration-unknown"]
Source = Literal["file", "typed"]
Short = Annotated[str, msgspec.Meta(max_length=200)]
INSTRUMENTS: tuple[Kind, ...] = ("raman", "ftir", "nir", "ims", "xrf")
APART = timedelta(hours=24)  # between an instrument's own time and the record of its result
AHEAD = timedelta(minutes=15)


class ValueSource(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a value came from: typed, or the result file, under `label` on `line` (0: unknown)."""

    field: Short
    source: Source
    label: Short = ""
    line: int = 0


class FieldTest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One test as it was done. `score` and `bar` are in the instrument's own scale (0 to 1 as a rule).

    `library` is its name, with the version where `library_version` is empty. With `profile` ("id version")
    the test was taken from a result file, and its `measured` is the instrument's own time, without a zone.
    """

    id: str
    at: datetime
    day: date  # the day on the officer's calendar, against which a kit's last day counts
    kind: Kind
    shown: Shown
    operator: Short
    substance: Short = ""  # what it reacted as, in the words of kit or library
    sample: str = ""
    goods_seq: int | None = None
    device: Short = ""
    library: Short = ""
    score: float | None = None
    bar: float | None = None
    kit_lot: Short = ""
    kit_expires: date | None = None
    evidence: str = ""  # the raw result file, or a photo of the kit
    note: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    library_version: Short = ""
    serial: Short = ""
    method: Short = ""
    measured: Short = ""
    calibrated_until: date | None = None
    scale: float | None = None  # the end of the score's scale
    profile: Short = ""
    sources: tuple[ValueSource, ...] = ()
    doubts: tuple[Doubt, ...] = ()  # as found when it was recorded


def limits(test: FieldTest) -> tuple[Limit, ...]:
    """Return why this test cannot bear the word positive; empty if it can."""
    found: list[Limit] = []
    if test.kind in INSTRUMENTS:
        if not test.device:
            found.append("device-missing")
        if not (test.library_version if test.profile else test.library):
            found.append("library-version-missing")
        if not _told(test.score) or not _told(test.bar) or not test.bar:
            found.append("score-missing")
        elif test.scale is not None and max(test.score or 0.0, test.bar) > test.scale:
            found.append("score-out-of-scale")
        elif (test.score or 0.0) < test.bar:
            found.append("score-low")
        if test.calibrated_until is not None and test.calibrated_until < test.day:
            found.append("calibration-expired")
    else:
        if not test.kit_lot:
            found.append("kit-lot-missing")
        if test.kit_expires is None:
            found.append("kit-expiry-unknown")
        elif test.kit_expires < test.day:
            found.append("kit-expired")
    return tuple(found)


def _told(value: float | None) -> bool:
    """Say whether a score was recorded: a number from 0 to 1000, not the absence of one."""
    return value is not None and 0.0 <= value <= 1000.0  # false for what is not a number too


def word(test: FieldTest) -> Word:
    """Return the only words a field test may bear."""
    if test.shown == "unclear" or limits(test):
        return "inconclusive"
    return "presumptive_positive" if test.shown == "match" else "presumptive_negative"


def doubts(measured: str, calibrated_until: date | None, local: datetime) -> tuple[Doubt, ...]:
    """Return what is to be looked at about a result file, and withholds no word: its clock is often wrong.

    `local` is the moment of the record on the clock of the officer's day, without a zone, as `measured` is.
    """
    found: list[Doubt] = []
    try:
        apart = datetime.fromisoformat(measured).replace(tzinfo=None) - local
    except ValueError:
        found.append("measured-unknown")
    else:
        if apart > AHEAD:
            found.append("measured-ahead")
        elif apart < -APART:
            found.append("measured-apart")
    if calibrated_until is None:
        found.append("calibration-unknown")
    return tuple(found)
