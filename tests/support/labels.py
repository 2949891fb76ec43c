"""Draws the practice labels: what is stuck on drums, cartons and pallets. `python -m tests.support.labels`
writes them into `resources/practice/labels`; a test draws them again and compares what they read."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import resources
from fieldapp.scan import draw

FONT = resources.path("fonts", "NotoSans-Regular.ttf")
BOLD = resources.path("fonts", "NotoSans-SemiBold.ttf")


def _code(text: str, symbology: draw.Drawable, scale: int, *, gs1: bool) -> Image.Image:
    return Image.open(io.BytesIO(draw.code_png(text, symbology, gs1=gs1, scale=scale))).convert("L")


def label(
    title: str, lines: list[str], text: str, symbology: draw.Drawable = "DataMatrix", *, gs1: bool = True
) -> bytes:
    """Return one printed label as PNG: a heading, its lines, the code with its human-readable text."""
    paper = Image.new("L", (1100, 620), 255)
    pen = ImageDraw.Draw(paper)
    pen.rectangle((8, 8, 1091, 611), outline=0, width=4)
    pen.text((48, 36), title, font=ImageFont.truetype(str(BOLD), 46), fill=0)
    for number, line in enumerate(lines):
        pen.text((48, 118 + number * 46), line, font=ImageFont.truetype(str(FONT), 32), fill=0)
    wide = symbology == "Code128"
    code = _code(text, symbology, 3 if wide else 9, gs1=gs1)
    if wide:
        code = code.resize((code.width, 170), Image.Resampling.NEAREST)
        paper.paste(code, (max(20, (1100 - code.width) // 2), 360))
    else:
        paper.paste(code, (1070 - code.width, 300))
    pen.text((48, 560), text, font=ImageFont.truetype(str(FONT), 26), fill=0)
    out = io.BytesIO()
    paper.save(out, "PNG", optimize=True)
    return out.getvalue()


def labels() -> dict[str, bytes]:
    """Return the practice labels by file name."""
    return {
        "drum-7-of-12.png": label(
            "SURYODAYA FINE CHEM (practice)",
            ["Dye intermediate, 25 kg net", "Batch KX-2291   Drum 7 of 12", "CAS 23056-29-3", "Store dry"],
            "(01)09521234000013(17)281130(10)KX-2291(21)0007",
        ),
        "paracetamol-carton.png": label(
            "NILGIRI LABORATORIES (practice)",
            ["Paracetamol tablets IP 500 mg", "10 x 10 x 40", "Batch P26K11", "Keep below 30 °C"],
            "(01)09521234000020(17)290331(10)P26K11(21)000481",
        ),
        "pallet-sscc.png": label(
            "PALLET (practice)", ["12 drums, gross 342 kg"], "(00)095212340000000013", "Code128"
        ),
        "ibuprofen-drum.png": label(
            "DECCAN ACTIVES (practice)",
            ["Ibuprofen IP, 50 kg net", "Batch 0447"],
            "(01)09521234000037(17)301231(10)0447(21)0032",
        ),
    }


def main() -> None:
    """Write the labels into the resources."""
    folder: Path = resources.path("practice", "labels")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in labels().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
