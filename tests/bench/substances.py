"""How well and how fast substances are recognised: prints figures, on shared material and on fresh cases.

    python -m tests.bench.substances

Descriptions and analogues come from the shared test material; typing slips are generated here from the lists
with a fixed seed, so that figures can be compared. The peers run on the same cases in the same run: exact
look-up of the listed names, and, where RDKit is installed, the nearest listed structure by ECFP4. Times are
those of this process alone, so that neighbours on the machine do not count.
"""

import argparse
import csv
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from fieldapp.screening.subject import Subject
from fieldapp.screening.substances import answers
from fieldapp.substances import compile as compiling
from fieldapp.substances import nomenclature, structure
from fieldapp.substances import reader as readers
from fieldapp.substances.cas import find
from fieldapp.substances.identify import identify
from fieldapp.substances.normal import squash

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "substances"
FLAGGED = ("controlled", "ask_headquarters")
TABLE = 8000  # known chemicals of the dictionary's source that are looked at
_THE_SUBSTANCE = {"structure-exact", "structure-salt", "structure-flat"}


def show(line: str) -> None:
    """Write one line of figures."""
    sys.stdout.write(f"{line}\n")


def tell(what: str, here: float, unit: str, goal: float, *, below: bool = False) -> None:
    """Write one row of the table: the figure, the goal, and whether it was reached."""
    met = here <= goal if below else here >= goal
    side = "at most" if below else "at least"
    show(f"{what:24} {here:8.2f} {unit:10} goal {side} {goal:g}: {'met' if met else 'MISSED'}")


def main(arguments: Sequence[str] = ()) -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(prog="tests.bench.substances")
    parser.add_argument(
        "--known", action="append", default=[], help="more known compounds: JSON lines with name and smiles"
    )
    given = parser.parse_args(arguments)
    started = time.process_time()
    readers.reader()
    tell("ready", 1000 * (time.process_time() - started), "ms", 200, below=True)
    if SHARED.exists():
        descriptions()
        if structure.available():
            analogues()
    if structure.available():
        known_compounds([SHARED / "known_compounds.jsonl", *map(Path, given.known)])
    slips()
    document_numbers()
    every_row()
    invoice()
    bad_input()


def descriptions() -> None:
    """Goods descriptions: the expected substance named, or nothing flagged; beside exact look-up."""
    exact = {squash(name.name): name.substance for name in readers.reader().lists.names}
    rows = _rows("dev_descriptions.csv")
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    peer = flags = 0
    times = []
    for row in rows:
        answer, took = _timed(lambda text=row["text"]: identify(text))
        times.append(took)
        seen[row["kind"]] += 1
        if row["expected"] == "none":
            flags += answer.action in FLAGGED
            right[row["kind"]] += answer.action == "none"
        else:
            right[row["kind"]] += row["expected"] in [match.name for match in answer.substances]
            words = row["text"].replace(",", " ").split()
            peer += any(squash(word) in exact for word in (*words, row["text"]))
    for kind in sorted(seen):
        show(f"  {kind:22} {right[kind]:5} of {seen[kind]}")
    listed = [kind for kind in seen if not kind.startswith("neg")]
    total = sum(seen[kind] for kind in listed)
    neutral = sum(seen.values()) - total
    tell("descriptions right", 100 * sum(right[kind] for kind in listed) / total, "%", 95)
    show(f"  exact look-up          {100 * peer / total:8.1f} %")
    if nomenclature.available():
        wanted = [(row["text"], row["expected"]) for row in rows]
        found = answers([Subject(kind="goods", name=text) for text, _ in wanted], names=_read_all, draw=False)
        named = [
            expected in [match.name for match in one.substances]
            for one, (_, expected) in zip(found, wanted, strict=True)
            if expected != "none"
        ]
        more = sum(
            one.action in FLAGGED
            for one, (_, expected) in zip(found, wanted, strict=True)
            if expected == "none"
        )
        tell("  with OPSIN", 100 * sum(named) / total, "%", 98)
        tell("  neutral, with OPSIN", 1000 * more / neutral, "per 1000", 3, below=True)
    tell("flags on neutral goods", 1000 * flags / neutral, "per 1000", 3, below=True)
    _show_times("a description", times, 20)


def _read_all(names: Iterable[str]) -> dict[str, str]:
    some, read = list(names), {}
    for at in range(0, len(some), nomenclature.MOST):
        read |= nomenclature.structures(some[at : at + nomenclature.MOST])
    return read


def analogues() -> None:
    """Analogues: what the law controls is found; medicines pass; beside the nearest listed structure."""
    found: Counter[tuple[str, str]] = Counter()
    times = []
    near: Counter[tuple[str, bool]] = Counter()
    peer_times = []
    nearest = _nearest()
    for row in _rows("dev_analogues.csv"):
        answer, took = _timed(lambda smiles=row["smiles"]: identify("", smiles=smiles))
        alike, peer_took = _timed(lambda smiles=row["smiles"]: nearest(smiles))
        times.append(took)
        peer_times.append(peer_took)
        found[row["min_action"], answer.action] += 1
        near[row["min_action"], alike >= 0.6] += 1
    for (wanted, got), count in sorted(found.items()):
        show(f"  {wanted:22} {got:18} {count:5}")
    controlled = sum(count for (wanted, _), count in found.items() if wanted == "controlled")
    tell("controlled analogues", 100 * found["controlled", "controlled"] / controlled, "%", 99)
    show(f"  ECFP4 at 0.6           {100 * near['controlled', True] / controlled:8.1f} %")
    _show_times("a structure, all rules", times, 2)
    _show_times("  ECFP4 nearest", peer_times)


def known_compounds(files: Iterable[Path]) -> None:
    """Known compounds, nearly all medicines and trade chemicals: flags, scheduled ones set aside by name.

    A row whose structure is that of a listed substance, without being named so, is set aside too: it is the
    listed substance. What is left is flagged by a class, or as another stereoisomer.
    """
    index = readers.reader().index
    flags: Counter[str] = Counter()
    total = aside = near = 0
    nearest = _nearest()
    seen: set[str] = set()
    for row in _known(files):
        if row["smiles"] in seen:
            continue
        seen.add(row["smiles"])
        names = [row["name"], *row.get("names", ())]
        answer = identify("", smiles=row["smiles"])
        codes = {reason.code for match in answer.substances for reason in match.reasons}
        if any(index.has(squash(name)) for name in names) or codes & _THE_SUBSTANCE:
            aside += 1
            continue
        total += 1
        near += total % 10 == 0 and nearest(row["smiles"]) >= 0.6
        if answer.action in FLAGGED:
            flags[answer.action] += 1
            show(f"  {answer.action:18} {row['name'][:60]:62} {answer.substances[0].name}")
    show(f"known compounds          {total:8} and {aside} set aside")
    tell("law tier flags", 1000 * flags["controlled"] / total, "per 1000", 0.5, below=True)
    tell("advisory flags", 1000 * flags["ask_headquarters"] / total, "per 1000", 1.5, below=True)
    show(f"  ECFP4 at 0.6           {1000 * near / (total // 10):8.1f} per 1000 (every tenth)")


def _known(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for file in files:
        if file.exists():
            yield from (json.loads(line) for line in file.read_text("utf-8").splitlines())
    folder = compiling.source()
    if folder is not None:
        some = [one for one in compiling.compounds(folder) if one.smiles]
        for one in random.Random(5).sample(some, min(TABLE, len(some))):
            yield {"name": one.names[0], "names": one.names[1:40], "smiles": one.smiles}


def slips(count: int = 1500) -> None:
    """Fresh typing slips in official names: one slip to twelve letters, two to twenty-five, three beyond."""
    chance = random.Random(20261122)
    known = readers.reader().lists
    names = [name for name in known.names if name.kind == "official" and len(squash(name.name)) >= 8]
    right = 0
    for _ in range(count):
        name = chance.choice(names)
        text = name.name
        for _ in range(1 if len(squash(text)) <= 12 else 2):
            text = _slip(text, chance)
        answer = identify(f"{text}, chemical, 25 kg")
        right += known.substances[name.substance].name in [match.name for match in answer.substances]
    tell("fresh slips right", 100 * right / count, "%", 95)


def document_numbers(count: int = 100_000) -> None:
    """Invoice, telephone, lot and date numbers must not be read as a listed CAS number."""
    chance = random.Random(7)
    known = readers.reader().lists.by_cas
    shapes = (
        *("INV-#####/##", "+91-##-####-####", "LOT ####-##-#", "20##-0#-1#", "0#/1#/####"),
        *("SB ####### dt #.#.20##", "BL ##########", "AWB ###-########", "HS ####.##.##", "PO ######/##/#"),
    )
    wrong = 0
    for _ in range(count):
        text = "".join(chance.choice("0123456789") if char == "#" else char for char in chance.choice(shapes))
        wrong += any(one.valid and one.cas in known for one in find(text))
    tell("document numbers as CAS", wrong, "of 100000", 0, below=True)


def every_row() -> None:
    """Every row is found by each of number, official name and structure that it has."""
    missed: Counter[str] = Counter()
    for one in readers.reader().lists.substances.values():
        asked = {
            "cas": {"text": "", "cas": one.cas},
            "name": {"text": one.name},
            "smiles": {"text": "", "smiles": one.smiles},
        }
        for field, given in asked.items():
            if getattr(one, field) and one.name not in [match.name for match in identify(**given).substances]:
                missed[field] += 1
    tell("rows not found", sum(missed.values()), f"{dict(missed) or ''}", 0, below=True)


def invoice(lines: int = 50) -> None:
    """A whole invoice of goods lines."""
    texts = [
        "Paracetamol tablets IP 500 mg, 10 x 10",
        "N-phenethyl piperidone-4, 25 kg",
        "cotton shirts",
    ] * lines
    _, took = _timed(lambda: [identify(text) for text in texts[:lines]])
    tell(f"an invoice of {lines} lines", 1000 * took, "ms", 1000, below=True)


def bad_input() -> None:
    """The worst that a field may hold, each answered inside a second."""
    slowest = 0.0
    for given in (
        {"text": "N-phenethyl-4-" * 1500},
        {"text": "фентанил fentanyl फेंटानिल 芬太尼 " * 700},
        {"text": "ab 12 " * 3400},
        {"text": "eth" * 7000},
        {"text": "", "smiles": "C" * 5000},
        {"text": "", "smiles": "C1CC" * 900},
        {"text": "", "smiles": "c1ccccc1" * 30},
    ):
        slowest = max(slowest, _timed(lambda given=given: identify(**given))[1])
    tell("worst input", 1000 * slowest, "ms", 1000, below=True)


def _nearest() -> Callable[[str], float]:
    from rdkit import Chem, DataStructs
    from rdkit.Chem import rdFingerprintGenerator

    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    listed = [
        generator.GetFingerprint(Chem.MolFromSmiles(one.smiles))
        for one in readers.reader().lists.substances.values()
        if one.smiles
    ]

    def nearest(smiles: str) -> float:
        bits = generator.GetFingerprint(Chem.MolFromSmiles(smiles))
        return max(DataStructs.BulkTanimotoSimilarity(bits, listed))

    return nearest


def _slip(text: str, chance: random.Random) -> str:
    places = [at for at, char in enumerate(text[:-1]) if char.isalpha() and text[at + 1].isalpha()]
    at = chance.choice(places)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return chance.choice(
        (
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + text[at + 1 :],
            text[:at] + letter + text[at:],
            text[:at] + letter + text[at + 1 :],
        )
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (SHARED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _timed(work: Callable[[], object]) -> tuple:
    started = time.process_time()
    result = work()
    return result, time.process_time() - started


def _show_times(what: str, times: Iterable[float], goal: float | None = None) -> None:
    some = sorted(times)
    middle, high = some[len(some) // 2], some[int(len(some) * 0.95)]
    show(f"{what:24} {1000 * middle:8.2f} ms in the middle, {1000 * high:.2f} ms at 95 %")
    if goal is not None:
        tell("  at 95 %", 1000 * high, "ms", goal, below=True)


if __name__ == "__main__":
    main(sys.argv[1:])
