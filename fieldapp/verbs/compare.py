"""`compare --jsonl`: why two names do or do not match, by the same scorer that screens."""

import argparse
from typing import Any

from fieldapp import text
from fieldapp.screening.compare import compare
from fieldapp.verbs.lines import FieldMissing, answer_lines, text_of

_KINDS = ("person", "company", "vessel")


def answer(row: dict[str, Any]) -> dict[str, Any]:
    """Compare one line's `a` and `b`."""
    kind = text_of(row, "kind", "person")
    if kind not in _KINDS:
        raise FieldMissing(name="kind")
    found = compare(text_of(row, "a"), text_of(row, "b"), kind)
    reasons = [
        {
            "code": reason.code,
            "facts": reason.facts,
            "text": text.explain(f"reason.{reason.code}", "en", reason.facts),
        }
        for reason in found.reasons
    ]
    return {"score": found.score, "band": found.band, "reasons": reasons}


def main(arguments: list[str]) -> int:
    """Answer every line."""
    parser = argparse.ArgumentParser(
        prog="fieldapp compare", description="Say why two names do or do not match."
    )
    parser.add_argument("--jsonl", action="store_true", required=True)
    parser.parse_args(arguments)
    return answer_lines(answer)
