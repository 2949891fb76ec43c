"""Symbols that carry what nobody should put into one, and pictures drawn to hurt."""

import io
import random
from datetime import date

import numpy as np
import pytest
from PIL import Image

from fieldapp.identifiers.identify import identify
from fieldapp.scan import decode, draw, picture
from tests.support import barcodes

TODAY = date(2026, 11, 22)
PIECES = (
    b"\x1d", b"\x1e\x04", b"[)>\x1e06\x1d", b"]d2", b"(01)", b"01", b"17990230", b"10", b"\x00", b"\xff\xfe",
    b"%00", b"https://a/01/", b"=cmd|' /C calc'!A0", b"<img src=x>", b"{\"UPIC\":",
    b"+A123", b"1Z", b"'; --", "\u202e\u0000".encode(), b"9" * 40, b"../../etc/passwd",
)  # fmt: skip


@pytest.mark.parametrize("times", [40, pytest.param(20_000, marks=pytest.mark.soak)])
def test_mutated_symbols_are_read_and_answered(times: int) -> None:
    chance = random.Random(times)
    for _ in range(times):
        raw = b"".join(chance.choice(PIECES) for _ in range(chance.randint(1, 5)))
        symbology: draw.Drawable = chance.choice(["QRCode", "DataMatrix"])
        symbols = decode.decode_frame(barcodes.on_page(draw.draw_code(raw, symbology, scale=3), 800, 800))
        assert [bytes.fromhex(symbol.hex) for symbol in symbols] == [raw]
        found = identify(symbols[0], TODAY)
        assert all(-1 <= issue.position <= len(found.text) for issue in found.issues)


def test_stripes_checks_and_gradients_hold_no_code() -> None:
    rows, columns = np.mgrid[0:400, 0:600]
    for pattern in (
        columns // 3 % 2,
        rows // 5 % 2,
        (rows // 7 + columns // 7) % 2,
        (rows + columns) // 6 % 2,
    ):
        assert decode.decode_frame((pattern * 255).astype(np.uint8)) == ()
    assert decode.decode_frame((columns * 255 // 600).astype(np.uint8)) == ()


def test_a_pdf_of_thousands_of_pages_is_read_to_the_limit() -> None:
    small = Image.new("L", (8, 8), 255)
    out = io.BytesIO()
    small.save(out, "PDF", save_all=True, append_images=[small] * 2000)
    reading = decode.decode_picture(out.getvalue(), seconds=3600)
    assert reading.symbols == ()
    assert (reading.error, reading.error_facts) == ("document-pages-left", {"read": picture.PAGES})


def test_an_endless_gif_is_read_to_the_limit() -> None:
    first = Image.fromarray(barcodes.code(scale=3))
    others = [Image.fromarray(np.full((90, 90), value, np.uint8)) for value in range(1, 250)]
    content = barcodes.encoded(first, "GIF", save_all=True, append_images=others)
    reading = decode.decode_picture(content, seconds=3600)
    assert len({symbol.hex for symbol in reading.symbols}) == 1
    assert (reading.error, reading.error_facts) == ("document-pages-left", {"read": picture.PAGES})
