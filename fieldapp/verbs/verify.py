"""`verify FILE...`: checks reports, sealed records, ledger and vault exports, with no vault and no network.

`--root` is headquarters' root key as 64 hex digits; without it the answer says "not anchored". Exit 1 on
any failed check.
"""

import argparse
import sys
from pathlib import Path

import msgspec

from fieldapp.report.verify import verify_file
from fieldapp.vault.export import is_export, verify_export

LARGEST = 512 << 20  # bytes; a report with every photo inside is a tenth of it


def _read(path: Path) -> bytes:
    """Return the bytes of a regular file; a pipe or device may never end, or never begin."""
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise OSError(path.name)
    with path.open("rb") as file:
        return file.read(LARGEST)


def main(arguments: list[str]) -> int:
    """Print one JSON object a file."""
    parser = argparse.ArgumentParser(prog="fieldapp verify", description="Check reports and sealed records.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--root", help="headquarters' root key, 64 hex digits")
    given = parser.parse_args(arguments)
    failed = 0
    for path in given.files:
        try:
            content = _read(path)
            found = (verify_export if is_export(content) else verify_file)(content, given.root)
            told = {"path": str(path), "ok": found.ok, **msgspec.to_builtins(found)}
            failed += not found.ok
        except OSError:
            failed += 1
            told = {
                "path": str(path),
                "ok": False,
                "error": {"code": "file-unreadable", "facts": {"name": path.name}},
            }
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    return 1 if failed else 0
