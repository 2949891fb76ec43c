import io

import numpy as np
import pytest
from PIL import Image

from fieldapp.scan import decode, draw
from fieldapp.scan.picture import PictureDamaged, PictureTooLarge, PictureUnknown
from tests.support import barcodes


@pytest.mark.parametrize("symbology", ["QRCode", "DataMatrix", "Code128", "Aztec", "PDF417"])
def test_what_is_drawn_can_be_read(symbology: draw.Drawable) -> None:
    picture = barcodes.on_page(draw.draw_code("FIELDAPP/0042", symbology, scale=3), 900, 500)
    (symbol,) = decode.decode_frame(picture)
    assert symbol.text == "FIELDAPP/0042"


def test_the_same_code_drawn_twice_is_the_same() -> None:
    assert np.array_equal(draw.draw_code("abc"), draw.draw_code("abc"))
    assert draw.code_png("abc") == draw.code_png("abc")


def test_what_a_symbology_cannot_carry_is_refused() -> None:
    with pytest.raises(draw.CodeUndrawable):
        draw.draw_code("letters", "EAN13")
    with pytest.raises(draw.CodeUndrawable):
        draw.draw_code("x" * 8000, "QRCode")


def test_png_is_a_png() -> None:
    grey = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(draw.png(grey)))), grey)
    colour = np.arange(36, dtype=np.uint8).reshape(3, 4, 3)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(draw.png(colour)))), colour)


def test_thumbnail_is_upright_small_and_bare() -> None:
    wide = Image.fromarray(np.zeros((100, 400), np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A maker"
    small = Image.open(io.BytesIO(draw.thumbnail(barcodes.encoded(wide, "JPEG", exif=exif), 80)))
    assert small.size == (20, 80)
    assert dict(small.getexif()) == {}


def test_preview_of_pages_and_pictures() -> None:
    document = barcodes.pdf([barcodes.on_page(barcodes.code()), barcodes.on_page(barcodes.code())])
    for content, pages in ((document, 2), (barcodes.encoded(barcodes.code()), 1)):
        shown = draw.preview(content, 99, 200)
        assert (shown.pages, shown.width) == (pages, 200)
        assert Image.open(io.BytesIO(shown.png)).size == (shown.width, shown.height)


def test_preview_refuses_with_a_reason() -> None:
    with pytest.raises(PictureUnknown):
        draw.preview(b"text", 1, 100)
    with pytest.raises(PictureDamaged):
        draw.preview(b"%PDF-1.4 broken", 1, 100)
    with pytest.raises(PictureTooLarge):
        draw.preview(barcodes.encoded(np.zeros((20000, 4), np.uint8)), 1, 4096)
