"""What scanning reaches, beside the raw engines in the same run: `python tests/bench/scan.py [part ...]`.

Parts: stills, synthetic, live, pdf, gs1, rules, separators, keyboards, carriers, speed. Without one, all.
Figures are proportions; times are processor milliseconds, and the ratio to zxing in the same run is what
counts. `SEED=n` in the environment repeats a run of generated cases.
"""

import contextlib
import json
import os
import random
import string
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import zxingcpp

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from fieldapp.identifiers import carriers, digital_link, gs1, separators, table  # noqa: E402
from fieldapp.identifiers.rules import RULES  # noqa: E402
from fieldapp.identifiers.rules.numbers import mod10  # noqa: E402
from fieldapp.identifiers.source import source  # noqa: E402
from fieldapp.scan import calibration, decode, draw, live, picture  # noqa: E402
from tests.bench import frames  # noqa: E402

SHARED = ROOT.parent / "shared" / "data"
SEED = int(os.environ.get("SEED", "0")) or int(time.time_ns() % 1_000_000)
TODAY = date(2026, 11, 22)


def show(label: str, *values: object) -> None:
    sys.stdout.write(" ".join([f"{label:34}", *map(str, values)]) + "\n")
    sys.stdout.flush()


def rows(*parts: str) -> Iterator[dict[str, Any]]:
    with SHARED.joinpath(*parts).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def spent(work: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.process_time()
    answer = work()
    return answer, (time.process_time() - begun) * 1000


def zbar(grey: picture.Grey) -> list[bytes]:
    with contextlib.suppress(ImportError):
        from fieldapp.scan import zbar as engine

        return [read.raw for read in engine.read(grey)]
    return []


def stills() -> None:
    """Photographs of the share, by hand-held frames (q) and straight photos (z), and pictures of nothing."""
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
        tally[kind].update(
            n=1,
            zxing=any(code.bytes == want or code.text == row["text"] for code in raw),
            zbar=want in other,
            here=bool(right),
            confirmed=any(symbol.confirmed for symbol in right),
            wrong=len(found) > len(right) and (kind == "nothing" or not right),
            accepted_wrong=any(s.confirmed for s in found if s not in right),
        )
        tally[kind]["zxing us"] += int(zxing_ms * 1000)
        tally[kind]["zbar us"] += int(zbar_ms * 1000)
        tally[kind]["us"] += int(ms * 1000)
    for kind, count in tally.items():
        n = count["n"]
        show(
            f"stills {kind} ({n})",
            f"zxing {count['zxing'] / n:.1%} zbar {count['zbar'] / n:.1%} here {count['here'] / n:.1%}",
            f"confirmed {count['confirmed'] / n:.1%}",
            f"not what was asked {count['accepted_wrong']}",
            f"| {count['us'] / n / 1000:.1f} ms, {count['us'] / max(count['zxing us'], 1):.2f} x zxing,",
            f"{count['us'] / max(count['zbar us'], 1):.2f} x zbar",
        )


def synthetic() -> None:
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
    show(
        f"synthetic seed {SEED} ({both['all']})",
        f"zxing {peer['all'] / both['all']:.1%} here {here['all'] / both['all']:.1%}",
        f"accepted wrong {len(wrong)} | {ms / both['all']:.0f} ms, {ms / zx_ms:.2f} x zxing",
    )
    for key in (*frames.TREATMENTS, *frames.SYMBOLS):
        show(f"  {key}", f"zxing {peer[key]}/{both[key]} here {here[key]}/{both[key]}")
    for item in wrong:
        show("  accepted wrong", *item)


def live_frames() -> None:
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
    show(
        "live 720p",
        f"zxing {np.mean(raw):.1f} p95 {np.percentile(raw, 95):.1f} ms |",
        f"here mean {np.mean(times):.1f} p95 {np.percentile(times, 95):.1f} ms",
    )


def pdf() -> None:
    """A printed page with nineteen codes at 0.25 to 0.5 mm a module."""
    import io

    from PIL import Image

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
    begun = time.perf_counter()
    reading = decode.decode_picture(held.getvalue())
    show(
        "pdf page",
        f"{len({s.hex for s in reading.symbols})} of {count} in {time.perf_counter() - begun:.2f} s",
    )


def gs1_data() -> None:
    """The official engine's verdicts on generated element strings, and its digital links."""
    tally: Counter[str] = Counter()
    for row in rows("gs1", "oracle_6000.jsonl"):
        found = gs1.parse(row["data"], TODAY)
        rules = {issue.rule for issue in found.issues}
        split = "".join(f"({e.ai}){e.value.replace('(', chr(92) + '(')}" for e in found.elements)
        for mode, good in (("lax", not rules - {"gs1-required"}), ("strict", not rules)):
            verdict = row[mode]
            tally[mode] += verdict["ok"] == good and (not good or split == verdict["ai"])
        if row["lax"]["ok"]:
            fields = [(table.table()[e.ai], e.value, 0) for e in found.elements]
            tally["links"] += 1
            tally["links right"] += digital_link.canonical(fields) == row.get("dl")
        tally["n"] += 1
    show(
        "gs1 oracle",
        f"lax {tally['lax'] / tally['n']:.2%} strict {tally['strict'] / tally['n']:.2%}",
        f"links {tally['links right'] / tally['links']:.2%}",
    )


def rules() -> None:
    """Component rules: verdict, and name and place of the fault."""
    verdicts: Counter[bool] = Counter()
    marks: Counter[bool] = Counter()
    for row in rows("gs1", "linter_vectors.jsonl"):
        fault = RULES[row["linter"]](row["value"])
        verdicts[(fault is None) == (row["expect"] == "pass")] += 1
        if fault and row["error"]:
            value = row["value"]
            marked = f"{value[: fault.start]}*{value[fault.start : fault.end]}*{value[fault.end :]}"
            marks[
                "GS1_LINTER_" + fault.code.upper().replace("-", "_") == row["error"]
                and marked == row["marked"]
            ] += 1
    show(
        "rules",
        f"verdict {verdicts[True] / verdicts.total():.2%} name and place {marks[True] / marks.total():.2%}",
    )


def pharma(chance: random.Random) -> list[tuple[str, str]]:
    """Return the fields of a made-up pack: GTIN first, the rest in any order."""

    def digits(count: int) -> str:
        return "".join(chance.choice(string.digits) for _ in range(count))

    def mixed(least: int, most: int) -> str:
        length = chance.randint(least, most)
        alphabet = chance.choice((string.digits, string.ascii_uppercase + string.digits))
        return "".join(chance.choice(alphabet) for _ in range(length))

    def day(first: int, last: int) -> str:
        text = (TODAY + timedelta(days=chance.randint(first, last))).strftime("%y%m%d")
        return text[:4] + "00" if chance.random() < 0.3 else text

    gtin = "0" + digits(12)
    fields = [("10", mixed(3, 12))]
    for share, ai, value in (
        (0.9, "17", day(-300, 1500)),
        (0.7, "21", mixed(6, 20)),
        (0.2, "11", day(-1500, -10)),
        (0.06, "240", mixed(4, 10)),
        (0.05, chance.choice(["710", "712", "714"]), digits(8)),
    ):
        if chance.random() < share:
            fields.append((ai, value))
    chance.shuffle(fields)
    return [("01", gtin + str(mod10(gtin))), *fields]


def lost_separators() -> None:
    """Packs with every separator removed."""
    chance = random.Random(SEED)
    n = first = sure = sure_right = 0
    while n < 1500:
        fields = pharma(chance)
        if all(table.table()[ai].fixed for ai, _ in fields[:-1]):
            continue
        n += 1
        ranked = separators.cuts("".join(ai + value for ai, value in fields), TODAY)
        right = bool(ranked) and [(entry.ai, value) for entry, value, _ in ranked[0][1]] == fields
        first += right
        if ranked and (len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= separators.SURE):
            sure += 1
            sure_right += right
    show(
        f"separators seed {SEED}",
        f"first {first / n:.1%} sure {sure / n:.1%} right where sure {sure_right / sure:.2%}",
    )


def keyboards() -> None:
    """Codes typed under foreign layouts, restored by the map of their calibration code."""
    tally: Counter[str] = Counter()
    for row in rows("keyboards", "typed_barcodes.jsonl"):
        restored = calibration.restore(calibration.calibrate(row["baseline"] or ""), row["typed"])
        right = restored.text == row["truth"]
        tally["n"] += 1
        tally["raw"] += row["typed"].rstrip("\r") == row["truth"]
        tally["right"] += right and restored.sure
        tally["silently wrong"] += restored.sure and not right
        tally["without calibration"] += row["baseline"] is None
    show(
        "keyboards",
        f"raw {tally['raw'] / tally['n']:.1%} here {tally['right'] / tally['n']:.1%}",
        f"silently wrong {tally['silently wrong']} without a calibration scan {tally['without calibration']}",
    )


def transport() -> None:
    """Carriers' numbers, valid and not."""
    names = {"s10": "upu", "old_dominion": "olddominion"}
    tally: Counter[bool] = Counter()
    for row in rows("carriers", "tracking_numbers.jsonl"):
        found = carriers.read(source(row["number"]), TODAY)
        held = [found.identifiers, *found.alternatives] if found and not found.issues else []
        wanted = names.get(row["courier"], row["courier"])
        tally[any(one.get("carrier") == wanted for one in held) == row["valid"]] += 1
    show("carriers", f"{tally[True]} of {tally.total()}")


def speed() -> None:
    """Microseconds for a usual pack."""
    data = "010950600013435217280630" + "10AB123456\x1d21SERIAL00012345"
    gs1.parse(data, TODAY)
    begun = time.process_time()
    for _ in range(5000):
        gs1.parse(data, TODAY)
    show("parse", f"{(time.process_time() - begun) / 5000 * 1e6:.0f} us a usual pack")


PARTS: dict[str, Callable[[], None]] = {
    "stills": stills,
    "synthetic": synthetic,
    "live": live_frames,
    "pdf": pdf,
    "gs1": gs1_data,
    "rules": rules,
    "separators": lost_separators,
    "keyboards": keyboards,
    "carriers": transport,
    "speed": speed,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()
