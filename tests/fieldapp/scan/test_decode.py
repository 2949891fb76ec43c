"""Every way a picture can arrive, good and hostile."""

import os
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from fieldapp.scan import decode, document, draw, picture
from tests.support import barcodes

RAW = b"010950600013435217280600" + b"10AB-12\x1d21X1"


def page() -> barcodes.Grey:
    return barcodes.on_page(barcodes.code())


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"])
def test_each_format_gives_the_raw_bytes(form: str) -> None:
    reading = decode.decode_picture(barcodes.encoded(page(), form), "pack")
    assert reading.error == ""
    assert [bytes.fromhex(symbol.hex) for symbol in reading.symbols] == [RAW]
    assert reading.symbols[0].aim == "]d2"
    assert reading.symbols[0].confirmed


def test_corners_lie_on_the_symbol_clockwise_from_top_left() -> None:
    (symbol,) = decode.decode_frame(barcodes.on_page(barcodes.code(), at=(100, 80)))
    (left, top), (right, _), (_, bottom), _ = symbol.corners
    assert 95 < left < 120
    assert 75 < top < 100
    assert right > left
    assert bottom > top


def test_orientation_of_a_phone_picture_is_honoured() -> None:
    turned = Image.fromarray(np.rot90(page()))
    exif = Image.Exif()
    exif[0x0112] = 6
    reading = decode.decode_picture(barcodes.encoded(turned, "JPEG", exif=exif))
    (symbol,) = reading.symbols
    assert symbol.corners[0][0] < 640
    assert max(y for _, y in symbol.corners) < 480


@pytest.mark.parametrize("mode", ["CMYK", "P", "1", "RGBA", "LA"])
def test_colour_modes(mode: str) -> None:
    picture = Image.fromarray(page()).convert(mode)
    reading = decode.decode_picture(barcodes.encoded(picture, "TIFF"))
    assert len(reading.symbols) == 1


def test_sixteen_bits_use_the_range_that_is_there() -> None:
    faint = (page().astype(np.uint16) * 8) + 500
    reading = decode.decode_picture(barcodes.encoded(Image.fromarray(faint)))
    assert len(reading.symbols) == 1


def test_black_code_on_transparent_ground() -> None:
    ink = 255 - page()
    picture = Image.merge("LA", (Image.new("L", (640, 480), 0), Image.fromarray(ink)))
    assert len(decode.decode_picture(barcodes.encoded(picture)).symbols) == 1


def test_white_code_on_transparent_ground() -> None:
    ink = 255 - page()
    picture = Image.merge("LA", (Image.new("L", (640, 480), 255), Image.fromarray(ink)))
    assert len(decode.decode_picture(barcodes.encoded(picture)).symbols) == 1


def test_every_page_of_a_tiff_and_a_pdf() -> None:
    second = barcodes.on_page(barcodes.code("(00)006141411234567890", "Code128", scale=2))
    tiff = barcodes.encoded(
        Image.fromarray(page()), "TIFF", save_all=True, append_images=[Image.fromarray(second)]
    )
    for content in (tiff, barcodes.pdf([page(), second])):
        reading = decode.decode_picture(content)
        assert [symbol.page for symbol in reading.symbols] == [1, 2]
        assert [symbol.aim for symbol in reading.symbols] == ["]d2", "]C1"]


@pytest.mark.parametrize(("dpi", "finer"), [(150, False), (300, False), (600, True)])
def test_a_scan_is_drawn_no_finer_than_it_was_taken(dpi: int, finer: bool) -> None:
    opened = document.open_document(barcodes.pdf([page()], dpi=dpi))
    assert document.Sheet(opened, 1).is_finer(300) == finer


def test_corners_of_a_page_are_in_pixels_at_three_hundred_an_inch() -> None:
    (at_300,) = decode.decode_picture(barcodes.pdf([page()], dpi=300)).symbols
    (at_600,) = decode.decode_picture(barcodes.pdf([page()], dpi=600)).symbols
    for (x, y), (half_x, half_y) in zip(at_300.corners, at_600.corners, strict=True):
        assert (x / 2, y / 2) == (pytest.approx(half_x, abs=3), pytest.approx(half_y, abs=3))


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (100_000, 500), (8_001, 5_000)])
def test_too_many_pixels_are_refused_by_the_header(width: int, height: int) -> None:
    reading = decode.decode_picture(bomb(width, height))
    assert reading.error == "picture-too-large"
    assert reading.error_facts["limit"] == 40


def test_truncated_missing_and_unknown(tmp_path: object) -> None:
    assert decode.decode_picture(barcodes.encoded(page())[:300]).error == "picture-damaged"
    assert decode.decode_picture(b"").error == "picture-unknown"
    assert decode.decode_picture(b"MZ\x90\x00 not a picture").error == "picture-unknown"
    assert decode.decode_picture(b"%PDF-1.7\nnothing").error == "picture-damaged"
    assert decode.decode_file(f"{tmp_path}/none.png").error == "picture-missing"
    assert decode.decode_file(f"{tmp_path}").error == "picture-missing"


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in folders on Windows")
def test_a_pipe_is_no_file_to_wait_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    # With a writer at the other end that says nothing, opening would not wait but reading would.
    end = os.open(pipe, os.O_RDWR)
    try:
        assert decode.decode_file(pipe).error == "picture-missing"
    finally:
        os.close(end)


def test_a_name_no_system_takes_is_missing() -> None:
    assert decode.decode_file("pack\0.png").error == "picture-missing"


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    sparse = tmp_path / "large.png"
    with sparse.open("wb") as file:
        file.truncate(picture.FILE_BYTES + 1)
    reading = decode.decode_file(sparse)
    assert (reading.error, reading.error_facts["limit"]) == ("picture-too-large", 64)


@pytest.mark.parametrize("size", [(1, 60_000), (60_000, 1), (3, 30_000), (20_000, 45)])
@pytest.mark.parametrize("step", [1, 5])
def test_a_picture_like_a_thread_gives_nothing(size: tuple[int, int], step: int) -> None:
    rows, columns = np.mgrid[0 : size[0], 0 : size[1]]
    lines = ((rows + columns) // step % 3 == 0).astype(np.uint8) * 255
    reading = decode.decode_picture(barcodes.encoded(lines))
    assert (reading.symbols, reading.error) == ((), "")


@pytest.mark.parametrize("size", [(6539, 75), (2580, 25), (25, 2580), (9, 12_000)])
def test_noise_on_a_narrow_strip_gives_nothing(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, size, dtype=np.uint8)
    assert decode.decode_picture(barcodes.encoded(noise)).symbols == ()


def test_a_code_on_a_long_strip_is_read() -> None:
    strip = barcodes.on_page(barcodes.code(), 20_000, 200, (9_000, 20))
    assert [symbol.hex for symbol in decode.decode_picture(barcodes.encoded(strip)).symbols] == [RAW.hex()]


@pytest.mark.parametrize("form", ["TIFF", "PDF"])
def test_when_the_time_is_up_what_was_read_is_kept_and_the_rest_is_said(form: str) -> None:
    second = barcodes.on_page(barcodes.code("(00)006141411234567890", "Code128", scale=2))
    content = (
        barcodes.pdf([page(), second])
        if form == "PDF"
        else barcodes.encoded(
            Image.fromarray(page()), "TIFF", save_all=True, append_images=[Image.fromarray(second)]
        )
    )
    reading = decode.decode_picture(content, seconds=0)
    assert [symbol.hex for symbol in reading.symbols] == [RAW.hex()]
    assert (reading.error, reading.error_facts) == ("document-pages-left", {"read": 1})


def test_one_page_is_read_whatever_the_time() -> None:
    reading = decode.decode_picture(barcodes.encoded(page()), seconds=0)
    assert (len(reading.symbols), reading.error) == (1, "")


def test_a_gif_cut_within_a_frame_header_keeps_what_was_read() -> None:
    first = Image.fromarray(page())
    whole = barcodes.encoded(first, "GIF")
    content = whole[: whole.rindex(b";")] + b",\0\0\0\0"
    reading = decode.decode_picture(content)
    assert [symbol.hex for symbol in reading.symbols] == [RAW.hex()]
    assert (reading.error, reading.error_facts) == ("picture-damaged", {"page": 2})
    with pytest.raises(picture.PictureDamaged):
        draw.preview(content, 1, 200)


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (1, 500), (3, 3)])
def test_tiny_pictures_give_nothing(size: tuple[int, int]) -> None:
    assert decode.decode_picture(barcodes.encoded(np.zeros(size, np.uint8))).symbols == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_files_are_answered_not_raised(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(["PNG", "JPEG", "TIFF", "GIF", "PDF"]))
    small = barcodes.code(scale=2)
    content = bytearray(barcodes.pdf([small]) if form == "PDF" else barcodes.encoded(small, form))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    reading = decode.decode_picture(bytes(content[: cut or None]))
    assert isinstance(reading.symbols, tuple)
