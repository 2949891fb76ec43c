"""A sample drawn from a package, numbered, weighed, sealed, with its duplicate.

Promises: numbers are made here by the profile's pattern and never given twice; nothing is drawn that is
heavier than what it came from; original and duplicate are drawn together where the profile asks for it.
An exhibit's seal and weight are facts of the drawing; what happens to it after is custody.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from fieldapp.errors import InspectorError
from fieldapp.inspection.procedure import Procedure, least_grams

Kind = Literal["original", "duplicate", "bulk"]
HEAVIEST = Decimal(1_000_000_000)  # grams
Short = Annotated[str, msgspec.Meta(max_length=200)]


class SampleRefused(InspectorError):
    """A sample cannot be drawn like this; `why` names the rule."""

    code = "sample-refused"


class Sample(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One exhibit. Weights are grams. `package_net_g` is what was in the package before the drawing."""

    id: str
    number: Short
    kind: Kind
    at: datetime
    package: Short
    gross_g: Decimal
    net_g: Decimal
    seal: Short
    procedure: str
    version: int
    goods_seq: int | None = None
    package_net_g: Decimal | None = None
    pair: str = ""  # the number of the other of original and duplicate
    description: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    evidence: tuple[str, ...] = ()


class Draw(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer enters for one drawing: one original, and a duplicate where one is asked for."""

    package: str
    net_g: Decimal
    gross_g: Decimal
    seal: str
    duplicate_net_g: Decimal | None = None
    duplicate_gross_g: Decimal | None = None
    duplicate_seal: str = ""
    package_net_g: Decimal | None = None
    goods_seq: int | None = None
    group: str = ""
    description: str = ""


def draw(
    samples: Sequence[Sample],
    order: Draw,
    procedure: Procedure,
    *,
    inspection: str,
    at: datetime,
    ids: Sequence[str],
) -> tuple[Sample, ...]:
    """Return the samples that `order` makes, numbered after those there are; raises SampleRefused.

    `ids` holds as many fresh ids as samples can come of one drawing (two).
    """
    _check(samples, order, procedure)
    package = order.package.strip()
    serial = 1 + sum(one.kind == "original" for one in samples)
    numbers = [
        procedure.numbering.format(inspection=inspection, package=package, serial=serial, letter=letter)
        for letter in procedure.letters
    ]
    first = Sample(
        id=ids[0],
        number=numbers[0],
        kind="original",
        at=at,
        package=package,
        gross_g=order.gross_g,
        net_g=order.net_g,
        seal=order.seal.strip(),
        procedure=procedure.id,
        version=procedure.version,
        goods_seq=order.goods_seq,
        package_net_g=order.package_net_g,
        pair=numbers[1] if procedure.duplicate else "",
        description=order.description.strip(),
    )
    if not procedure.duplicate:
        return (first,)
    second = msgspec.structs.replace(
        first,
        id=ids[1],
        number=numbers[1],
        kind="duplicate",
        gross_g=order.duplicate_gross_g or order.gross_g,
        net_g=order.duplicate_net_g or order.net_g,
        seal=order.duplicate_seal.strip(),
        pair=numbers[0],
    )
    return (first, second)


def _check(samples: Sequence[Sample], order: Draw, procedure: Procedure) -> None:
    least = least_grams(procedure, order.group)
    drawn = [(order.net_g, order.gross_g, order.seal)]
    if procedure.duplicate:
        if order.duplicate_net_g is None or order.duplicate_gross_g is None:
            raise SampleRefused(why="duplicate-missing")
        drawn.append((order.duplicate_net_g, order.duplicate_gross_g, order.duplicate_seal))
    seals = [seal.strip() for _, _, seal in drawn]
    for net, gross, seal in drawn:
        if not (_weight(net) and _weight(gross)):
            raise SampleRefused(why="weight-missing")
        if gross < net:
            raise SampleRefused(why="gross-below-net", net=str(net), gross=str(gross))
        if net < least:
            raise SampleRefused(why="below-least", net=str(net), least=str(least))
        if not _plain(seal):
            raise SampleRefused(why="seal-missing")
    if not order.package.strip():
        raise SampleRefused(why="package-missing")
    used = {_plain(one.seal) for one in samples}
    plain = [_plain(seal) for seal in seals]
    if len(set(plain)) < len(plain) or used & set(plain):
        raise SampleRefused(why="seal-used-twice", seal=next((one for one in plain if one in used), seals[0]))
    package = order.package.strip()
    held = order.package_net_g or _held_before(samples, package)
    if held is not None:
        if not _weight(held):
            raise SampleRefused(why="weight-missing")
        before = sum((one.net_g for one in samples if one.package == package), Decimal(0))
        total = before + sum((net for net, _, _ in drawn), Decimal(0))
        if total > held:
            raise SampleRefused(why="heavier-than-package", drawn=str(total), package=str(held))


def _weight(grams: Decimal) -> bool:
    return grams.is_finite() and 0 < grams <= HEAVIEST


def _held_before(samples: Sequence[Sample], package: str) -> Decimal | None:
    """Return what the package held by an earlier drawing, where this one does not say."""
    return next((one.package_net_g for one in samples if one.package == package and one.package_net_g), None)


def _plain(seal: str) -> str:
    """Return a seal's letters and digits: what else is written around them makes it no other seal."""
    return "".join(sign for sign in seal.casefold() if sign.isalnum())
