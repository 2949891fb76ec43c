"""What parsing reaches: official vectors, generated packs, typed and carriers' codes. Parts of `scan.py`."""

import random
import string
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from fieldapp.identifiers import carriers, digital_link, gs1, separators, table
from fieldapp.identifiers.identify import identify
from fieldapp.identifiers.rules import RULES
from fieldapp.identifiers.rules.numbers import mod10
from fieldapp.identifiers.source import source
from fieldapp.scan import calibration
from fieldapp.scan.symbol import Symbol
from tests.bench.table import SEED, Row, rows, show, spent
from tests.support import hostile

TODAY = date(2026, 11, 22)
# Why a vector and we differ, by what it asks; whatever is not listed here is a defect.
REASONS = {
    "GS1_LINTER_GCP_DATASOURCE_OFFLINE": "asks the registry of company prefixes, which is not on this laptop",
    "GS1_LINTER_INVALID_GCP_PREFIX": "asks the registry of company prefixes, which is not on this laptop",
    "331426749957": "listed as valid under one scheme of the same carrier and as invalid under the other",
    "79927398713": "eleven digits whose check digit fits Old Dominion's rule; returned as inferred, not sure",
}


def gs1_data() -> list[Row]:
    """The official engine's verdicts on generated element strings, and its digital links."""
    tally: Counter[str] = Counter()
    for row in rows("gs1", "oracle_6000.jsonl"):
        found = gs1.parse(row["data"], TODAY)
        rules = {issue.rule for issue in found.issues}
        split = "".join(f"({e.ai}){e.value.replace('(', chr(92) + '(')}" for e in found.elements)
        for mode, good in (("lax", not rules - {"gs1-required"}), ("strict", not rules)):
            verdict = row[mode]
            agreed = verdict["ok"] == good and (not good or split == verdict["ai"])
            tally[mode] += agreed
            if not agreed:
                show(f"  differs ({mode})", repr(row["data"]), verdict, sorted(rules))
        if row["lax"]["ok"]:
            fields = [(table.table()[e.ai], e.value, 0) for e in found.elements]
            tally["links"] += 1
            tally["links right"] += digital_link.canonical(fields) == row.get("dl")
        tally["n"] += 1
    share = min(
        tally["lax"] / tally["n"], tally["strict"] / tally["n"], tally["links right"] / tally["links"]
    )
    detail = f"{share:.2%} of {tally['n']}, worst of lax, strict, links"
    return [Row("gs1 oracle", "-", detail, ">= 99.9 %", met=share >= 0.999)]


def rules() -> list[Row]:
    """Component rules: verdict, and name and place of the fault."""
    verdicts: Counter[bool] = Counter()
    marks: Counter[bool] = Counter()
    for row in rows("gs1", "linter_vectors.jsonl"):
        fault = RULES[row["linter"]](row["value"])
        same = (fault is None) == (row["expect"] == "pass")
        verdicts[same] += 1
        if not same:
            show("  differs", row["case"], row["value"], "|", REASONS.get(row["error"] or "", "NO REASON"))
        if fault and row["error"]:
            value = row["value"]
            marked = f"{value[: fault.start]}*{value[fault.start : fault.end]}*{value[fault.end :]}"
            marks[
                "GS1_LINTER_" + fault.code.upper().replace("-", "_") == row["error"]
                and marked == row["marked"]
            ] += 1
    share = verdicts[True] / verdicts.total()
    detail = f"{share:.2%} of {verdicts.total()}, named and placed {marks[True] / marks.total():.2%}"
    return [Row("linter vectors", "-", detail, ">= 99 %", met=share >= 0.99)]


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


def lost_separators() -> list[Row]:
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
    return [
        Row(f"lost separators, first ({n})", "-", f"{first / n:.1%}", ">= 90 %", met=first >= 0.9 * n),
        Row(
            f"lost separators, sure ({sure / n:.0%})",
            "-",
            f"{sure_right / sure:.2%}",
            ">= 99.5 %",
            met=sure_right >= 0.995 * sure,
        ),
    ]


def keyboards() -> list[Row]:
    """Codes typed under foreign layouts, restored by the map of their calibration code."""
    tally: Counter[str] = Counter()
    for row in rows("keyboards", "typed_barcodes.jsonl"):
        restored = calibration.restore(calibration.calibrate(row["baseline"] or ""), row["typed"])
        right = restored.text == row["truth"]
        tally["n"] += 1
        tally["raw"] += row["typed"].rstrip("\r") == row["truth"]
        tally["right"] += right and restored.sure
        tally["wrong"] += restored.sure and not right
        tally["uncalibrated"] += row["baseline"] is None
    n = tally["n"]
    show("  keyboards", f"{tally['uncalibrated']} of {n} come without a calibration scan")
    here = f"{tally['right'] / n:.1%}, silently wrong {tally['wrong']}"
    met = tally["right"] >= 0.9 * n and not tally["wrong"]
    return [Row(f"foreign layouts ({n})", f"raw {tally['raw'] / n:.1%}", here, ">= 90 %, 0 wrong", met=met)]


def transport() -> list[Row]:
    """Carriers' numbers, valid and not."""
    names = {"s10": "upu", "old_dominion": "olddominion"}
    tally: Counter[bool] = Counter()
    reasoned = 0
    for row in rows("carriers", "tracking_numbers.jsonl"):
        found = carriers.read(source(row["number"]), TODAY)
        held = [found.identifiers, *found.alternatives] if found and not found.issues else []
        wanted = names.get(row["courier"], row["courier"])
        same = any(one.get("carrier") == wanted for one in held) == row["valid"]
        tally[same] += 1
        if not same:
            reasoned += row["number"] in REASONS
            show("  differs", row["scheme"], row["number"], "|", REASONS.get(row["number"], "NO REASON"))
    here = f"{tally[True]} of {tally.total()}, {reasoned} with a reason"
    return [Row("carriers", "-", here, "all, or a reason", met=tally[False] == reasoned)]


def speed() -> list[Row]:
    """Microseconds for a usual pack."""
    data = "010950600013435217280630" + "10AB123456\x1d21SERIAL00012345"
    gs1.parse(data, TODAY)
    _, ms = spent(lambda: [gs1.parse(data, TODAY) for _ in range(5000)])
    return [Row("parse, a usual pack", "-", f"{ms / 5:.0f} us", "<= 60 us", met=ms <= 300)]


def mutated() -> list[Row]:
    """Twenty thousand contents of a mutating generator, fresh for each seed."""
    worst, failed = 0.0, 0
    for number, (raw, aim) in enumerate(hostile.payloads(SEED, 20_000)):
        reader = "zxing" if number % 2 else "wedge"
        text = raw.decode("utf-8", "replace")
        symbol = Symbol(symbology="any", aim=aim, text=text, hex=raw.hex(), reader=reader)
        begun = time.process_time()
        try:
            found = identify(symbol, TODAY)
            failed += any(not -1 <= issue.position <= len(found.text) for issue in found.issues)
        except Exception as error:  # noqa: BLE001 - what must never happen is counted, and named
            show("  raised", repr(raw), aim, repr(error))
            failed += 1
        worst = max(worst, (time.process_time() - begun) * 1000)
    here = f"{failed} failed, slowest {worst:.0f} ms"
    return [Row("hostile contents (20,000)", "-", here, "0 failed", met=failed == 0)]


PARTS: dict[str, Callable[[], list[Row]]] = {
    "gs1": gs1_data,
    "rules": rules,
    "separators": lost_separators,
    "keyboards": keyboards,
    "carriers": transport,
    "speed": speed,
    "hostile": mutated,
}
