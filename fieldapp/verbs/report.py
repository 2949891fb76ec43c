"""`report RECORD --out PDF`: the report of a sealed record file, without the vault.

Photos lie sealed in the vault and are not in the file, so this report names them by their hashes.
"""

import argparse
from pathlib import Path

from fieldapp.report import recordfile
from fieldapp.report.render import render


def main(arguments: list[str]) -> int:
    """Make the PDF."""
    parser = argparse.ArgumentParser(
        prog="fieldapp report", description="Make the report of a sealed record."
    )
    parser.add_argument("record", type=Path)
    parser.add_argument("--out", required=True, type=Path, metavar="PDF")
    parser.add_argument("--language", choices=("en", "hi", "both"), default="en")
    parser.add_argument("--copy", choices=("full", "court", "trader"), default="full")
    given = parser.parse_args(arguments)
    made = recordfile.as_input(recordfile.read(given.record.read_bytes()), {})
    given.out.write_bytes(render(made, given.language, given.copy))
    return 0
