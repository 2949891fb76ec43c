"""Symbology identifiers of ISO/IEC 15424: drawn where a writer can, read back, named by what they carry."""

from datetime import date
from typing import NamedTuple

import numpy as np
import pytest
import zxingcpp

from fieldapp.identifiers.identify import identify
from fieldapp.scan import aim, decode, zxing
from fieldapp.scan.symbol import Symbol
from tests.support import barcodes

TODAY = date(2026, 11, 22)
PACK = "(01)09506000134352(17)280600(10)AB-12(21)X1"
RAW = "010950600013435217280600" + "10AB-12\x1d21X1"
LINK = "https://id.gs1.org/01/09506000134352"
ENVELOPE = "[)>\x1e06\x1d1P77\x1dS9\x1e\x04"


class Drawn(NamedTuple):
    """What is written, how, and what it is to be read and named as."""

    form: str
    content: str
    gs1: bool
    identifier: str
    text: str
    kind: str


DRAWN = (
    Drawn("DataMatrix", PACK, True, "]d2", RAW, "gs1"),
    Drawn("DataMatrix", "KX-2291", False, "]d1", "KX-2291", "text"),
    Drawn("DataMatrix", ENVELOPE, False, "]d1", ENVELOPE, "iso15434"),
    Drawn("DataMatrix", "+A123BJC5D6E71G", False, "]d1", "+A123BJC5D6E71G", "hibc"),
    Drawn("QRCode", PACK, True, "]Q3", RAW, "gs1"),
    Drawn("QRCode", LINK, False, "]Q1", LINK, "digital_link"),
    Drawn("RMQRCode", PACK, True, "]Q3", RAW, "gs1"),
    Drawn("MicroQRCode", "KX-2291", False, "]Q1", "KX-2291", "text"),
    Drawn("Aztec", PACK, True, "]z1", RAW, "gs1"),
    Drawn("Aztec", "KX-2291", False, "]z0", "KX-2291", "text"),
    Drawn("PDF417", ENVELOPE, False, "]L2", ENVELOPE, "iso15434"),
    Drawn("MicroPDF417", "KX-2291", False, "]L2", "KX-2291", "text"),
    Drawn("MaxiCode", "KX-2291", False, "]U0", "KX-2291", "text"),
    Drawn("Code128", "(00)006141411234567890", True, "]C1", "00006141411234567890", "gs1"),
    Drawn("Code128", "1Z5R89390357567127", False, "]C0", "1Z5R89390357567127", "carrier"),
    Drawn("Code39", "CSQU3054383", False, "]A0", "CSQU3054383", "iso6346"),
    Drawn("Code93", "KX-2291", False, "]G0", "KX-2291", "text"),
    Drawn("Codabar", "A12345A", False, "]F0", "A12345A", "text"),
    Drawn("ITF", "09506000134352", False, "]I1", "09506000134352", "gs1"),
    Drawn("EAN13", "4006381333931", False, "]E0", "4006381333931", "gs1"),
    Drawn("EAN8", "96385074", False, "]E4", "96385074", "gs1"),
    Drawn("UPCA", "012345678905", False, "]E0", "0012345678905", "gs1"),
    Drawn("UPCE", "01234565", False, "]E0", "0012345000065", "gs1"),
    Drawn("DataBarOmni", "09506000134352", False, "]e0", "0109506000134352", "gs1"),
    Drawn("DataBarLtd", "09506000134352", False, "]e0", "0109506000134352", "gs1"),
    Drawn("DataBarStk", "09506000134352", False, "]e0", "0109506000134352", "gs1"),
    Drawn("DataBarExp", PACK, True, "]e0", RAW, "gs1"),
    Drawn("DataBarExpStk", PACK, True, "]e0", RAW, "gs1"),
)  # fmt: skip


@pytest.mark.parametrize("drawn", DRAWN, ids=lambda drawn: f"{drawn.form}-{drawn.kind}")
def test_what_is_drawn_is_read_back_and_named(drawn: Drawn) -> None:
    form = getattr(zxingcpp.BarcodeFormat, drawn.form)
    wishes = {"gs1": True} if drawn.gs1 else {}
    code = zxingcpp.create_barcode(drawn.content, form, **wishes)
    page = np.pad(np.array(code.to_image(scale=4, add_quiet_zones=True), np.uint8), 60, constant_values=255)
    (symbol,) = decode.decode_frame(page)
    assert (symbol.aim, bytes.fromhex(symbol.hex).decode()) == (drawn.identifier, drawn.text)
    assert symbol.symbology == zxing.NAMES[drawn.form] or symbol.symbology == "EAN13"
    assert symbol.confirmed
    assert identify(symbol, TODAY).kind == drawn.kind


# No writer makes these here; scanners send them. In each, FNC1 in the first place says GS1.
GS1 = ("]C1", "]e0", "]e1", "]d2", "]d5", "]d8", "]dB", "]Q3", "]Q4", "]z1", "]z4", "]J1")
# FNC1 in the second place is an industry's own agreement, and a symbol without it is nobody's.
OTHERS = ("]C0", "]C2", "]d0", "]d1", "]d3", "]d4", "]d6", "]d7", "]d9", "]dA", "]dC", "]Q0", "]Q1", "]Q2",
          "]Q5", "]Q6", "]z0", "]z2", "]z3", "]z5", "]J0", "]L0", "]L2", "]U1", "]A0", "]h0")  # fmt: skip


def sent(identifier: str, text: str) -> Symbol:
    symbology = aim.symbology(identifier)
    return Symbol(
        symbology=symbology, aim=identifier, text=text, hex=text.encode().hex(), reader="zxing:full"
    )


@pytest.mark.parametrize("identifier", GS1)
def test_every_symbology_that_carries_gs1_is_known_to(identifier: str) -> None:
    found = identify(sent(identifier, RAW), TODAY)
    assert (found.kind, found.confidence, found.issues) == ("gs1", "read", ())
    assert (found.identifiers["gtin"], found.identifiers["serial"]) == ("09506000134352", "X1")


@pytest.mark.parametrize("identifier", OTHERS)
def test_what_carries_no_gs1_is_not_taken_for_it(identifier: str) -> None:
    """Digits that could be a GTIN with its identifier in front, in a symbol that does not say so."""
    found = identify(sent(identifier, "0112345678901234"), TODAY)
    assert found.kind != "gs1"


@pytest.mark.parametrize("identifier", GS1 + OTHERS)
def test_identifiers_are_known_by_their_letter(identifier: str) -> None:
    assert aim.is_prefix(identifier + "1")
    assert aim.symbology(identifier) != "unknown"


def test_an_identifier_in_front_of_what_a_gun_typed_is_no_part_of_it() -> None:
    for identifier in GS1:
        typed = Symbol(symbology="", aim="", text=identifier + RAW, hex=(identifier + RAW).encode().hex())
        assert identify(typed, TODAY).identifiers["batch"] == "AB-12"


def test_a_turned_stacked_code_is_read() -> None:
    code = zxingcpp.create_barcode("CONSIGNMENT-0042 DRUM 7 OF 12", zxingcpp.BarcodeFormat.PDF417)
    page = barcodes.on_page(np.array(code.to_image(scale=3, add_quiet_zones=True), np.uint8), 700, 400)
    for degrees in (12, 35, 57):
        (symbol,) = decode.decode_frame(barcodes.rotated(page, degrees))
        assert symbol.text == "CONSIGNMENT-0042 DRUM 7 OF 12"


def test_an_aztec_rune_is_shown_and_not_confirmed() -> None:
    code = zxingcpp.create_barcode("113", zxingcpp.BarcodeFormat.AztecRune)
    page = np.pad(np.array(code.to_image(scale=8), np.uint8), 60, constant_values=255)
    (symbol,) = decode.decode_frame(page)
    assert (symbol.text, symbol.confirmed) == ("113", False)
