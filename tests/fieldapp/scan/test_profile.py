"""Codes out of focus or smeared by the hand, read from the mean of their lines."""

import cv2
import numpy as np
import pytest

from fieldapp.scan import agreement, decode, draw, locate, profile, zxing
from tests.support import barcodes


def page(content: str = "PHARMA-0042", symbology: draw.Drawable = "Code128") -> barcodes.Grey:
    code = draw.draw_code(content, symbology, scale=3)
    return barcodes.on_page(code, 900, 420, at=(140, 120), paper=255)


def moved(grey: barcodes.Grey, pixels: int) -> barcodes.Grey:
    return np.asarray(cv2.blur(grey, (pixels, 1)), np.uint8)


@pytest.mark.parametrize("symbology", ["Code128", "Code39", "EAN13", "ITF"])
def test_a_code_out_of_focus_is_read_where_the_engine_sees_nothing(symbology: draw.Drawable) -> None:
    content = {"EAN13": "4006381333931", "ITF": "09506000134352"}.get(symbology, "F12345")
    soft = barcodes.noisy(barcodes.blurred(page(content, symbology), 2.2), 1)
    assert zxing.read(soft, "full") == []
    (symbol,) = decode.decode_frame(soft)
    assert (symbol.text, symbol.confirmed) == (content, True)
    assert symbol.votes >= (3 if symbology == "Code39" else 2)


def test_a_code_the_hand_smeared_is_read() -> None:
    smeared = barcodes.noisy(moved(page(), 8), 1)
    assert zxing.read(smeared, "full") == []
    (symbol,) = decode.decode_frame(smeared)
    assert symbol.text == "PHARMA-0042"
    left, right = symbol.corners[0][0], symbol.corners[1][0]
    assert 140 < left < 190
    assert 590 < right < 620


def test_a_sharp_code_and_a_plain_edge_have_no_profile() -> None:
    (quad, *_) = locate.lines(locate.texture(page()), 1)
    assert profile.profiles(page(), quad) is None
    parcel = np.full((420, 900), 235, np.uint8)
    parcel[:, 400:] = 60
    corners = ((60.0, 170.0), (520.0, 170.0), (520.0, 225.0), (60.0, 225.0))
    assert profile.profiles(barcodes.blurred(parcel, 2.6), corners) is None


def test_each_vote_is_of_other_lines() -> None:
    """A picture in which every third line says something else is not agreed on."""
    one, other = page("PHARMA-0042"), page("PHARMA-0043")
    mixed = one.copy()
    for start in (0, 1):
        mixed[start::3] = other[start::3]
    mixed[2::3] = one[2::3]
    mixed = moved(mixed, 8)
    quad = ((150.0, 130.0), (560.0, 130.0), (560.0, 260.0), (150.0, 260.0))
    symbol = agreement.vote_softened(mixed, quad, 1)
    assert symbol is None or symbol.text == "PHARMA-0043"


def test_stripes_that_are_no_code_give_nothing() -> None:
    columns = np.mgrid[0:300, 0:700][1]
    waves = (128 + 90 * np.sin(columns / 2.3) * np.sin(columns / 31)).astype(np.uint8)
    quad = ((20.0, 20.0), (680.0, 20.0), (680.0, 280.0), (20.0, 280.0))
    assert profile.profiles(waves, quad) is not None
    assert agreement.vote_softened(waves, quad, 1) is None
