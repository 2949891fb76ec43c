"""How dear is a report beside what others take for the same photos and rows: `python tests/bench/report.py`.

One run, one machine, best of five: 60 rows, 10 photos of 1600 by 1200. Prints milliseconds of the wall,
ratios and goals: at most 20 times a raw canvas, 0.6 of ReportLab by its manual, 0.35 of fpdf2, 0.15 of
WeasyPrint; size at most 1.05 of the photos; to sign the file and check its signature 1.5 of the build. What
is not installed says so and is not counted.
"""

import importlib
import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from fieldapp.inspection.record import read
from fieldapp.report import signature
from fieldapp.report.paper import ReportInput
from fieldapp.report.render import render
from fieldapp.report.verify import verify_pdf
from tests.support import papers, records

GOALS = {"raw canvas": 20.0, "reportlab by its manual": 0.6, "fpdf2": 0.35, "weasyprint": 0.15}
SIGNING = 1.5
ROUNDS = 5


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def rows(given: ReportInput) -> list[tuple[str, ...]]:
    inspection = read(given.record).inspection
    return [
        (str(number), scan.identified.text, "Paracetamol 500 mg tablets", "Camera", scan.verdict.word)
        for number, scan in enumerate(inspection.scans, start=1)
    ]


def raw_canvas(photos: list[Path]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for number, photo in enumerate(photos):
        canvas.drawImage(str(photo), 40 + 260 * (number % 2), 600 - 200 * (number // 2 % 3), 240, 180)
        if number % 6 == 5:
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def by_the_manual(photos: list[Path], table: list[tuple[str, ...]]) -> bytes:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Spacer, Table

    style = getSampleStyleSheet()
    out = io.BytesIO()
    story = [Paragraph("Consignment inspection report", style["Title"]), Spacer(1, 12)]
    story += [Paragraph("Goods of this consignment must be held. " * 12, style["BodyText"])]
    story.append(Table([[Paragraph(cell, style["BodyText"]) for cell in row] for row in table], repeatRows=1))
    for photo in photos:
        story += [Image(io.BytesIO(photo.read_bytes()), 240, 180), Paragraph("Exhibit", style["BodyText"])]
    SimpleDocTemplate(out).build(story)
    return out.getvalue()


def fpdf2(photos: list[Path], table: list[tuple[str, ...]]) -> bytes:
    fpdf = importlib.import_module("fpdf")
    from fieldapp.report import fonts
    from resources import path

    document = fpdf.FPDF()
    for style, name in (("", fonts.REGULAR), ("B", fonts.STRONG)):
        document.add_font("noto", style=style, fname=str(path("fonts", f"{name}.ttf")))
    document.set_font("noto", size=9)
    document.set_text_shaping(True)
    document.add_page()
    document.multi_cell(0, 5, "Goods of this consignment must be held. " * 12)
    with document.table() as drawn:
        for line in table:
            drawn.row(line)
    for photo in photos:
        document.image(str(photo), w=85)
    return bytes(document.output())


def html(photos: list[Path], table: list[tuple[str, ...]]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in table)
    pictures = "".join(f'<img src="{photo.as_uri()}" width="320">' for photo in photos)
    said = "Goods of this consignment must be held. " * 12
    return f"<h1>Report</h1><p>{said}</p><table>{body}</table>{pictures}"


def weasysay(photos: list[Path], table: list[tuple[str, ...]]) -> bytes:
    return bytes(importlib.import_module("weasyprint").HTML(string=html(photos, table)).write_pdf())


def typst(photos: list[Path], table: list[tuple[str, ...]]) -> bytes:
    cells = ",".join(f"[{cell}]" for row in table for cell in row)
    pictures = "\n".join(f'#image("{photo.name}", width: 85mm)' for photo in photos)
    source = photos[0].parent / "report.typ"
    source.write_text(f"= Report\n#table(columns: 5, {cells})\n{pictures}\n", "utf-8")
    return bytes(importlib.import_module("typst").compile(str(source)))


def best(act: Callable[[], bytes]) -> tuple[float, float, int]:
    """Return the first and the best time in milliseconds, and the size of what was made."""
    took = []
    made = b""
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        made = act()
        took.append((time.perf_counter() - begun) * 1000)
    return took[0], min(took), len(made)


def signing(given: ReportInput, build: float) -> bool:
    """Say what signing the file and checking that take beside making it; True where it is too much."""
    signed = records.signing(given)
    pdf = render(signed, "en")
    at = read(signed.record).signature.at

    def sign() -> bytes:
        prepared = signature.prepare(pdf, signed.x509, at)
        return signature.bind(prepared, signed.x509, papers.paper_key().sign(prepared.attributes))

    first, to_sign, size = best(sign)
    whole = sign()
    first_check, to_check, _ = best(lambda: signature.read(whole).base)
    ratio = (to_sign + to_check) / build
    say(
        f"{'sign the file':26} first {first:7.1f} ms  best {to_sign:7.1f} ms  {size - len(pdf):9,} bytes more"
    )
    say(f"{'check its signature':26} first {first_check:7.1f} ms  best {to_check:7.1f} ms")
    say(f"{'sign and check':26} {ratio:.2f} of the build (goal {SIGNING})")
    _, took, _ = best(lambda: bytes(verify_pdf(whole).ok))
    say(f"{'every check of a report':26} best {took:7.1f} ms: reads the code, makes the pages again")
    return ratio > SIGNING


def main() -> int:
    given = records.long_inspection()
    table = rows(given)
    weight = sum(len(photo) for photo in given.photos.values())
    with tempfile.TemporaryDirectory() as folder:
        photos = []
        for number, photo in enumerate(given.photos.values()):
            photos.append(Path(folder) / f"photo{number}.jpg")
            photos[-1].write_bytes(photo)
        contenders: dict[str, Callable[[], bytes]] = {
            "raw canvas": lambda: raw_canvas(photos),
            "reportlab by its manual": lambda: by_the_manual(photos, table),
            "fpdf2": lambda: fpdf2(photos, table),
            "weasyprint": lambda: weasysay(photos, table),
            "typst": lambda: typst(photos, table),
        }
        first, ours, size = best(lambda: render(given, "en"))
        say(f"{'this report':26} first {first:7.1f} ms  best {ours:7.1f} ms  {size:9,} bytes")
        failed = size > 1.05 * weight
        say(f"{'':26} {size / weight:.3f} of the photos' {weight:,} bytes (goal 1.05)")
        failed |= signing(given, ours)  # before what the others leave lying about
        for name, act in contenders.items():
            try:
                first, took, made = best(act)
            except ImportError:
                say(f"{name:26} not installed")
                continue
            goal = GOALS.get(name)
            ratio = ours / took
            failed |= goal is not None and ratio > goal
            aim = f"goal {goal}" if goal else "beside"
            took_ms = f"first {first:7.1f} ms  best {took:7.1f} ms"
            say(f"{name:26} {took_ms}  {made:9,} bytes  ours is {ratio:.2f} ({aim})")
    for language in ("hi", "both"):
        _, took, made = best(lambda language=language: render(given, language))
        say(f"{'this report, ' + language:26} best {took:7.1f} ms  {made:9,} bytes")
    say("goals " + ("missed" if failed else "met"))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
