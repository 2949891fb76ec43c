"""How well and how fast substances are recognised: prints figures, on shared material and on fresh cases.

    python -m tests.bench.substances

Descriptions and analogues come from the shared test material; typing slips are generated here from the lists
with a fixed seed, so that figures can be compared. The peers run on the same cases in the same run: exact
look-up of the listed names, and, where RDKit is installed, the nearest listed structure by ECFP4. Times are
those of this process alone, so that neighbours on the machine do not count.
"""

import csv
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from fieldapp.substances import reader as readers
from fieldapp.substances import structure
from fieldapp.substances.cas import find
from fieldapp.substances.identify import identify
from fieldapp.substances.normal import squash

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "substances"
FLAGGED = ("controlled", "ask_headquarters")


def show(line: str) -> None:
    """Write one line of figures."""
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Print every figure."""
    started = time.process_time()
    readers.reader()
    show(f"ready                    {1000 * (time.process_time() - started):8.1f} ms")
    if SHARED.exists():
        descriptions()
        if structure.available():
            analogues()
            known_compounds()
    slips()
    document_numbers()
    every_row()
    invoice()


def descriptions() -> None:
    """Goods descriptions: the expected substance named, or nothing flagged; beside exact look-up."""
    exact = {squash(name.name): name.substance for name in readers.reader().lists.names}
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    peer = flags = 0
    times = []
    for row in _rows("dev_descriptions.csv"):
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
    show(f"descriptions right       {100 * sum(right[kind] for kind in listed) / total:8.1f} %")
    show(f"  exact look-up          {100 * peer / total:8.1f} %")
    show(f"flags on neutral goods   {1000 * flags / neutral:8.2f} per 1000")
    _show_times("a description", times)


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
    show(f"controlled analogues     {100 * found['controlled', 'controlled'] / controlled:8.1f} %")
    show(f"  ECFP4 at 0.6           {100 * near['controlled', True] / controlled:8.1f} %")
    _show_times("a structure, all rules", times)
    _show_times("  ECFP4 nearest", peer_times)


def known_compounds() -> None:
    """Known compounds, nearly all medicines: flags by class rule, scheduled ones set aside by name."""
    listed = {squash(name.name) for name in readers.reader().lists.names}
    flags: Counter[str] = Counter()
    total = 0
    for line in (SHARED / "known_compounds.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if squash(row["name"]) in listed:
            continue
        total += 1
        answer = identify("", smiles=row["smiles"])
        if answer.action in FLAGGED:
            ruled = any(match.rule for match in answer.substances)
            flags[f"{answer.action}, {'class' if ruled else 'listed structure under another name'}"] += 1
            show(f"  {answer.action:18} {row['name'][:60]:62} {answer.substances[0].name}")
    for kind, count in sorted(flags.items()):
        show(f"  {kind:58} {1000 * count / total:6.2f} per 1000 of {total}")


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
    show(f"fresh slips right        {100 * right / count:8.1f} %")


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
    show(f"document numbers as CAS  {wrong:8} of {count}")


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
    show(f"rows not found           {dict(missed) or 'none'}")


def invoice(lines: int = 50) -> None:
    """A whole invoice of goods lines."""
    texts = [
        "Paracetamol tablets IP 500 mg, 10 x 10",
        "N-phenethyl piperidone-4, 25 kg",
        "cotton shirts",
    ] * lines
    _, took = _timed(lambda: [identify(text) for text in texts[:lines]])
    show(f"an invoice of {lines} lines   {1000 * took:8.1f} ms")


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


def _show_times(what: str, times: Iterable[float]) -> None:
    some = sorted(times)
    middle, high = some[len(some) // 2], some[int(len(some) * 0.95)]
    show(f"{what:24} {1000 * middle:8.2f} ms in the middle, {1000 * high:.2f} ms at 95 %")


if __name__ == "__main__":
    main()
