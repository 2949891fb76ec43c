"""`identify --jsonl`: what scanned codes name. In: `{"id","text" or "hex","aim"}`."""

import argparse
from typing import Any

import msgspec

from fieldapp import clock
from fieldapp.identifiers.identify import identify_text
from fieldapp.verbs.lines import FieldMissing, answer_lines, text_of


def answer(row: dict[str, Any]) -> dict[str, Any]:
    """Identify one line."""
    aim = text_of(row, "aim", "")
    raw = b""
    if "hex" in row:
        try:
            raw = bytes.fromhex(text_of(row, "hex"))
        except ValueError:
            raise FieldMissing(name="hex") from None
    text = raw.decode("utf-8", "replace") if raw else text_of(row, "text")
    found = identify_text(text, aim, raw, today=clock.now().date())
    shown: dict[str, Any] = msgspec.to_builtins(found)
    return shown


def main(arguments: list[str]) -> int:
    """Answer every line."""
    parser = argparse.ArgumentParser(prog="fieldapp identify", description="Say what scanned codes name.")
    parser.add_argument("--jsonl", action="store_true", required=True)
    parser.parse_args(arguments)
    return answer_lines(answer)
