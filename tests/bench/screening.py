"""What the screening reaches, beside the named peers in the same run, as one table at the end.

    python -m tests.bench.screening [--quick] [--names 1000000] [--large 3000000] [--keep FOLDER]
                                    [--eval-python PATH]

Figures are proportions on the development share in `../shared/data` and on fresh generated cases; times
are absolute and as a ratio to rapidfuzz reading the same names. Peers: nomenklatura's logic-v2 and its
emulation of the OFAC search (from the optional extra `eval`), rapidfuzz WRatio. A peer that would need
hours over a whole list judges the names that our search found nearest.
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from rapidfuzz import fuzz, process

from fieldapp.screening.compare import compare
from fieldapp.screening.screen import screen
from fieldapp.screening.subject import Subject
from fieldapp.screening.verdict import ListState
from fieldapp.vault.connection import open_index
from fieldapp.watchlist.delta import apply_delta
from fieldapp.watchlist.entry import Entry, ListedName
from fieldapp.watchlist.index import Index, build
from fieldapp.watchlist.names import analyse
from fieldapp.watchlist.release import Header, write_release
from fieldapp.watchlist.sources import source
from tests.bench.changed import changed_names
from tests.bench.noise import noises
from tests.bench.peers import INSTALL, Pair, peers
from tests.bench.practice import LISTS, practice_delta, practice_entries, real_entries, write_practice

NAMES = Path(__file__).resolve().parents[3] / "shared" / "data" / "names"
KINDS = {"Person": "person", "Vessel": "vessel", "person": "person", "vessel": "vessel"}
SEED = 2026
ISSUED = datetime(2026, 11, 20, 6, tzinfo=UTC)
BARS = {"logic-v2": 0.70, "ofac": 0.85, "WRatio": 0.88}
ACTION = ("strong", "review")  # the bands that ask an inspector to act
TABLE: list[tuple[str, str, str, str, str]] = []


def say(*words: object) -> None:
    """Print one line now."""
    sys.stdout.write(" ".join(str(word) for word in words) + "\n")
    sys.stdout.flush()


def row(what: str, anchor: str, here: str, goal: str, met: bool) -> None:
    TABLE.append((what, anchor, here, goal, "met" if met else "MISSED"))
    say(f"{what}: {here} (goal {goal}; anchor {anchor})")


def rows(file: str) -> list[dict]:
    return [json.loads(line) for line in (NAMES / file).read_text(encoding="utf-8").splitlines()]


def f1(scores: list[float], truth: list[bool], bar: float) -> tuple[float, float, float]:
    hit = sum(score >= bar and same for score, same in zip(scores, truth, strict=True))
    precision = hit / max(1, sum(score >= bar for score in scores))
    recall = hit / max(1, sum(truth))
    return 2 * precision * recall / max(1e-9, precision + recall), precision, recall


def wratio(pairs: Iterable[Pair]) -> list[float]:
    return [fuzz.WRatio(a.lower(), b.lower()) / 100 for a, b, _ in pairs]


def of_peers(pairs: list[Pair], python: str) -> dict[str, list[float]]:
    """Return the scores of every peer there is."""
    found = peers(pairs, python)
    if found is None:
        say("nomenklatura is not here; to set it beside:", INSTALL)
    told = {name: scores for name, (scores, _) in (found or {}).items()}
    for name, (_, spent) in (found or {}).items():
        say(f"{name}: {spent / len(pairs) * 1e6:.0f} us a pair")
    return {**told, "WRatio": wratio(pairs)}


def labelled_pairs(python: str) -> None:
    found = rows("pairs.jsonl")
    truth = [held["is_match"] == "true" for held in found]
    started = time.perf_counter()
    mine = [
        compare(held["name1"], held["name2"], KINDS.get(held["schema"], "company")).score for held in found
    ]
    say(f"ours: {(time.perf_counter() - started) / len(found) * 1e6:.0f} us a pair")
    others = of_peers([(held["name1"], held["name2"], held["schema"]) for held in found], python)
    told = {name: f1(scores, truth, BARS[name]) for name, scores in others.items()}
    here = f1(mine, truth, 0.70)
    for name, figures in told.items():
        say(f"pairs, {name}: F1 P R", *(f"{value:.3f}" for value in figures))
    best = max(told, key=lambda name: told[name][0])
    for at, what in enumerate(("F1", "precision", "recall")):
        anchor = f"{told[best][at]:.3f} {best}"
        row(f"labelled pairs, {what}", anchor, f"{here[at]:.3f}", ">= .86", here[at] >= 0.86)


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
    build(connection, release)
    return Index(connection)


def state(index: Index) -> ListState:
    return ListState(number=index.state.number, name=index.state.name, issued=index.state.issued)


def forms_entries() -> Iterator[Entry]:
    for at, held in enumerate(rows("listed_forms.jsonl")):
        kind = KINDS.get(held["kind"], "company")
        yield Entry(id=f"{at}", source="forms", kind=kind, names=(ListedName(held["listed"]),))
    yield from real_entries()


def listed_forms(index: Index, limit: int) -> None:
    rng = random.Random(SEED)
    cases: dict[str, list[tuple[str, str, str]]] = {}
    for at, held in enumerate(rows("listed_forms.jsonl")):
        kind = KINDS.get(held["kind"], "company")
        for form in held["other_forms"]:
            near = fuzz.token_sort_ratio(form.lower(), held["listed"].lower()) >= 80
            name = "Latin, spelling recoverable" if near else "Latin, another name"
            cases.setdefault(name, []).append((form, f"forms:{at}", kind))
        for form in held["original_script"]:
            cases.setdefault(script(form), []).append((form, f"forms:{at}", kind))
    for name, all_of in sorted(cases.items()):
        chosen = rng.sample(all_of, min(limit, len(all_of)))
        near = ten = 0
        for form, key, kind in chosen:
            keys = [c.entry.key for c in index.candidates([analyse(form, kind == "person")])]
            near += key in keys
            ten += key in list(dict.fromkeys(keys))[:10]
        total = len(chosen)
        say(f"other forms, {name} (n={total}): candidate {near / total:.3f} first ten {ten / total:.3f}")
        goal = {"CYRILLIC": (0.90, ".86"), "ARABIC": (0.75, ".50")}.get(name)
        if goal:
            what = f"{name.title()} original, first ten of a Latin list"
            row(what, goal[1], f"{ten / total:.3f}", f">= {goal[0]}", ten / total >= goal[0])


def acted(subject: Subject, index: Index, used: ListState) -> dict[str, str]:
    """Return the entries that an inspector is asked to act on, with the band."""
    found = screen(subject, index, used)
    return {f"{hit.source}:{hit.entry}": hit.band for hit in found if hit.band in ACTION}


def real_lists(index: Index, people: int, python: str) -> None:
    """Recall of changed names and false alarms on the lists as published, ours and the peers'."""
    used = state(index)
    un = source("un").read([LISTS / "un_consolidated.xml"])
    changed = list(changed_names(un, random.SystemRandom().randrange(1 << 30)))
    by: dict[str, list[bool]] = {}
    for kind, name, key in changed:
        mine = acted(Subject(kind="party", name=name, entity="person"), index, used)
        by.setdefault(kind, []).append(key in mine)
    for kind, found in by.items():
        say(f"UN names, {kind} (n={len(found)}): {sum(found) / len(found):.3f}")
    recall = sum(map(sum, by.values())) / len(changed)
    chosen = random.Random(SEED).sample(rows("not_listed.jsonl"), people)
    alarms = sum(
        bool(acted(Subject(kind="party", name=held["name"], entity="person"), index, used)) for held in chosen
    )
    few = random.Random(SEED).sample(changed, min(80, len(changed)))
    cases = [(name, key) for _, name, key in few] + [(held["name"], "") for held in chosen[:120]]
    pairs: list[Pair] = []
    owners: list[tuple[int, str]] = []
    for at, (name, _) in enumerate(cases):
        for held in index.candidates([analyse(name, True)]):
            owners.append((at, held.entry.key))
            pairs.append((name, held.entry.names[held.at].text, "Person"))
    for peer, scores in of_peers(pairs, python).items():
        over = [owner for owner, score in zip(owners, scores, strict=True) if score >= BARS[peer]]
        found = len({at for at, key in over if key == cases[at][1]}) / len(few)
        false = len({at for at, _ in over if not cases[at][1]}) / (len(cases) - len(few))
        say(f"UN names changed, {peer}: recall {found:.3f} at {false:.2%} false alarms")
    row("UN names changed, recall", ".963 logic-v2", f"{recall:.3f}", ">= .98", recall >= 0.98)
    row(
        "... at false alarms of",
        ".3 % logic-v2",
        f"{alarms / people:.2%}",
        "<= .3 %",
        alarms <= 0.003 * people,
    )


def not_listed(index: Index, limit: int) -> None:
    """False alarms of people on no list, at the length of `index`."""
    chosen = random.Random(SEED).sample(rows("not_listed.jsonl"), limit)
    used = state(index)
    for fields, goal in ((False, 0.01), (True, 0.001)):
        counts = dict.fromkeys(ACTION, 0)
        for held in chosen:
            more = {"countries": (held["country"],), "birth_date": held["birth_date"]} if fields else {}
            found = acted(Subject(kind="party", name=held["name"], entity="person", **more), index, used)
            if found:
                counts["strong" if "strong" in found.values() else "review"] += 1
        share = sum(counts.values()) / limit
        what = "kind, country, birth date" if fields else "name only"
        say(counts)
        anchor = "none" if fields else "1.0-1.5 % logic-v2"
        row(
            f"false alarms, {index.names:,} names, {what}",
            anchor,
            f"{share:.2%}",
            f"<= {goal:.1%}",
            share <= goal,
        )


def candidate_recall(index: Index, names: int, queries: int) -> None:
    """Whether a listed name is among the candidates of the same name with noise.

    Names of at least two words that can find something: "Shipping Company" meets ten thousand others.
    """
    rng = random.Random(SEED)
    targets: list[tuple[str, str, bool]] = []
    for seen, entry in enumerate(practice_entries(names), start=1):
        text = entry.names[-1].text
        if not (
            text.isascii() and len(analyse(text, entry.kind == "person").telling()) >= 2 and len(text) >= 8
        ):
            continue
        case = (text, entry.key, entry.kind == "person")
        if len(targets) < queries:
            targets.append(case)
        elif rng.random() < queries / seen:
            targets[rng.randrange(queries)] = case
    wide = ten = total = 0
    for name, noise in noises(rng).items():
        mine_wide = mine_ten = 0
        for text, key, person in targets:
            found = index.candidates([analyse(noise(text), person)], 800)
            keys = list(dict.fromkeys(held.entry.key for held in found))
            mine_wide += key in keys
            mine_ten += key in keys[:10]
        say(f"noise, {name:<24}: candidate {mine_wide / queries:.3f} first ten {mine_ten / queries:.3f}")
        wide, ten, total = wide + mine_wide, ten + mine_ten, total + queries
    say(f"noise, all kinds: first ten {ten / total:.3f}")
    row(
        "candidate recall, 12 kinds of noise",
        ".985 tantivy",
        f"{wide / total:.4f}",
        ">= .99",
        wide >= 0.99 * total,
    )


def speed(index: Index, names: int, queries: int, p50_goal: float, p95_goal: float) -> None:
    rng = random.Random(SEED + 1)
    noise = list(noises(rng).values())
    texts = [held["name"] for held in rng.sample(rows("not_listed.jsonl"), queries // 2)]
    listed = [name.text for entry in practice_entries(min(names, 1_000_000)) for name in entry.names]
    texts += [rng.choice(noise)(text) for text in rng.sample([t for t in listed if len(t) > 6], queries // 2)]
    used = state(index)
    times = []
    for text in texts:
        started = time.perf_counter()
        screen(Subject(kind="party", name=text), index, used)
        times.append((time.perf_counter() - started) * 1000)
    lowered = [text.lower() for text in listed]
    started = time.perf_counter()
    for text in texts[:3]:
        process.extract(text.lower(), lowered, scorer=fuzz.WRatio, limit=10)
    peer = (time.perf_counter() - started) / 3 * 1000 * names / len(listed)
    p50, p95 = median(times), quantiles(times, n=20)[18]
    what = f"one party end to end, {names:,} names"
    if p50_goal:
        row(
            f"{what}, p50",
            f"{peer:.0f} ms WRatio, {peer / p50:.0f} x",
            f"{p50:.1f} ms",
            f"<= {p50_goal}",
            p50 <= p50_goal,
        )
    row(
        f"{what}, p95",
        f"{peer:.0f} ms WRatio, {peer / p95:.0f} x",
        f"{p95:.1f} ms",
        f"<= {p95_goal}",
        p95 <= p95_goal,
    )


def practice_index(folder: Path, names: int) -> Index:
    """Build the practice list where it is not there yet, and measure how it opens."""
    path = folder / f"practice-{names}.db"
    if not path.exists():
        write_practice(path.with_suffix(".zst"), names)
        connection = open_index(path, bytes(32))
        started = time.perf_counter()
        build(connection, path.with_suffix(".zst"))
        say(f"practice list of {names:,} names built in {time.perf_counter() - started:.0f} s")
        connection.close()
    disk = path.stat().st_size / names
    row(f"disk a million names, at {names:,}", "2 GB yente", f"{disk:.0f} MB", "<= 120 MB", disk <= 120)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    index = Index(open_index(path, bytes(32)))
    spent = time.perf_counter() - started
    row(f"ready after unlock, {names:,} names", "minutes yente", f"{spent:.2f} s", "<= .5 s", spent <= 0.5)
    for held in random.Random(SEED).sample(rows("not_listed.jsonl"), 50):
        screen(Subject(kind="party", name=held["name"]), index, state(index))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e3
    row(f"memory, {names:,} names", "4-16 GB yente", f"{grown:.0f} MB", "<= 130 MB", grown <= 130)
    return index


def delta(folder: Path, names: int) -> None:
    """Apply 10,000 new names and 2,000 gone to the practice list. The list is another one afterwards."""
    path = folder / f"practice-{names}.db"
    connection = open_index(path, bytes(32))
    packed = folder / "practice.delta"
    practice_delta(packed, Index(connection), 10_000, 2_000)
    started = time.perf_counter()
    apply_delta(connection, packed)
    spent = time.perf_counter() - started
    row(f"delta of 10,000 names on {names:,}", "none", f"{spent:.2f} s", "<= 1 s", spent <= 1.0)
    connection.close()
    path.unlink()


def show() -> None:
    widths = [max(len(held[at]) for held in TABLE) for at in range(5)]
    for held in (("what", "anchor", "here", "goal", ""), *TABLE):
        say(" | ".join(text.ljust(width) for text, width in zip(held, widths, strict=True)))


def main() -> None:
    """Run everything; `--quick` gives a first idea in some minutes."""
    parser = argparse.ArgumentParser(prog="tests.bench.screening")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--large", type=int, default=0, help="a second list, for time and memory only")
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--eval-python", default="", help="a Python that has the extra `eval`")
    given = parser.parse_args()
    if given.quick:
        given.names, given.people, given.queries = min(given.names, 200_000), 1000, 40
    with tempfile.TemporaryDirectory() as name:
        folder = given.keep or Path(name)
        labelled_pairs(given.eval_python)
        listed_forms(open_built(forms_entries(), folder, "forms"), 500)
        real_lists(open_built(real_entries(), folder, "real lists"), given.people, given.eval_python)
        index = practice_index(folder, given.names)
        candidate_recall(index, given.names, given.queries)
        not_listed(index, given.people)
        speed(index, given.names, given.queries, 20, 50)
        index.connection.close()
        delta(folder, given.names)
        if given.large:
            index = practice_index(folder, given.large)
            speed(index, given.large, given.queries, 0, 60)
        show()


if __name__ == "__main__":
    main()
