"""What scanning reaches, beside the raw engines in the same run: `python -m tests.bench.scan [part ...]`.

Parts: stills, synthetic, live, live-soak, pdf, and those of `parsing.py`: gs1, rules, separators, keyboards,
carriers, speed, hostile. Without one, all. The last lines are one table: what was measured, the peer in this
run, here, the goal, and whether it was met. Times are processor milliseconds of this machine; the ratio to
the peer is what counts. `SEED=n` in the environment repeats a run of generated cases.
"""

import contextlib
import io
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

import numpy as np
import zxingcpp
from PIL import Image

from fieldapp.identifiers.rules.numbers import mod10
from fieldapp.scan import decode, draw, film, live, picture
from fieldapp.scan.frames import Frame, Pictures
from fieldapp.scan.symbol import Symbol
from tests.bench import frames, parsing, table
from tests.bench.table import SEED, SHARED, Row, rows, show, spent

SOAK_SECONDS = 60


def zbar(grey: picture.Grey) -> list[bytes]:
    """Return what ZBar reads, nothing where it is not installed."""
    with contextlib.suppress(ImportError):
        from fieldapp.scan import zbar as engine

        return [read.raw for read in engine.read(grey)]
    return []


def stills() -> list[Row]:
    """Photographs of the share: hand-held frames (q), straight photos (z), and pictures of nothing.

    Wrong is a confirmed code that is not what the picture holds. A symbol with error correction beside the
    expected one, which was read too, is another code of the picture: it is named, and not counted.
    """
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows("barcodes", "expected.jsonl"):
        grey = next(picture.pages((SHARED / "barcodes" / row["image"]).read_bytes()))
        raw, zxing_ms = spent(
            lambda grey=grey: zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain)
        )
        other, zbar_ms = spent(lambda grey=grey: zbar(grey))
        found, ms = spent(lambda grey=grey: decode.decode_frame(grey))
        kind = "nothing" if row["symbology"] == "none" else row["image"][0]
        want = bytes.fromhex(row["hex"]) if row.get("hex") else (row["text"] or "").encode()
        right = [s for s in found if bytes.fromhex(s.hex) == want or s.text == row["text"]]
        wrong = [s for s in found if s.confirmed and s not in right]
        if right and wrong and all(agrees_with_engine(s, raw) for s in wrong):
            show("  another code beside", row["image"], *(f"{s.symbology} {s.text[:40]!r}" for s in wrong))
            wrong = []
        tally[kind].update(
            n=1,
            zxing=any(code.bytes == want or code.text == row["text"] for code in raw),
            zbar=want in other,
            here=bool(right),
            confirmed=any(symbol.confirmed for symbol in right),
            wrong=bool(wrong),
            false=bool(found) and kind == "nothing",
        )
        tally[kind]["zxing us"] += int(zxing_ms * 1000)
        tally[kind]["zbar us"] += int(zbar_ms * 1000)
        tally[kind]["us"] += int(ms * 1000)
    return [*still_rows("hand-held frames", tally["q"], 0.97, 0, 3.0),
            *still_rows("straight photos", tally["z"], 0.95, 0.006, 2.5),
            *nothing_rows(tally["nothing"])]  # fmt: skip


def agrees_with_engine(symbol: Symbol, raw: list[zxingcpp.Barcode]) -> bool:
    """Say whether a self-checking symbol is also what the bare engine reads."""
    squares = ("QRCode", "DataMatrix", "Aztec", "PDF417", "MaxiCode")
    return symbol.symbology in squares and any(code.bytes.hex() == symbol.hex for code in raw)


def still_rows(name: str, count: Counter[str], least: float, wrong: float, ratio: float) -> list[Row]:
    """Return recall, wrong reads and cost of one kind of picture."""
    n, times = count["n"], count["us"] / max(count["zxing us"], 1)
    return [
        Row(
            f"{name} ({n})",
            f"zxing {count['zxing'] / n:.1%} zbar {count['zbar'] / n:.1%}",
            f"{count['here'] / n:.1%}, confirmed {count['confirmed'] / n:.1%}",
            f">= {least:.0%}",
            met=count["here"] >= least * n,
        ),
        Row(f"{name}, wrong", "-", f"{count['wrong']}", f"<= {wrong:.1%}", met=count["wrong"] <= wrong * n),
        Row(
            f"{name}, cost",
            f"zxing {count['zxing us'] / n / 1000:.1f} ms zbar {count['zbar us'] / n / 1000:.1f} ms",
            f"{count['us'] / n / 1000:.1f} ms, {times:.2f} x zxing",
            f"<= {ratio} x zxing",
            met=times <= ratio,
        ),
    ]


def nothing_rows(count: Counter[str]) -> list[Row]:
    """Return false reads and cost of pictures without a code."""
    n, ms = count["n"], count["us"] / count["n"] / 1000
    peer = f"zxing {count['zxing us'] / n / 1000:.1f} ms"
    return [
        Row(f"no code ({n}), false reads", "-", f"{count['false']}", "0", met=not count["false"]),
        Row("no code, mean", peer, f"{ms:.1f} ms", "<= 60 ms", met=ms <= 60),
    ]


def synthetic() -> list[Row]:
    """Generated frames under fourteen treatments, fresh for each seed."""
    here: Counter[str] = Counter()
    peer: Counter[str] = Counter()
    both: Counter[str] = Counter()
    wrong, zx_ms, ms = [], 0.0, 0.0
    for case in frames.cases(SEED):
        raw, used = spent(lambda case=case: zxingcpp.read_barcodes(case.frame))
        zx_ms += used
        found, used = spent(lambda case=case: decode.decode_frame(case.frame))
        ms += used
        good = any(bytes.fromhex(s.hex) == case.raw and s.confirmed for s in found)
        for key in ("all", case.treatment, case.symbology):
            both[key] += 1
            here[key] += good
            peer[key] += any(code.bytes == case.raw for code in raw)
        wrong += [
            (case.symbology, case.treatment, s.text)
            for s in found
            if s.confirmed and bytes.fromhex(s.hex) != case.raw
        ]
    for key in (*frames.TREATMENTS, *frames.SYMBOLS):
        show(f"  {key}", f"zxing {peer[key]}/{both[key]} here {here[key]}/{both[key]}")
    for item in wrong:
        show("  accepted wrong", *item)
    n = both["all"]
    return [
        Row(
            f"synthetic, seed {SEED} ({n})",
            f"zxing {peer['all'] / n:.1%}",
            f"{here['all'] / n:.1%}, {ms / n:.0f} ms, {ms / zx_ms:.2f} x zxing",
            ">= 80 %",
            met=here["all"] >= 0.8 * n,
        ),
        Row("synthetic, accepted wrong", "-", f"{len(wrong)}", "0", met=not wrong),
    ]


def live_frames() -> list[Row]:
    """Live look at 720p: frames with and without codes, after a warm-up."""
    watcher = live.Live()
    pictures = [case.frame for case in frames.cases(SEED)][::3]
    for number, frame in enumerate(pictures[:6]):
        watcher.look(frame, number * 33.0)
    raw = [spent(lambda frame=frame: zxingcpp.read_barcodes(frame))[1] for frame in pictures]
    times = [
        spent(lambda frame=frame, at=1000 + number * 33.0: watcher.look(frame, at))[1]
        for number, frame in enumerate(pictures)
    ]
    p95 = float(np.percentile(times, 95))
    return [
        Row(
            "live 720p, p95 a frame",
            f"zxing {np.percentile(raw, 95):.1f} ms, mean {np.mean(raw):.1f}",
            f"{p95:.1f} ms, mean {np.mean(times):.1f}",
            "<= 40 ms",
            met=p95 <= 40,
        )
    ]


def live_soak() -> list[Row]:
    """A minute of a 720p stream at thirty frames a second, through the real thread and mailbox.

    The stream moves on every half second from one scene to the next, each seen with a little tremor, as a
    person does who goes over a table. What is measured is the look alone, on the clock of its own thread;
    frames shown and dropped have to add up, and no more than one ever waits.
    """
    scenes = [case.frame for case in frames.cases(SEED)][::5]
    shown = 0

    def stream() -> Iterator[Frame]:
        nonlocal shown
        begun = time.perf_counter()
        while (now := time.perf_counter() - begun) < SOAK_SECONDS:
            scene = scenes[int(now * 2) % len(scenes)]
            shown += 1
            yield np.roll(scene, shown % 5, axis=1)
            time.sleep(max(0.0, shown / 30 - (time.perf_counter() - begun)))

    running = film.Film(Pictures(stream()))
    times, codes, waiting = list[float](), 0, list[int]()
    with contextlib.suppress(film.CameraUnplugged):
        while True:
            begun = time.thread_time()
            looked = running.look()
            if looked is not None:
                times.append((time.thread_time() - begun) * 1000)
                codes += len(looked[1].fresh)
                waiting.append(shown - len(times) - running.dropped)
    running.close()
    # One in the slot and one on its way there; whatever grows beyond is a queue.
    most = max(waiting)
    p95 = float(np.percentile(times, 95))
    here = f"{p95:.1f} ms, {len(times)} of {shown} seen, {running.dropped} dropped, {codes} codes taken"
    return [
        Row(f"live {SOAK_SECONDS} s, p95 a frame", "-", here, "<= 40 ms", met=p95 <= 40),
        Row("live, frames waiting at most", "-", f"{most}", "<= 2", met=most <= 2),
    ]


def pdf() -> list[Row]:
    """A printed page with nineteen codes at 0.25 to 0.5 mm a module."""
    page = np.full((3508, 2480), 255, np.uint8)
    left, top, deepest, count = 120, 120, 0, 0
    for number in range(19):
        symbology: draw.Drawable = ("DataMatrix", "QRCode", "Code128", "EAN13")[number % 4]
        text = f"46{number:010d}" if symbology == "EAN13" else f"PAGE-{number:03d}"
        text = text + str(mod10(text)) if symbology == "EAN13" else text
        code = draw.draw_code(text, symbology, scale=(3, 4, 5, 6)[number // 4 % 4])[:200]
        if left + code.shape[1] > 2360:
            left, top, deepest = 120, top + deepest + 60, 0
        page[top : top + code.shape[0], left : left + code.shape[1]] = code
        left, deepest, count = left + code.shape[1] + 70, max(deepest, code.shape[0]), count + 1
    held = io.BytesIO()
    Image.fromarray(page).save(held, "PDF", resolution=300)
    raw, zxing_ms = spent(lambda: zxingcpp.read_barcodes(page))
    reading, ms = spent(lambda: decode.decode_picture(held.getvalue()))
    read = len({symbol.hex for symbol in reading.symbols})
    return [
        Row(
            f"pdf page ({count} codes)",
            f"zxing, as a picture, {len(raw)} in {zxing_ms / 1000:.2f} s",
            f"{read} in {ms / 1000:.2f} s",
            f"{count} in 0.5 s",
            met=read == count and ms <= 500,
        )
    ]


PARTS: dict[str, Callable[[], list[Row]]] = {
    "stills": stills,
    "synthetic": synthetic,
    "live": live_frames,
    "live-soak": live_soak,
    "pdf": pdf,
    **parsing.PARTS,
}

if __name__ == "__main__":
    found: list[Row] = []
    for name in sys.argv[1:] or PARTS:
        show(name)
        found += PARTS[name]()
    table.close(found)
