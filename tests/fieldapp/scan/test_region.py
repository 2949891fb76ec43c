"""Cuts, noise and scales."""

import numpy as np
import pytest

from fieldapp.scan import locate, region
from tests.support import barcodes


@pytest.mark.parametrize("deviation", [1.0, 3.0, 6.0])
def test_grain_is_the_deviation_of_the_noise(deviation: float) -> None:
    noise = barcodes.noisy(barcodes.on_page(barcodes.code(), paper=128), deviation)
    assert region.grain(noise) == pytest.approx(deviation, rel=0.25)


def test_a_clean_picture_has_no_grain_and_a_tiny_one_neither() -> None:
    assert region.grain(barcodes.on_page(barcodes.code())) == 0
    assert region.grain(np.zeros((1, 1), np.uint8)) == 0


def test_softening_takes_most_of_the_grain() -> None:
    noise = barcodes.noisy(np.full((300, 400), 120, np.uint8), 6)
    assert region.grain(region.softened(noise)) < 0.4 * region.grain(noise)


@pytest.mark.parametrize("degrees", [-40, -12, 0, 25, 44])
def test_the_lean_of_a_square_code_is_found(degrees: float) -> None:
    code = barcodes.code("PLAIN", "QRCode", gs1=False, scale=6)
    page = barcodes.rotated(barcodes.on_page(code, 400, 400, at=(90, 90), paper=255), degrees, paper=255)
    seen = locate.texture(page)
    middle = page.shape[1] // 2, page.shape[0] // 2
    box = (middle[0] - 110, middle[1] - 110, middle[0] + 110, middle[1] + 110)
    lean = np.degrees(locate.slant(seen, box))
    assert abs((lean + degrees + 45) % 90 - 45) < 4
