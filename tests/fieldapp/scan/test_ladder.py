"""What the ladder reads that the engine alone does not, and what it refuses to call read."""

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.scan import agreement, decode, draw, ladder, locate, picture, region, zxing
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


def test_a_line_running_out_of_a_slanted_code_shows_no_shorter_one() -> None:
    """A part of this EAN-13, seen along a row of the picture, is a UPC-E with a good check digit."""
    part = barcodes.rotated(linear("4693032789195", "EAN13"), 15)
    aslant = Read(
        symbology="UPCE",
        aim="]E0",
        raw=b"0169200003034",
        text="0169200003034",
        corners=((160.0, 200.0), (300.0, 200.0), (300.0, 202.0), (160.0, 202.0)),
    )
    symbol = agreement.confirm(part, aslant, 1)
    assert symbol.text == "4693032789195" or not symbol.confirmed
    assert abs(region.lean(part, aslant.corners)) == pytest.approx(15, abs=3)


@pytest.mark.parametrize("degrees", [-6, 0, 9, 14])
@pytest.mark.parametrize(("symbology", "content"), [("EAN8", "96385074"), ("UPCE", "01234565")])
def test_short_codes_are_still_confirmed_aslant(
    symbology: draw.Drawable, content: str, degrees: float
) -> None:
    (symbol,) = decode.decode_frame(barcodes.rotated(linear(content, symbology), degrees))
    assert (symbol.symbology, symbol.confirmed) == (symbology, True)


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


def test_a_short_itf_on_a_small_label_is_shown_without_climbing_further() -> None:
    code = draw.draw_code("0134352018", "ITF", scale=2)
    (symbol,) = decode.decode_frame(barcodes.on_page(code, 400, 200, at=(40, 40)))
    assert (symbol.text, symbol.confirmed) == ("0134352018", False)
    assert agreement.stays_open(symbol)
    (large,) = decode.decode_frame(linear())
    assert not agreement.stays_open(large)


def test_a_code_that_fills_the_picture_leaves_no_room_to_look_for_another() -> None:
    code = barcodes.code("FULL", "DataMatrix", gs1=False, scale=40)
    scene = ladder.Scene(code, 1)
    assert not scene.covered
    scene.found = tuple(ladder.full(scene))
    assert scene.covered
    label = ladder.Scene(barcodes.on_page(barcodes.code()), 1)
    label.found = tuple(ladder.full(label))
    assert label.settled
    assert not label.covered


def test_a_small_square_code_among_print_is_among_the_busy_parts() -> None:
    page = np.full((720, 1280), 200, np.uint8)
    for row in range(8):
        cv2.putText(page, "KEEP DRY  NET 25 KG", (40, 60 + 40 * row), cv2.FONT_HERSHEY_SIMPLEX, 1, 30, 2)
    code = barcodes.code("SMALL", "QRCode", gs1=False, scale=3)
    page[560 : 560 + code.shape[0], 900 : 900 + code.shape[1]] = code
    boxes = locate.spots(locate.texture(page), 2)
    assert any(left < 930 < right and top < 590 < bottom for left, top, right, bottom in boxes)


@pytest.mark.parametrize("symbology", ["DataBarExp", "DataBarExpStk"])
def test_fine_databar_is_confirmed_at_the_size_it_has(symbology: str) -> None:
    form = getattr(zxingcpp.BarcodeFormat, symbology)
    code = zxingcpp.create_barcode("(01)09506000134352(10)PIRAMID-7(3103)000450", form, gs1=True)
    page = np.array(code.to_image(scale=2, add_quiet_zones=True), np.uint8)
    (symbol,) = decode.decode_frame(page)
    assert symbol.confirmed
    assert symbol.votes >= 2


def test_looks_at_steepened_edges_have_one_vote_together_on_an_ean() -> None:
    def seen(symbology: str) -> Read:
        return Read(symbology=symbology, aim="", raw=b"4006381333931", text="", corners=())

    for symbology, settled in (("EAN13", False), ("Code128", True)):
        tally = agreement.Tally()
        tally.count([], inked=True)
        tally.count([seen(symbology)], sharp=True)
        tally.count([seen(symbology)], sharp=True)
        assert tally.leader()[2] == settled
        tally.count([seen(symbology)])
        assert tally.leader()[2]


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
