"""`substance --jsonl`: is what a text, CAS number or structure names controlled, and by which papers."""

import argparse
from time import perf_counter
from typing import Any

import msgspec

from fieldapp.screening.subject import Subject
from fieldapp.screening.substances import answer as answer_subject
from fieldapp.verbs.lines import FieldMissing, answer_lines, text_of


def answer(row: dict[str, Any]) -> dict[str, Any]:
    """Answer one line."""
    if not any(isinstance(row.get(name), str) for name in ("text", "smiles", "cas")):
        raise FieldMissing(name="text")
    subject = Subject(
        kind="goods",
        name=text_of(row, "text", ""),
        smiles=text_of(row, "smiles", ""),
        cas=text_of(row, "cas", ""),
    )
    started = perf_counter()
    found = answer_subject(subject)
    return {
        "action": found.action,
        "substances": msgspec.to_builtins(found.substances),
        "documents_required": list(found.documents_required),
        "ms": round((perf_counter() - started) * 1000, 2),
    }


def main(arguments: list[str]) -> int:
    """Answer every line."""
    parser = argparse.ArgumentParser(
        prog="fieldapp substance", description="Say whether goods are controlled."
    )
    parser.add_argument("--jsonl", action="store_true", required=True)
    parser.parse_args(arguments)
    return answer_lines(answer)
