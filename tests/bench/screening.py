"""What the screening reaches, beside the named peers in the same run.

    python -m tests.bench.screening [--names 1000000] [--people 1000] [--queries 400] [--keep FOLDER]

Figures are proportions on the development share in `../shared/data` and on fresh generated cases; times
are absolute and as a ratio to rapidfuzz reading the same names. Peers: rapidfuzz WRatio, token_sort_ratio.
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles

from rapidfuzz import fuzz, process

from fieldapp.screening.compare import compare
from fieldapp.screening.screen import screen
from fieldapp.screening.subject import Subject
from fieldapp.screening.verdict import ListState
from fieldapp.vault.connection import open_index
from fieldapp.watchlist.entry import Entry, ListedName
from fieldapp.watchlist.index import Index, build
from fieldapp.watchlist.names import analyse
from fieldapp.watchlist.release import Header, write_release
from tests.bench.practice import practice_entries, real_entries, write_practice
from tests.support.lists import ISSUED

NAMES = Path(__file__).resolve().parents[3] / "shared" / "data" / "names"
KINDS = {"Person": "person", "Vessel": "vessel", "person": "person", "vessel": "vessel"}
SEED = 2026


def say(*words: object) -> None:
    """Print one line now."""
    sys.stdout.write(" ".join(str(word) for word in words) + "\n")
    sys.stdout.flush()


def rows(file: str) -> list[dict]:
    return [json.loads(line) for line in (NAMES / file).read_text(encoding="utf-8").splitlines()]


def f1(scores: list[float], truth: list[bool], bar: float) -> tuple[float, float, float]:
    hit = sum(score >= bar and same for score, same in zip(scores, truth, strict=True))
    precision = hit / max(1, sum(score >= bar for score in scores))
    recall = hit / max(1, sum(truth))
    return 2 * precision * recall / max(1e-9, precision + recall), precision, recall


def labelled_pairs() -> None:
    found = rows("pairs.jsonl")
    truth = [row["is_match"] == "true" for row in found]
    scorers: list[tuple[str, float, Callable[[dict], float]]] = [
        (
            "ours",
            0.70,
            lambda row: compare(row["name1"], row["name2"], KINDS.get(row["schema"], "company")).score,
        ),
        (
            "ours",
            0.80,
            lambda row: compare(row["name1"], row["name2"], KINDS.get(row["schema"], "company")).score,
        ),
        ("WRatio", 0.88, lambda row: fuzz.WRatio(row["name1"].lower(), row["name2"].lower()) / 100),
        (
            "token_sort",
            0.85,
            lambda row: fuzz.token_sort_ratio(row["name1"].lower(), row["name2"].lower()) / 100,
        ),
    ]
    for name, bar, scorer in scorers:
        started = time.perf_counter()
        scores = [scorer(row) for row in found]
        each = (time.perf_counter() - started) / len(found) * 1e6
        best = max(f1(scores, truth, step / 100)[0] for step in range(40, 100))
        figures = " ".join(f"{value:.3f}" for value in f1(scores, truth, bar))
        say(f"pairs {name:<10} at {bar:.2f}: F1 P R {figures}, best F1 {best:.3f}, {each:.0f} us a pair")


def script(text: str) -> str:
    return unicodedata.name(next((c for c in text if c.isalpha()), "a")).split()[0]


def open_built(entries: Iterator[Entry], folder: Path, name: str) -> Index:
    path = folder / f"{name}.db"
    connection = open_index(path, bytes(32))
    index = Index(connection)
    if index.state.number:
        return index
    release = folder / f"{name}.zst"
    write_release(release, Header(number=1, name=name, issued=ISSUED), entries)
    started = time.perf_counter()
    build(connection, release)
    say(f"{name}: built in {time.perf_counter() - started:.1f} s, {path.stat().st_size / 1e6:.0f} MB")
    return Index(connection)


def state(index: Index) -> ListState:
    return ListState(number=index.state.number, name=index.state.name, issued=index.state.issued)


def forms_entries() -> Iterator[Entry]:
    for at, row in enumerate(rows("listed_forms.jsonl")):
        yield Entry(
            id=f"{at}",
            source="forms",
            kind=KINDS.get(row["kind"], "company"),
            names=(ListedName(row["listed"]),),
        )
    yield from real_entries()


def listed_forms(index: Index, limit: int) -> None:
    rng = random.Random(SEED)
    cases: dict[str, list[tuple[str, str, str]]] = {}
    for at, row in enumerate(rows("listed_forms.jsonl")):
        kind = KINDS.get(row["kind"], "company")
        for form in row["other_forms"]:
            near = fuzz.token_sort_ratio(form.lower(), row["listed"].lower()) >= 80
            cases.setdefault("Latin, spelling recoverable" if near else "Latin, another name", []).append(
                (form, f"forms:{at}", kind)
            )
        for form in row["original_script"]:
            who = "people" if kind == "person" else "others"
            cases.setdefault(f"{script(form)} {who}", []).append((form, f"forms:{at}", kind))
    for name, all_of in sorted(cases.items()):
        chosen = rng.sample(all_of, min(limit, len(all_of)))
        near = ten = hit = 0
        for form, key, kind in chosen:
            keys = [c.entry.key for c in index.candidates([analyse(form, kind == "person")])]
            near += key in keys
            ten += key in list(dict.fromkeys(keys))[:10]
            found = screen(Subject(kind="party", name=form, entity=kind), index, state(index))
            hit += any(f"{h.source}:{h.entry}" == key and h.band in ("strong", "review") for h in found)
        total = len(chosen)
        say(
            f"other forms, {name} (n={total}): candidate {near / total:.3f} first ten {ten / total:.3f}"
            f" hit (review or strong) {hit / total:.3f}"
        )


def not_listed(index: Index, limit: int, label: str) -> None:
    chosen = random.Random(SEED).sample(rows("not_listed.jsonl"), limit)
    for fields in (False, True):
        counts = {"strong": 0, "review": 0, "weak": 0}
        for row in chosen:
            more = {"countries": (row["country"],), "birth_date": row["birth_date"]} if fields else {}
            found = screen(
                Subject(kind="party", name=row["name"], entity="person", **more), index, state(index)
            )
            band = next((b for b in counts if any(hit.band == b for hit in found)), None)
            if band:
                counts[band] += 1
        alarms = (counts["strong"] + counts["review"]) / limit
        with_what = "kind, country, birth date" if fields else "name and kind only"
        say(f"people on no list, {label}, {with_what} (n={limit}): {alarms:.2%} review or strong; {counts}")


LETTERS = "abcdefghijklmnopqrstuvwxyz"


def noises(rng: random.Random) -> dict[str, Callable[[str], str]]:
    def at(text: str) -> int:
        places = [i for i, c in enumerate(text) if c.isalpha()]
        return rng.choice(places)

    def drop(text: str) -> str:
        i = at(text)
        return text[:i] + text[i + 1 :]

    def change(text: str) -> str:
        i = at(text)
        return text[:i] + rng.choice(LETTERS) + text[i + 1 :]

    def swap(text: str) -> str:
        i = min(at(text), len(text) - 2)
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]

    def shuffled(text: str) -> str:
        words = text.split()
        rng.shuffle(words)
        return " ".join(words)

    def longest(text: str, edit: Callable[[str], str]) -> str:
        words = text.split()
        i = max(range(len(words)), key=lambda place: len(words[place]))
        words[i] = edit(words[i])
        return " ".join(words)

    return {
        "as listed": lambda t: t,
        "case and marks": lambda t: t.lower().replace(",", " "),
        "letter dropped": drop,
        "letter changed": change,
        "letters swapped": swap,
        "two slips": lambda t: drop(change(t)),
        "two slips in one word": lambda t: longest(t, lambda w: drop(change(w)) if len(w) > 3 else w),
        "words in another order": shuffled,
        "words joined": lambda t: t.replace(" ", "", 1),
        "word cut in two": lambda t: longest(t, lambda w: f"{w[: len(w) // 2]} {w[len(w) // 2 :]}"),
        "legal form added": lambda t: f"{t} Co., Ltd",
        "order and slip": lambda t: change(shuffled(t)),
        "vowels": lambda t: longest(t, lambda w: w.replace("a", "e", 1).replace("u", "o", 1)),
    }


def large_list(index: Index, names: int, queries: int) -> None:
    rng = random.Random(SEED)
    targets: list[tuple[str, str, bool]] = []
    for seen, entry in enumerate(practice_entries(names)):
        text = entry.names[-1].text
        usable = text.isascii() and len(text.split()) >= 2 and len(text) >= 8
        if usable and (len(targets) < queries or rng.random() < queries / (seen + 1)):
            case = (text, entry.key, entry.kind == "person")
            if len(targets) < queries:
                targets.append(case)
            else:
                targets[rng.randrange(queries)] = case
    wide = ten = total = 0
    for name, noise in noises(rng).items():
        mine_wide = mine_ten = 0
        for text, key, person in targets:
            reading = analyse(noise(text), person)
            keys = list(dict.fromkeys(c.entry.key for c in index.candidates([reading], 800)))
            mine_wide += key in keys
            mine_ten += key in keys[:10]
        say(f"noise {name:<24}: candidate {mine_wide / queries:.3f} first ten {mine_ten / queries:.3f}")
        wide, ten, total = wide + mine_wide, ten + mine_ten, total + queries
    say(f"noise, all kinds: candidate {wide / total:.4f} first ten {ten / total:.4f}")


def speed(index: Index, names: int, queries: int) -> None:
    rng = random.Random(SEED + 1)
    noise = list(noises(rng).values())
    texts = [row["name"] for row in rng.sample(rows("not_listed.jsonl"), queries // 2)]
    listed = [name.text for entry in practice_entries(names) for name in entry.names]
    texts += [rng.choice(noise)(text) for text in rng.sample([t for t in listed if len(t) > 6], queries // 2)]
    used = state(index)
    times = []
    for text in texts:
        started = time.perf_counter()
        screen(Subject(kind="party", name=text), index, used)
        times.append((time.perf_counter() - started) * 1000)
    peer = []
    lowered = [text.lower() for text in listed]
    for text in texts[:5]:
        started = time.perf_counter()
        process.extract(text.lower(), lowered, scorer=fuzz.WRatio, limit=10)
        peer.append((time.perf_counter() - started) * 1000)
    p50, p95 = median(times), quantiles(times, n=20)[18]
    say(
        f"one party end to end, {len(listed):,} names: p50 {p50:.1f} ms p95 {p95:.1f} ms;"
        f" rapidfuzz WRatio over the same names p50 {median(peer):.0f} ms,"
        f" {median(peer) / p50:.0f} times ours"
    )


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(prog="tests.bench.screening")
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = given.keep or Path(name)
        labelled_pairs()
        real = open_built(forms_entries(), folder, "real lists")
        listed_forms(real, given.people // 4)
        not_listed(real, given.people, "real lists")
        if given.names:
            path = folder / f"practice-{given.names}.db"
            if not path.exists():
                write_practice(path.with_suffix(".zst"), given.names)
                connection = open_index(path, bytes(32))
                started = time.perf_counter()
                build(connection, path.with_suffix(".zst"))
                spent = time.perf_counter() - started
                say(f"practice list built in {spent:.0f} s, {path.stat().st_size / 1e6:.0f} MB")
                connection.close()
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            started = time.perf_counter()
            index = Index(open_index(path, bytes(32)))
            spent = time.perf_counter() - started
            grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e3
            say(f"ready after unlock in {spent * 1000:.0f} ms, {grown:.0f} MB more")
            large_list(index, given.names, given.queries)
            not_listed(index, given.people, f"{given.names:,} names")
            speed(index, given.names, given.queries)


if __name__ == "__main__":
    main()
