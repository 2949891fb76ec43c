"""`substance --jsonl`: is what a text, CAS number or structure names controlled, and by which papers.

A line may name the direction, the countries of the parties, the declared HS code and the kinds of paper at
hand (`documents`); the answer then names the papers that are missing too. With `--names`, systematic names
that nothing else explains are read as structures, a block of lines at a time, where Java and py2opsin are
installed.
"""

import argparse
import io
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from time import perf_counter
from typing import Any, BinaryIO, get_args

import msgspec

from fieldapp.screening.subject import Subject
from fieldapp.screening.substances import answers
from fieldapp.substances import nomenclature
from fieldapp.substances.answer import Direction
from fieldapp.verbs.lines import LONGEST, FieldMissing, answer_lines, parse, text_of, texts_of

_BLOCK = 200  # lines whose names are read together


def answer(row: dict[str, Any], names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Answer one line; `names` are systematic names already read, with their structures."""
    if not any(isinstance(row.get(name), str) for name in ("text", "smiles", "cas")):
        raise FieldMissing(name="text")
    direction = text_of(row, "direction", "export")
    if direction not in get_args(Direction):
        raise FieldMissing(name="direction")
    subject = Subject(
        kind="goods",
        name=text_of(row, "text", ""),
        smiles=text_of(row, "smiles", ""),
        cas=text_of(row, "cas", ""),
        hs=text_of(row, "hs", ""),
    )
    held = texts_of(row, "documents")
    countries = texts_of(row, "countries")
    started = perf_counter()
    (found,) = answers(
        [subject],
        direction=msgspec.convert(direction, Direction),
        countries=countries,
        names=lambda wanted: {name: names[name] for name in wanted if name in names} if names else {},
        draw=False,
    )
    return {
        "action": found.action,
        "substances": [_told(match) for match in msgspec.to_builtins(found.substances)],
        "documents_required": list(found.documents_required),
        "documents_missing": [kind for kind in found.documents_required if kind not in held],
        "reasons": msgspec.to_builtins(found.reasons),
        "edition": found.edition,
        "ms": round((perf_counter() - started) * 1000, 2),
    }


def _told(match: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in match.items() if field not in ("id", "drawing")}


def _blocks(source: BinaryIO) -> Iterator[bytes]:
    lines = iter(partial(source.readline, 4 * LONGEST), b"")
    while block := b"".join(islice(lines, _BLOCK)):
        yield block


def _names_in(block: bytes) -> dict[str, str]:
    """Return the systematic names in a block of lines that nothing else explains, as structures."""
    wanted: list[str] = []

    def collect(names: Any) -> dict[str, str]:  # noqa: ANN401
        wanted.extend(names)
        return {}

    for raw in block.splitlines():
        try:
            text = text_of(parse(raw), "text", "")
        except Exception:  # noqa: BLE001, S112 - the line answers for itself, in its turn
            continue
        answers([Subject(kind="goods", name=text)], names=collect, draw=False)
    read: dict[str, str] = {}
    for at in range(0, len(wanted), nomenclature.MOST):
        read |= nomenclature.structures(wanted[at : at + nomenclature.MOST])
    return read


def main(arguments: list[str]) -> int:
    """Answer every line."""
    parser = argparse.ArgumentParser(
        prog="fieldapp substance", description="Say whether goods are controlled."
    )
    parser.add_argument("--jsonl", action="store_true", required=True)
    parser.add_argument(
        "--names", action="store_true", help="read systematic names as structures (needs Java and py2opsin)"
    )
    given = parser.parse_args(arguments)
    if not given.names:
        return answer_lines(answer)
    worst = 0
    for block in _blocks(sys.stdin.buffer):
        worst = max(worst, answer_lines(partial(answer, names=_names_in(block)), io.BytesIO(block)))
    return worst
