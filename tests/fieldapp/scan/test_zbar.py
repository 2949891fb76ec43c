"""The second opinion reads what it may and nothing else."""

import numpy as np
import pytest

from fieldapp.scan import draw, zbar
from tests.support import barcodes

pytest.importorskip("pyzbar.pyzbar", reason="the ZBar library is not installed", exc_type=ImportError)


def test_it_reads_the_four_it_is_asked_for() -> None:
    page = barcodes.on_page(draw.draw_code("FIELDAPP-1", "Code128", scale=2))
    (read,) = zbar.read(page)
    assert (read.symbology, read.raw, read.aim) == ("Code128", b"FIELDAPP-1", "")


def test_databar_is_never_taken_from_it() -> None:
    page = barcodes.on_page(draw.draw_code("09506000134352", "DataBarOmni", scale=3))
    assert zbar.read(page) == []


def test_nothing_in_nothing() -> None:
    assert zbar.read(np.zeros((0, 0), np.uint8)) == []
    assert zbar.read(np.full((50, 50), 255, np.uint8)) == []
