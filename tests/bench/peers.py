"""Scores of nomenklatura's matchers for pairs of names; runs in a Python that has the `eval` extra.

    python tests/bench/peers.py < pairs.jsonl > scores.jsonl

A line in is `{"a", "b", "schema"}`; a line out holds the score of each matcher and, last, the time each
took in all. It stands alone: the Python that runs it need not know Fieldapp, nor Fieldapp nomenklatura.
"""

import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

MATCHERS = ("logic-v2", "ofac")
INSTALL = "pip install -e '.[eval]' (it builds pyicu: Debian's libicu-dev and pkg-config)"

Pair = tuple[str, str, str]  # two names and the schema: Person, Company, Vessel, ...


def peers(pairs: Sequence[Pair], python: str) -> dict[str, tuple[list[float], float]] | None:
    """Return for each matcher the score of every pair and the seconds it took, or nothing without them.

    `python` is the path of a Python that has nomenklatura; empty means this one.
    """
    if not python and importlib.util.find_spec("nomenklatura") is None:
        return None
    asked = "".join(json.dumps({"a": a, "b": b, "schema": schema}) + "\n" for a, b, schema in pairs)
    run = subprocess.run(
        [python or sys.executable, str(Path(__file__))],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    return {name: ([row[name] for row in rows[:-1]], rows[-1][name]) for name in MATCHERS}


def main() -> None:
    """Score the pairs on standard input."""
    from followthemoney import model
    from nomenklatura.matching import get_algorithm

    pairs = [json.loads(line) for line in sys.stdin]
    proxies = [
        tuple(
            model.get_proxy(
                {"id": f"{at}{side}", "schema": row["schema"], "properties": {"name": [row[side]]}}
            )
            for side in "ab"
        )
        for at, row in enumerate(pairs)
    ]
    scores: dict[str, list[float]] = {}
    spent: dict[str, float] = {}
    for name in MATCHERS:
        matcher = get_algorithm(name)
        config = matcher.default_config()
        matcher.compare(*proxies[0], config)  # whatever it loads at first use is not counted
        started = time.perf_counter()
        scores[name] = [matcher.compare(left, right, config).score for left, right in proxies]
        spent[name] = time.perf_counter() - started
    for at in range(len(pairs)):
        sys.stdout.write(json.dumps({name: scores[name][at] for name in MATCHERS}) + "\n")
    sys.stdout.write(json.dumps(spent) + "\n")


if __name__ == "__main__":
    main()
