"""Symbols that carry what nobody should put into one, and pictures drawn to hurt."""

import random
import struct
import zlib
from datetime import date

import numpy as np
import pytest
from PIL import Image

from fieldapp.identifiers.identify import identify
from fieldapp.scan import decode, draw, picture
from tests.support import barcodes, hostile

TODAY = date(2026, 11, 22)
SQUARES: tuple[draw.Drawable, ...] = ("QRCode", "DataMatrix", "Aztec", "PDF417")


def damaged(symbol: barcodes.Grey, chance: np.random.Generator) -> barcodes.Grey:
    """The symbol with a blot of paper or ink on it, a torn edge, or sprinkled with dust."""
    symbol = symbol.copy()
    height, width = symbol.shape
    blow = chance.integers(0, 4)
    if blow == 0:
        top, left = int(chance.integers(0, height)), int(chance.integers(0, width))
        symbol[top : top + height // 4, left : left + width // 4] = chance.choice([0, 255])
    elif blow == 1:
        symbol[:, width - int(chance.integers(1, width // 2)) :] = 255
    elif blow == 2:
        symbol[chance.random(symbol.shape) < 0.2] = 0
    else:
        symbol = 255 - symbol
    return symbol


@pytest.mark.parametrize("times", [120, pytest.param(20_000, marks=pytest.mark.soak)])
def test_mutated_symbols_are_read_and_answered(times: int) -> None:
    chance = random.Random(times)
    read = 0
    for raw, _ in hostile.payloads(times, times):
        if not 0 < len(raw) <= 300:
            continue
        symbol = draw.draw_code(raw, chance.choice(SQUARES), scale=3)
        symbols = decode.decode_frame(barcodes.on_page(symbol, symbol.shape[1] + 150, symbol.shape[0] + 150))
        assert {bytes.fromhex(symbol.hex) for symbol in symbols} <= {raw}
        read += len(symbols)
        for each in symbols:
            found = identify(each, TODAY)
            assert all(-1 <= issue.position <= len(found.text) for issue in found.issues)
    assert read >= 0.95 * times


@pytest.mark.parametrize("times", [80, pytest.param(5_000, marks=pytest.mark.soak)])
def test_damaged_symbols_are_read_right_or_not_at_all(times: int) -> None:
    chance = np.random.default_rng(times)
    content = barcodes.GTIN_PACK.replace("(", "").replace(")", "")
    drawables: tuple[draw.Drawable, ...] = (*SQUARES, "Code128", "Code39", "DataBarExp")
    for number in range(times):
        symbology = drawables[number % len(drawables)]
        gs1 = symbology == "DataBarExp"
        symbol = draw.draw_code(barcodes.GTIN_PACK if gs1 else content, symbology, gs1=gs1, scale=3)
        page = barcodes.on_page(damaged(symbol, chance), symbol.shape[1] + 150, symbol.shape[0] + 150)
        for found in decode.decode_frame(page):
            raw = bytes.fromhex(found.hex).replace(b"\x1d", b"")
            assert raw.decode() == content or not found.confirmed, (symbology, found)


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


PAGES = 10_000


def pdf(*, pages: int = 1, catalog: str = "") -> bytes:
    """A PDF of empty pages, its catalogue with `catalog` in it."""
    kids = " ".join(f"{number + 3} 0 R" for number in range(pages))
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>",
        *["<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * pages,
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj{body}endobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    out += "".join(f"{place:010d} 00000 n \n" for place in places).encode()
    return bytes(out + f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode())


def test_ten_thousand_pages_are_read_to_the_limit() -> None:
    reading = decode.decode_picture(pdf(pages=PAGES), seconds=3600)
    assert (reading.error, reading.error_facts) == ("document-pages-left", {"read": picture.PAGES})


def test_script_in_a_document_is_carried_not_run() -> None:
    script = "/OpenAction<</S/JavaScript/JS(while\\(true\\){app.alert\\(1\\)})>>/AA<</WC 99 0 R>>"
    reading = decode.decode_picture(pdf(catalog=script))
    assert (reading.symbols, reading.error) == ((), "")


def test_a_document_behind_a_password_says_so() -> None:
    locked = pdf().replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]"
        b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<" + b"11" * 32 + b">/U<" + b"22" * 32 + b">>>",
    )
    assert decode.decode_picture(locked).error == "picture-locked"


def test_a_page_that_is_its_own_parent_ends() -> None:
    looped = pdf().replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]")
    assert decode.decode_picture(looped).symbols == ()


def test_a_page_of_a_mile_is_drawn_smaller() -> None:
    wide = pdf().replace(b"[0 0 9 9]", b"[0 0 4000000 4000000]")
    assert decode.decode_picture(wide).symbols == ()


def test_a_bomb_of_zeros_stays_within_its_header() -> None:
    """Thirty megabytes of zeros behind a header of a hundred pixels."""
    body = zlib.compress(b"\0" * 30_000_000, 9)
    header = struct.pack(">IIBBBBB", 100, 100, 8, 0, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))
        for kind, part in ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    )
    assert decode.decode_picture(content).symbols == ()


def test_an_endless_gif_is_read_to_the_limit() -> None:
    first = Image.fromarray(barcodes.code(scale=3))
    others = [Image.fromarray(np.full((90, 90), value, np.uint8)) for value in range(1, 250)]
    content = barcodes.encoded(first, "GIF", save_all=True, append_images=others)
    reading = decode.decode_picture(content, seconds=3600)
    assert len({symbol.hex for symbol in reading.symbols}) == 1
    assert (reading.error, reading.error_facts) == ("document-pages-left", {"read": picture.PAGES})
