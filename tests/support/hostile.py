"""Codes as they ought to be, and what becomes of them in the hands of somebody with a grudge.

`payloads` mutates good contents of every grammar: cuts, doubles, swaps, splices two together, drops in
control characters, text that turns around, formulas, paths and markup. The same seed gives the same list.
"""

import random
from collections.abc import Iterator

GOOD: tuple[tuple[bytes, str], ...] = (
    (b"010950600013435217280600" + b"10AB-12\x1d21X1", "]d2"),
    (b"00006141411234567890", "]C1"),
    (b"0109506000134352310300125042185626\x1d703504012345678", "]C1"),
    (b"8005000123\x1d10L1\x1d3922299\x1d7007260101261231", "]e0"),
    (b"]d201095060001343521728060010LOT", ""),
    (b"(01)09506000134352(10)AB(21)X", ""),
    (b"https://id.gs1.org/01/09506000134352/10/AB-12/21/X%2F1?17=280600", "]Q1"),
    (b"https://example.com/some/stem/gtin/9506000134352/lot/1?x=1&3103=000195", "]Q1"),
    (b"+A123BJC5D6E71G", "]C0"),
    (b"+A99912345/$$52001510X33", "]d1"),
    (b"+H123PARTNO1234567890120/$$420020216LOT123456789012345/SXYZ456789012345678/16D20130202C", "]d1"),
    (b"[)>\x1e06\x1d1P123ABC\x1dQ50\x1dSSN99\x1d4LIN\x1d1TLOT7\x1e\x04", "]d1"),
    (b"[)>\x1e05\x1d0109506000134352\x1d10AB\x1e\x04", "]d1"),
    (b"[)>\x1e06\x1d9N110375286414\x1d1TA1B2\x1dD280600\x1dS123\x1e\x04", "]d1"),
    (b"UPIC: API-77; API: Paracetamol; B.No.: 0447; Mfg: 11/2025; Exp: 10/2028; M.L.: KD-1", "]Q1"),
    (b'{"UPIC":"9","Batch No":"X1","Mfg Date":"01/02/2026","Expiry":"MAR-28","brand":"N"}', "]Q1"),
    (b"Unique product identification code|890600013|Proper and generic name|Ibuprofen|Batch|7", "]Q3"),
    (b"CSQU3054383", "]C0"),
    (b"1Z5R89390357567127", "]C0"),
    (b"RB123456785GB", "]A0"),
    (b"9611020987654312345672", "]C1"),
    (b"JJD0099999999", "]C0"),
    (b"AWB 618-1234 5675", ""),
    (b"CAS No. 64-17-5", ""),
    (b"4006381333931", "]E0"),
    (b"0950600013435210AB1217280600", "]d2"),
)  # fmt: skip

_DROPS = (
    b"\x1d", b"\x1e", b"\x04", b"\x00", b"\xff\xfe", b"\x80", b"\r\n", b"\t", b"]d2", b"]C1", b"(01)", b"(",
    b"01", b"17990230", b"17000000", b"310", b"8200", b"%00", b"%", b"%2", b"+", b"/", b"//", b"?", b"&10=",
    b"[)>\x1e06\x1d", b"{", b"\"}", b"[[[[[[", b";", b"|", b":", b"=cmd|' /C calc'!A0",
    b"<img src=x onerror=1>", b"#", b")",
    b"'; --", "\u202e".encode(), "\u0661\u0662\u0663".encode(), "\u00b2\u2075".encode(),
    "\U0001f480".encode(),
    "\ud800".encode("utf-8", "surrogatepass"), b"9" * 60, b"0" * 60, b"A" * 200,
    b"../../etc/passwd", b"\\\\host\\c$",
    b"-", b".", b"99/99/9999", b"00/0000", b"31-FEB-26",
)  # fmt: skip


def mutated(chance: random.Random, content: bytes) -> bytes:
    """Return `content` after one to four blows."""
    for _ in range(chance.randint(1, 4)):
        place = chance.randint(0, len(content))
        other = chance.randint(place, len(content))
        blow = chance.randrange(8)
        if blow == 0:
            content = content[:place] + content[other:]
        elif blow == 1:
            content = content[:other] + content[place:]
        elif blow == 2:
            content = content[:place] + chance.choice(_DROPS) + content[place:]
        elif blow == 3:
            content = content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]
        elif blow == 4:
            content = content[:place] + chance.choice(GOOD)[0][chance.randint(0, 12) :]
        elif blow == 5:
            content = content[:place] + content[place:other][::-1] + content[other:]
        elif blow == 6:
            content = content.swapcase()
        else:
            content = content.replace(b"\x1d", chance.choice((b"", b"|", b"{GS}", b"\x1d\x1d")))
    return content


def payloads(seed: int, count: int) -> Iterator[tuple[bytes, str]]:
    """Yield `count` mutated contents, each with a symbology identifier, at times one that is not its own."""
    chance = random.Random(seed)
    identifiers = sorted({aim for _, aim in GOOD} | {"]z1", "]L2", "]d6", "]Z9", "]"})
    for number in range(count):
        content, aim = GOOD[number % len(GOOD)]
        yield mutated(chance, content), aim if chance.random() < 0.8 else chance.choice(identifiers)
