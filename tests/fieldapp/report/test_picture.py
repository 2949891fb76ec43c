import io

import pytest
from PIL import Image

from fieldapp.errors import FieldappError
from fieldapp.report.picture import Picture, prepare
from fieldapp.scan.picture import PictureTooLarge, PictureUnknown
from tests.support import records


def picture(form: str, mode: str = "RGB", size: tuple[int, int] = (40, 30), **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 90 if mode == "L" else None).save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("mode", "colour"), [("RGB", "DeviceRGB"), ("L", "DeviceGray"), ("CMYK", "DeviceCMYK")]
)
def test_a_jpeg_is_kept_byte_for_byte(mode, colour):
    content = picture("JPEG", mode)
    prepared = prepare(content)
    assert (prepared.stream, prepared.filter, prepared.colour) == (content, "DCTDecode", colour)
    assert not prepared.cut


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_other_pictures_are_kept_without_loss(form):
    prepared = prepare(picture(form))
    assert (prepared.width, prepared.height, prepared.filter) == (40, 30, "FlateDecode")


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16"])
def test_every_kind_of_png_can_be_printed(mode):
    assert prepare(picture("PNG", mode)).filter == "FlateDecode"


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_turned_photo_takes_its_upright_shape(turn):
    exif = Image.Exif()
    exif[0x0112] = turn
    shown = Picture(prepare(picture("JPEG", exif=exif)), "x", "", 1000)
    assert shown.height(60) == pytest.approx(45 if turn < 5 else 80)


def test_a_jpeg_without_its_end_says_so():
    assert prepare(records.photo()[:-200]).cut


def test_what_is_no_picture_is_refused_by_name():
    with pytest.raises(PictureUnknown):
        prepare(b"%PDF-1.4 not a photo")
    with pytest.raises(PictureTooLarge):
        prepare(picture("PNG", "1", (8000, 6000)))


@pytest.mark.parametrize("keep", [10, 20, 60, 100])
def test_a_cut_picture_never_raises_anything_else(keep):
    for content in (picture("PNG"), picture("JPEG"), picture("GIF")):
        try:
            prepare(content[:keep])
        except FieldappError:
            continue
