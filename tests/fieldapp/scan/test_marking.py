"""Marked copies: strokes stand where they were put, what is covered is nowhere in the copy, EXIF is not."""

import io

import numpy as np
import pytest
from PIL import Image

from fieldapp.scan.exif import claims
from fieldapp.scan.marking import marked
from fieldapp.scan.picture import PictureDamaged, PictureTooLarge, PictureUnknown
from fieldapp.scan.stroke import SHAPES, Stroke
from tests.support.photos import photo


def pixels(jpeg: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB")).astype(int)


def whole(shape: str, text: str = "") -> Stroke:
    return Stroke(shape=shape, x1=2000, y1=2000, x2=8000, y2=6000, text=text)  # type: ignore[arg-type]


def test_the_same_strokes_give_the_same_bytes_and_the_original_is_another_file():
    original = photo()
    strokes = tuple(whole(shape, "क्षति 4") for shape in SHAPES)
    assert marked(original, strokes) == marked(original, strokes)
    assert marked(original, strokes) != marked(original, strokes[:1])


@pytest.mark.parametrize("shape", ["arrow", "box", "circle", "text"])
def test_a_stroke_is_seen_where_it_was_put_and_nowhere_else(shape: str):
    grey = photo(noise=False)
    before, after = pixels(marked(grey, ())), pixels(marked(grey, (whole(shape, "SEAL"),)))
    changed = np.argwhere(np.abs(before - after).sum(axis=2) > 60)
    height, width = before.shape[:2]
    assert len(changed) > 200
    slack = 20  # half a line, and the edge of a JPEG's block
    (top, left), (foot, right) = changed.min(axis=0), changed.max(axis=0)
    assert top >= height * 0.2 - slack
    assert foot <= height * 0.6 + slack
    assert left >= width * 0.2 - slack
    assert shape == "text" or right <= width * 0.8 + slack
    red = after[..., 0] - after[..., 1] > 100
    assert red.any()


def test_what_is_covered_is_black_and_tells_nothing():
    one, other = photo(seed=1), photo(seed=2)
    cover = (Stroke(shape="redact", x1=0, y1=0, x2=10_000, y2=10_000),)
    assert pixels(marked(one, cover)).max() == 0
    assert marked(one, cover) == marked(other, cover)


def test_a_cover_stays_black_under_whatever_is_drawn_later_or_earlier():
    cover, box = whole("redact"), whole("box")
    assert marked(photo(), (cover, box)) == marked(photo(), (box, cover))


def test_nothing_of_the_original_s_words_about_itself_is_in_the_copy():
    original = photo(taken="2026:11:20 10:00:00", place=(18.95, 72.95), camera="Phone 7")
    assert claims(original).camera == "Phone 7"
    copy = marked(original, (whole("box"),))
    assert not claims(copy).told()
    assert b"Phone 7" not in copy
    assert b"Exif" not in copy


def test_a_turned_photo_is_marked_as_it_is_seen():
    turned = pixels(marked(photo(orientation=6), ()))
    upright = pixels(marked(photo(), ()))
    assert turned.shape[:2] == upright.shape[:2][::-1]


def test_words_of_both_scripts_are_written_and_control_signs_are_not():
    plain = marked(photo(), (whole("text", "क्षति ABC"),))
    assert plain == marked(photo(), (whole("text", "क्षति\x07 ABC\u202e"),))
    assert marked(photo(), (whole("text", ""),)) == marked(photo(), ())
    assert len(marked(photo(), (whole("text", "W" * 200),))) > 1000


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"not a photo", PictureUnknown),
        (b"", PictureUnknown),
        (b"\xff\xd8\xff\xe0" + b"x" * 50, PictureDamaged),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes, error: type[Exception]):
    with pytest.raises(error):
        marked(content, ())
    with pytest.raises(error):
        claims(content)


def test_a_bomb_is_refused_by_its_header():
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    with pytest.raises(PictureTooLarge):
        marked(out.getvalue(), ())
    with pytest.raises(PictureTooLarge):
        claims(out.getvalue())
