"""What a photo says of itself: read where it is sound, left out where it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.errors import InspectorError
from fieldapp.scan.claims import Claims
from fieldapp.scan.exif import claims
from tests.support.photos import photo


def test_time_place_and_camera_are_read():
    told = claims(
        photo(taken="2026:11:20 10:00:00", offset="+05:30", place=(18.95, 72.95), camera="Phone\x07 7")
    )
    assert told.taken == "2026-11-20T10:00:00+05:30"
    assert told.latitude == pytest.approx(18.95, abs=1e-4)
    assert told.longitude == pytest.approx(72.95, abs=1e-4)
    assert told.camera == "Phone 7"


def test_south_and_west_are_below_nought():
    told = claims(photo(place=(-33.5, -70.25)))
    assert told.latitude == pytest.approx(-33.5, abs=1e-4)
    assert told.longitude == pytest.approx(-70.25, abs=1e-4)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "yesterday", "2026:13:40 25:61:61"])
def test_a_time_that_is_none_is_left_out(taken: str):
    assert claims(photo(taken=taken, camera="X")) == Claims(camera="X")


def test_a_time_without_an_offset_has_none():
    assert claims(photo(taken="2026:11:20 10:00:00", offset="soon")).taken == "2026-11-20T10:00:00"


def test_a_photo_that_says_nothing_claims_nothing():
    assert not claims(photo()).told()


FULL = photo(size=(32, 20), taken="2026:11:20 10:00:00", place=(18.95, 72.95), camera="Phone")


@given(st.integers(2, 400), st.binary(min_size=1, max_size=8))
def test_damaged_exif_is_left_out_or_refused_as_a_picture(at: int, put: bytes):
    try:
        told = claims(FULL[:at] + put + FULL[at + len(put) :])
    except InspectorError:
        return
    assert told.latitude is None or -90 <= told.latitude <= 90
