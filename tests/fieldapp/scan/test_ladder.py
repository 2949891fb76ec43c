"""What the ladder reads that the engine alone does not, and what it refuses to call read."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.scan import agreement, decode, draw, ladder, picture, zxing
from fieldapp.scan.read import Read
from fieldapp.scan.symbol import Symbol
from tests.support import barcodes
from tests.support.shared import shared_data


def linear(content: str = "PHARMA-0042", symbology: draw.Drawable = "Code128") -> barcodes.Grey:
    return barcodes.on_page(draw.draw_code(content, symbology, scale=2), 640, 320, at=(100, 90))


@pytest.mark.parametrize("degrees", [8, 20, 33, 45, 58, 71, 84, 120, 160])
def test_linear_codes_at_any_angle(degrees: float) -> None:
    (symbol,) = decode.decode_frame(barcodes.rotated(linear(), degrees))
    assert symbol.text == "PHARMA-0042"
    assert symbol.confirmed
    assert symbol.votes >= 2


@pytest.mark.parametrize("symbology", ["Code39", "Code93", "Codabar"])
def test_three_reads_for_codes_without_a_check_digit(symbology: draw.Drawable) -> None:
    (symbol,) = decode.decode_frame(linear("A12345A", symbology))
    assert symbol.confirmed
    assert symbol.votes >= 3


def test_several_codes_of_one_label_are_all_returned_with_corners() -> None:
    page = barcodes.on_page(barcodes.code(scale=4), 900, 500)
    code = draw.draw_code("(00)006141411234567890", "Code128", gs1=True, scale=2)
    page[260 : 260 + code.shape[0], 100 : 100 + code.shape[1]] = code
    for picture_ in (page, barcodes.rotated(page, 27)):
        found = decode.decode_frame(picture_)
        assert {symbol.symbology for symbol in found} == {"DataMatrix", "Code128"}
        assert all(symbol.confirmed and len(symbol.corners) == 4 for symbol in found)


def test_low_light_and_noise() -> None:
    dark = barcodes.noisy(barcodes.dim(linear(), 12, 60), 4)
    (symbol,) = decode.decode_frame(dark)
    assert symbol.text == "PHARMA-0042"


def test_a_part_of_an_itf_code_is_never_confirmed() -> None:
    (whole,) = decode.decode_frame(linear("09506000134352", "ITF"))
    (part,) = decode.decode_frame(linear("0134352018", "ITF"))
    assert whole.confirmed
    assert not part.confirmed


def test_bars_printed_too_thin_are_not_read_as_other_digits() -> None:
    """Every bar thinned by the same amount turns EAN digits into others, alike in every look."""
    code = draw.draw_code("0023942431015", "EAN13", scale=4)
    thin = np.asarray(cv2.dilate(code, np.ones((1, 3), np.uint8)), np.uint8)
    small = np.asarray(cv2.resize(thin, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    for symbol in decode.decode_frame(barcodes.on_page(small)):
        assert symbol.text == "0023942431015" or not symbol.confirmed


def test_a_rival_reading_holds_a_confirmation_back() -> None:
    def seen(text: str) -> Read:
        return Read(symbology="EAN13", aim="]E0", raw=text.encode(), text=text, corners=())

    tally = agreement.Tally()
    tally.count([seen("4006381333931")])
    tally.count([seen("4006381333931")])
    assert not tally.leader()[2]
    tally.count([], inked=True)
    assert tally.leader()[2]
    tally.count([seen("9074932437075")])
    assert not tally.leader()[2]
    tally.count([seen("4006381333931")])
    assert tally.leader()[1:] == (3, True)


def test_one_place_holds_one_code_the_better_one() -> None:
    corners = ((0.0, 0.0), (100.0, 0.0), (100.0, 40.0), (0.0, 40.0))

    def symbol(text: str, votes: int, *, confirmed: bool) -> Symbol:
        return Symbol(
            symbology="Code128",
            aim="]C0",
            text=text,
            hex=text.encode().hex(),
            corners=corners,
            votes=votes,
            confirmed=confirmed,
        )

    weak, strong = symbol("A", 1, confirmed=False), symbol("B", 2, confirmed=True)
    assert ladder.merged((weak,), [strong]) == (strong,)
    assert ladder.merged((strong,), [weak]) == (strong,)


def test_stages_are_named_once_and_cost_something() -> None:
    names = [stage.name for stage in ladder.STAGES]
    assert len(set(names)) == len(names)
    assert all(stage.cost > 0 for stage in ladder.STAGES)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.tuples(st.integers(1, 90), st.integers(1, 90)))
def test_noise_gives_no_confirmed_code(seed: int, shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    assert not any(symbol.confirmed for symbol in decode.decode_frame(noise))


def test_pictures_of_nothing_give_nothing() -> None:
    folder = shared_data("barcodes")
    for path in sorted(folder.glob("z-falsepositives-*/*")):
        assert decode.decode_file(path).symbols == (), path.name


def test_hand_held_frames_are_read_where_the_engine_alone_fails() -> None:
    folder = shared_data("barcodes")
    paths = sorted(folder.glob("q-code_128/*")) + sorted(folder.glob("q-ean/*"))
    alone = here = 0
    for path in paths:
        grey = next(picture.pages(path.read_bytes()))
        alone += bool(zxing.read(grey, "full"))
        here += any(symbol.confirmed for symbol in decode.decode_frame(grey))
    assert here == len(paths)
    assert alone < here
