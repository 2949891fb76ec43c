"""The second opinion: ZBar, for EAN/UPC, Code 39, Code 128 and QR only.

Promises: reads to compare with, never to rely on. Refuses: DataBar, whose Expanded form ZBar corrupts in
silence. It gives no symbology identifier, so GS1-128 looks like Code 128, and it guesses the encoding of
QR codes: such a read alone confirms nothing. The library may be missing; then there is no second opinion.
"""

import functools
from collections.abc import Callable
from typing import Any

from fieldapp.scan.picture import Grey
from fieldapp.scan.read import Read

_NAMES = {
    "EAN13": "EAN13",
    "EAN8": "EAN8",
    "UPCA": "UPCA",
    "UPCE": "UPCE",
    "CODE39": "Code39",
    "CODE128": "Code128",
    "QRCODE": "QRCode",
}


@functools.cache
def _engine() -> Callable[[Grey], list[Any]] | None:
    try:
        from pyzbar import pyzbar
    except (ImportError, OSError):  # the wheel is there, the system's library is not
        return None
    symbols = [getattr(pyzbar.ZBarSymbol, name) for name in _NAMES]
    return functools.partial(pyzbar.decode, symbols=symbols)


def read(grey: Grey) -> list[Read]:
    """Return what ZBar sees in `grey` (rows by columns, 8 bit); nothing where it is not installed."""
    engine = _engine()
    if engine is None or min(grey.shape, default=0) < 3:
        return []
    return [_as_read(found) for found in engine(grey) if found.type in _NAMES]


def _as_read(found: Any) -> Read:  # noqa: ANN401 - pyzbar has no types
    left, top, width, height = found.rect
    return Read(
        symbology=_NAMES[found.type],
        aim="",
        raw=found.data,
        text=found.data.decode("utf-8", "replace"),
        corners=(
            (float(left), float(top)),
            (float(left + width), float(top)),
            (float(left + width), float(top + height)),
            (float(left), float(top + height)),
        ),
        stage="zbar",
    )
