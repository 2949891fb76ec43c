"""`decode PATH...`: the codes in pictures, multi-page TIFFs and PDFs, one JSON object a file."""

import argparse
import sys

import msgspec

from fieldapp.scan.reader import Reader


def main(arguments: list[str]) -> int:
    """Decode each path; exit 1 when any could not be read."""
    parser = argparse.ArgumentParser(
        prog="fieldapp decode", description="Read the codes in pictures and documents."
    )
    parser.add_argument("paths", nargs="+", metavar="PATH")
    given = parser.parse_args(arguments)
    failed = 0
    for path in given.paths:
        reading = Reader().read(path)
        shown = msgspec.to_builtins(reading)
        facts = shown.pop("error_facts")
        shown["error"] = {"code": reading.error, "facts": facts} if reading.error else None
        failed += bool(reading.error)
        sys.stdout.buffer.write(msgspec.json.encode(shown) + b"\n")
        sys.stdout.buffer.flush()
    return 1 if failed else 0
